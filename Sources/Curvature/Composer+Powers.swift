import ExpressionCore

/// Products of powers, entry by entry.
extension Composer {
  func powers(_ e: Expr, _ factors: [Factor]) -> Bending? {
    let constant = factors.filter { degrees.isConstant($0.base) }
    let moving = factors.filter { !degrees.isConstant($0.base) }
    guard !moving.isEmpty, let core = bendingOfPowers(e, moving) else { return nil }
    if constant.isEmpty { return Bending(e, core.vexity, by: core.proof.rule, core.proof.premises) }
    var range = EntryRange.point(.one)
    var premises: [Proof] = []
    for factor in constant {
      let base = prover.ranged(factor.base)
      range = range * base.range.power(factor.exponent)
      premises.append(base.proof)
    }
    return multiplied(e, core, by: range, .nonnegativeSum, premises)
  }

  private func bendingOfPowers(_ e: Expr, _ factors: [Factor]) -> Bending? {
    if factors.count == 1 {
      let own = graph.power(factors[0].base, factors[0].exponent)
      return power(own, factors[0].base, factors[0].exponent)
    }
    if factors.count == 2, factors.allSatisfy({ $0.exponent.isOne }) {
      let (a, b) = (factors[0].base, factors[1].base)
      if let result = entropy(e, a, b) ?? entropy(e, b, a) { return result }
    }
    return productOfPowers(e, factors)
  }

  // MARK: One power

  private func power(_ e: Expr, _ u: Expr, _ a: Number) -> Bending? {
    if a.isOne { return bending(u) }
    if a.isEvenInteger, a.isPositive, degrees.isAffine(u) {
      return Bending(e, .convex, by: .evenPowerOfAffine)
    }
    if a.isPositive, !(a < .half), let parts = sumOfSquares(u) {
      return Bending(e, .convex, by: .euclideanNorm, parts)
    }
    if let norm = pNorm(e, u, a) { return norm }
    if a.isNegative, let m = graph.operand(of: u, .det), degrees.isAffine(m),
      let definite = prover.semidefinite(m), definite.isStrict
    {
      return Bending(e, .convex, by: .determinantReciprocal, [definite])
    }
    guard let inner = bending(u) else { return nil }
    let own = prover.ranged(u)
    let premises = [inner.proof, own.proof]
    if a.isPositive, !(a < .one) {
      if inner.vexity.isConvex, own.range.isNonnegative {
        return Bending(e, .convex, by: a == .two ? .squareOfConvex : .power, premises)
      }
      if inner.vexity.isConcave, own.range.isNonpositive, a.isInteger {
        return Bending(e, a.isEvenInteger ? .convex : .concave, by: .power, premises)
      }
    } else if a.isPositive {
      if inner.vexity.isConcave, own.range.isNonnegative {
        return Bending(e, .concave, by: .power, premises)
      }
    } else {
      if inner.vexity.isConcave, own.range.isPositive {
        return Bending(e, .convex, by: .reciprocalOfConcave, premises)
      }
      if inner.vexity.isConvex, own.range.isNegative, a.isInteger {
        return Bending(e, a.isEvenInteger ? .convex : .concave, by: .reciprocalOfConcave, premises)
      }
    }
    return nil
  }

