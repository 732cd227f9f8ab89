import Evaluation

extension LinearOperator {
  /// The product with each column of V: n×k to m×k. Throws `sizesDiffer`, `tooLarge`, `evaluation`.
  public func apply(to v: Matrix) throws(LinearOperatorError) -> Matrix {
    var workspace = Workspace()
    return try apply(to: v, in: &workspace)
  }

  /// The same, counted and limited.
  public func apply(
    to v: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    guard v.rows == columns else { throw .sizesDiffer(operation: "apply", size, v.size) }
    try workspace.reserve(rows, v.columns)
    switch structure {
    case .zero: return Matrix.zeros(rows, v.columns)
    case .scaledIdentity(let c):
      if c == 1 { return v }
      workspace.count(rows, v.columns)
      return v.scaled(by: c)
    case .diagonal(let entries):
      workspace.count(rows, v.columns)
      return v.scalingRows(by: entries)
    case .dense(let matrix): return try workspace.product(matrix, v)
    case .selection(let selection): return selection.apply(to: v)
    case .scaled(let c, let x):
      workspace.count(rows, v.columns)
      return try x.apply(to: v, in: &workspace).scaled(by: c)
    case .kronecker(let a, let b): return try Self.apply(a, b, to: v, in: &workspace)
    case .khatriRao(let a, let b, let isTransposed):
      return isTransposed
        ? try Self.applyTransposedKhatriRao(a, b, to: v, in: &workspace)
        : try Self.applyKhatriRao(a, b, to: v, in: &workspace)
    case .sum(let terms):
      var result = try terms[0].apply(to: v, in: &workspace)
      for term in terms.dropFirst() {
        result = result.adding(try term.apply(to: v, in: &workspace))
      }
      return result
    case .product(let factors):
      var result = v
      for factor in factors.reversed() { result = try factor.apply(to: result, in: &workspace) }
      return result
    case .blocks(let grid): return try Self.apply(grid, to: v, in: &workspace)
    case .inverse(let factorization): return try factorization.solve(v, in: &workspace)
    case .map(let map): return try map.apply(to: v)
    }
  }

  /// `vec(B*X*A')` for each column `vec(X)`.
  private static func apply(
    _ a: LinearOperator, _ b: LinearOperator, to v: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let count = v.columns
    let (rows, all) = (a.rows * b.rows, v.reshaped(b.columns, a.columns * count))
    if a.isIdentity { return try b.apply(to: all, in: &workspace).reshaped(rows, count) }
    // All X beside each other: B acts on their columns, A on those of their transposes. First the
    // one that leaves less.
    if a.rows * b.columns < b.rows * a.columns {
      let left = try a.apply(to: all.swappingTrailing(a.columns, count), in: &workspace)
      let turned = left.swappingTrailing(b.columns, count)
      return try b.apply(to: turned, in: &workspace).reshaped(rows, count)
    }
    let left = try b.apply(to: all, in: &workspace)
    let right = try a.apply(to: left.swappingTrailing(a.columns, count), in: &workspace)
    return right.swappingLeading(b.rows, count)
  }

  /// `vec(B*diag(v)*A')` for each column v.
  private static func applyKhatriRao(
    _ a: LinearOperator, _ b: LinearOperator, to v: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    // The side that is a matrix already is scaled, the other one applied to it.
    let turned = b.matrix != nil && a.matrix == nil
    let inner = turned ? b : a
    let factor = try inner.materialised(in: &workspace).transposed
    return try gather(v, rows: a.rows * b.rows) { column throws(LinearOperatorError) in
      workspace.count(factor.rows, factor.columns)
      let scaled = factor.scalingRows(by: column.values)
      return turned
        ? try a.apply(to: scaled, in: &workspace).transposed
        : try b.apply(to: scaled, in: &workspace)
    }
  }

  /// `diag(B'*W*A)` for each column `vec(W)`.
  private static func applyTransposedKhatriRao(
    _ a: LinearOperator, _ b: LinearOperator, to v: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let turned = b.matrix != nil && a.matrix == nil
    let inner = turned ? b : a
    let factor = try inner.materialised(in: &workspace)
    return try gather(v, rows: a.columns) { column throws(LinearOperatorError) in
      let w = column.reshaped(b.rows, a.rows)
      let product =
        turned
        ? try a.transposed.apply(to: w.transposed, in: &workspace)
        : try b.transposed.apply(to: w, in: &workspace)
      // The inner products of the rows of `product` with the columns of `factor`.
      workspace.count(product.rows, product.columns)
      return product.innerProductsOfRows(withColumnsOf: factor)
    }
  }

  private static func apply(
    _ grid: [[LinearOperator]], to v: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    var parts: [Matrix] = []
    for row in grid {
      var result = Matrix.zeros(row[0].rows, v.columns)
      var top = 0
      for block in row {
        if case .zero = block.structure {
        } else {
          let part = v.rows(from: top, count: block.columns)
          result = result.adding(try block.apply(to: part, in: &workspace))
        }
        top += block.columns
      }
      parts.append(result)
    }
    return Matrix.stacked(parts)
  }

  /// The results for each column, side by side.
  private static func gather(
    _ v: Matrix, rows: Int, _ body: (Matrix) throws(LinearOperatorError) -> Matrix
  ) throws(LinearOperatorError) -> Matrix {
    var values: [Double] = []
    values.reserveCapacity(rows * v.columns)
    for j in 0..<v.columns { values += try body(v.column(j)).values }
    return Matrix(rows: rows, columns: v.columns, values: values)
      ?? Matrix.zeros(rows, v.columns)
  }
}
