extension PrimitiveRule {
  /// dA⁺ = −A⁺dA A⁺ + A⁺A⁺'dA'(I − AA⁺) + (I − A⁺A)dA'A⁺'A⁺, where the rank is constant
  /// (Golub and Pereyra 1973; Magnus & Neudecker, 8.6).
  static let pinv = PrimitiveRule(
    transpose: .commutes,
    derivative: .differential { g, x, d, p, _ in
      guard let da = d[0] else { return g.zero(g.shape(p)) }
      let a = x[0]
      let (m, n) = (g.shape(a).rows, g.shape(a).columns)
      let turned = g.transpose(da)
      let outside = g.subtract(g.identity(m), g.product([a, p]))
      let beside = g.subtract(g.identity(n), g.product([p, a]))
      var terms = [g.negate(g.product([p, da, p]))]
      // A variable matrix whose rank is constant all around has full rank.
      let isFree = g.isSymbol(a)
      if !(isFree && g.isWide(g.shape(a))) {
        terms.append(g.product([p, g.transpose(p), turned, outside]))
      }
      if !(isFree && g.isWide(g.shape(a).transposed)) {
        terms.append(g.product([beside, turned, g.transpose(p), p]))
      }
      return g.sum(terms)
    },
    construct: { g, x, _, shape in g.pseudoinverse(x[0]) })
}

extension Graph {
  func isSymbol(_ e: Expr) -> Bool {
    switch node(e) {
    case .symbol: return true
    case .apply(.transpose, let x, _): return isSymbol(x[0])
    case .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product, .hadamard,
      .apply:
      return false
    }
  }

  /// `pinv(pinv(A)) = A`, `pinv(A') = pinv(A)'`, and the inverse or transpose where that is it.
  public func pseudoinverse(_ x: Expr) -> Expr {
    let shape = self.shape(x)
    if case .zero = node(x) { return zero(shape.transposed) }
    if facts(x).contains(.orthogonal) { return transpose(x) }
    if let y = operand(of: x, .transpose), facts(y).contains(.orthogonal) { return y }
    if shape.isScalar || isInvertible(x) { return inverse(x) }
    if let y = operand(of: x, .pinv) { return y }
    let (scale, bare) = withoutScale(x)
    if scale != one, scale != number(0), isNonzero(scale) {
      return product([reciprocal(scale), pseudoinverse(bare)])
    }
    return opaque(.pinv, [x], [], shape.transposed, facts(x).intersection(.positiveSemidefinite))
  }

  private func isNonzero(_ scalar: Expr) -> Bool {
    if case .product(let p) = node(scalar) { return p.scalars.allSatisfy { isPositive($0.base) } }
    if case .number(let value) = node(scalar) { return !value.isZero }
    return isPositive(scalar)
  }

  /// Of `pinv(Y)*Y` and its transpose, which is equal, the one whose Y comes first.
  func projection(_ a: Expr, _ b: Expr) -> Expr? {
    if operand(of: a, .pinv) == b {
      let y = transpose(b)
      return y < b ? product([y, pseudoinverse(y)]) : nil
    }
    if operand(of: b, .pinv) == a {
      let y = transpose(a)
      return y < a ? product([pseudoinverse(y), y]) : nil
    }
    return nil
  }

  /// The conditions of Moore and Penrose: AA⁺A = A, A⁺AA⁺ = A⁺, A'AA⁺ = A', A⁺AA' = A'.
  func projected(_ a: Expr, _ b: Expr, _ c: Expr) -> Expr? {
    // a is in the row space that the projection b*c leaves alone, or c in that of a*b.
    for y in [b, c] where b == y ? operand(of: c, .pinv) == b : operand(of: b, .pinv) == c {
      let image = b == y ? [transpose(b), c] : [c, transpose(b)]
      if image.contains(a) { return a }
    }
    for y in [a, b] where a == y ? operand(of: b, .pinv) == a : operand(of: a, .pinv) == b {
      let image = a == y ? [a, transpose(b)] : [transpose(b), a]
      if image.contains(c) { return c }
    }
    return nil
  }
}
