import ExpressionCore

/// Semidefinite matrices, by the form that they have.
extension Prover {
  func findSemidefinite(_ m: Expr) -> Proof? {
    if graph.shape(m).isScalar { return positiveScalar(m) }
    let facts = graph.facts(m)
    if case .symbol = graph.node(m) {
      guard facts.contains(.positiveSemidefinite) else { return nonnegativeDiagonalMatrix(m) }
      return proof(m, facts.contains(.positiveDefinite), .declared)
    }
    guard graph.isSymmetric(m) else { return symmetricPart(m) }
    switch graph.node(m) {
    case .zero: return proof(m, false, .zeroMatrix)
    case .identity: return proof(m, true, .identity)
    case .sum(let terms): return semidefiniteSum(m, terms)
    case .product(let p): return semidefiniteProduct(m, p)
    case .hadamard(let factors): return schurProduct(m, factors)
    case .apply(let primitive, let x, _): return semidefiniteFunction(m, primitive, x)
    case .symbol, .number, .pi, .dimension, .ones, .unit: return nil
    }
  }

  func proof(_ m: Expr, _ isStrict: Bool, _ rule: ProofRule, _ premises: [Proof] = []) -> Proof {
    Proof(.semidefinite(m, isStrict: isStrict), by: rule, premises)
  }

  private func positiveScalar(_ m: Expr) -> Proof? {
    let own = ranged(m)
    guard own.range.isNonnegative else { return nil }
    return proof(m, own.range.isPositive, own.rule, [own.proof])
  }

  /// A diagonal matrix that is declared nonnegative.
  private func nonnegativeDiagonalMatrix(_ m: Expr) -> Proof? {
    let facts = graph.facts(m)
    guard facts.contains(.diagonal), facts.contains(.nonnegative) else { return nil }
    return proof(m, false, .nonnegativeDiagonal)
  }

  private func symmetricPart(_ m: Expr) -> Proof? {
    let symmetric = graph.symmetricPart(m)
    guard symmetric != m, graph.isSymmetric(symmetric), let inner = semidefinite(symmetric) else {
      return nil
    }
    return proof(m, inner.isStrict, .symmetricPart, [inner])
  }

  private func semidefiniteFunction(_ m: Expr, _ primitive: Primitive, _ x: [Expr]) -> Proof? {
    switch primitive {
    case .diag:
      let v = ranged(x[0])
      guard v.range.isNonnegative else { return nil }
      return proof(m, v.range.isPositive, .nonnegativeDiagonal, [v.proof])
    case .inv:
      guard let inner = semidefinite(x[0]) else { return nil }
      // A semidefinite matrix that has an inverse is definite.
      return proof(m, true, .inverse, [inner])
    case .kron:
      guard let a = semidefinite(x[0]), let b = semidefinite(x[1]) else {
        guard let a = semidefinite(graph.negate(x[0])), let b = semidefinite(graph.negate(x[1]))
        else { return nil }
        return proof(m, a.isStrict && b.isStrict, .kronecker, [a, b])
      }
      return proof(m, a.isStrict && b.isStrict, .kronecker, [a, b])
    case .expm: return proof(m, true, .matrixExponential)
    case .sqrtm:
      guard let inner = semidefinite(x[0]) else { return nil }
      return proof(m, inner.isStrict, .principalRoot, [inner])
    case .power:
      guard let inner = semidefinite(x[0]), inner.isStrict else { return nil }
      return proof(m, true, .evenMatrixPower, [inner])
    case .blocks: return matrixOfNumbers(m)
    default: return nil
    }
  }

  // MARK: Products

  private func semidefiniteProduct(_ m: Expr, _ p: Product) -> Proof? {
    guard p.coefficient.isOne, p.scalars.isEmpty else { return multiple(m, p) }
    return congruence(m, p.chain)
  }

