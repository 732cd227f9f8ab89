extension PrimitiveRule {
  /// Along axis 1 (columns sum to 1) or 2 (rows do).
  ///
  /// dS = S ⊙ dX − S ⊙ 1(1'(S ⊙ dX)) down columns.
  static let softmax = PrimitiveRule(
    transpose: .rule { g, x, axis in
      g.softmax(g.transpose(x[0]), axis: axis[0] == 1 ? 2 : 1)
    },
    derivative: .differential { g, _, d, s, axis in
      guard let dx = d[0] else { return g.zero(g.shape(s)) }
      let weighted = g.hadamard(s, dx)
      let total = g.spread(g.total(weighted, axis: axis[0]), to: g.shape(s))
      return g.subtract(weighted, g.hadamard(s, total))
    },
    construct: { g, x, axis, shape in
      // Along one entry it is 1.
      if (axis[0] == 1 ? shape.rows : shape.columns).isOne { return g.allOnes(shape) }
      // A constant along the axis shifts nothing: softmax(x + c) = softmax(x).
      let fact: Facts = axis[0] == 1 ? .columnsSumToOne : .rowsSumToOne
      return g.opaque(.softmax, x, axis, shape, [.positive, .nonnegative, fact])
    })

  static let logsoftmax = defined { g, x, axis, shape in
    g.subtract(x[0], g.spread(g.logSumExp(x[0], axis: axis[0]), to: shape))
  }

  /// Of all entries (no parameter), or along an axis. d lse = sum(softmax(X) ⊙ dX).
  static let logsumexp = PrimitiveRule(
    transpose: .rule { g, x, axis in
      guard let axis = axis.first else { return g.logSumExp(x[0], axis: nil) }
      return g.logSumExp(g.transpose(x[0]), axis: axis == 1 ? 2 : 1)
    },
    derivative: .differential { g, x, d, lse, axis in
      guard let dx = d[0] else { return g.zero(g.shape(lse)) }
      let shape = g.shape(x[0])
      guard let axis = axis.first ?? g.vectorAxis(shape) else {
        let weights = g.elementwise(.exp, g.subtract(x[0], g.spread(lse, to: shape)))
        return g.total(g.hadamard(weights, dx), axis: nil)
      }
      return g.total(g.hadamard(g.softmax(x[0], axis: axis), dx), axis: axis)
    },
    construct: { g, x, axis, _ in
      g.logSumExp(x[0], axis: axis.first)
    })
}

extension Graph {
  public func softmax(_ x: Expr, axis: Int) -> Expr { softmax(x, axis: Dim.literal(axis)) }

  func softmax(_ x: Expr, axis: Dim) -> Expr {
    PrimitiveRule.softmax.construct(self, [x], [axis], shape(x))
  }

  public func logSumExp(_ x: Expr, axis: Int) -> Expr { logSumExp(x, axis: Dim.literal(axis)) }

  func logSumExp(_ x: Expr, axis: Dim?) -> Expr {
    let shape = self.shape(x)
    if shape.isScalar { return x }
    if axis == 1, shape.rows.isOne { return x }
    if axis == 2, shape.columns.isOne { return x }
    let whole = axis == nil || shape.isVector || shape.isRow
    if whole, shape.isRow { return logSumExp(transpose(x), axis: nil) }
    let result: Shape = whole ? .scalar : axis == 1 ? Shape(1, shape.columns) : Shape(shape.rows, 1)
    return opaque(.logsumexp, [x], whole ? [] : axis.map { [$0] } ?? [], result)
  }

  /// The axis along which a vector or row runs.
  func vectorAxis(_ shape: Shape) -> Dim? {
    shape.columns.isOne ? 1 : shape.rows.isOne ? 2 : nil
  }

  /// The sum of all entries, or along an axis, as a product with ones.
  public func total(_ x: Expr, axis: Dim?) -> Expr {
    let shape = self.shape(x)
    var factors = [x]
    if axis != 2 { factors.insert(transpose(ones(shape.rows)), at: 0) }
    if axis != 1 { factors.append(ones(shape.columns)) }
    return product(factors)
  }

  /// How many entries `total` adds up.
  func count(_ shape: Shape, axis: Dim?) -> Expr {
    dimension(axis == 1 ? shape.rows : axis == 2 ? shape.columns : shape.rows * shape.columns)
  }
}
