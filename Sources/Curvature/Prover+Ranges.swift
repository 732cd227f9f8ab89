import ExpressionCore

/// Intervals of entries, from those of the operands.
extension Prover {
  func findRange(_ e: Expr) -> Ranged {
    switch graph.node(e) {
    case .number(let value): return Ranged(e, .point(value), by: .number)
    case .pi:
      let ends = EntryRange(
        Bound(Number(3), isOpen: true), Bound(Number(22, over: 7), isOpen: true))
      return Ranged(e, ends, by: .number)
    case .dimension: return Ranged(e, EntryRange(Bound(.one), nil), by: .number)
    case .zero: return Ranged(e, .zero, by: .number)
    case .ones: return Ranged(e, .point(.one), by: .number)
    case .identity, .unit: return Ranged(e, .unit, by: .number)
    case .symbol: return declared(e)
    case .sum(let terms): return rangeOfSum(e, terms)
    case .product(let p): return rangeOfProduct(e, p)
    case .hadamard(let factors): return rangeOfPowers(e, .one, factors, [])
    case .apply(let primitive, let x, _):
      return withFacts(rangeOfFunction(e, primitive, x))
    }
  }

  private func declared(_ e: Expr) -> Ranged {
    let facts = graph.facts(e)
    if facts.contains(.nonnegative), !facts.isDisjoint(with: [.columnsSumToOne, .rowsSumToOne]) {
      return Ranged(
        e, facts.contains(.positive) ? .openUnit.joined(.point(.one)) : .unit, by: .declared)
    }
    if facts.contains(.positive) { return Ranged(e, .positive, by: .declared) }
    if facts.contains(.nonnegative) { return Ranged(e, .nonnegative, by: .declared) }
    if facts.contains(.orthogonal) { return Ranged(e, .symmetric(.one), by: .declared) }
    return Ranged(e, .anything, by: .declared)
  }

  /// What the graph knows of an operation's sign where the rules here know less.
  private func withFacts(_ found: Ranged) -> Ranged {
    guard case .entries(let e, _, _) = found.proof.statement else { return found }
    let facts = graph.facts(e)
    let known: EntryRange =
      facts.contains(.positive)
      ? .positive : facts.contains(.nonnegative) ? .nonnegative : .anything
    let both = found.range.intersected(known)
    return both == found.range ? found : Ranged(e, both, by: found.rule, found.premises)
  }

  // MARK: Sums

  private func rangeOfSum(_ e: Expr, _ terms: [Term]) -> Ranged {
    var total = EntryRange.zero
    var premises: [Proof] = []
    for term in terms {
      let part = ranged(term.expr)
      total = total + EntryRange.point(term.coefficient) * part.range
      if case .number = graph.node(term.expr) { continue }
      if !graph.isOnesMatrix(term.expr) { premises.append(part.proof) }
    }
    if total.isNonnegative || total.isNonpositive || total.upper != nil && total.lower != nil {
      return Ranged(e, total, by: .signs, premises)
    }
    if let raised = overCommonDenominator(e, terms) { return raised }
    return Ranged(e, total, by: .signs, premises)
  }

  /// The sign of a sum of fractions is that of its numerator over a positive denominator:
  /// `1/d - t/d^2` is `(d - t)/d^2`.
  private func overCommonDenominator(_ e: Expr, _ terms: [Term]) -> Ranged? {
    guard terms.count <= 12, let (denominator, numerator) = cleared(terms, shape: graph.shape(e))
    else { return nil }
    let below = ranged(denominator)
    guard below.range.isPositive else { return nil }
    let above = ranged(numerator)
    let sign: EntryRange
    if above.range.isPositive {
      sign = .positive
    } else if above.range.isNegative {
      sign = .negative
    } else if above.range.isNonnegative {
      sign = .nonnegative
    } else if above.range.isNonpositive {
      sign = EntryRange(nil, .zero)
    } else {
      return nil
    }
    return Ranged(e, sign, by: .commonDenominator, [above.proof])
  }

