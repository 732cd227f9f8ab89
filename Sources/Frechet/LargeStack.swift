#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs work on a thread of its own whose stack is large, so that a deeply nested input is a
/// result or an error, never a crash.
///
/// The pages of a stack are mapped when they are touched: half a gibibyte costs nothing unused.
enum LargeStack {
  /// Tried in turn: an address-space limit may refuse the first.
  private static let sizes = [512 << 20, 64 << 20, 8 << 20]

  /// The result of `body`, or nil where the deadline came first. The thread then ends on its own.
  static func run<T: Sendable>(
    until deadline: Deadline?, _ body: @escaping @Sendable () -> T
  ) -> T? {
    let task = Task(body)
    guard sizes.contains(where: { start(task, stackSize: $0) }) else { return body() }
    return task.wait(until: deadline)
  }

  private static func start<T: Sendable>(_ task: Task<T>, stackSize: Int) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let runnable: any Runnable = task
    let context = Unmanaged.passRetained(Box(runnable))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, &attributes, { Self.enter($0) }, context.toOpaque())
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, &attributes, { Self.enter($0) }, context.toOpaque())
    #endif
    if status != 0 { context.release() }
    return status == 0
  }

  private static func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().runnable.run() }
    return nil
  }

  private protocol Runnable: Sendable { func run() }

  private final class Box: Sendable {
    let runnable: any Runnable
    init(_ runnable: any Runnable) { self.runnable = runnable }
  }

  /// What the two threads share: `result` is guarded by `mutex`.
  private final class Task<T: Sendable>: Runnable, @unchecked Sendable {
    private let body: @Sendable () -> T
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var result: T?

    init(_ body: @escaping @Sendable () -> T) {
      self.body = body
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(condition, nil)
    }

    deinit {
      pthread_cond_destroy(condition)
      pthread_mutex_destroy(mutex)
      condition.deallocate()
      mutex.deallocate()
    }

    func run() {
      let value = body()
      pthread_mutex_lock(mutex)
      result = value
      pthread_cond_signal(condition)
      pthread_mutex_unlock(mutex)
    }

    func wait(until deadline: Deadline?) -> T? {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      while result == nil {
        guard let deadline else {
          pthread_cond_wait(condition, mutex)
          continue
        }
        if deadline.isOver { return nil }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let left = min(deadline.remaining, 1e8) + 1e-3
        let nanoseconds = time.tv_nsec + Int(left.truncatingRemainder(dividingBy: 1) * 1e9)
        time.tv_sec += Int(left) + nanoseconds / 1_000_000_000
        time.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, mutex, &time)
      }
      return result
    }
  }
}
