extension Graph {
  public func scale(_ coefficient: Number, _ e: Expr) -> Expr {
    if coefficient.isOne { return e }
    switch node(e) {
    case .number(let value): return number(coefficient * value)
    case .zero: return e
    case .product(let p) where shape(e).isScalar && !p.chain.isEmpty:
      // A chain of shape 1×1 is one scalar factor.
      return product(Product(coefficient, scalars: [Factor(e)]))
    case .product(var p):
      p.coefficient = p.coefficient * coefficient
      return product(p)
    case .symbol, .pi, .dimension, .identity, .ones, .unit, .sum, .hadamard, .apply:
      if coefficient.isZero { return zero(shape(e)) }
      let bare =
        shape(e).isScalar
        ? Product(coefficient, scalars: [Factor(e)]) : Product(coefficient, chain: [e])
      return product(bare)
    }
  }

  public func multiply(_ a: Expr, _ b: Expr) -> Expr { product([a, b]) }

  /// A product of powers of scalars.
  func scalarProduct(_ factors: [Factor]) -> Expr { product(factors, chain: []) }

  /// The product of scalars (anywhere) and matrices (in order) in canonical form.
  public func product(_ exprs: [Expr]) -> Expr {
    var scalars: [Factor] = []
    var chain: [Expr] = []
    for e in exprs {
      if shape(e).isScalar { scalars.append(Factor(e)) } else { chain.append(e) }
    }
    return product(scalars, chain: chain)
  }

  /// Scalars and a chain whose shapes fit; see `Chain` for what becomes of the chain.
  public func product(_ scalars: [Factor], chain: [Expr]) -> Expr {
    var reduced = Chain(self)
    for e in chain { reduced.append(e) }
    let shape =
      chain.isEmpty
      ? .scalar : Shape(self.shape(chain[0]).rows, self.shape(chain[chain.count - 1]).columns)
    reduced.extractScalars()
    var collector = FactorCollector(self, shape: .scalar)
    for factor in scalars { collector.add(factor) }
    for factor in reduced.scalars { collector.add(factor) }
    let factors = collector.finish()
    if reduced.isZero || collector.isZero { return zero(shape) }
    if reduced.elements.isEmpty, !shape.isScalar {
      reduced.restoreIdentity(shape.rows)
    }
    let whole = Product(
      collector.coefficient * reduced.coefficient, scalars: factors, chain: reduced.elements)
    return product(literalScaled(softmaxJoined(whole)))
  }

  /// `exp(x)/sum(exp(x))` is `softmax(x)`.
  private func softmaxJoined(_ p: Product) -> Product {
    guard p.chain.count == 1, let x = operand(of: p.chain[0], .exp), !p.scalars.isEmpty,
      shape(x).isVector || shape(x).isRow
    else { return p }
    let total =
      shape(x).isVector
      ? product([transpose(ones(shape(x).rows)), p.chain[0]])
      : product([p.chain[0], ones(shape(x).columns)])
    guard let position = p.scalars.firstIndex(of: Factor(total, .minusOne)) else { return p }
    var result = p
    result.scalars.remove(at: position)
    result.chain = [softmax(x, axis: shape(x).isVector ? 1 : 2)]
    return result
  }

  /// A number before a matrix of numbers goes into it.
  private func literalScaled(_ p: Product) -> Product {
    guard !p.coefficient.isOne, p.coefficient.isExact,
      let i = p.chain.firstIndex(where: { operand(of: $0, .blocks) != nil }),
      let matrix = literalMatrix(p.chain[i])
    else { return p }
    var result = p
    result.coefficient = .one
    result.chain[i] = literal(
      LiteralMatrix(
        rows: matrix.rows, columns: matrix.columns,
        entries: matrix.entries.map { $0 * p.coefficient }))
    return result
  }

  /// Interns a product whose parts are canonical already.
  func product(_ p: Product) -> Expr {
    if p.coefficient.isZero { return zero(shape(of: p)) }
    if p.chain.isEmpty {
      if p.scalars.isEmpty { return number(p.coefficient) }
      if p.coefficient.isOne, p.scalars.count == 1, p.scalars[0].exponent.isOne {
        return p.scalars[0].base
      }
    } else if p.coefficient.isOne, p.scalars.isEmpty, p.chain.count == 1 {
      return p.chain[0]
    }
    return intern(.product(p), shape(of: p), factsOfProduct(p))
  }

  public func shape(of p: Product) -> Shape {
    guard let first = p.chain.first, let last = p.chain.last else { return .scalar }
    return Shape(shape(first).rows, shape(last).columns)
  }

  // MARK: Powers

  /// `base^exponent` of a scalar, or entry by entry.
  public func power(_ base: Expr, _ exponent: Number) -> Expr {
    if exponent.isOne { return base }
    if shape(base).isScalar { return product([Factor(base, exponent)], chain: []) }
    return hadamard([Factor(base, exponent)])
  }

  /// `base^exponent` with a scalar exponent, of a scalar or entry by entry.
  public func power(_ base: Expr, _ exponent: Expr) -> Expr {
    if case .number(let value) = node(exponent) { return power(base, value) }
    let scalar = shape(base).isScalar
    if case .number(.one) = node(base) { return base }
    if !scalar, isOnesMatrix(base) { return base }
    // (x^a)^b = x^(a*b) for x ≥ 0.
    if case .apply(let p, let operands, _) = node(base), p == .power || p == .elementwisePower,
      isNonnegative(operands[0])
    {
      return power(operands[0], product([operands[1], exponent]))
    }
    return intern(
      .apply(scalar ? .power : .elementwisePower, [base, exponent], []), shape(base),
      facts(base).intersection(.signs))
  }

  public func reciprocal(_ e: Expr) -> Expr { power(e, .minusOne) }
  public func squareRoot(_ e: Expr) -> Expr { power(e, .half) }

  func realPower(_ base: Double, _ exponent: Double) -> Double {
    // Through exp and log the core would need a library of its own; powers of decimals are integer
    // ones nearly always.
    if let n = Int(exactly: exponent), abs(n) <= 512 {
      var result = 1.0
      for _ in 0..<abs(n) { result *= base }
      return n < 0 ? 1 / result : result
    }
    return exponentiate(base, exponent)
  }
}