  private func multiple(_ m: Expr, _ p: Product) -> Proof? {
    let scale = ranged(graph.product([Factor(graph.number(p.coefficient))] + p.scalars, chain: []))
    let bare = graph.product([], chain: p.chain)
    let isNumber = p.scalars.isEmpty
    if scale.range.isNonnegative, let inner = semidefinite(bare) {
      return proof(
        m, inner.isStrict && scale.range.isPositive, .nonnegativeMultiple,
        (isNumber ? [] : [scale.proof]) + [inner])
    }
    // -(M - N) is the sum -M + N and no product to be looked at again.
    if p.scalars.isEmpty, p.coefficient == .minusOne, case .sum(let terms) = graph.node(bare) {
      return semidefiniteSum(m, terms.map { Term(-$0.coefficient, $0.expr) })
    }
    if scale.range.isNonpositive, let inner = semidefinite(graph.negate(bare)) {
      return proof(
        m, inner.isStrict && scale.range.isNegative, .nonnegativeMultiple,
        (isNumber ? [] : [scale.proof]) + [inner])
    }
    return nil
  }

  /// `P'*M*P`, cut at its outermost factors; what is left is looked at in turn.
  private func congruence(_ m: Expr, _ chain: [Expr]) -> Proof? {
    guard let first = chain.first, let last = chain.last, chain.count > 1,
      graph.transpose(first) == last
    else { return nil }
    if chain.count == 2 {
      if first == last { return proof(m, graph.isInvertible(first), .evenMatrixPower) }
      if graph.shape(first).columns.isOne { return proof(m, false, .outerProduct) }
      return proof(m, isRegular(first, last), .gram)
    }
    let middle = Array(chain.dropFirst().dropLast())
    guard let inner = semidefinite(graph.product([], chain: middle)) else { return nil }
    if graph.shape(first).columns.isOne {
      return proof(m, false, .outerProduct, [inner])
    }
    let isStrict = inner.isStrict && isRegular(first, last)
    // P'*Q'*M*Q*P is a congruence as a whole.
    if inner.rule == .congruence || inner.rule == .gram {
      return proof(m, isStrict, inner.rule, inner.premises)
    }
    return proof(m, isStrict, .congruence, [inner])
  }

  /// Whether a factor, or its transpose, has an inverse.
  private func isRegular(_ factor: Expr, _ transposed: Expr) -> Bool {
    graph.isInvertible(factor) || graph.isInvertible(transposed)
  }

  /// Elementwise products and whole powers of semidefinite matrices.
  private func schurProduct(_ m: Expr, _ factors: [Factor]) -> Proof? {
    var premises: [Proof] = []
    for factor in factors {
      guard factor.exponent.isInteger, factor.exponent.isPositive,
        let inner = semidefinite(factor.base)
      else { return nil }
      premises.append(inner)
    }
    return proof(m, premises.allSatisfy(\.isStrict), .schurProduct, premises)
  }

  /// Symmetric elimination with pivots ≥ 0, exactly.
  private func matrixOfNumbers(_ m: Expr) -> Proof? {
    guard case .apply(.blocks, let x, let layout) = graph.node(m), let n = layout.first?.literal,
      x.count == n * n
    else { return nil }
    var a: [[Number]] = []
    for i in 0..<n {
      var row: [Number] = []
      for j in 0..<n {
        guard case .number(let value) = graph.node(x[i * n + j]), value.isExact else { return nil }
        row.append(value)
      }
      a.append(row)
    }
    var isStrict = true
    for k in 0..<n {
      let pivot = a[k][k]
      if pivot.isNegative || !pivot.isExact { return nil }
      if pivot.isZero {
        guard (k..<n).allSatisfy({ a[k][$0].isZero }) else { return nil }
        isStrict = false
        continue
      }
      for i in (k + 1)..<max(n, k + 1) {
        let factor = a[i][k] / pivot
        for j in k..<n { a[i][j] = a[i][j] - factor * a[k][j] }
      }
    }
    guard a.allSatisfy({ $0.allSatisfy(\.isExact) }) else { return nil }
    return proof(m, isStrict, .matrixOfNumbers)
  }
}
