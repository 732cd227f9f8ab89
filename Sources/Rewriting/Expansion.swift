import ExpressionCore

/// Products multiplied out, where like terms may then merge.
extension Search {
  private static let termLimit = 32

  /// The sum with every product in it multiplied out.
  func expanded(_ terms: [Term], _ e: Expr) -> Expr? {
    guard terms.count <= Self.termLimit else { return nil }
    var result: [Term] = []
    var changed = false
    for term in terms {
      if let inner = distributed(term.expr) {
        changed = true
        result += inner.map { Term($0.coefficient * term.coefficient, $0.expr) }
      } else {
        result.append(term)
      }
      if result.count > Self.termLimit { return nil }
    }
    guard changed else { return nil }
    return graph.sum(result, shape: graph.shape(e))
  }

  func expanded(_ p: Product, _ e: Expr) -> Expr? {
    guard let terms = distributed(e), terms.count <= Self.termLimit else { return nil }
    return graph.sum(terms, shape: graph.shape(e))
  }

  func expanded(_ factors: [Factor], _ e: Expr) -> Expr? {
    guard let terms = distributed(e), terms.count <= Self.termLimit else { return nil }
    return graph.sum(terms, shape: graph.shape(e))
  }

  /// The terms of a product multiplied out, sums inside sums included; nil where there is none.
  func distributed(_ e: Expr, depth: Int = 0) -> [Term]? {
    guard depth < 4, !isExhausted else { return nil }
    guard let once = distributedOnce(e) else { return nil }
    var result: [Term] = []
    for term in once {
      if let more = distributed(term.expr, depth: depth + 1) {
        result += more.map { Term($0.coefficient * term.coefficient, $0.expr) }
      } else {
        result.append(term)
      }
      if result.count > Self.termLimit { return once }
    }
    return result
  }

  private func distributedOnce(_ e: Expr) -> [Term]? {
    switch graph.node(e) {
    case .product(let p):
      let coefficient = Factor(graph.number(p.coefficient))
      for (i, factor) in p.scalars.enumerated() {
        var others = p.scalars
        if let terms = sumTerms(factor) {
          if factor.exponent.isOne {
            others.remove(at: i)
          } else {
            others[i] = Factor(factor.base, factor.exponent - .one)
          }
          return terms.map {
            split(
              $0.coefficient,
              graph.product(others + [coefficient, Factor($0.expr)], chain: p.chain))
          }
        }
        // A scalar that is itself a chain with a sum in it.
        if factor.exponent.isOne, case .product(let q) = graph.node(factor.base), !q.chain.isEmpty,
          let inner = distributedOnce(factor.base)
        {
          others.remove(at: i)
          return inner.map {
            split(
              $0.coefficient,
              graph.product(others + [coefficient, Factor($0.expr)], chain: p.chain))
          }
        }
      }
      for (i, element) in p.chain.enumerated() {
        let terms: [Term]
        if case .sum(let inner) = graph.node(element) {
          terms = inner
        } else if case .hadamard = graph.node(element), let inner = distributedOnce(element) {
          terms = inner
        } else if let operand = graph.operand(of: element, .diag), let inner = summands(operand) {
          terms = inner.map { Term($0.coefficient, graph.diag($0.expr)) }
        } else {
          continue
        }
        return terms.map { term in
          var chain = p.chain
          chain[i] = term.expr
          return split(term.coefficient, graph.product(p.scalars + [coefficient], chain: chain))
        }
      }
      return nil
    case .hadamard(let factors):
      for (i, factor) in factors.enumerated() {
        guard let terms = sumTerms(factor) else { continue }
        var others = factors
        if factor.exponent.isOne {
          others.remove(at: i)
        } else {
          others[i] = Factor(factor.base, factor.exponent - .one)
        }
        return terms.map { split($0.coefficient, graph.hadamard(others + [Factor($0.expr)])) }
      }
      return nil
    case .apply(.diag, let x, _), .apply(.vec, let x, _), .apply(.diagonal, let x, _):
      guard case .apply(let primitive, _, let parameters) = graph.node(e),
        let terms = summands(x[0])
      else { return nil }
      return terms.map {
        split($0.coefficient, graph.apply(primitive, [$0.expr], parameters, shape: graph.shape(e)))
      }
    case .apply(.tr, let x, _):
      guard let terms = distributedOnce(x[0]) else { return nil }
      return terms.map { split($0.coefficient, graph.trace($0.expr)) }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .apply: return nil
    }
  }

