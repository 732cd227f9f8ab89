extension Graph {
  /// The transpose, pushed to the leaves: that a matrix is symmetric shows as `transpose(e) == e`.
  public func transpose(_ e: Expr) -> Expr {
    if shape(e).isScalar { return e }
    let known = records[e.index].transpose
    if known >= 0 { return Expr(Int(known)) }
    // Of a skew matrix X, softplus(X)' is softplus(X) - X: a sum that is oriented by the transposes
    // of its terms.
    if isBeingTransposed(e) { return opaqueTranspose(e) }
    records[e.index].transpose = Self.transposing
    let result = makeTranspose(e)
    guard failure == nil else { return e }
    records[e.index].transpose = result.id
    // Another expression may have the same transpose already, one that was not recognised as `e`.
    if records[result.index].transpose < 0 { records[result.index].transpose = e.id }
    return result
  }

  private static let transposing: Int32 = -2

  func isBeingTransposed(_ e: Expr) -> Bool { records[e.index].transpose == Self.transposing }

  private func makeTranspose(_ e: Expr) -> Expr {
    switch node(e) {
    case .number, .pi, .dimension, .identity: return e
    case .symbol:
      if facts(e).contains(.symmetric) { return e }
      if facts(e).contains(.skew) { return negate(e) }
      return opaqueTranspose(e)
    case .zero(let shape): return zero(shape.transposed)
    case .ones, .unit: return opaqueTranspose(e)
    case .sum(let terms):
      return sum(
        terms.map { Term($0.coefficient, transpose($0.expr)) }, shape: shape(e).transposed)
    case .product(let p):
      return product(
        [Factor(number(p.coefficient))] + p.scalars, chain: p.chain.reversed().map { transpose($0) }
      )
    case .hadamard(let factors):
      return hadamard(factors.map { Factor(transpose($0.base), $0.exponent) })
    case .apply(let primitive, let operands, let parameters):
      switch primitive.rule.transpose {
      case .opaque: return opaqueTranspose(e)
      case .commutes:
        return primitive.rule.construct(
          self, operands.map { shape($0).isScalar ? $0 : transpose($0) }, parameters,
          shape(e).transposed)
      case .rule(let rule): return rule(self, operands, parameters)
      }
    }
  }

  private func opaqueTranspose(_ e: Expr) -> Expr {
    opaque(.transpose, [e], [], shape(e).transposed, facts(e).transposed)
  }
}
