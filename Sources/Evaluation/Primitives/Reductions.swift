#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#elseif canImport(ucrt)
  import ucrt
#endif

enum Reductions {
  /// Pairwise, so that the error grows with the logarithm of the length.
  ///
  /// Higham, Accuracy and Stability of Numerical Algorithms, section 4.1.
  static func sum(_ values: [Double]) -> Double {
    values.withUnsafeBufferPointer { sum($0[...]) }
  }

  static func sum(_ values: Slice<UnsafeBufferPointer<Double>>) -> Double {
    if values.count <= 128 {
      var total = 0.0
      for value in values { total += value }
      return total
    }
    let middle = values.startIndex + values.count / 2
    return sum(values[values.startIndex..<middle]) + sum(values[middle..<values.endIndex])
  }

  /// `log(sum(exp(x)))`, without overflow.
  static func logSumExp(_ values: [Double]) -> Double {
    let largest = values.reduce(-.infinity, largerOf)
    guard largest.isFinite else { return largest }
    return largest + log(sum(values.map { exp($0 - largest) }))
  }
}

extension Step {
  func reduce(_ operation: ([Double]) -> Double) throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    switch try axis() {
    case .all: return Matrix(operation(x.values))
    case .columns: return Matrix(row: x.columnValues.map(operation))
    case .rows: return Matrix(column: x.transposed.columnValues.map(operation))
    }
  }

  /// Down each column or along each row, by the axis.
  func softmax(logarithmic: Bool) throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    func normalized(_ values: [Double]) -> [Double] {
      let total = Reductions.logSumExp(values)
      return values.map { logarithmic ? $0 - total : exp($0 - total) }
    }
    switch try axis() {
    case .all:
      return Matrix(x.rows, x.columns, storage: normalized(x.values))
    case .columns:
      return Matrix(x.rows, x.columns, storage: x.columnValues.flatMap(normalized))
    case .rows:
      let rows = x.transposed.columnValues.flatMap(normalized)
      return Matrix(x.columns, x.rows, storage: rows).transposed
    }
  }

  func trace() throws(EvaluationError) -> Matrix {
    let x = try square()
    return Matrix(Reductions.sum((0..<x.rows).map { x[$0, $0] }))
  }

  func dotProduct() throws(EvaluationError) -> Matrix {
    let (a, b) = (try operand(0), try operand(1))
    let vectors = (a.rows == 1 || a.columns == 1) && (b.rows == 1 || b.columns == 1)
    try require(a.count == b.count && (vectors || a.size == b.size))
    return Matrix(a.inner(b))
  }

  /// `normp(x, p)`: `sum(abs(x).^p)^(1/p)`, scaled against overflow.
  func pNorm() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let p = operands.count > 1 ? try scalar(1) : Double(try parameter(0))
    let largest = x.maxMagnitude
    guard largest > 0, largest.isFinite, p.isFinite else { return Matrix(largest) }
    let total = Reductions.sum(x.values.map { pow($0.magnitude / largest, p) })
    return Matrix(largest * pow(total, 1 / p))
  }
}

extension Matrix {
  /// The entries of each column.
  var columnValues: [[Double]] {
    (0..<columns).map { Array(storage[($0 * rows)..<(($0 + 1) * rows)]) }
  }
}
