/// The thin decomposition `X = U*diag(values)*V'`: X m×n, U m×k, V n×k with `k = min(m, n)`.
public struct SingularValues: Sendable {
  /// Descending, not negative.
  public let values: [Double]
  /// The entry of largest size of each column is positive.
  public let u: Matrix
  public let v: Matrix

  /// Throws `notFinite`, `noConvergence`.
  public init(_ x: Matrix) throws(LinearAlgebraError) {
    try x.requireFinite()
    let (u, values, v): (Matrix, [Double], Matrix)
    if Swift.min(x.rows, x.columns) >= BLAS.decompositionThreshold, let blas = BLAS.shared {
      (u, values, v) = try blas.singularValues(x)
    } else if x.rows >= x.columns {
      (u, values, v) = try Self.jacobi(x)
    } else {
      (v, values, u) = try Self.jacobi(x.transposed)
    }
    let signs = u.signsOfLargestEntries
    self.values = values
    self.u = u.scalingColumns(by: signs)
    self.v = v.scalingColumns(by: signs)
  }

  /// One-sided Jacobi rotations of a matrix with at least as many rows as columns.
  ///
  /// Golub & Van Loan, Matrix Computations, section 8.6.3. A QR factorization first makes the
  /// rotated columns short.
  static func jacobi(
    _ x: Matrix
  ) throws(LinearAlgebraError) -> (u: Matrix, values: [Double], v: Matrix) {
    let n = x.columns
    let tall = x.rows > n
    let factors = tall ? x.pureQR() : (q: x, r: x)
    var a = tall ? factors.r : x
    var v = Matrix.identity(n)
    let limit = 60
    var sweeps = 0
    var rotated = n > 1
    while rotated {
      guard sweeps < limit else { throw .noConvergence(method: "Jacobi", iterations: limit) }
      sweeps += 1
      rotated = false
      a.storage.withUnsafeMutableBufferPointer { a in
        v.storage.withUnsafeMutableBufferPointer { v in
          for p in 0..<(n - 1) {
            for q in (p + 1)..<n where Self.rotate(a, v, p, q, n) { rotated = true }
          }
        }
      }
    }
    let norms = (0..<n).map { a.block(row: 0, column: $0, a.rows, 1).frobeniusNorm }
    let order = (0..<n).sorted { norms[$0] > norms[$1] }
    let values = order.map { norms[$0] }
    let scales = values.map { $0 > 0 ? 1 / $0 : 0 }
    var u = a.selectingColumns(order).scalingColumns(by: scales)
    // What is left of a column that small is rounding, and not orthogonal to the others.
    let negligible = Double(n) * Double.ulpOfOne * (values.first ?? 0)
    u.completeOrthonormalColumns(from: values.firstIndex { !($0 > negligible) } ?? n)
    return (tall ? factors.q.times(u) : u, values, v.selectingColumns(order))
  }

  /// Makes the columns p and q orthogonal; false where they are so already.
  private static func rotate(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>,
    _ p: Int, _ q: Int, _ n: Int
  ) -> Bool {
    var alpha = 0.0
    var beta = 0.0
    var gamma = 0.0
    for i in 0..<n {
      let (x, y) = (a[p * n + i], a[q * n + i])
      alpha += x * x
      beta += y * y
      gamma += x * y
    }
    if gamma.magnitude <= 1e-16 * (alpha * beta).squareRoot() || gamma == 0 { return false }
    let zeta = (beta - alpha) / (2 * gamma)
    let t = (zeta < 0 ? -1 : 1) / (zeta.magnitude + (1 + zeta * zeta).squareRoot())
    if t.magnitude < 1e-17 { return false }
    let c = 1 / (1 + t * t).squareRoot()
    let s = c * t
    for i in 0..<n {
      let (x, y) = (a[p * n + i], a[q * n + i])
      a[p * n + i] = c * x - s * y
      a[q * n + i] = s * x + c * y
      let (z, w) = (v[p * n + i], v[q * n + i])
      v[p * n + i] = c * z - s * w
      v[q * n + i] = s * z + c * w
    }
    return gamma.magnitude > 4e-16 * (alpha * beta).squareRoot()
  }

  /// Throws `repeatedEigenvalues` where the value at `index` (all without one) is repeated.
  public func requireDistinct(_ index: Int? = nil) throws(LinearAlgebraError) {
    try requireDistinctValues(values, index)
  }

  /// Throws `zeroSingularValue` where the value at `index` (the last without one) is zero to working
  /// precision.
  func requirePositive(_ index: Int? = nil) throws(LinearAlgebraError) {
    let position = index ?? values.count - 1
    guard values.indices.contains(position), let largest = values.first else { return }
    let tolerance = 64 * Double.ulpOfOne * largest
    if values[position] <= tolerance {
      throw .zeroSingularValue(
        position: position + 1, value: values[position], tolerance: tolerance)
    }
  }
}

extension Matrix {
  /// Replaces the columns from `first` so that all are orthonormal (Gram–Schmidt on unit vectors),
  /// each on the side of the one that it replaces.
  mutating func completeOrthonormalColumns(from first: Int) {
    for j in first..<Swift.max(columns, first) {
      for candidate in 0..<rows {
        var column = Matrix.zeros(rows, 1)
        column[candidate] = 1
        for _ in 0..<2 {
          for k in 0..<j {
            let previous = block(row: 0, column: k, rows, 1)
            column = column.adding(previous, times: -previous.inner(column))
          }
        }
        let norm = column.frobeniusNorm
        if norm > 1 / (2 * Double(rows).squareRoot()) {
          let side = block(row: 0, column: j, rows, 1).inner(column) < 0 ? -1.0 : 1.0
          for i in 0..<rows { self[i, j] = side * column[i] / norm }
          break
        }
      }
    }
  }

  /// The pseudoinverse; singular values below `max(m, n)*ε` of the largest count as zero.
  public func pseudoinverse() throws(LinearAlgebraError) -> Matrix {
    let svd = try SingularValues(self)
    let cutoff = rankTolerance(svd)
    let inverses = svd.values.map { $0 > cutoff ? 1 / $0 : 0 }
    return svd.v.scalingColumns(by: inverses).timesTransposed(of: svd.u)
  }

  private func rankTolerance(_ svd: SingularValues) -> Double {
    Double(Swift.max(rows, columns)) * Double.ulpOfOne * (svd.values.first ?? 0)
  }

  /// Throws `rankDrops` where a singular value counts as zero.
  func requireFullRank() throws(LinearAlgebraError) {
    let svd = try SingularValues(self)
    let tolerance = rankTolerance(svd)
    guard let rank = svd.values.firstIndex(where: { !($0 > tolerance) }) else { return }
    throw .rankDrops(
      rank: rank, full: svd.values.count, value: svd.values[rank], tolerance: tolerance)
  }
}
