/// Arithmetic by name: operators on matrices would slow the type checker of every importer.
extension Matrix {
  @inlinable
  public func map(_ transform: (Double) -> Double) -> Matrix {
    let count = storage.count
    let result = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      storage.withUnsafeBufferPointer { source in
        for i in 0..<count { buffer.initializeElement(at: i, to: transform(source[i])) }
      }
      initialized = count
    }
    return Matrix(rows, columns, storage: result)
  }

  /// Entry by entry with a matrix of the same size.
  @inlinable
  public func combined(with other: Matrix, _ transform: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "the sizes differ")
    let count = storage.count
    let result = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      storage.withUnsafeBufferPointer { a in
        other.storage.withUnsafeBufferPointer { b in
          for i in 0..<count { buffer.initializeElement(at: i, to: transform(a[i], b[i])) }
        }
      }
      initialized = count
    }
    return Matrix(rows, columns, storage: result)
  }

  public func adding(_ other: Matrix) -> Matrix { combined(with: other, +) }
  public func subtracting(_ other: Matrix) -> Matrix { combined(with: other, -) }
  public func scaled(by factor: Double) -> Matrix { map { $0 * factor } }

  /// `self + factor*other`.
  public func adding(_ other: Matrix, times factor: Double) -> Matrix {
    combined(with: other) { $0 + factor * $1 }
  }

  /// The transpose, in tiles that fit the cache.
  public var transposed: Matrix {
    if rows == 1 || columns == 1 { return Matrix(columns, rows, storage: storage) }
    let (m, n) = (rows, columns)
    return Matrix.build(n, m) { target in
      storage.withUnsafeBufferPointer { source in
        let tile = 32
        for jj in stride(from: 0, to: n, by: tile) {
          for ii in stride(from: 0, to: m, by: tile) {
            for j in jj..<min(jj + tile, n) {
              for i in ii..<min(ii + tile, m) { target[i * n + j] = source[j * m + i] }
            }
          }
        }
      }
    }
  }

  /// `(X + X')/2`; self unless square.
  public var symmetricPart: Matrix {
    guard isSquare else { return self }
    return Matrix(rows: rows, columns: columns) { (self[$0, $1] + self[$1, $0]) / 2 }
  }

  /// `(X - X')/2`; self unless square.
  public var skewPart: Matrix {
    guard isSquare else { return self }
    return Matrix(rows: rows, columns: columns) { (self[$0, $1] - self[$1, $0]) / 2 }
  }

  /// The sum of the entrywise products of two matrices of one size.
  public func inner(_ other: Matrix) -> Double {
    precondition(count == other.count, "the numbers of entries differ")
    return storage.withUnsafeBufferPointer { a in
      other.storage.withUnsafeBufferPointer { b in
        var total = 0.0
        for i in 0..<a.count { total += a[i] * b[i] }
        return total
      }
    }
  }

  /// The largest size of an entry, NaN where there is one, 0 without entries.
  public var maxMagnitude: Double {
    var largest = 0.0
    for value in storage {
      if value.isNaN { return value }
      largest = Swift.max(largest, value.magnitude)
    }
    return largest
  }

  /// The Frobenius norm, without overflow of the squares.
  public var frobeniusNorm: Double {
    let squares = inner(self)
    if squares.isNormal && squares < 1e300 && squares > 1e-280 { return squares.squareRoot() }
    let scale = maxMagnitude
    guard scale > 0, scale.isFinite else { return scale }
    return scale * storage.reduce(0) { $0 + ($1 / scale) * ($1 / scale) }.squareRoot()
  }

  /// The largest sum of magnitudes of a column.
  public var oneNorm: Double {
    var largest = 0.0
    for j in 0..<columns {
      var total = 0.0
      for i in 0..<rows { total += self[i, j].magnitude }
      largest = total > largest || total.isNaN ? total : largest
    }
    return largest
  }

  /// Whether `X' = X` to the last bit.
  public var isExactlySymmetric: Bool {
    guard isSquare else { return false }
    for j in 0..<columns {
      for i in 0..<j where self[i, j] != self[j, i] { return false }
    }
    return true
  }

  /// The `count` rows from `row` and the `width` columns from `column`, counted from 0.
  func block(row: Int, column: Int, _ height: Int, _ width: Int) -> Matrix {
    Matrix(rows: height, columns: width) { self[row + $0, column + $1] }
  }

  /// Columns in a new order.
  func selectingColumns(_ order: [Int]) -> Matrix {
    Matrix(rows: rows, columns: order.count) { self[$0, order[$1]] }
  }

  /// Columns times factors, one for each.
  func scalingColumns(by factors: [Double]) -> Matrix {
    Matrix(rows: rows, columns: columns) { self[$0, $1] * factors[$1] }
  }

  func addingToDiagonal(_ value: Double) -> Matrix {
    var result = self
    for i in 0..<Swift.min(rows, columns) { result[i, i] += value }
    return result
  }
}
