import Differentiation
import Evaluation

/// Asks whether a program computes the derivative of an input.
public struct ImplementationRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variable of differentiation.
  public var wrt: String
  /// What the program computes: the gradient of a scalar, else the Jacobian; of order 2 the Hessian.
  public var options: DerivativeOptions
  public var implementation: Implementation
  /// How many random points are tried.
  public var points = 3
  /// Of dimensions whose sizes are not left to chance.
  public var sizes: [String: Int] = [:]
  public var seed: UInt64 = 1
  /// The matrix of each variable, in the place of random points.
  public var data: [String: Matrix]?
  /// The arguments are rounded to 24 bits, so that a program that does so gets the same.
  public var usesSinglePrecision = false
  /// The relative difference up to which values agree; nil for one that fits the precision of the
  /// results.
  public var tolerance: Double?
  /// Of the derivation, and of the search for a mistake, in seconds; nil for no limit. The program
  /// has its own.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: String, declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), timeLimit: Double? = nil,
    implementation: @escaping Implementation
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.options = options
    self.timeLimit = timeLimit
    self.implementation = implementation
  }
}
