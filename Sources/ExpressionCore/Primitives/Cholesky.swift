extension PrimitiveRule {
  /// The lower factor of sym(S) = LL'.
  ///
  /// dL = L·Φ(L⁻¹ dS L⁻ᵀ), Φ(M) = tril(M) − diag(M)/2 (Smith 1995; Giles 2008, 4.3.1 in the form
  /// of Murray 2016).
  static let chol = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, _, d, l, _ in
      guard let ds = d[0] else { return g.zero(g.shape(l)) }
      let inverse = g.inverse(l)
      let m = g.product([inverse, ds, g.transpose(inverse)])
      return g.product([l, g.apply(.halftril, [m], shape: g.shape(l))])
    },
    construct: { g, x, _, _ in g.cholesky(x[0]) })

  /// The factors of A = LU without pivoting, L with a unit diagonal.
  ///
  /// With M = L⁻¹ dA U⁻¹: dL = L·(the part of M below the diagonal), dU = triu(M)·U (Seeger et
  /// al. 2017; de Hoog, Anderssen and Lukas 2011).
  static let lul = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, l, _ in
      guard let da = d[0] else { return g.zero(g.shape(l)) }
      let u = g.apply(.luu, x, shape: g.shape(l))
      let m = g.product([g.inverse(l), da, g.inverse(u)])
      return g.product([l, g.apply(.stril, [m], shape: g.shape(l))])
    },
    construct: { g, x, _, shape in
      if shape.isScalar { return g.one }
      if !g.facts(x[0]).isDisjoint(with: [.upper, .diagonal]) { return g.identity(shape.rows) }
      return g.opaque(.lul, [g.withoutScale(x[0]).bare], [], shape, .lower)
    })

  static let luu = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, u, _ in
      guard let da = d[0] else { return g.zero(g.shape(u)) }
      let l = g.apply(.lul, x, shape: g.shape(u))
      let m = g.product([g.inverse(l), da, g.inverse(u)])
      return g.product([g.apply(.triu, [m], shape: g.shape(u)), u])
    },
    construct: { g, x, _, shape in
      if !g.facts(x[0]).isDisjoint(with: [.upper, .diagonal]) { return x[0] }
      let (scale, bare) = g.withoutScale(x[0])
      return g.product([scale, g.opaque(.luu, [bare], [], shape, .upper)])
    })
}

extension Graph {
  /// (X + X')/2; X where it is symmetric.
  public func symmetricPart(_ x: Expr) -> Expr { scale(.half, sum([x, transpose(x)])) }

  /// Whether it is (M + M')/2, the number before which belongs to the sum.
  func isSymmetricPart(_ x: Expr) -> Bool {
    guard case .product(let p) = node(x), p.coefficient == .half, p.scalars.isEmpty,
      p.chain.count == 1, case .sum = node(p.chain[0])
    else { return false }
    return isSymmetric(x)
  }

  /// The scalar factors of a matrix and what remains without them.
  func withoutScale(_ x: Expr) -> (scale: Expr, bare: Expr) {
    guard case .product(let p) = node(x), !p.chain.isEmpty else { return (one, x) }
    return (product(Product(p.coefficient, scalars: p.scalars)), product(Product(chain: p.chain)))
  }

  /// As `withoutScale` for a positive scale; the number before a sum, such as the half of a
  /// symmetric part, belongs to the sum.
  func withoutPositiveScale(_ x: Expr) -> (scale: Expr, bare: Expr) {
    let (scale, bare) = withoutScale(x)
    if scale == one || !isPositive(scale) { return (one, x) }
    if case .sum = node(bare) { return (one, x) }
    return (scale, bare)
  }

  func cholesky(_ x: Expr) -> Expr {
    let s = symmetricPart(x)
    if shape(s).isScalar { return squareRoot(s) }
    switch node(s) {
    case .identity: return s
    case .apply(.diag, let v, _): return diag(squareRoot(v[0]))
    case .symbol, .number, .pi, .dimension, .zero, .ones, .unit, .sum, .product, .hadamard, .apply:
      let (scale, bare) = withoutPositiveScale(s)
      if scale != one {
        return product([squareRoot(scale), cholesky(bare)])
      }
      return opaque(.chol, [s], [], shape(s), .lower)
    }
  }
}
