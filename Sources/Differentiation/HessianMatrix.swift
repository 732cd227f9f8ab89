import ExpressionCore
import ExpressionLanguage
import Rewriting

extension Graph {
  /// The Hessian of a scalar with respect to `vec` of a symbol without structure, as the
  /// identification of the gradient's differential gives it; nil where it has no matrix form.
  public func hessian(of f: Expr, by x: Expr, _ variable: Variable) -> Expr? {
    let dx = makeSymbol(Differential.variable(of: variable))
    do {
      guard let gradient = try pullback(of: f, cotangent: one, to: [x])[x] else {
        return zero(Shape(variable.shape.count, variable.shape.count))
      }
      let short = Search(self, diagonals: .scaling, budget: 1_500).simplify(gradient)
      guard let d = try differential(of: short, given: [x: dx]) else {
        return zero(Shape(variable.shape.count, variable.shape.count))
      }
      return try jacobian(of: d, by: dx)
    } catch {
      return nil
    }
  }
}
