/// Elementwise functions of several arguments, of one shape by the time they come here.
extension PrimitiveRule {
  /// d max(A, B) = step(A − B) ⊙ dA + (1 − step(A − B)) ⊙ dB: where the two are equal, on a whole
  /// set perhaps, one of them counts.
  static let max = extreme(.max) { g, a, b in g.subtract(a, b) }
  static let min = extreme(.min) { g, a, b in g.subtract(b, a) }

  private static func extreme(
    _ primitive: Primitive, _ lead: @escaping @Sendable (Graph, Expr, Expr) -> Expr
  ) -> PrimitiveRule {
    PrimitiveRule(
      transpose: .commutes,
      derivative: .differential { g, x, d, result, _ in
        var terms: [Expr] = []
        let first = g.elementwise(.step, lead(g, x[0], x[1]))
        if let da = d[0] { terms.append(g.hadamard(first, da)) }
        if let db = d[1] { terms.append(g.hadamard(g.oneMinus(first), db)) }
        return terms.isEmpty ? g.zero(g.shape(result)) : g.sum(terms)
      },
      construct: { g, x, _, shape in
        if x[0] == x[1] { return x[0] }
        let zero = g.zero(shape)
        for (a, b) in [(x[0], x[1]), (x[1], x[0])] where b == zero {
          return primitive == .max
            ? g.elementwise(.relu, a) : g.negate(g.elementwise(.relu, g.negate(a)))
        }
        let facts = g.facts(x[0]).intersection(g.facts(x[1])).intersection(.signs)
        let ordered = x.sorted { a, b in
          let (p, q) = (g.isConstant(a), g.isConstant(b))
          return p == q ? a < b : q
        }
        return g.opaque(primitive, ordered, [], shape, facts)
      })
  }

  /// min(max(x, a), b)
  static let clip = PrimitiveRule(
    transpose: .commutes,
    derivative: .differential { g, x, d, result, _ in
      let above = g.elementwise(.step, g.subtract(x[0], x[1]))
      let below = g.elementwise(.step, g.subtract(x[2], x[0]))
      var terms: [Expr] = []
      if let dx = d[0] { terms.append(g.hadamard([Factor(above), Factor(below), Factor(dx)])) }
      if let da = d[1] {
        terms.append(g.hadamard(g.elementwise(.step, g.subtract(x[1], x[0])), da))
      }
      if let db = d[2] {
        terms.append(g.hadamard(g.elementwise(.step, g.subtract(x[0], x[2])), db))
      }
      return terms.isEmpty ? g.zero(g.shape(result)) : g.sum(terms)
    },
    construct: { g, x, _, shape in g.opaque(.clip, x, [], shape) })
}
