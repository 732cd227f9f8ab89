import Evaluation
import ExpressionCore

/// A curve through a point of the space of a variable, and its direction there.
struct Curve {
  let point: Matrix
  let direction: Matrix
  private let bending: Bending

  /// How the curve stays in the space of the variable.
  private enum Bending {
    case straight
    /// On the orthogonal and Stiefel manifolds, by the metric of its second derivative.
    case orthonormal(ClaimMetric)
    /// Among the positive definite matrices, by the affine-invariant metric.
    case definite
  }

  /// A random curve within the structure of the variable, or any straight one where `ambient`.
  ///
  /// The direction is as long as the point, so that a step is relative. On the orthogonal and
  /// Stiefel manifolds it is `Q*Ω + (I - Q*Q')*Z` with Ω skew, and the curve the retraction
  /// `qf(Q + t*V)` (Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds,
  /// example 4.1.3).
  init(
    _ variable: Variable, at point: Matrix, ambient: Bool, metric: ClaimMetric = .euclidean,
    using generator: inout SplitMix64
  ) {
    let z = Sampling.normalMatrix(point.rows, point.columns, using: &generator)
    var bending = Bending.straight
    var direction = z
    if !ambient {
      switch variable.type {
      case .scalar, .vector, .row, .matrix, .simplex, .stochastic: break
      case .symmetric, .psd: direction = z.symmetricPart
      case .spd:
        direction = z.symmetricPart
        if metric == .affine { bending = .definite }
      case .skew: direction = z.skewPart
      case .diagonal: direction = z.masked { $0 == $1 }
      case .lower: direction = z.masked { $0 >= $1 }
      case .upper: direction = z.masked { $0 <= $1 }
      case .orthogonal, .stiefel:
        // Z - Q*sym(Q'*Z) is Q*skew(Q'*Z) + (I - Q*Q')*Z.
        direction = z.subtracting(point.times(point.transposedTimes(z).symmetricPart))
        bending = .orthonormal(metric)
      }
    }
    let length = direction.frobeniusNorm
    let scale = length > 0 ? max(point.frobeniusNorm, 0.05) / length : 1
    self.point = point
    self.direction = direction.scaled(by: scale)
    self.bending = bending
  }

  /// The point at `t`; its derivative at 0 is the direction.
  func at(_ t: Double) -> Matrix? {
    let moved = point.adding(direction, times: t)
    if case .orthonormal = bending { return try? moved.qr().q }
    return moved
  }

  /// The point moved along two directions of one variable, Z = s*U + t*V, by a retraction of second
  /// order, so that second differences are those of the Riemannian Hessian (Absil and Malick 2012,
  /// Projection-like retractions on matrix manifolds).
  ///
  /// On the orthogonal and Stiefel manifolds the polar factor of Q + Z, or by the canonical metric
  /// that of its geodesic to second order (Edelman, Arias and Smith 1998, 2.41); of the
  /// affine-invariant metric X + Z + Z*inv(X)*Z/2 (Jeuris, Vandebril and Vandereycken 2012).
  func at(_ s: Double, and t: Double, along other: Curve) -> Matrix? {
    let z = direction.scaled(by: s).adding(other.direction, times: t)
    let moved = point.adding(z)
    switch bending {
    case .straight: return moved
    case .definite:
      guard let inverse = try? point.inverse() else { return nil }
      return moved.adding(z.times(inverse).times(z), times: 0.5)
    case .orthonormal(.canonical):
      // Y'' = -Z*Z'*Y - Y*((Y'*Z)^2 + Z'*Z)
      let inner = point.transposedTimes(z)
      let across = z.times(z.transposedTimes(point))
      let along = point.times(inner.times(inner).adding(z.transposedTimes(z)))
      return moved.adding(across.adding(along), times: -0.5).polarFactor
    case .orthonormal: return moved.polarFactor
    }
  }

  /// The straight line in the same direction.
  var straight: Curve { Curve(point: point, direction: direction) }

  private init(point: Matrix, direction: Matrix) {
    self.point = point
    self.direction = direction
    bending = .straight
  }
}

extension Matrix {
  /// The nearest matrix with orthonormal columns.
  fileprivate var polarFactor: Matrix? {
    guard let decomposition = try? SingularValues(self) else { return nil }
    return decomposition.u.timesTransposed(of: decomposition.v)
  }
}
