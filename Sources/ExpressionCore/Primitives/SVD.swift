/// The thin singular value decomposition X = U diag(s) V'.
///
/// Townsend 2016, Differentiating the singular value decomposition; Giles 2008, 3.2.
extension PrimitiveRule {
  /// ds = diag(U'dX V)
  static let svdvals = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, s, _ in
      guard let dx = d[0] else { return g.zero(g.shape(s)) }
      let (u, v) = (g.leftSingularVectors(x[0]), g.rightSingularVectors(x[0]))
      return g.diagonalOf(g.product([g.transpose(u), dx, v]))
    },
    construct: { g, x, _, _ in g.singularValues(x[0]) })

  /// With M = U'dX V and Fᵢⱼ = 1/(sⱼ − sᵢ) off the diagonal and 0 on it:
  /// dU = U(F ⊙ sym(M) + skew(M) ⊘ (s1' + 1s')) + (dX V − UM)diag(s)⁻¹, where the last term is
  /// zero for a square U. It is Townsend's with (mᵢⱼsⱼ + sᵢmⱼᵢ)/(sⱼ² − sᵢ²) in partial fractions,
  /// so that no difference of squares cancels.
  static let svdu = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, u, _ in
      guard let dx = d[0] else { return g.zero(g.shape(u)) }
      return g.turn(of: u, by: dx, g.rightSingularVectors(x[0]), g.singularValues(x[0]))
    },
    construct: { g, x, _, _ in g.leftSingularVectors(x[0]) })

  /// As `svdu` with X' in the place of X.
  static let svdv = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, v, _ in
      guard let dx = d[0] else { return g.zero(g.shape(v)) }
      return g.turn(
        of: v, by: g.transpose(dx), g.leftSingularVectors(x[0]), g.singularValues(x[0]))
    },
    construct: { g, x, _, _ in g.rightSingularVectors(x[0]) })

  /// d‖X‖₊ = ⟨UV', dX⟩ (Watson 1992)
  static let nucnorm = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, _, _ in
      guard let dx = d[0] else { return g.number(0) }
      let (u, v) = (g.leftSingularVectors(x[0]), g.rightSingularVectors(x[0]))
      return g.inner(g.product([u, g.transpose(v)]), dx)
    },
    construct: { g, x, _, _ in g.spectralNorm(.nucnorm, x[0]) })

  /// d‖X‖₂ = u₁'dX v₁
  static let specnorm = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, _, _ in
      guard let dx = d[0] else { return g.number(0) }
      let first = g.unit(g.thinWidth(x[0]), position: 1)
      let u = g.product([g.leftSingularVectors(x[0]), first])
      let v = g.product([g.rightSingularVectors(x[0]), first])
      return g.product([g.transpose(u), dx, v])
    },
    construct: { g, x, _, _ in g.spectralNorm(.specnorm, x[0]) })
}

extension Graph {
  /// min(m, n); a matrix whose sizes are names is taken as tall.
  func thinWidth(_ x: Expr) -> Dim { isWide(shape(x)) ? shape(x).rows : shape(x).columns }

  func singularValues(_ x: Expr) -> Expr {
    let k = thinWidth(x)
    if k.isOne { return norm(x) }
    if facts(x).contains(.orthogonal) { return ones(k) }
    let (scale, bare) = withoutScale(x)
    if scale != one { return product([elementwise(.abs, scale), singularValues(bare)]) }
    mentionsSpectra = true
    return opaque(.svdvals, [x], [], Shape(k, 1), .nonnegative)
  }

  func leftSingularVectors(_ x: Expr) -> Expr {
    if shape(x).rows.isOne { return one }
    let (scale, bare) = withoutScale(x)
    if scale != one, isPositive(scale) { return leftSingularVectors(bare) }
    return opaque(.svdu, [x], [], Shape(shape(x).rows, thinWidth(x)), .orthogonal)
  }

  /// Its signs follow `svdu`, so that of a row it is the row's direction.
  func rightSingularVectors(_ x: Expr) -> Expr {
    if shape(x).isScalar { return elementwise(.sign, x) }
    if shape(x).rows.isOne { return product([reciprocal(norm(x)), transpose(x)]) }
    let (scale, bare) = withoutScale(x)
    if scale != one, isPositive(scale) { return rightSingularVectors(bare) }
    return opaque(.svdv, [x], [], Shape(shape(x).columns, thinWidth(x)), .orthogonal)
  }

  /// The nuclear or spectral norm; that of a vector is its length.
  fileprivate func spectralNorm(_ primitive: Primitive, _ x: Expr) -> Expr {
    if thinWidth(x).isOne { return norm(x) }
    if facts(x).contains(.orthogonal) {
      return primitive == .nucnorm ? dimension(thinWidth(x)) : one
    }
    let (scale, bare) = withoutScale(x)
    if scale != one {
      return product([elementwise(.abs, scale), spectralNorm(primitive, bare)])
    }
    return opaque(primitive, [x], [], .scalar, .nonnegative)
  }

  fileprivate func turn(of u: Expr, by dx: Expr, _ v: Expr, _ s: Expr) -> Expr {
    let image = product([dx, v])
    let m = product([transpose(u), image])
    let outside = product([subtract(image, product([u, m])), diag(reciprocal(s))])
    if shape(s).isScalar { return outside }
    let mirrored = transpose(m)
    let turned = hadamard(reciprocalGaps(s), scale(.half, sum([m, mirrored])))
    let swapped = hadamard(reciprocalSums(s), scale(.half, subtract(m, mirrored)))
    let inside = product([u, sum([turned, swapped])])
    return shape(u).isSquare ? inside : sum([inside, outside])
  }
}
