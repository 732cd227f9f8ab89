import Differentiation
import ExpressionCore

extension Graph {
  /// The second differential of an expression along fixed directions of its symbols: a quadratic
  /// form in them (Magnus and Neudecker, 6.9); nil where an operation has no derivative.
  func secondDifferential(of e: Expr, along directions: [Expr: Expr]) -> Expr? {
    do throws(UndefinedDerivative) {
      let none = zero(shape(e))
      guard let first = try differential(of: e, given: directions) else { return none }
      return try differential(of: first, given: directions) ?? none
    } catch {
      return nil
    }
  }
}
