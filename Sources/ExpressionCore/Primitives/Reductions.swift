/// Reductions; those that are sums are products with ones.
extension PrimitiveRule {
  static let sum = defined { g, x, axis, _ in g.total(x[0], axis: axis.first) }

  static let mean = defined { g, x, axis, _ in
    let axis = axis.first
    return g.product([g.reciprocal(g.count(g.shape(x[0]), axis: axis)), g.total(x[0], axis: axis)])
  }

  /// d prod(x) = prod(x)·⟨1/x, dx⟩, where no entry is zero.
  static let prod = PrimitiveRule(
    transpose: .rule { g, x, axis in
      guard let axis = axis.first else { return g.prod(x[0], axis: nil) }
      return g.prod(g.transpose(x[0]), axis: axis == 1 ? 2 : 1)
    },
    derivative: .differential { g, x, d, result, axis in
      guard let dx = d[0] else { return g.zero(g.shape(result)) }
      return g.hadamard(result, g.total(g.hadamard(g.reciprocal(x[0]), dx), axis: axis.first))
    },
    construct: { g, x, axis, _ in g.prod(x[0], axis: axis.first) })

  static let maximum = extremum(.maximum) { g, x, top in g.subtract(top, x) }
  static let minimum = extremum(.minimum) { g, x, bottom in g.subtract(x, bottom) }

  /// d max(X) = ⟨M, dX⟩, M the indicator of the largest entries divided by their number.
  private static func extremum(
    _ primitive: Primitive, _ distance: @escaping @Sendable (Graph, Expr, Expr) -> Expr
  ) -> PrimitiveRule {
    PrimitiveRule(
      transpose: .rule { g, x, axis in
        guard let axis = axis.first else {
          return g.apply(primitive, x, [], shape: .scalar)
        }
        let t = g.transpose(x[0])
        let other: Dim = axis == 1 ? 2 : 1
        let shape = other == 1 ? Shape(1, g.shape(t).columns) : Shape(g.shape(t).rows, 1)
        return g.apply(primitive, [t], [other], shape: shape)
      },
      derivative: .differential { g, x, d, result, axis in
        guard let dx = d[0] else { return g.zero(g.shape(result)) }
        let shape = g.shape(x[0])
        let away = distance(g, x[0], g.spread(result, to: shape))
        let attained = g.oneMinus(g.elementwise(.step, away))
        let share = g.hadamard(
          g.total(g.hadamard(attained, dx), axis: axis.first),
          g.reciprocal(g.total(attained, axis: axis.first)))
        return share
      },
      construct: { g, x, axis, shape in
        if g.shape(x[0]).isScalar { return x[0] }
        if axis.first == 1, g.shape(x[0]).rows.isOne { return x[0] }
        if axis.first == 2, g.shape(x[0]).columns.isOne { return x[0] }
        if shape.isScalar, let e = g.extremeOfSpectrum(primitive, x[0]) { return e }
        return g.opaque(
          primitive, x, shape.isScalar ? [] : axis, shape, g.facts(x[0]).intersection(.signs))
      })
  }

  static let norm1 = defined { g, x, _, _ in g.total(g.elementwise(.abs, x[0]), axis: nil) }
  static let norm2 = defined { g, x, _, _ in g.norm(x[0]) }
  static let normF = norm2
  /// (Σ|x|^p)^(1/p)
  static let normp = defined { g, x, _, _ in
    let powers = g.power(g.elementwise(.abs, x[0]), x[1])
    return g.power(g.total(powers, axis: nil), g.power(x[1], .minusOne))
  }
  static let norminf = defined { g, x, _, _ in
    g.apply(.maximum, [g.elementwise(.abs, x[0])], [], shape: .scalar)
  }
  static let dot = defined { g, x, _, _ in
    let (a, b) = (
      g.shape(x[0]).isRow ? g.transpose(x[0]) : x[0], g.shape(x[1]).isRow ? g.transpose(x[1]) : x[1]
    )
    return g.inner(a, b)
  }
}

extension Graph {
  /// ⟨A, B⟩ = tr(A'B)
  public func inner(_ a: Expr, _ b: Expr) -> Expr {
    if shape(a).isScalar { return product([a, b]) }
    if shape(a).rows.isOne { return product([a, transpose(b)]) }
    let p = product([transpose(a), b])
    return shape(a).columns.isOne ? p : trace(p)
  }

  /// The Euclidean (Frobenius) norm: the square root of tr(X'X).
  public func norm(_ x: Expr) -> Expr {
    shape(x).isScalar ? elementwise(.abs, x) : squareRoot(inner(x, x))
  }

  func prod(_ x: Expr, axis: Dim?) -> Expr {
    let shape = self.shape(x)
    if shape.isScalar || (axis == 1 && shape.rows.isOne) || (axis == 2 && shape.columns.isOne) {
      return x
    }
    let whole = axis == nil || shape.isVector || shape.isRow
    if whole, let e = productOfSpectrum(x) { return e }
    let result: Shape = whole ? .scalar : axis == 1 ? Shape(1, shape.columns) : Shape(shape.rows, 1)
    return opaque(
      .prod, [x], whole ? [] : axis.map { [$0] } ?? [], result, facts(x).intersection(.signs))
  }
}
