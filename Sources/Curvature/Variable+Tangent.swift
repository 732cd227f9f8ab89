import ExpressionCore
import ExpressionLanguage

extension Variable {
  /// The direction in which the variable moves, in the tangent space of its structure.
  var direction: Variable {
    let tangent: StructureType =
      switch type {
      case .symmetric, .spd, .psd: .symmetric
      case .skew, .diagonal, .lower, .upper: type
      case .scalar, .vector, .row, .matrix, .orthogonal, .stiefel, .simplex, .stochastic:
        Differential.type(of: type)
      }
    return Variable(name: Differential.name(of: name), shape: shape, type: tangent)
  }

  /// Whether its values span less than all matrices of its shape.
  var isRestricted: Bool {
    switch type {
    case .scalar, .vector, .row, .matrix: false
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal, .stiefel, .simplex,
      .stochastic:
      true
    }
  }
}
