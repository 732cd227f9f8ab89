extension Step {
  /// `diag(v)`: the diagonal matrix of a column or row.
  func diagonalMatrix() throws(EvaluationError) -> Matrix {
    let v = try operand(0)
    try require(v.rows == 1 || v.columns == 1)
    try requireRoom(v.count, v.count)
    var result = Matrix.zeros(v.count, v.count)
    for i in 0..<v.count { result[i, i] = v[i] }
    return result
  }

  /// `diag(X)`: the diagonal as a column.
  func diagonalOf() throws(EvaluationError) -> Matrix {
    let x = try square()
    return Matrix(column: (0..<x.rows).map { x[$0, $0] })
  }

  func column() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let j = try position(0, "column", x.columns)
    return x.block(row: 0, column: j, x.rows, 1)
  }

  func row() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let i = try position(0, "row", x.rows)
    return x.block(row: i, column: 0, 1, x.columns)
  }

  func entry() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let i = try position(0, "row", x.rows)
    let j = try position(1, "column", x.columns)
    return Matrix(x[i, j])
  }

  /// `unit(n, i)`, whose last parameter is the position.
  func unitVector() throws(EvaluationError) -> Matrix {
    let size = try ownSize()
    let i = try position(node.parameters.count - 1, "position", size.rows)
    var result = Matrix.zeros(size.rows, 1)
    result[i] = 1
    return result
  }

  func reshaped() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let (rows, columns) = (try parameter(0), try parameter(1))
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0, !overflow, count == x.count else {
      throw .sizesDoNotFit(place, [x.size, MatrixSize(rows, columns)])
    }
    return Matrix(rows, columns, storage: x.storage)
  }

  func kronecker() throws(EvaluationError) -> Matrix {
    let (a, b) = (try operand(0), try operand(1))
    let (m, p) = (a.rows, b.rows)
    try requireRoom(m, p)
    try requireRoom(a.columns, b.columns)
    try requireRoom(m * p, a.columns * b.columns)
    return Matrix.build(m * p, a.columns * b.columns) { target in
      var position = 0
      for j in 0..<a.columns {
        for l in 0..<b.columns {
          for i in 0..<m {
            let factor = a[i, j]
            for k in 0..<p {
              target[position] = factor * b[k, l]
              position += 1
            }
          }
        }
      }
    }
  }

  /// Columnwise Kronecker product.
  func khatriRao() throws(EvaluationError) -> Matrix {
    let (a, b) = (try operand(0), try operand(1))
    try require(a.columns == b.columns)
    try requireRoom(a.rows, b.rows)
    try requireRoom(a.rows * b.rows, a.columns)
    return Matrix(rows: a.rows * b.rows, columns: a.columns) { i, j in
      a[i / b.rows, j] * b[i % b.rows, j]
    }
  }

  /// The entries on and below the diagonal, column by column.
  func halfVectorized() throws(EvaluationError) -> Matrix {
    let x = try square()
    return Matrix(column: (0..<x.columns).flatMap { j in (j..<x.rows).map { x[$0, j] } })
  }

  func identity() throws(EvaluationError) -> Matrix {
    let size = try ownSize()
    guard size.rows == size.columns else { throw .linearAlgebra(place, .notSquare(size)) }
    try requireRoom(size.rows, size.columns)
    return Matrix.identity(size.rows)
  }

  func constant(_ value: Double) throws(EvaluationError) -> Matrix {
    let size = try ownSize()
    try requireRoom(size.rows, size.columns)
    return Matrix(rows: size.rows, columns: size.columns, repeating: value)
  }

  /// K with `K*vec(X) = vec(X')` for X m×n (Magnus & Neudecker, section 3.7).
  func commutation() throws(EvaluationError) -> Matrix {
    let m = try parameter(0, "number of rows", in: 1...(1 << 20))
    let n = try parameter(1, "number of columns", in: 1...(1 << 20))
    try requireRoom(m * n, m * n)
    var result = Matrix.zeros(m * n, m * n)
    for i in 0..<m {
      for j in 0..<n { result[i * n + j, j * m + i] = 1 }
    }
    return result
  }

  /// D with `D*vech(S) = vec(S)` for S symmetric of order n (Magnus & Neudecker, section 3.8).
  func duplication() throws(EvaluationError) -> Matrix {
    let n = try parameter(0, "order", in: 1...(1 << 20))
    try requireRoom(n * n, n * (n + 1) / 2)
    var result = Matrix.zeros(n * n, n * (n + 1) / 2)
    var position = 0
    for j in 0..<n {
      for i in j..<n {
        result[j * n + i, position] = 1
        result[i * n + j, position] = 1
        position += 1
      }
    }
    return result
  }

  /// Blocks row by row; the parameters are the number of block rows and the blocks in each.
  func blocks() throws(EvaluationError) -> Matrix {
    let rowCount = try parameter(0, "number of block rows", in: 1...Swift.max(operands.count, 1))
    var grid: [[Matrix]] = []
    var next = 0
    for r in 0..<rowCount {
      let count = try parameter(r + 1, "number of blocks", in: 1...Swift.max(operands.count, 1))
      var line: [Matrix] = []
      for _ in 0..<count {
        line.append(try operand(next))
        next += 1
      }
      grid.append(line)
    }
    let columns = grid[0].reduce(0) { $0 + $1.columns }
    let rows = grid.reduce(0) { $0 + ($1.first?.rows ?? 0) }
    try requireRoom(rows, columns)
    var result = Matrix.zeros(rows, columns)
    var top = 0
    for line in grid {
      let height = line.first?.rows ?? 0
      try require(line.reduce(0) { $0 + $1.columns } == columns)
      var left = 0
      for block in line {
        try require(block.rows == height)
        for j in 0..<block.columns {
          for i in 0..<height { result[top + i, left + j] = block[i, j] }
        }
        left += block.columns
      }
      top += height
    }
    return result
  }
}
