/// The spectral decomposition sym(S) = V diag(l) V'.
///
/// Magnus & Neudecker, 8.9 (simple eigenvalues); Giles 2008, 3.1.
extension PrimitiveRule {
  /// dl = diag(V'dS V)
  static let eigvals = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, l, _ in
      guard let ds = d[0] else { return g.zero(g.shape(l)) }
      let v = g.eigenvectors(x[0])
      return g.diagonalOf(g.product([g.transpose(v), ds, v]))
    },
    construct: { g, x, _, _ in g.eigenvalues(x[0]) })

  /// dV = V(F ⊙ V'dS V), Fᵢⱼ = 1/(lⱼ − lᵢ) off the diagonal and 0 on it
  static let eigvecs = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, v, _ in
      guard let ds = d[0] else { return g.zero(g.shape(v)) }
      let rotated = g.product([g.transpose(v), ds, v])
      return g.product([v, g.hadamard(g.reciprocalGaps(g.eigenvalues(x[0])), rotated)])
    },
    construct: { g, x, _, _ in g.eigenvectors(x[0]) })

  /// dλ = v'dS v with the eigenvector that belongs to it
  static let lambdamax = extremeEigenvalue(.lambdamax) { $0 }
  static let lambdamin = extremeEigenvalue(.lambdamin) { _ in 1 }

  private static func extremeEigenvalue(
    _ primitive: Primitive, _ position: @escaping @Sendable (Dim) -> Dim
  ) -> PrimitiveRule {
    PrimitiveRule(
      transpose: .opaque,
      derivative: .differential { g, x, d, _, _ in
        guard let ds = d[0] else { return g.number(0) }
        let n = g.shape(x[0]).rows
        let v = g.product([g.eigenvectors(x[0]), g.unit(n, position: position(n))])
        return g.product([g.transpose(v), ds, v])
      },
      construct: { g, x, _, _ in
        let s = g.symmetricPart(x[0])
        if g.shape(s).isScalar { return s }
        if case .identity = g.node(s) { return g.one }
        let (scale, bare) = g.withoutPositiveScale(s)
        if scale != g.one {
          return g.product([scale, g.apply(primitive, [bare], shape: .scalar)])
        }
        return g.opaque(primitive, [s], [], .scalar, g.signsOfEigenvalues(s))
      })
  }
}

extension Graph {
  /// The eigenvalues of sym(X), ascending.
  func eigenvalues(_ x: Expr) -> Expr {
    let s = symmetricPart(x)
    let n = shape(s).rows
    if n.isOne { return s }
    if case .identity = node(s) { return ones(n) }
    let (scale, bare) = withoutPositiveScale(s)
    if scale != one { return product([scale, eigenvalues(bare)]) }
    mentionsSpectra = true
    return opaque(.eigvals, [s], [], Shape(n, 1), signsOfEigenvalues(s))
  }

  func eigenvectors(_ x: Expr) -> Expr {
    let s = symmetricPart(x)
    if shape(s).isScalar { return one }
    let (scale, bare) = withoutPositiveScale(s)
    if scale != one { return eigenvectors(bare) }
    return opaque(.eigvecs, [s], [], shape(s), .orthogonal)
  }

  fileprivate func signsOfEigenvalues(_ s: Expr) -> Facts {
    if facts(s).contains(.positiveDefinite) { return [.positive, .nonnegative] }
    return facts(s).contains(.positiveSemidefinite) ? [.nonnegative] : []
  }
}
