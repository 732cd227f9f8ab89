import Evaluation

/// What a numerical check found.
public struct VerificationReport: Sendable {
  public let passed: Bool
  /// The random points at which the check was decided.
  public let points: Int
  /// The largest relative difference between what is claimed and what is measured.
  public let maxRelativeError: Double
  /// Why the check did not pass; nil where it did.
  public let failure: VerificationFailure?

  public init(
    passed: Bool, points: Int, maxRelativeError: Double, failure: VerificationFailure?
  ) {
    self.passed = passed
    self.points = points
    self.maxRelativeError = maxRelativeError
    self.failure = failure
  }
}

/// Why a check did not pass.
public enum VerificationFailure: Hashable, Sendable, CustomStringConvertible {
  /// The values differ: the claim is wrong.
  case mismatch(relativeError: Double)
  /// The claim does not have the shape of the derivative.
  case wrongShape(expected: MatrixSize, got: MatrixSize)
  /// The gradient does not lie in the space that the variable's structure prescribes.
  case outsideSpace(space: String, relativeError: Double)
  /// No random point was found where both have finite values; the last error met, if any.
  case noPoint(EvaluationError?)
  /// Difference quotients do not settle anywhere: there is nothing to compare with.
  case unsettled
  case unknownVariable(String)

  /// Whether the claim is refuted; otherwise nothing was decided.
  public var refutes: Bool {
    switch self {
    case .mismatch, .wrongShape, .outsideSpace: true
    case .noPoint, .unsettled, .unknownVariable: false
    }
  }

  public var description: String {
    switch self {
    case .mismatch(let error):
      "verification: the values differ; the relative error is \(error)"
    case .wrongShape(let expected, let got):
      "verification: the shape is wrong; \(got) was got, \(expected) would do"
    case .outsideSpace(let space, let error):
      "verification: the gradient must be \(space); it is off by \(error)"
    case .noPoint(let error):
      "verification: no random point has a finite value"
        + (error.map { "; the last try ended with: \($0)" } ?? "")
    case .unsettled:
      "verification: the difference quotients do not converge at any random point"
    case .unknownVariable(let name):
      "verification: the input has no variable \(name)"
    }
  }
}
