import ExpressionCore
import ExpressionLanguage

/// A name of a claim that stands for a direction in which a variable moves: `dX`, or the `V` of an
/// operator.
public struct Direction: Hashable, Sendable {
  public let name: String
  /// The variable that moves.
  public let variable: Variable

  public init(_ name: String, of variable: Variable) {
    self.name = name
    self.variable = variable
  }

  /// `dX` of the variable `X`.
  public init(differentialOf variable: Variable) {
    self.init(Differential.name(of: variable.name), of: variable)
  }

  /// The name as a variable: of the moving one's shape, but without its structure.
  public var asVariable: Variable {
    Variable(
      name: name, shape: variable.shape, type: Differential.type(of: variable.type))
  }
}
