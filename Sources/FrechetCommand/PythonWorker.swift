import Frechet
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A Python process that calls one function, as often as it is asked to: modules such as PyTorch
/// take seconds to load.
final class PythonWorker: Sendable {
  let function: PythonFunction
  private let conventions: GradientProgram.Conventions
  private let folder: TemporaryFolder
  private let running = Mutex<(child: Subprocess.Child, input: Int32)?>(nil)

  init(
    _ function: PythonFunction, _ conventions: GradientProgram.Conventions,
    in folder: TemporaryFolder
  ) {
    self.function = function
    self.conventions = conventions
    self.folder = folder
  }

  deinit { end() }

  /// Its standard error, of all calls.
  var errorPath: String { folder.file("python-\(ObjectIdentifier(self).hashValue)-errors.txt") }

  /// Runs a call whose arguments lie in a folder; nil where it left its result there. Throws where
  /// Python cannot be started.
  func run(in call: String, _ arguments: [String]) throws(CommandError) -> Subprocess.Outcome? {
    if running.withLock({ $0 == nil }) { try start(arguments) }
    guard let (child, input) = running.withLock({ $0 }) else { return .exit(127) }
    let line = Array((call + "\n").utf8)
    // Where it has ended already, waiting finds that out.
    _ = write(input, line, line.count)
    let deadline = Deadline(seconds: conventions.limit)
    let outcome = child.wait(until: deadline) { access("\(call)/done", F_OK) == 0 }
    if outcome != nil { end() }
    return outcome
  }

  private func start(_ arguments: [String]) throws(CommandError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw .wrongInput("\(conventions.python): \(systemMessage(errno))")
    }
    // The writing end is ours alone: the worker ends when it is closed. The reading end becomes its
    // standard input.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let process = Subprocess(
      arguments: [
        conventions.python, "-c", PythonFunction.harness, function.path, function.name,
        conventions.type.rawValue,
      ] + arguments, input: ends[0], outputPath: "/dev/null", errorPath: errorPath)
    do throws(CommandError) {
      let child = try process.start()
      running.withLock { $0 = (child, ends[1]) }
    } catch {
      close(ends[1])
      throw error
    }
  }

  func end() {
    let last = running.withLock { state in
      defer { state = nil }
      return state
    }
    guard let last else { return }
    close(last.input)
    last.child.end()
  }
}
