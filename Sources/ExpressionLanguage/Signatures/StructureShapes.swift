import ExpressionCore

/// The shapes of what builds, cuts and rearranges matrices.
extension ShapeSolver {
  /// `diag` of a vector or row makes a matrix; of a square matrix it takes the diagonal.
  mutating func diagonal(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let shape = operandShape(node, 0)
    if isOne(shape.columns) {
      drafts[node].operation = .primitive(.diag)
      return ExtentShape(rows: shape.rows, columns: shape.rows)
    }
    if isOne(shape.rows) {
      drafts[node].operation = .primitive(.diag)
      return ExtentShape(rows: shape.columns, columns: shape.columns)
    }
    guard forced || unifier.isNotOne(shape.rows) && unifier.isNotOne(shape.columns) else {
      return nil
    }
    try requireSquare(node)
    drafts[node].operation = .primitive(.diagonal)
    return ExtentShape(rows: shape.rows, columns: .one)
  }

  mutating func reshape(_ node: Int) throws(ShapeError) -> ExtentShape {
    let shape = operandShape(node, 0)
    let (rows, columns) = (parameter(node, 0), parameter(node, 1))
    let (had, wanted) = (
      unifier.product(shape.rows, shape.columns), unifier.product(rows, columns)
    )
    guard agree(had, wanted, at: node) else {
      throw ShapeError(
        .wrongShape(
          text(of: node), requirement: "needs \(shown(wanted)) entries", shape: shown(shape)))
    }
    return ExtentShape(rows: rows, columns: columns)
  }

  mutating func kronecker(_ node: Int) -> ExtentShape {
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    return ExtentShape(
      rows: unifier.product(a.rows, b.rows), columns: unifier.product(a.columns, b.columns),
      isNotScalar: a.isNotScalar || b.isNotScalar)
  }

  mutating func khatriRao(_ node: Int) throws(ShapeError) -> ExtentShape {
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    guard agree(a.columns, b.columns, at: node) else {
      throw ShapeError(
        .shapesDiffer(text(of: node), left: shown(a), right: shown(b)),
        "Both have the same number of columns.")
    }
    return ExtentShape(rows: unifier.product(a.rows, b.rows), columns: a.columns)
  }

  /// `eye(n)`, or bare `eye` of the size that the context asks for.
  mutating func identity(_ node: Int) -> ExtentShape {
    guard let size = drafts[node].parameters.first else {
      let n = unifier.fresh()
      return ExtentShape(rows: n, columns: n)
    }
    return ExtentShape(rows: .fixed(size), columns: .fixed(size))
  }
}
