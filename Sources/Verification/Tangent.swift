import Evaluation
import ExpressionCore

/// A curve through a point of the space of a variable, and its direction there.
struct Curve {
  let point: Matrix
  let direction: Matrix
  private let bends: Bool

  /// A random curve within the structure of the variable, or any straight one where `ambient`.
  ///
  /// The direction is as long as the point, so that a step is relative. On the orthogonal and
  /// Stiefel manifolds it is `Q*Ω + (I - Q*Q')*Z` with Ω skew, and the curve the retraction
  /// `qf(Q + t*V)` (Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds,
  /// example 4.1.3).
  init(
    _ variable: Variable, at point: Matrix, ambient: Bool, using generator: inout SplitMix64
  ) {
    let z = Sampling.normalMatrix(point.rows, point.columns, using: &generator)
    var bends = false
    var direction = z
    if !ambient {
      switch variable.type {
      case .scalar, .vector, .row, .matrix, .simplex, .stochastic: break
      case .symmetric, .spd, .psd: direction = z.symmetricPart
      case .skew: direction = z.skewPart
      case .diagonal: direction = z.masked { $0 == $1 }
      case .lower: direction = z.masked { $0 >= $1 }
      case .upper: direction = z.masked { $0 <= $1 }
      case .orthogonal, .stiefel:
        // Z - Q*sym(Q'*Z) is Q*skew(Q'*Z) + (I - Q*Q')*Z.
        direction = z.subtracting(point.times(point.transposedTimes(z).symmetricPart))
        bends = true
      }
    }
    let length = direction.frobeniusNorm
    let scale = length > 0 ? max(point.frobeniusNorm, 0.05) / length : 1
    self.point = point
    self.direction = direction.scaled(by: scale)
    self.bends = bends
  }

  /// The point at `t`; its derivative at 0 is the direction.
  func at(_ t: Double) -> Matrix? {
    let moved = point.adding(direction, times: t)
    return bends ? try? moved.qr().q : moved
  }

  /// The point moved along two directions of one variable.
  ///
  /// On the orthogonal and Stiefel manifolds by the polar factor of Q + s*U + t*V, a retraction of
  /// second order, so that second differences are those of the Riemannian Hessian (Absil and
  /// Malick 2012, Projection-like retractions on matrix manifolds).
  func at(_ s: Double, and t: Double, along other: Curve) -> Matrix? {
    let moved = point.adding(direction, times: s).adding(other.direction, times: t)
    guard bends else { return moved }
    guard let decomposition = try? SingularValues(moved) else { return nil }
    return decomposition.u.timesTransposed(of: decomposition.v)
  }

  /// The straight line in the same direction.
  var straight: Curve { Curve(point: point, direction: direction, bends: false) }

  private init(point: Matrix, direction: Matrix, bends: Bool) {
    self.point = point
    self.direction = direction
    self.bends = bends
  }
}