  /// The sum times the least common power of the factors that stand in denominators.
  private func cleared(_ terms: [Term], shape: Shape) -> (denominator: Expr, numerator: Expr)? {
    var least: [Expr: Number] = [:]
    let parts = terms.map { powers(of: $0.expr) }
    for factor in parts.joined() where factor.exponent.isNegative {
      if factor.exponent < least[factor.base] ?? .zero { least[factor.base] = factor.exponent }
    }
    guard !least.isEmpty else { return nil }
    let common = least.keys.sorted().map { Factor($0, -(least[$0] ?? .zero)) }
    var raised: [Term] = []
    for (term, own) in zip(terms, parts) {
      let left = own.map { Factor($0.base, $0.exponent) } + common
      raised.append(Term(term.coefficient, graph.hadamard(left)))
    }
    let numerator = graph.sum(raised, shape: shape)
    return (graph.hadamard(common), numerator)
  }

  /// An expression as powers, entry by entry.
  func powers(of e: Expr) -> [Factor] {
    switch graph.node(e) {
    case .hadamard(let factors): return factors
    case .product(let p) where p.chain.isEmpty:
      return [Factor(graph.number(p.coefficient))] + p.scalars
    default: return [Factor(e)]
    }
  }

  // MARK: Products

  private func rangeOfPowers(
    _ e: Expr, _ coefficient: Number, _ factors: [Factor], _ others: [Ranged]
  ) -> Ranged {
    var range = EntryRange.point(coefficient)
    var premises: [Proof] = []
    var onlyEven = others.isEmpty
    for factor in factors {
      let base = ranged(factor.base)
      range = range * base.range.power(factor.exponent)
      if factor.exponent.isEvenInteger, !base.range.isPositive {
        premises.append(
          Proof(
            .entries(graph.power(factor.base, factor.exponent), base.range.power(factor.exponent)),
            by: .evenPower))
      } else {
        onlyEven = false
        if case .number = graph.node(factor.base) { continue }
        premises.append(base.proof)
      }
    }
    for other in others {
      range = range * other.range
      premises.append(other.proof)
    }
    return onlyEven && factors.count == 1
      ? Ranged(e, range, by: .evenPower) : Ranged(e, range, by: .signs, premises)
  }

  private func rangeOfProduct(_ e: Expr, _ p: Product) -> Ranged {
    guard !p.chain.isEmpty else { return rangeOfPowers(e, p.coefficient, p.scalars, []) }
    if p.scalars.isEmpty, p.coefficient.isOne {
      if let form = rangeOfQuadraticForm(e, p.chain) { return form }
      return rangeOfChain(e, p.chain)
    }
    let bare = graph.product([], chain: p.chain)
    return rangeOfPowers(e, p.coefficient, p.scalars, [ranged(bare)])
  }

  /// `v'*M*v ≥ 0` where M is semidefinite.
  private func rangeOfQuadraticForm(_ e: Expr, _ chain: [Expr]) -> Ranged? {
    guard graph.shape(e).isScalar, let first = chain.first, let last = chain.last,
      chain.count > 1, graph.transpose(first) == last
    else { return nil }
    if chain.count == 2 { return Ranged(e, .nonnegative, by: .evenPower) }
    let middle = graph.product([], chain: Array(chain.dropFirst().dropLast()))
    if let proof = semidefinite(middle) {
      return Ranged(e, .nonnegative, by: .quadraticForm, [proof])
    }
    if let proof = semidefinite(graph.negate(middle)) {
      return Ranged(e, EntryRange(nil, .zero), by: .quadraticForm, [proof])
    }
    return nil
  }

  /// Every entry of a product of matrices is a sum of at least one product of entries.
  private func rangeOfChain(_ e: Expr, _ chain: [Expr]) -> Ranged {
    var range = EntryRange.point(.one)
    var premises: [Proof] = []
    for (i, element) in chain.enumerated() {
      let own = ranged(element)
      // The rows of a stochastic matrix average the entries of what it multiplies.
      if i == chain.count - 2, averages(element), let last = chain.last {
        let averaged = ranged(last)
        return i == 0
          ? Ranged(e, averaged.range, by: .average, [averaged.proof])
          : Ranged(e, summed(range * averaged.range), by: .signs, premises + [averaged.proof])
      }
      range = i == 0 ? own.range : summed(range * own.range)
      if !graph.isOnesMatrix(element) { premises.append(own.proof) }
      if !range.isKnown { break }
    }
    return Ranged(e, range, by: .signs, premises)
  }

  private func averages(_ e: Expr) -> Bool {
    graph.facts(e).isSuperset(of: [.nonnegative, .rowsSumToOne])
  }

  private func summed(_ range: EntryRange) -> EntryRange {
    EntryRange(
      range.isNonnegative ? range.lower : nil, range.isNonpositive ? range.upper : nil)
  }
}
