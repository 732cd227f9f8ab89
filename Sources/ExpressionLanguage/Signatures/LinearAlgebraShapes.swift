import ExpressionCore

/// The shapes of solvers and decompositions.
extension ShapeSolver {
  /// A thin decomposition has `min(m,n)` columns. A matrix whose sizes are names is taken as tall.
  mutating func thinWidth(_ node: Int, forced: Bool) -> Extent? {
    let shape = operandShape(node, 0)
    let (rows, columns) = (unifier.resolve(shape.rows), unifier.resolve(shape.columns))
    var inner = columns
    switch (rows, columns) {
    case (.fixed(let m), .fixed(let n)):
      if sizeOrder.isLess(m, n) { inner = rows }
      if rows.isOne { inner = .one }
    case (.fixed, .open), (.fixed, .compound), (.open, .fixed), (.compound, .fixed), (.open, .open),
      (.open, .compound), (.compound, .open), (.compound, .compound):
      guard forced || rows == columns else { return nil }
    }
    return inner
  }

  /// Of columns of one length n, values of a spectrum: n×n.
  mutating func betweenValues(_ node: Int) throws(ShapeError) -> ExtentShape {
    let n = operandShape(node, 0).rows
    for position in drafts[node].operands.indices {
      let shape = operandShape(node, position)
      guard agree(shape.columns, .one, at: node), agree(shape.rows, n, at: node) else {
        throw ShapeError(
          .wrongShape(
            text(of: node), requirement: "needs columns of one length", shape: shown(shape)))
      }
    }
    return ExtentShape(rows: n, columns: n)
  }

  /// `inv(A)*B`.
  mutating func solve(_ node: Int) throws(ShapeError) -> ExtentShape {
    try requireSquare(node)
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    guard agree(a.rows, b.rows, at: node) else {
      throw ShapeError(
        .shapesDiffer(text(of: node), left: shown(a), right: shown(b)),
        "Both have the same number of rows.")
    }
    return ExtentShape(rows: a.columns, columns: b.columns)
  }

  /// X with `A*X + X*B = C`.
  mutating func sylvester(_ node: Int) throws(ShapeError) -> ExtentShape {
    try requireSquare(node, operand: 0)
    try requireSquare(node, operand: 1)
    let (a, b, c) = (operandShape(node, 0), operandShape(node, 1), operandShape(node, 2))
    guard agree(a.rows, c.rows, at: node), agree(b.rows, c.columns, at: node) else {
      let expected = Shape(shown(a.rows), shown(b.rows))
      throw ShapeError(
        .wrongShape(
          text(of: node), requirement: "the right side must be \(expected)", shape: shown(c)))
    }
    return c
  }

  /// X with `A*X + X*A' = C`.
  mutating func lyapunov(_ node: Int) throws(ShapeError) -> ExtentShape {
    try requireSquare(node, operand: 0)
    let (a, c) = (operandShape(node, 0), operandShape(node, 1))
    guard agree(a.rows, c.rows, at: node), agree(a.rows, c.columns, at: node) else {
      throw ShapeError(
        .wrongShape(
          text(of: node), requirement: "the right side must be \(shown(a))", shape: shown(c)))
    }
    return c
  }

  /// Of two vectors, or two rows, of three entries.
  mutating func cross(_ node: Int) throws(ShapeError) -> ExtentShape {
    let isRow = isOne(operandShape(node, 0).rows) || isOne(operandShape(node, 1).rows)
    let (rows, columns): (Extent, Extent) = isRow ? (.one, .fixed(3)) : (.fixed(3), .one)
    for position in 0...1 {
      let shape = operandShape(node, position)
      guard agree(shape.rows, rows, at: node), agree(shape.columns, columns, at: node) else {
        throw ShapeError(
          .wrongShape(
            text(of: node), requirement: "needs two vectors of 3 entries", shape: shown(shape)))
      }
    }
    return ExtentShape(rows: rows, columns: columns)
  }
}
