extension Matrix {
  /// The thin factorization `A = Q*R`: Q m×k with orthonormal columns and R k×n upper triangular
  /// with a nonnegative diagonal, `k = min(m, n)`.
  ///
  /// Householder reflections: Golub & Van Loan, Matrix Computations, algorithm 5.2.1.
  public func qr() throws(LinearAlgebraError) -> (q: Matrix, r: Matrix) {
    try requireFinite()
    if Swift.min(rows, columns) >= BLAS.decompositionThreshold, let blas = BLAS.shared {
      return Self.withPositiveDiagonal(try blas.qr(self))
    }
    return Self.withPositiveDiagonal(pureQR())
  }

  func pureQR() -> (q: Matrix, r: Matrix) {
    let (m, n) = (rows, columns)
    let k = Swift.min(m, n)
    var a = self
    var scales = [Double](repeating: 0, count: k)
    a.storage.withUnsafeMutableBufferPointer { a in
      for p in 0..<k {
        var norm = 0.0
        for i in p..<m { norm = hypotenuse(norm, a[p * m + i]) }
        if norm == 0 { continue }
        let head = a[p * m + p]
        let alpha = head > 0 ? -norm : norm
        // v = x - alpha e, stored with v_p = 1; H = I - scale v v'.
        let first = head - alpha
        scales[p] = -first / alpha
        for i in (p + 1)..<m { a[p * m + i] /= first }
        a[p * m + p] = alpha
        for j in (p + 1)..<n {
          Self.reflect(a, column: j, by: p, scale: scales[p], rows: m)
        }
      }
    }
    var q = Matrix.zeros(m, k)
    for i in 0..<k { q[i, i] = 1 }
    q.storage.withUnsafeMutableBufferPointer { q in
      a.storage.withUnsafeBufferPointer { a in
        for p in stride(from: k - 1, through: 0, by: -1) where scales[p] != 0 {
          for j in 0..<k {
            var total = q[j * m + p]
            for i in (p + 1)..<m { total += a[p * m + i] * q[j * m + i] }
            total *= scales[p]
            q[j * m + p] -= total
            for i in (p + 1)..<m { q[j * m + i] -= a[p * m + i] * total }
          }
        }
      }
    }
    return (q, Matrix(rows: k, columns: n) { $0 <= $1 ? a[$0, $1] : 0 })
  }

  private static func reflect(
    _ a: UnsafeMutableBufferPointer<Double>, column j: Int, by p: Int, scale: Double, rows m: Int
  ) {
    var total = a[j * m + p]
    for i in (p + 1)..<m { total += a[p * m + i] * a[j * m + i] }
    total *= scale
    a[j * m + p] -= total
    for i in (p + 1)..<m { a[j * m + i] -= a[p * m + i] * total }
  }

  private static func withPositiveDiagonal(
    _ factors: (q: Matrix, r: Matrix)
  ) -> (q: Matrix, r: Matrix) {
    let signs = (0..<factors.r.rows).map { factors.r[$0, $0] < 0 ? -1.0 : 1.0 }
    let r = Matrix(rows: factors.r.rows, columns: factors.r.columns) { i, j in
      i <= j ? signs[i] * factors.r[i, j] : 0
    }
    return (factors.q.scalingColumns(by: signs), r)
  }
}

extension Matrix {
  /// Q of the thin A = QR. Throws `dependentColumn` where rounding alone gives it its direction.
  func orthonormalFactor() throws(LinearAlgebraError) -> Matrix {
    let (q, r) = try qr()
    let count = Swift.min(r.rows, r.columns)
    let largest = (0..<count).reduce(0) { Swift.max($0, r[$1, $1].magnitude) }
    let tolerance = 64 * Double.ulpOfOne * largest
    for j in 0..<count where !(r[j, j].magnitude > tolerance) {
      throw .dependentColumn(j + 1, value: r[j, j].magnitude, tolerance: tolerance)
    }
    return q
  }
}
