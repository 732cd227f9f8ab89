/// The decomposition `sym(S) = V*diag(values)*V'`.
public struct SymmetricEigen: Sendable {
  /// Ascending.
  public let values: [Double]
  /// Orthonormal columns; the entry of largest size of each is positive.
  public let vectors: Matrix

  /// Throws `notSquare`, `notFinite`, `noConvergence`.
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    try matrix.requireSquare()
    try matrix.requireFinite()
    let s = matrix.symmetricPart
    let (values, vectors): ([Double], Matrix)
    if s.rows >= BLAS.decompositionThreshold, let blas = BLAS.shared {
      (values, vectors) = try blas.symmetricEigen(s)
    } else {
      (values, vectors) = try Self.jacobi(s)
    }
    self.values = values
    self.vectors = vectors.scalingColumns(by: vectors.signsOfLargestEntries)
  }

  /// Cyclic Jacobi rotations: Golub & Van Loan, Matrix Computations, algorithm 8.5.3.
  static func jacobi(_ s: Matrix) throws(LinearAlgebraError) -> ([Double], Matrix) {
    let n = s.rows
    var a = s
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
    let order = (0..<n).sorted { a[$0, $0] < a[$1, $1] }
    return (order.map { a[$0, $0] }, v.selectingColumns(order))
  }

  /// Makes the entry (p, q) zero; false where it is negligible already.
  private static func rotate(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>,
    _ p: Int, _ q: Int, _ n: Int
  ) -> Bool {
    let off = a[q * n + p]
    let (first, second) = (a[p * n + p], a[q * n + q])
    let negligible =
      off.magnitude <= 1e-17 * (first.magnitude + second.magnitude)
      || off.magnitude < Double.leastNormalMagnitude
    if negligible {
      a[q * n + p] = 0
      a[p * n + q] = 0
      return false
    }
    let theta = (second - first) / (2 * off)
    let t = (theta < 0 ? -1 : 1) / (theta.magnitude + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let sine = t * c
    for i in 0..<n {
      let (x, y) = (a[p * n + i], a[q * n + i])
      a[p * n + i] = c * x - sine * y
      a[q * n + i] = sine * x + c * y
    }
    for i in 0..<n {
      let (x, y) = (a[i * n + p], a[i * n + q])
      a[i * n + p] = c * x - sine * y
      a[i * n + q] = sine * x + c * y
    }
    for i in 0..<n {
      let (x, y) = (v[p * n + i], v[q * n + i])
      v[p * n + i] = c * x - sine * y
      v[q * n + i] = sine * x + c * y
    }
    a[p * n + p] = first - t * off
    a[q * n + q] = second + t * off
    a[q * n + p] = 0
    a[p * n + q] = 0
    return true
  }

  /// Throws `repeatedEigenvalues` where the value at `index` (all without one) has a neighbour
  /// closer than rounding can tell apart.
  public func requireDistinct(_ index: Int? = nil) throws(LinearAlgebraError) {
    try requireDistinctValues(values, index)
  }

  /// `V*diag(f(values))*V'`.
  func applying(_ function: (Double) -> Double) -> Matrix {
    vectors.scalingColumns(by: values.map(function)).timesTransposed(of: vectors)
  }
}

/// The gap below which rounding does not tell two eigenvalues or singular values apart.
func gapTolerance(_ values: [Double]) -> Double {
  let scale = values.reduce(0) { Swift.max($0, $1.magnitude) }
  return 64 * Double.ulpOfOne * scale * Double(Swift.max(values.count, 1)).squareRoot()
}

/// Throws `repeatedEigenvalues` where two values are one to working precision; with an index only
/// where that one is repeated.
func requireDistinctValues(_ values: [Double], _ index: Int?) throws(LinearAlgebraError) {
  let tolerance = gapTolerance(values)
  let order = values.indices.sorted { values[$0] < values[$1] }
  for (i, j) in zip(order, order.dropFirst()) {
    if let index, i != index, j != index { continue }
    let gap = (values[j] - values[i]).magnitude
    if !(gap > tolerance) {
      throw .repeatedEigenvalues(
        first: Swift.min(i, j) + 1, second: Swift.max(i, j) + 1, gap: gap, tolerance: tolerance)
    }
  }
}

extension Matrix {
  /// For each column the sign of its entry of largest size.
  var signsOfLargestEntries: [Double] {
    (0..<columns).map { j in
      var largest = 0.0
      for i in 0..<rows where self[i, j].magnitude > largest.magnitude { largest = self[i, j] }
      return largest < 0 ? -1 : 1
    }
  }
}
