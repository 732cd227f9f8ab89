import Frechet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Ends the process where the time limit is over and the work did not notice.
enum Watchdog {
  /// What the work has to end on its own, in seconds.
  private static let grace = 0.2

  static func start(seconds: Double) {
    let end = Deadline(seconds: seconds + grace)
    let context = Unmanaged.passRetained(Context(limit: seconds, end: end))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    // Without a thread the library's own limit stands alone.
    let status = pthread_create(&thread, nil, { Self.enter($0) }, context.toOpaque())
    if status != 0 { context.release() }
  }

  private static func enter(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let pointer else { return nil }
    let context = Unmanaged<Context>.fromOpaque(pointer).takeRetainedValue()
    while !context.end.isOver {
      usleep(UInt32(min(context.end.remaining, 0.5) * 1e6) + 1000)
    }
    leave(report(FrechetError.timeLimit(seconds: context.limit)))
  }

  private final class Context: Sendable {
    let limit: Double
    let end: Deadline

    init(limit: Double, end: Deadline) {
      self.limit = limit
      self.end = end
    }
  }
}
