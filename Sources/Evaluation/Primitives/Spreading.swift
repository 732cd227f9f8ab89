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

/// The larger one; NaN where either is.
func largerOf(_ a: Double, _ b: Double) -> Double { a.isNaN || a > b ? a : b }

/// The smaller one; NaN where either is.
func smallerOf(_ a: Double, _ b: Double) -> Double { a.isNaN || a < b ? a : b }

extension Step {
  /// Entry by entry, where a 1×1, 1×n or m×1 operand spreads over the other one's size.
  func spread(_ operation: (Double, Double) -> Double) throws(EvaluationError) -> Matrix {
    try spread(try operand(0), try operand(1), operation)
  }

  func spread(
    _ a: Matrix, _ b: Matrix, _ operation: (Double, Double) -> Double
  ) throws(EvaluationError) -> Matrix {
    if a.rows == b.rows && a.columns == b.columns { return a.combined(with: b, operation) }
    if let scalar = b.scalar { return a.map { operation($0, scalar) } }
    if let scalar = a.scalar { return b.map { operation(scalar, $0) } }
    let rows = Swift.max(a.rows, b.rows)
    let columns = Swift.max(a.columns, b.columns)
    for matrix in [a, b] {
      let fits =
        (matrix.rows == rows || matrix.rows == 1)
        && (matrix.columns == columns || matrix.columns == 1)
      guard fits else { throw .sizesDoNotFit(place, [a.size, b.size]) }
    }
    try requireRoom(rows, columns)
    let (aRow, aColumn) = (a.rows == 1 ? 0 : 1, a.columns == 1 ? 0 : a.rows)
    let (bRow, bColumn) = (b.rows == 1 ? 0 : 1, b.columns == 1 ? 0 : b.rows)
    return Matrix.build(rows, columns) { target in
      a.withUnsafeValues { a in
        b.withUnsafeValues { b in
          for j in 0..<columns {
            for i in 0..<rows {
              target[j * rows + i] = operation(
                a[i * aRow + j * aColumn], b[i * bRow + j * bColumn])
            }
          }
        }
      }
    }
  }

  /// A 1×1 operand scales, otherwise the matrix product.
  func product() throws(EvaluationError) -> Matrix {
    let (a, b) = (try operand(0), try operand(1))
    if let factor = a.scalar { return b.scaled(by: factor) }
    if let factor = b.scalar { return a.scaled(by: factor) }
    try require(a.columns == b.rows)
    try requireRoom(a.rows, b.columns)
    return a.times(b)
  }

  func elementwisePower() throws(EvaluationError) -> Matrix {
    let (base, exponent) = (try operand(0), try operand(1))
    guard let p = exponent.scalar else { return try spread { pow($0, $1) } }
    return base.map(Self.power(p))
  }

  /// A power of a scalar, or of a square matrix with a scalar exponent.
  func matrixPower() throws(EvaluationError) -> Matrix {
    let base = try operand(0)
    let exponent = try scalar(1)
    if base.isScalar { return base.map(Self.power(exponent)) }
    return try attempt { () throws(LinearAlgebraError) in try base.power(exponent) }
  }

  /// The frequent exponents as products, which are exact to a rounding each and fast.
  private static func power(_ p: Double) -> (Double) -> Double {
    if p == 2 { return { $0 * $0 } }
    if p == 1 { return { $0 } }
    if p == -1 { return { 1 / $0 } }
    if p == 3 { return { $0 * $0 * $0 } }
    if p == 0.5 { return { $0.squareRoot() } }
    return { pow($0, p) }
  }

  /// `x` where it is positive, `a*x` elsewhere.
  func leakyRelu() throws(EvaluationError) -> Matrix {
    try spread { $0 > 0 ? $0 : $0 * $1 }
  }

  /// `clip(x, a, b)`: `min(max(x, a), b)`.
  func clip() throws(EvaluationError) -> Matrix {
    let raised = try spread(try operand(0), try operand(1), largerOf)
    return try spread(raised, try operand(2), smallerOf)
  }

  /// `polygamma(k, x)` with an integer `k ≥ 0`.
  func polygamma() throws(EvaluationError) -> Matrix {
    let order = try parameter(0, "order", in: 0...150)
    return try operand(0).map { SpecialFunctions.polygamma(order, $0) }
  }
}
