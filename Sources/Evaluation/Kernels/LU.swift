/// The factorization `P*A = L*U` with partial pivoting of a square matrix.
///
/// Golub & Van Loan, Matrix Computations, algorithm 3.4.1.
public struct LUFactorization: Sendable {
  /// L below the diagonal (its own is 1), U on and above it.
  let factors: Matrix
  /// Row `k` was exchanged with row `exchanges[k]`, for `k` from 0.
  let exchanges: [Int]
  /// The largest size of an entry in each column of A.
  let columnScales: [Double]
  let oneNorm: Double

  /// Throws where A is not square or not finite; a singular matrix has a factorization.
  public init(_ a: Matrix) throws(LinearAlgebraError) {
    try a.requireSquare()
    try a.requireFinite()
    let n = a.rows
    columnScales = (0..<n).map { j in
      (0..<n).reduce(0) { Swift.max($0, a[$1, j].magnitude) }
    }
    oneNorm = a.oneNorm
    if n >= BLAS.factorizationThreshold, let blas = BLAS.shared {
      (factors, exchanges) = blas.luFactors(a)
    } else {
      (factors, exchanges) = Self.pureFactors(a)
    }
  }

  static func pureFactors(_ a: Matrix) -> (Matrix, [Int]) {
    let n = a.rows
    var factors = a
    var exchanges = [Int](repeating: 0, count: n)
    factors.storage.withUnsafeMutableBufferPointer { f in
      for k in 0..<n {
        var pivot = k
        for i in k..<n where f[k * n + i].magnitude > f[k * n + pivot].magnitude { pivot = i }
        exchanges[k] = pivot
        if pivot != k {
          for j in 0..<n { f.swapAt(j * n + k, j * n + pivot) }
        }
        let diagonal = f[k * n + k]
        if diagonal == 0 { continue }
        for i in (k + 1)..<n { f[k * n + i] /= diagonal }
        for j in (k + 1)..<n {
          let factor = f[j * n + k]
          if factor == 0 { continue }
          for i in (k + 1)..<n { f[j * n + i] -= f[k * n + i] * factor }
        }
      }
    }
    return (factors, exchanges)
  }

  public var order: Int { factors.rows }

  private var permutationSign: Double {
    exchanges.indices.reduce(1) { exchanges[$1] == $1 ? $0 : -$0 }
  }

  public var determinant: Double {
    (0..<order).reduce(permutationSign) { $0 * factors[$1, $1] }
  }

  /// 1, -1, or 0 of a singular matrix.
  public var determinantSign: Double {
    (0..<order).reduce(permutationSign) { sign, k in
      let pivot = factors[k, k]
      return pivot > 0 ? sign : pivot < 0 ? -sign : 0
    }
  }

  /// `log|det A|`: -∞ of a singular matrix.
  public var logAbsDeterminant: Double {
    (0..<order).reduce(0) { $0 + factors[$1, $1].magnitude.logarithm }
  }

  /// Throws where a pivot is zero to working precision, measured against its column.
  public func requireRegular() throws(LinearAlgebraError) {
    let tolerance = 2 * Double.ulpOfOne * Double(order).squareRoot()
    for k in 0..<order {
      let pivot = factors[k, k]
      if !(pivot.magnitude > tolerance * columnScales[k]) {
        throw .singular(pivot: k + 1, value: pivot)
      }
    }
  }

  /// `inv(A)*B`. Throws `singular`.
  public func solve(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard b.rows == order else { throw .sizesDiffer(factors.size, b.size) }
    try requireRegular()
    return solveUnchecked(b)
  }

  /// `inv(A')*B`. Throws `singular`.
  public func solveTransposed(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard b.rows == order else { throw .sizesDiffer(factors.size, b.size) }
    try requireRegular()
    return solveTransposedUnchecked(b)
  }

