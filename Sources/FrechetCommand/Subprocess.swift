import Frechet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program that is to be run, in a process group of its own.
struct Subprocess {
  /// How a run ended.
  enum Outcome {
    case exit(Int32)
    /// By the signal of this number.
    case signal(Int32)
    case timeLimit
  }

  /// The program, looked up on the PATH, and its arguments.
  let arguments: [String]
  /// Added to those of this process.
  var environment: [String: String] = [:]
  /// What it reads; nil where it has nothing to read.
  var input: Int32?
  /// Where its outputs go.
  let outputPath: String
  let errorPath: String

  /// Runs it to its end, or to the time limit. Throws where it cannot be started.
  func run(timeLimit seconds: Double) throws(CommandError) -> Outcome {
    let child = try start()
    defer { child.end() }
    return child.wait(until: Deadline(seconds: seconds)) { false } ?? .timeLimit
  }

  /// Throws where it cannot be started.
  func start() throws(CommandError) -> Child {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    let write = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, write, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorPath, write, 0o600)
    // A group of its own, so that all of it can be ended at once.
    posix_spawnattr_setpgroup(&attributes, 0)
    // Signals as they are by default: this process blocks and ignores some.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let variables = inherited + environment.map { "\($0.key)=\($0.value)" }
    var child: pid_t = 0
    let status = Self.withCStrings(arguments) { arguments in
      Self.withCStrings(variables) { variables in
        guard let program = arguments[0] else { return ENOENT }
        return posix_spawnp(&child, program, &actions, &attributes, arguments, variables)
      }
    }
    guard status == 0 else {
      throw .wrongInput("\(arguments.first ?? ""): \(systemMessage(status))")
    }
    return Child(child)
  }

  private var inherited: [String] {
    var result: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      let name = text.prefix { $0 != "=" }
      if environment[String(name)] == nil { result.append(text) }
      next += 1
    }
    return result
  }

  /// The strings as C has them, ended by a null pointer.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}

extension Subprocess {
  /// A process that was started.
  struct Child {
    private let id: pid_t

    fileprivate init(_ id: pid_t) {
      self.id = id
      Interruption.add(id)
    }

    /// Waits for the end, for a condition, or for the deadline; nil where it was the condition.
    func wait(until deadline: Deadline, or condition: () -> Bool) -> Outcome? {
      var pause: UInt32 = 500
      while true {
        if condition() { return nil }
        var status: Int32 = 0
        let ended = waitpid(id, &status, WNOHANG)
        if ended == id {
          // What it did last may be the condition.
          if condition() { return nil }
          let signal = status & 0x7F
          return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
        }
        if ended < 0, errno != EINTR { return .exit(127) }
        if deadline.isOver { return .timeLimit }
        usleep(pause)
        pause = min(2 * pause, 20_000)
      }
    }

    /// Ends it, and all that it started and left behind.
    func end() {
      kill(-id, SIGKILL)
      var status: Int32 = 0
      _ = waitpid(id, &status, 0)
      Interruption.remove(id)
    }
  }
}
