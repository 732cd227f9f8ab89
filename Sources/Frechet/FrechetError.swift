import CodeGeneration

/// Why a request has no answer.
public enum FrechetError: Error, Sendable {
  /// The input is wrong. The text is complete: it marks the place where there is one.
  case input(String)
  /// A derivative that is not (a function without one, an option that does not apply).
  case derivative(String)
  /// The language of a program has no counterpart for an operation.
  case unsupported(UnsupportedOperation)
  /// A value that is not (a singular matrix, a repeated eigenvalue), or data that do not fit.
  case evaluation(String)
  /// An implementation that is to be checked has no result; the text says why.
  case implementation(String)
  /// One call of an implementation took longer than was allowed.
  case callLimit(seconds: Double)
  /// The time that was allowed is over.
  case timeLimit(seconds: Double)
  /// A size that was allowed is exceeded; says which.
  case sizeLimit(String)
}

extension FrechetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .input(let text), .derivative(let text), .evaluation(let text), .sizeLimit(let text),
      .implementation(let text):
      text
    case .unsupported(let operation): operation.description
    case .callLimit(let seconds):
      "the implementation took longer than \(Self.seconds(seconds)); --call-limit allows more"
    case .timeLimit(let seconds):
      "the time limit of \(Self.seconds(seconds)) was reached; --time-limit allows more"
    }
  }

  private static func seconds(_ value: Double) -> String {
    let text = value == value.rounded() && value.magnitude < 1e9 ? String(Int(value)) : "\(value)"
    return text + (value == 1 ? " second" : " seconds")
  }
}
