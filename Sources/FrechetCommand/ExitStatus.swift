import ArgumentParser
import Frechet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How the process ends.
enum ExitStatus: Int32 {
  case done = 0
  /// The answer is no: a false claim, a failed verification.
  case no = 1
  case wrongInput = 2
  /// A limit of time or size was hit.
  case limit = 3
}

/// What a command itself finds wrong.
enum CommandError: Error {
  case wrongInput(String)
  case tooLarge(String)
  /// The answer, already printed, is no.
  case no
}

/// Ends the process at once, without waiting for work that was given up.
func leave(_ status: ExitStatus) -> Never {
  _exit(status.rawValue)
}

/// Says what went wrong on standard error. Returns the status that it stands for: the one place
/// where errors become exit statuses.
func report(_ error: any Error) -> ExitStatus {
  switch error {
  case let error as FrechetError:
    StandardStreams.writeError(message(error.description))
    switch error {
    case .input, .derivative, .unsupported, .evaluation, .implementation: return .wrongInput
    case .timeLimit, .sizeLimit, .callLimit: return .limit
    }
  case let error as CommandError:
    switch error {
    case .wrongInput(let text):
      StandardStreams.writeError(message(text))
      return .wrongInput
    case .tooLarge(let text):
      StandardStreams.writeError(message(text))
      return .limit
    case .no:
      return .no
    }
  case let error as StandardStreams.Failure:
    StandardStreams.writeError(message(error.description))
    return .wrongInput
  case _:
    return reportUsage(error)
  }
}

/// Help that was asked for is an answer; the parser's other messages are errors.
private func reportUsage(_ error: any Error) -> ExitStatus {
  let text = FrechetCommand.fullMessage(for: error)
  guard FrechetCommand.exitCode(for: error) == .success else {
    StandardStreams.writeError(text.replacing(prefix: "Error: ", with: "error: "))
    return .wrongInput
  }
  do {
    try StandardStreams.write(text + "\n")
    return .done
  } catch {
    return report(error)
  }
}

private func message(_ text: String) -> String {
  text.hasPrefix("error:") ? text : "error: " + text
}

extension String {
  fileprivate func replacing(prefix: String, with replacement: String) -> String {
    hasPrefix(prefix) ? replacement + dropFirst(prefix.count) : self
  }
}