  func solveUnchecked(_ b: Matrix) -> Matrix {
    let n = order
    if n >= BLAS.factorizationThreshold, let blas = BLAS.shared {
      return blas.luSolve(factors, exchanges, b, transposed: false)
    }
    var x = b
    let columns = b.columns
    factors.storage.withUnsafeBufferPointer { f in
      x.storage.withUnsafeMutableBufferPointer { x in
        for column in 0..<columns {
          let base = column * n
          for k in 0..<n where exchanges[k] != k { x.swapAt(base + k, base + exchanges[k]) }
          for k in 0..<n {
            let value = x[base + k]
            if value == 0 { continue }
            for i in (k + 1)..<n { x[base + i] -= f[k * n + i] * value }
          }
          for k in stride(from: n - 1, through: 0, by: -1) {
            let value = x[base + k] / f[k * n + k]
            x[base + k] = value
            for i in 0..<k { x[base + i] -= f[k * n + i] * value }
          }
        }
      }
    }
    return x
  }

  private func solveTransposedUnchecked(_ b: Matrix) -> Matrix {
    let n = order
    if n >= BLAS.factorizationThreshold, let blas = BLAS.shared {
      return blas.luSolve(factors, exchanges, b, transposed: true)
    }
    var x = b
    let columns = b.columns
    factors.storage.withUnsafeBufferPointer { f in
      x.storage.withUnsafeMutableBufferPointer { x in
        for column in 0..<columns {
          let base = column * n
          for k in 0..<n {
            var value = x[base + k]
            for i in 0..<k { value -= f[k * n + i] * x[base + i] }
            x[base + k] = value / f[k * n + k]
          }
          for k in stride(from: n - 1, through: 0, by: -1) {
            var value = x[base + k]
            for i in (k + 1)..<n { value -= f[k * n + i] * x[base + i] }
            x[base + k] = value
          }
          for k in stride(from: n - 1, through: 0, by: -1) where exchanges[k] != k {
            x.swapAt(base + k, base + exchanges[k])
          }
        }
      }
    }
    return x
  }

  /// An estimate of `1/(‖A‖₁ ‖inv(A)‖₁)`; 0 of a singular matrix.
  ///
  /// Hager's method: Higham, Accuracy and Stability of Numerical Algorithms, algorithm 15.1.
  public var reciprocalCondition: Double {
    let n = order
    guard n > 0, oneNorm > 0, (try? requireRegular()) != nil else { return n == 0 ? 1 : 0 }
    var x = Matrix(rows: n, columns: 1, repeating: 1 / Double(n))
    var estimate = 0.0
    for _ in 0..<5 {
      let y = solveUnchecked(x)
      let norm = y.oneNorm
      if norm <= estimate { break }
      estimate = norm
      let z = solveTransposedUnchecked(y.map { $0 < 0 ? -1 : 1 })
      var largest = 0
      for i in 0..<n where z[i].magnitude > z[largest].magnitude { largest = i }
      if z[largest].magnitude <= z.inner(x) { break }
      x = Matrix.zeros(n, 1)
      x[largest] = 1
    }
    return estimate > 0 ? 1 / (estimate * oneNorm) : 0
  }
}

extension Matrix {
  /// The factors of `A = L*U` without pivoting, L with a unit diagonal; m×k and k×n with
  /// `k = min(m, n)`. Throws `zeroPivot`.
  public func luWithoutPivoting() throws(LinearAlgebraError) -> (lower: Matrix, upper: Matrix) {
    try requireFinite()
    var a = self
    let k = Swift.min(rows, columns)
    for p in 0..<k {
      let pivot = a[p, p]
      let last = p == k - 1 && rows <= p + 1
      if pivot == 0 && !last { throw .zeroPivot(pivot: p + 1) }
      for i in (p + 1)..<rows {
        a[i, p] /= pivot
        let factor = a[i, p]
        for j in (p + 1)..<columns { a[i, j] -= factor * a[p, j] }
      }
    }
    let lower = Matrix(rows: rows, columns: k) { $0 == $1 ? 1 : $0 > $1 ? a[$0, $1] : 0 }
    let upper = Matrix(rows: k, columns: columns) { $0 <= $1 ? a[$0, $1] : 0 }
    return (lower, upper)
  }
}
