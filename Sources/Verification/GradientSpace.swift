import Evaluation
import ExpressionCore

/// Where the gradient by a structured variable lives, and its inner product with a direction.
struct GradientSpace {
  let variable: Variable
  let options: ClaimOptions
  let point: Matrix

  /// `g(G, V)` in the metric that was asked for: what must equal the derivative along V.
  func inner(_ gradient: Matrix, _ direction: Matrix) -> Double {
    if options.unstructured { return gradient.inner(direction) }
    switch variable.type {
    case .scalar, .vector, .row, .matrix, .skew, .diagonal, .lower, .upper, .simplex, .stochastic:
      return gradient.inner(direction)
    case .symmetric, .psd:
      return symmetricInner(gradient, direction)
    case .spd:
      guard options.metric == .affine else { return symmetricInner(gradient, direction) }
      // tr(inv(X)*G*inv(X)*V): Bhatia, Positive Definite Matrices, equation (6.2).
      guard let inverse = try? point.inverse() else { return .nan }
      return inverse.times(gradient).times(inverse).inner(direction)
    case .orthogonal, .stiefel:
      guard options.metric == .canonical else { return gradient.inner(direction) }
      // tr(G'*(I - Q*Q'/2)*V): Edelman, Arias & Smith 1998, equation (2.39).
      let projected = point.times(point.transposedTimes(direction))
      return gradient.inner(direction.adding(projected, times: -0.5))
    }
  }

  private func symmetricInner(_ gradient: Matrix, _ direction: Matrix) -> Double {
    options.symmetricEntries
      ? gradient.inner(direction.masked { $0 >= $1 }) : gradient.inner(direction)
  }

  /// What the gradient must be, and what of it is not so; nil where nothing is prescribed.
  func excess(_ gradient: Matrix) -> (space: String, part: Matrix)? {
    if options.unstructured { return nil }
    switch variable.type {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: return nil
    case .symmetric, .spd, .psd: return ("symmetric", gradient.skewPart)
    case .skew: return ("skew", gradient.symmetricPart)
    case .diagonal: return ("diagonal", gradient.masked { $0 != $1 })
    case .lower: return ("lower triangular", gradient.masked { $0 < $1 })
    case .upper: return ("upper triangular", gradient.masked { $0 > $1 })
    case .orthogonal, .stiefel:
      return ("tangent", point.transposedTimes(gradient).symmetricPart)
    }
  }
}