  /// Whether a scalar is `‖L(x)‖²` for an affine L, by its form: then its square root is a norm.
  ///
  /// The signs of the variables must not be used here: `x*y` of positive variables is no square.
  func sumOfSquares(_ e: Expr) -> [Proof]? {
    guard degrees.degree(e) == 2 || degrees.isConstant(e) else { return nil }
    let (coefficient, unit) = graph.splitCoefficient(e)
    guard coefficient.isPositive else { return nil }
    if degrees.isConstant(unit) {
      let own = prover.ranged(unit)
      return own.range.isNonnegative ? [own.proof] : nil
    }
    switch graph.node(unit) {
    case .sum(let terms):
      var premises: [Proof] = []
      for term in terms {
        guard term.coefficient.isPositive, let part = sumOfSquares(term.expr) else { return nil }
        premises += part
      }
      return premises
    case .product(let p) where p.chain.isEmpty:
      let moving = p.scalars.filter { !degrees.isConstant($0.base) }
      guard moving.count == 1 else { return nil }
      let rest = graph.product(p.scalars.filter { degrees.isConstant($0.base) }, chain: [])
      let weight = prover.ranged(rest)
      guard weight.range.isNonnegative else { return nil }
      if moving[0].exponent == .two, degrees.isAffine(moving[0].base) { return [weight.proof] }
      guard moving[0].exponent.isOne, moving[0].base != unit else { return nil }
      return sumOfSquares(moving[0].base).map { $0 + [weight.proof] }
    case .product(let p): return squares(p.chain)
    case .apply(.tr, let x, _):
      guard case .product(let p) = graph.node(x[0]), p.coefficient.isOne, p.scalars.isEmpty else {
        return nil
      }
      return squaresOfTrace(p.chain)
    default: return nil
    }
  }

  /// `u'*M*u` with u affine and M constant and semidefinite, or `1'*u.^2`.
  private func squares(_ chain: [Expr]) -> [Proof]? {
    if prover.isMirrored(chain) { return mirroredSquares(chain) }
    let moving = chain.filter { !degrees.isConstant($0) }
    guard moving.count == 1, case .hadamard(let factors) = graph.node(moving[0]) else { return nil }
    var premises: [Proof] = []
    for other in chain where other != moving[0] {
      let own = prover.ranged(other)
      guard own.range.isNonnegative else { return nil }
    }
    for factor in factors {
      if degrees.isConstant(factor.base) {
        let own = prover.ranged(factor.base)
        guard own.range.power(factor.exponent).isNonnegative else { return nil }
        premises.append(own.proof)
      } else {
        guard factor.exponent == .two, degrees.isAffine(factor.base) else { return nil }
      }
    }
    return premises
  }

  private func mirroredSquares(_ chain: [Expr]) -> [Proof]? {
    let moving = chain.indices.filter { !degrees.isConstant(chain[$0]) }
    guard let first = moving.first, let last = moving.last, first + last == chain.count - 1,
      moving.count == 2
    else { return nil }
    let middle = Array(chain[(first + 1)..<last])
    if middle.isEmpty { return [] }
    return prover.semidefinite(graph.product([], chain: middle)).map { [$0] }
  }

  /// `tr(X'*M*X*N)` with M and N constant and semidefinite.
  private func squaresOfTrace(_ chain: [Expr]) -> [Proof]? {
    for start in chain.indices {
      let turned = Array(chain[start...] + chain[..<start])
      for length in 2...max(2, turned.count) where length <= turned.count {
        let (left, right) = (Array(turned[..<length]), Array(turned[length...]))
        guard prover.isMirrored(left), right.allSatisfy({ degrees.isConstant($0) }),
          let inner = mirroredSquares(left)
        else { continue }
        if right.isEmpty { return inner }
        if let outer = prover.semidefinite(graph.product([], chain: right)) {
          return inner + [outer]
        }
      }
    }
    return nil
  }

  /// `(1'*u.^p)^a` with p ≥ 1 and a*p ≥ 1.
  private func pNorm(_ e: Expr, _ u: Expr, _ a: Number) -> Bending? {
    guard a.isPositive, case .product(let p) = graph.node(u), p.scalars.isEmpty, !p.chain.isEmpty
    else { return nil }
    var factor: Factor?
    let moving = p.chain.filter { !graph.isOnesMatrix($0) }
    if p.chain.count == 2, moving.count == 2, graph.transpose(moving[0]) == moving[1] {
      factor = Factor(moving[1], .two)
    } else if moving.count == 1, case .hadamard(let factors) = graph.node(moving[0]),
      factors.count == 1
    {
      factor = factors[0]
    }
    guard let factor, !(factor.exponent < .one), !(a * factor.exponent < .one) else { return nil }
    if factor.exponent.isEvenInteger, degrees.isAffine(factor.base) {
      return Bending(e, .convex, by: .pNorm)
    }
    let own = prover.ranged(factor.base)
    guard let inner = isConvex(factor.base), own.range.isNonnegative else { return nil }
    return Bending(e, .convex, by: .pNorm, [inner, own.proof])
  }

