import Differentiation

/// What to derive, and how.
public struct DerivativeRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variables of differentiation. Each gives a gradient; of order 2, each pair a block.
  public var wrt: [String]
  public var options: DerivativeOptions
  /// Checks the result numerically at random points.
  public var verify: Bool
  /// Also says of a Hessian whether it is semidefinite, where that follows from its form.
  public var judgesCurvature = false
  /// How much of the derivation is shown; nil for nothing but the answer.
  public var steps: StepDetail?
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), verify: Bool = true,
    steps: StepDetail? = nil, timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.options = options
    self.verify = verify
    self.steps = steps
    self.timeLimit = timeLimit
  }
}
