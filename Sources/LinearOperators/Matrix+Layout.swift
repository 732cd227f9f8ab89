import Evaluation

extension Matrix {
  /// The same entries, column by column, in another shape of as many entries.
  func reshaped(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values) ?? self
  }

  func column(_ j: Int) -> Matrix { Matrix(column: Array(values[(j * rows)..<((j + 1) * rows)])) }

  func rows(from first: Int, count: Int) -> Matrix {
    Matrix(rows: count, columns: columns) { self[first + $0, $1] }
  }

  /// Matrices of equally many columns, one below the other.
  static func stacked(_ parts: [Matrix]) -> Matrix {
    guard parts.count > 1, let first = parts.first else { return parts.first ?? zeros(0, 0) }
    var values: [Double] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for j in 0..<first.columns { for part in parts { values += part.column(j).values } }
    return Matrix(
      rows: values.count / max(first.columns, 1), columns: first.columns, values: values)
      ?? first
  }

  /// Rows times factors, one for each.
  func scalingRows(by factors: [Double]) -> Matrix {
    Matrix(rows: rows, columns: columns) { self[$0, $1] * factors[$0] }
  }

  /// Of `count` matrices Y (p×q) beside each other: their transposes (q×p) beside each other.
  func swappingTrailing(_ q: Int, _ count: Int) -> Matrix {
    let p = rows
    return Matrix(rows: q, columns: p * count) { i, j in self[j % p, (j / p) * q + i] }
  }

  /// Of `count` matrices Z (q×p) beside each other: the columns `vec(Z')`.
  func swappingLeading(_ p: Int, _ count: Int) -> Matrix {
    let q = rows
    return Matrix(rows: p * q, columns: count) { i, j in self[i / p, j * p + i % p] }
  }

  /// The column of the inner products of row i with column i of the other: the diagonal of the
  /// product.
  func innerProductsOfRows(withColumnsOf other: Matrix) -> Matrix {
    Matrix(
      column: (0..<rows).map { i in
        var total = 0.0
        for k in 0..<columns { total += self[i, k] * other[k, i] }
        return total
      })
  }
}
