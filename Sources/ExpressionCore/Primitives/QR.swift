extension PrimitiveRule {
  /// The orthonormal factor of the thin A = QR, R with a positive diagonal.
  ///
  /// With B = dA R⁻¹, M = Q'B and L the part of M below the diagonal: dQ = B − Q(M − L + L'),
  /// dR = (M − L + L')R (Walter and Lehmann 2012; Seeger et al. 2017). A wide matrix has the Q of
  /// its first columns.
  static let qrq = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, q, _ in
      guard let da = d[0] else { return g.zero(g.shape(q)) }
      let b = g.product([da, g.inverse(g.triangularFactor(x[0]))])
      return g.subtract(b, g.product([q, g.upperRotation(g.product([g.transpose(q), b]))]))
    },
    construct: { g, x, _, shape in g.orthonormalFactor(x[0]) })

  static let qrr = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, r, _ in
      guard let da = d[0] else { return g.zero(g.shape(r)) }
      let q = g.orthonormalFactor(x[0])
      let m = g.product([g.transpose(q), da, g.inverse(r)])
      return g.product([g.upperRotation(m), r])
    },
    construct: { g, x, _, shape in g.triangularFactor(x[0]) })
}

extension Graph {
  /// M − L + L' with L the part of M below the diagonal: what is below moves above.
  fileprivate func upperRotation(_ m: Expr) -> Expr {
    let below = apply(.stril, [m], shape: shape(m))
    return sum(
      [Term(.one, m), Term(.minusOne, below), Term(.one, transpose(below))], shape: shape(m))
  }

  /// Whether a matrix is known to have fewer rows than columns.
  func isWide(_ shape: Shape) -> Bool {
    if shape.rows.isOne { return !shape.columns.isOne }
    return sizeOrder.isLess(shape.rows, shape.columns)
  }

  /// The columns of a wide matrix that its QR factorization turns upon.
  private func leading(_ x: Expr) -> Expr {
    let shape = self.shape(x)
    return product([x, selector(shape.columns, from: 0, count: shape.rows)])
  }

  fileprivate func orthonormalFactor(_ x: Expr) -> Expr {
    if isWide(shape(x)) { return orthonormalFactor(leading(x)) }
    if shape(x).isScalar { return elementwise(.sign, x) }
    if shape(x).isVector { return product([reciprocal(norm(x)), x]) }
    if case .identity = node(x) { return x }
    let (scale, bare) = withoutScale(x)
    if scale != one, isPositive(scale) { return orthonormalFactor(bare) }
    return opaque(.qrq, [x], [], shape(x), .orthogonal)
  }

  fileprivate func triangularFactor(_ x: Expr) -> Expr {
    let n = shape(x).columns
    if isWide(shape(x)) { return product([transpose(orthonormalFactor(x)), x]) }
    if n.isOne { return norm(x) }
    if case .identity = node(x) { return x }
    let (scale, bare) = withoutScale(x)
    if scale != one, isPositive(scale) { return product([scale, triangularFactor(bare)]) }
    return opaque(.qrr, [x], [], Shape(n, n), .upper)
  }
}