  private func summands(_ e: Expr) -> [Term]? {
    if case .sum(let terms) = graph.node(e) { return terms }
    return distributedOnce(e)
  }

  private func sumTerms(_ factor: Factor) -> [Term]? {
    guard factor.exponent.isInteger, factor.exponent.isPositive, factor.exponent < Number(5),
      case .sum(let terms) = graph.node(factor.base)
    else { return nil }
    return terms
  }

  private func split(_ coefficient: Number, _ e: Expr) -> Term {
    let (own, unit) = graph.splitCoefficient(e)
    return Term(own * coefficient, unit)
  }

  /// A sum with a denominator that some of its terms have, brought over that denominator:
  /// `c/(b + t)`-like fractions of fractions become simple ones.
  func withoutFractions(_ terms: [Term], _ e: Expr) -> Expr? {
    guard terms.count <= 16 else { return nil }
    let scalar = graph.shape(e).isScalar
    var denominators: [Factor] = []
    for term in terms {
      for factor in scalarFactors(term.expr)
      where factor.exponent.isNegative && factor.exponent.isInteger {
        if let i = denominators.firstIndex(where: { $0.base == factor.base }) {
          if factor.exponent < denominators[i].exponent { denominators[i] = factor }
        } else {
          denominators.append(factor)
        }
      }
    }
    guard !denominators.isEmpty, denominators.count <= 4 else {
      return scalar ? nil : elementwiseWithoutFractions(terms, e)
    }
    let common = denominators.map { Factor($0.base, -$0.exponent) }
    let raised = graph.sum(
      terms.map {
        Term(
          $0.coefficient,
          graph.product(common.map { graph.power($0.base, $0.exponent) } + [$0.expr]))
      },
      shape: graph.shape(e))
    let numerator = expandedSum(raised)
    return graph.product(denominators.map { graph.power($0.base, $0.exponent) } + [numerator])
  }

  private func elementwiseWithoutFractions(_ terms: [Term], _ e: Expr) -> Expr? {
    var denominators: [Factor] = []
    for term in terms {
      guard case .hadamard(let factors) = graph.node(bare(term.expr)) else { continue }
      for factor in factors where factor.exponent.isNegative {
        if let i = denominators.firstIndex(where: { $0.base == factor.base }) {
          if factor.exponent < denominators[i].exponent { denominators[i] = factor }
        } else {
          denominators.append(factor)
        }
      }
    }
    guard !denominators.isEmpty, denominators.count <= 4 else { return nil }
    let common = denominators.map { Factor($0.base, -$0.exponent) }
    let raised = graph.sum(
      terms.map { Term($0.coefficient, graph.hadamard(common + [Factor($0.expr)])) },
      shape: graph.shape(e))
    return graph.hadamard(denominators + [Factor(expandedSum(raised))])
  }

  private func bare(_ e: Expr) -> Expr {
    if case .product(let p) = graph.node(e), p.chain.count == 1 { return p.chain[0] }
    return e
  }

  private func expandedSum(_ e: Expr) -> Expr {
    let (coefficient, unit) = graph.splitCoefficient(e)
    guard case .sum(let terms) = graph.node(unit), let wide = expanded(terms, unit) else {
      return e
    }
    return graph.scale(coefficient, speller.size(wide) < speller.size(unit) ? wide : unit)
  }

  func scalarFactors(_ e: Expr) -> [Factor] {
    if case .product(let p) = graph.node(e) { return p.scalars }
    return graph.shape(e).isScalar ? [Factor(e)] : []
  }
}