  // MARK: Several powers

  private func productOfPowers(_ e: Expr, _ factors: [Factor]) -> Bending? {
    var premises: [Proof] = []
    var below = Number.zero
    var above: [Factor] = []
    for factor in factors {
      guard factor.exponent.isNegative else {
        above.append(factor)
        continue
      }
      let own = prover.ranged(factor.base)
      guard own.range.isPositive, let concave = isConcave(factor.base) else { return nil }
      below = below - factor.exponent
      premises += [concave, own.proof]
    }
    if above.isEmpty { return Bending(e, .convex, by: .reciprocalOfConcave, premises) }
    if below.isZero, let mean = geometricMean(e, above) { return mean }
    guard above.count == 1, let (exponent, reasons) = convexNumerator(above[0]),
      !(exponent < below + .one)
    else { return nil }
    return Bending(e, .convex, by: .powersProduct, reasons + premises)
  }

  /// The power p of `s^p` with s convex and nonnegative.
  private func convexNumerator(_ factor: Factor) -> (Number, [Proof])? {
    if factor.exponent.isEvenInteger, degrees.isAffine(factor.base) {
      return (factor.exponent, [])
    }
    if let parts = sumOfSquares(factor.base) { return (factor.exponent * .two, parts) }
    let own = prover.ranged(factor.base)
    guard own.range.isNonnegative, let convex = isConvex(factor.base) else { return nil }
    return (factor.exponent, [convex, own.proof])
  }

  private func geometricMean(_ e: Expr, _ factors: [Factor]) -> Bending? {
    var total = Number.zero
    var premises: [Proof] = []
    for factor in factors {
      let own = prover.ranged(factor.base)
      guard own.range.isNonnegative, let concave = isConcave(factor.base) else { return nil }
      total = total + factor.exponent
      premises += [concave, own.proof]
    }
    guard total.isExact, !(.one < total) else { return nil }
    return Bending(e, .concave, by: .geometricMean, premises)
  }

  // MARK: Entropies

  /// `u*log(w)` with w a multiple of u, of u/v, or of v/u.
  private func entropy(_ e: Expr, _ u: Expr, _ logarithm: Expr) -> Bending? {
    guard degrees.isAffine(u), let w = logArgument(logarithm) else { return nil }
    let own = prover.ranged(u)
    guard own.range.isNonnegative else { return nil }
    let quotient = graph.hadamard([Factor(w), Factor(u, .minusOne)])
    if degrees.isConstant(quotient), prover.range(quotient).isPositive {
      return Bending(e, .convex, by: .negativeEntropy, [own.proof])
    }
    let inverse = graph.power(quotient, .minusOne)
    if degrees.isAffine(inverse), prover.range(inverse).isPositive {
      return Bending(e, .convex, by: .relativeEntropy, [own.proof, prover.ranged(inverse).proof])
    }
    let product = graph.hadamard(w, u)
    if degrees.isAffine(product), prover.range(product).isPositive {
      return Bending(e, .concave, by: .relativeEntropy, [own.proof])
    }
    return nil
  }

  /// w where the expression is log(w).
  private func logArgument(_ e: Expr) -> Expr? {
    if let w = graph.operand(of: e, .log) { return w }
    guard case .sum(let terms) = graph.node(e) else { return nil }
    var factors: [Factor] = []
    for term in terms {
      guard let w = graph.operand(of: term.expr, .log) else { return nil }
      factors.append(Factor(w, term.coefficient))
    }
    return graph.hadamard(factors)
  }
}
