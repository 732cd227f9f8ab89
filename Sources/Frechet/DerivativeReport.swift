import Differentiation
import Emission
import ExpressionCore

/// A derivative and all that is known about it.
public struct DerivativeReport: Sendable {
  /// One step of the derivation.
  public struct Step: Sendable {
    public let rule: String
    public let text: String
    public let latex: String
  }

  /// What the numerical check found.
  public struct Verification: Sendable {
    public let passed: Bool
    /// How many random points were tried.
    public let points: Int
    public let maxRelativeError: Double
  }

  /// The source of the input.
  public let input: String
  public let wrt: String
  /// The columns' variable of a block of order 2.
  public let secondWrt: String?
  public let kind: Derivative.Kind
  public let options: DerivativeOptions
  /// By name.
  public let variables: [Variable]
  public let rendered: RenderedDerivative
  /// How the derivative is in fact written: never `auto`.
  public let form: Form
  public let steps: [Step]
  public let notes: [String]
  /// Nil where no check was asked for, or none is possible.
  public let verification: Verification?
}

extension DerivativeReport {
  public var value: RenderedSpelling { rendered.value }
  public var derivative: RenderedSpelling { rendered.result }
  /// Nil where the order is 2.
  public var differential: RenderedSpelling? { rendered.differential }
  /// The conditions under which the derivative exists.
  public var domain: [String] { rendered.domain }

  /// Whether a numerical check contradicts the derivative.
  public var isContradicted: Bool { verification.map { !$0.passed } ?? false }
}
