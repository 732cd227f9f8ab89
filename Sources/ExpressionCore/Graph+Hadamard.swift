extension Graph {
  public func hadamard(_ a: Expr, _ b: Expr) -> Expr { hadamard([Factor(a), Factor(b)]) }

  /// The elementwise product of powers of expressions of one shape (not 1×1).
  ///
  /// Factors of rank one scale rows and columns, `(u*r).*M = diag(u)*M*diag(r)`, and a diagonal
  /// factor leaves a diagonal matrix; what remains is a sorted product of powers.
  public func hadamard(_ factors: [Factor]) -> Expr {
    guard let first = factors.first else { return one }
    let shape = self.shape(first.base)
    if shape.isScalar { return product(factors, chain: []) }
    var collector = FactorCollector(self, shape: shape)
    for factor in factors { collector.add(factor) }
    let collected = collector.finish()
    if collector.isZero { return zero(shape) }
    let core =
      shape.isVector || shape.isRow
      ? hadamardCore(collected, shape) : hadamardOfMatrices(collected, shape)
    if collector.coefficient.isOne, collector.scalars.isEmpty { return core }
    return product(
      [Factor(number(collector.coefficient))] + collector.scalars, chain: [core])
  }

  /// The factors with the derivative of the one at `i`: `e*b^(e-1)`.
  public func lowered(_ factors: [Factor], _ i: Int) -> [Factor] {
    var result = factors
    let exponent = factors[i].exponent
    result[i] = Factor(factors[i].base, exponent - .one)
    if !exponent.isOne {
      result.append(Factor(spread(number(exponent), to: shape(factors[i].base))))
    }
    return result
  }

  private func hadamardCore(_ factors: [Factor], _ shape: Shape) -> Expr {
    if factors.isEmpty { return allOnes(shape) }
    if factors.count == 1, factors[0].exponent.isOne { return factors[0].base }
    if let joined = hadamardOfStacked(factors, shape) { return joined }
    return intern(.hadamard(factors), shape, factsOfHadamard(factors).intersection(.signs))
  }

  /// vec(A).*vec(B) = vec(A.*B), and powers.
  private func hadamardOfStacked(_ factors: [Factor], _ shape: Shape) -> Expr? {
    guard shape.isVector,
      let first = factors.lazy.compactMap({ self.operand(of: $0.base, .vec) }).first
    else { return nil }
    var stacked: [Factor] = []
    var others: [Factor] = []
    for factor in factors {
      if let x = operand(of: factor.base, .vec), self.shape(x) == self.shape(first) {
        stacked.append(Factor(x, factor.exponent))
      } else {
        others.append(factor)
      }
    }
    guard stacked.count > 1 || others.isEmpty else { return nil }
    return hadamard([Factor(vec(hadamard(stacked)))] + others)
  }

  private func hadamardOfMatrices(_ factors: [Factor], _ shape: Shape) -> Expr {
    var columns: [Factor] = []
    var rows: [Factor] = []
    var rest: [Factor] = []
    for factor in factors {
      if let diagonal = diagonalPart(factor) {
        let others = factors.filter { $0 != factor }
        if others.isEmpty, !factor.exponent.isPositive { break }
        return diag(hadamard([diagonal] + others.map { Factor(diagonalOf($0.base), $0.exponent) }))
      }
      if case .product(let p) = node(factor.base), p.scalars.isEmpty, p.coefficient.isOne,
        let cut = p.chain.firstIndex(where: { self.shape($0).columns.isOne }),
        factor.exponent.isInteger || p.chain.allSatisfy(isNonnegative)
      {
        columns.append(Factor(product(Array(p.chain[...cut])), factor.exponent))
        rows.append(Factor(product(Array(p.chain[(cut + 1)...])), factor.exponent))
      } else {
        rest.append(factor)
      }
    }
    if columns.isEmpty { return hadamardCore(rest, shape) }
    let left = hadamard(columns)
    let right = hadamard(rows)
    if rest.isEmpty { return product([left, right]) }
    return product([diag(left), hadamardCore(rest, shape), diag(transpose(right))])
  }

  private func diagonalPart(_ factor: Factor) -> Factor? {
    guard factor.exponent.isPositive, facts(factor.base).contains(.diagonal) else { return nil }
    switch node(factor.base) {
    case .identity(let n): return Factor(ones(n), factor.exponent)
    case .apply(.diag, let v, _): return Factor(v[0], factor.exponent)
    default: return nil
    }
  }

  // MARK: Diagonals

  /// The diagonal matrix of a column.
  public func diag(_ v: Expr) -> Expr {
    PrimitiveRule.diag.construct(self, [v], [], Shape(shape(v).rows, shape(v).rows))
  }

  /// The diagonal of a square matrix as a column.
  public func diagonalOf(_ m: Expr) -> Expr {
    PrimitiveRule.diagonal.construct(self, [m], [], Shape(shape(m).rows, 1))
  }
}
