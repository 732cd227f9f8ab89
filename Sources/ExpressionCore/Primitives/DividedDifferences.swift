/// The matrices by which spectral decompositions turn.
extension PrimitiveRule {
  /// Fᵢⱼ = 1/(lⱼ − lᵢ) off the diagonal and 0 on it; dFᵢⱼ = −Fᵢⱼ²(dlⱼ − dlᵢ) (Giles 2008, 3.1).
  static let gapinv = PrimitiveRule(
    transpose: .rule { g, x, _ in g.negate(g.reciprocalGaps(x[0])) },
    derivative: .differential { g, _, d, f, _ in
      guard let dl = d[0] else { return g.zero(g.shape(f)) }
      return g.hadamard([Factor(f, .two), Factor(g.differences(dl))])
    },
    construct: { g, x, _, _ in g.reciprocalGaps(x[0]) })

  /// Eᵢⱼ = 1/(lᵢ + lⱼ); dEᵢⱼ = −Eᵢⱼ²(dlᵢ + dlⱼ)
  static let suminv = PrimitiveRule(
    transpose: .rule { g, x, _ in g.reciprocalSums(x[0]) },
    derivative: .differential { g, _, d, e, _ in
      guard let dl = d[0] else { return g.zero(g.shape(e)) }
      let across = g.product([dl, g.transpose(g.ones(g.shape(dl).rows))])
      return g.negate(
        g.hadamard([Factor(e, .two), Factor(g.sum([across, g.transpose(across)]))]))
    },
    construct: { g, x, _, _ in g.reciprocalSums(x[0]) })

  /// The first divided differences Lᵢⱼ = (fᵢ − fⱼ)/(lᵢ − lⱼ) of a function with the values f and
  /// the derivatives d at l, which stand where l repeats (Bhatia, Matrix Analysis, V.3).
  ///
  /// dLᵢⱼ = ((dfᵢ − dfⱼ) − Lᵢⱼ(dlᵢ − dlⱼ))/(lᵢ − lⱼ) off the diagonal and ddᵢ on it.
  static let divdiff = PrimitiveRule(
    transpose: .rule { g, x, _ in g.dividedDifferences(x[0], x[1], x[2]) },
    derivative: .differential { g, x, d, y, _ in
      let gaps = g.negate(g.reciprocalGaps(x[0]))
      var terms: [Expr] = []
      if let df = d[1] { terms.append(g.hadamard(gaps, g.differences(df))) }
      if let dl = d[0] {
        terms.append(
          g.negate(g.hadamard([Factor(gaps), Factor(y), Factor(g.differences(dl))])))
      }
      if let dd = d[2] { terms.append(g.diag(dd)) }
      return terms.isEmpty ? g.zero(g.shape(y)) : g.sum(terms)
    },
    construct: { g, x, _, _ in g.dividedDifferences(x[0], x[1], x[2]) })
}

extension Graph {
  /// `gapinv(c*l) = gapinv(l)/c`.
  func reciprocalGaps(_ l: Expr) -> Expr {
    let n = shape(l).rows
    if n.isOne { return number(0) }
    let (scale, bare) = withoutScale(l)
    if scale != one { return product([reciprocal(scale), reciprocalGaps(bare)]) }
    return opaque(.gapinv, [l], [], Shape(n, n))
  }

  /// `suminv(c*l) = suminv(l)/c`.
  func reciprocalSums(_ l: Expr) -> Expr {
    let n = shape(l).rows
    if n.isOne { return product([number(.half), reciprocal(l)]) }
    let (scale, bare) = withoutScale(l)
    if scale != one { return product([reciprocal(scale), reciprocalSums(bare)]) }
    if isOnesColumn(l) { return product([number(.half), allOnes(Shape(n, n))]) }
    return opaque(.suminv, [l], [], Shape(n, n), facts(l).intersection(.signs))
  }

  /// vᵢ − vⱼ
  func differences(_ v: Expr) -> Expr {
    let across = product([v, transpose(ones(shape(v).rows))])
    return subtract(across, transpose(across))
  }

  /// Linear in values and derivatives together; those of a constant are 0, those of l are 1.
  func dividedDifferences(_ l: Expr, _ f: Expr, _ d: Expr) -> Expr {
    let n = shape(l).rows
    let square = Shape(n, n)
    if n.isOne { return d }
    if isZero(d), isZero(f) || isOnesMatrix(withoutScale(f).bare) { return zero(square) }
    if f == l, isOnesMatrix(d) { return allOnes(square) }
    let (scale, bare) = withoutScale(f)
    if scale != one {
      return product([
        scale, dividedDifferences(l, bare, product([reciprocal(scale), d])),
      ])
    }
    return opaque(.divdiff, [l, f, d], [], square)
  }
}
