import ExpressionCore

/// Expressions that are equal up to a number: of inv(S)*(x - mu) and 2*inv(S)*(mu - x), only one
/// is computed.
struct Multiples {
  /// What it is a multiple of, and the number.
  typealias Multiple = (base: Int, factor: Number)

  private struct Unscaled: Hashable {
    let expr: Expr
    let positiveDeterminants: Set<Expr>
  }

  private var known: [Unscaled: [(node: Int, coefficient: Number)]] = [:]

  /// An earlier expression that this one is a multiple of: by -1, or one without a number before
  /// it. Keeps in mind those that are multiples of none.
  mutating func multiple(
    _ node: Int, _ expr: Expr, positiveDeterminants: Set<Expr>, in graph: Graph
  ) -> Multiple? {
    let (coefficient, rest) = graph.splitCoefficient(expr)
    guard rest != graph.one else { return nil }
    let key = Unscaled(expr: rest, positiveDeterminants: positiveDeterminants)
    let found = known[key, default: []].first {
      $0.coefficient.magnitude.isOne || ($0.coefficient * .minusOne) == coefficient
    }
    guard let found else {
      known[key, default: []].append((node, coefficient))
      return nil
    }
    return (found.node, coefficient / found.coefficient)
  }
}
