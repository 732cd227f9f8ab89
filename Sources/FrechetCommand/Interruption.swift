import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Ends what was started, and removes what was made, where the process is asked to end.
enum Interruption {
  private struct State {
    var children: Set<pid_t> = []
    var folder: TemporaryFolder?
  }

  private static let state = Mutex(State())

  static func add(_ child: pid_t) { state.withLock { _ = $0.children.insert(child) } }
  static func remove(_ child: pid_t) { state.withLock { _ = $0.children.remove(child) } }

  /// Waits for the signals on a thread of its own, where locks may be taken and files removed.
  static func watch(over folder: TemporaryFolder) {
    state.withLock { $0.folder = folder }
    var signals = Self.signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    // Without a thread the signals end the process as ever.
    guard pthread_create(&thread, nil, { _ in Self.wait() }, nil) == 0 else {
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      return
    }
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    return signals
  }

  private static func wait() -> UnsafeMutableRawPointer? {
    var signals = Self.signals
    var signal: Int32 = 0
    guard sigwait(&signals, &signal) == 0 else { return nil }
    let found = state.withLock { $0 }
    for child in found.children { kill(-child, SIGKILL) }
    found.folder?.remove()
    _exit(128 + signal)
  }
}
