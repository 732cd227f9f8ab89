import Evaluation
import ExpressionCore

/// The inner product of a gradient by a structured variable with a direction of that structure, in
/// the metric that was asked for: the derivative along the direction.
public func pairing(
  of gradient: Matrix, with direction: Matrix, variable: Variable, at point: Matrix,
  options: ClaimOptions
) -> Double {
  GradientSpace(variable: variable, options: options, point: point).inner(gradient, direction)
}
