import ExpressionCore

/// Names such as `dX`: a direction in which the variable `X` moves.
public enum Differential {
  public static func name(of variable: String) -> String { "d" + variable }

  /// A direction has the shape of its variable, but not its structure.
  public static func type(of type: StructureType) -> StructureType {
    switch type {
    case .scalar: .scalar
    case .vector, .simplex: .vector
    case .row: .row
    case .matrix, .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal, .stiefel,
      .stochastic:
      .matrix
    }
  }

  public static func variable(of variable: Variable) -> Variable {
    Variable(
      name: name(of: variable.name), shape: variable.shape, type: type(of: variable.type))
  }
}
