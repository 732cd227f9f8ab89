import Evaluation
import ExpressionCore

extension RandomPoints {
  /// A random direction in which a variable may move: within its structure, and tangent to the
  /// manifold that it lives on.
  public mutating func direction(of variable: Variable, at point: Matrix) -> Matrix {
    withGenerator { Curve(variable, at: point, ambient: false, using: &$0).direction }
  }

  /// A standard normal number.
  mutating func normal() -> Double { withGenerator { $0.normal() } }
}
