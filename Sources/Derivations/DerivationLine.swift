import Differentiation
import ExpressionCore
import ExpressionLanguage

/// One line of a derivation: what is stated, and by which rules it follows from the line before.
public struct DerivationLine: Sendable {
  /// What stands on the left.
  public enum Left: Hashable, Sendable {
    /// A part of the input that got a name, and the derivative by it.
    case name(String)
    /// df, of whatever shape f has.
    case differential
    /// vec(dF)
    case vectorizedDifferential
    /// The gradient as if all entries of a structured variable were free.
    case plainGradient
    /// ∇f, and its differential.
    case gradient
    case gradientDifferential
    /// The answer.
    case derivative
  }

  public let left: Left
  public let value: Spelling
  public let rules: [Rule]
  /// The value without `d(…)`, for the check by numbers.
  let checked: Syntax?
  /// Between two lines that a reader would want to see.
  let isDetail: Bool

  init(
    _ left: Left, _ value: Spelling, _ rules: [Rule], checked: Syntax?, isDetail: Bool = false
  ) {
    self.left = left
    self.value = value
    self.rules = rules
    self.checked = checked
    self.isDetail = isDetail
  }

  /// The same line, reached from an earlier one.
  func following(_ rules: [Rule]) -> DerivationLine {
    DerivationLine(left, value, rules, checked: checked, isDetail: isDetail)
  }

  func shown() -> DerivationLine {
    DerivationLine(left, value, rules, checked: checked)
  }
}
