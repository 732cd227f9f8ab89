import ExpressionCore

/// The degrees of expressions as polynomials in some symbols.
final class Degrees {
  private let graph: Graph
  private let variables: Set<Expr>
  private var known: [Expr: Int?] = [:]
  /// Higher degrees count as no polynomial.
  private static let highest = 64

  init(_ graph: Graph, _ variables: [Expr]) {
    self.graph = graph
    self.variables = Set(variables)
  }

  /// The degree, 0 of what does not depend on the symbols; nil where it is no polynomial, or not
  /// seen to be one.
  func degree(_ root: Expr) -> Int? {
    if let done = known[root] { return done }
    for e in graph.reachable(from: [root]) where known[e] == nil { known[e] = .some(find(e)) }
    return known[root] ?? nil
  }

  func isConstant(_ e: Expr) -> Bool { degree(e) == 0 }
  func isAffine(_ e: Expr) -> Bool { degree(e).map { $0 <= 1 } ?? false }

  private func own(_ e: Expr) -> Int? { known[e] ?? nil }

  private func find(_ e: Expr) -> Int? {
    if variables.contains(e) { return 1 }
    switch graph.node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return 0
    case .sum(let terms): return largest(terms.map { own($0.expr) })
    case .product(let p):
      return total(p.scalars.map { power($0) } + p.chain.map { own($0) })
    case .hadamard(let factors): return total(factors.map { power($0) })
    case .apply(let primitive, let x, _):
      let degrees = x.map { own($0) }
      if degrees.allSatisfy({ $0 == 0 }) { return 0 }
      switch primitive.rule.derivative {
      case .linear, .jointlyLinear: return largest(degrees)
      case .multilinear: return total(degrees)
      case .linearInLast:
        return degrees.dropLast().allSatisfy { $0 == 0 } ? degrees.last ?? nil : nil
      case .defined, .constant, .elementwise, .differential, .undefined: return nil
      }
    }
  }

  private func power(_ factor: Factor) -> Int? {
    guard let base = own(factor.base) else { return nil }
    if base == 0 { return 0 }
    guard let exponent = factor.exponent.integer, exponent > 0, exponent <= Self.highest else {
      return nil
    }
    return base * exponent
  }

  private func largest(_ degrees: [Int?]) -> Int? {
    degrees.reduce(0) { a, b in
      guard let a, let b else { return nil }
      return max(a, b)
    }
  }

  private func total(_ degrees: [Int?]) -> Int? {
    let sum: Int? = degrees.reduce(0) { a, b in
      guard let a, let b else { return nil }
      return a + b
    }
    return sum.flatMap { $0 <= Self.highest ? $0 : nil }
  }
}
