/// Linear matrix equations. Linear in the right side; in A and B by differentiating the equation
/// (Magnus & Neudecker, 8.1; Giles 2008, 2.2.3 for the case of a solve).
extension PrimitiveRule {
  /// X with AX + XB = C: A dX + dX B = dC − dA X − X dB. The adjoint in C solves
  /// A'Y + YB' = the cotangent.
  static let sylvester = PrimitiveRule(
    transpose: .rule { g, x, _ in
      g.sylvester(g.transpose(x[1]), g.transpose(x[0]), g.transpose(x[2]))
    },
    derivative: .linearInLast(
      adjoint: { g, y, x in g.sylvester(g.transpose(x[0]), g.transpose(x[1]), y) },
      differential: { g, x, d, y in
        var terms: [Expr] = []
        if let da = d[0] { terms.append(g.product([da, y])) }
        if let db = d[1] { terms.append(g.product([y, db])) }
        guard !terms.isEmpty else { return g.zero(g.shape(y)) }
        return g.sylvester(x[0], x[1], g.negate(g.sum(terms)))
      }),
    construct: { g, x, _, _ in g.sylvester(x[0], x[1], x[2]) })

  /// X with AX + XA' = C.
  static let lyapunov = PrimitiveRule(
    transpose: .rule { g, x, _ in g.lyapunov(x[0], g.transpose(x[1])) },
    derivative: .linearInLast(
      adjoint: { g, y, x in g.lyapunov(g.transpose(x[0]), y) },
      differential: { g, x, d, y in
        guard let da = d[0] else { return g.zero(g.shape(y)) }
        let right = g.sum([g.product([da, y]), g.product([y, g.transpose(da)])])
        return g.lyapunov(x[0], g.negate(right))
      }),
    construct: { g, x, _, _ in g.lyapunov(x[0], x[1]) })
}

extension Graph {
  /// `sylvester(A,A',C) = lyapunov(A,C)`; C/(2A) where all commute.
  func sylvester(_ a: Expr, _ b: Expr, _ c: Expr) -> Expr {
    if case .zero = node(c) { return c }
    let (scale, bare) = withoutScale(c)
    if scale != one { return product([scale, sylvester(a, b, bare)]) }
    if shape(a).isScalar, shape(b).isScalar { return product([c, reciprocal(sum([a, b]))]) }
    if a == b, isInvertibleOrRoot(a), commutes(c, with: a) {
      return product([number(.half), inverse(a), c])
    }
    if shape(a) == shape(b), b == transpose(a) { return lyapunov(a, c) }
    if let u = operand(of: a, .diag), let v = operand(of: b, .diag) {
      let sums = sum([
        product([u, transpose(ones(shape(v).rows))]), product([ones(shape(u).rows), transpose(v)]),
      ])
      return hadamard([Factor(c), Factor(sums, .minusOne)])
    }
    return opaque(.sylvester, [a, b, c], [], shape(c))
  }

  func lyapunov(_ a: Expr, _ c: Expr) -> Expr {
    if case .zero = node(c) { return c }
    let (scale, bare) = withoutScale(c)
    if scale != one { return product([scale, lyapunov(a, bare)]) }
    if shape(a).isScalar { return product([number(.half), c, reciprocal(a)]) }
    if isSymmetric(a), isInvertibleOrRoot(a), commutes(c, with: a) {
      return product([number(.half), inverse(a), c])
    }
    return opaque(.lyapunov, [a, c], [], shape(c))
  }

  /// A root that a Sylvester equation is asked of is regular, or that equation has no solution.
  private func isInvertibleOrRoot(_ a: Expr) -> Bool {
    isInvertible(a) || operand(of: a, .sqrtm) != nil
  }
}
