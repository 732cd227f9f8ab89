extension Matrix {
  /// The lower factor L of `sym(A) = L*L'`. Throws `notPositiveDefinite` with the pivot.
  ///
  /// Golub & Van Loan, Matrix Computations, section 4.2.
  public func cholesky() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    let a = symmetricPart
    if rows >= BLAS.factorizationThreshold, let blas = BLAS.shared {
      return try blas.cholesky(a)
    }
    return try a.pureCholesky()
  }

  /// Of a symmetric matrix, column by column (left-looking).
  func pureCholesky() throws(LinearAlgebraError) -> Matrix {
    let n = rows
    var factor = self
    var failure: LinearAlgebraError?
    factor.storage.withUnsafeMutableBufferPointer { f in
      for j in 0..<n {
        for k in 0..<j {
          let scale = f[k * n + j]
          if scale == 0 { continue }
          for i in j..<n { f[j * n + i] -= f[k * n + i] * scale }
        }
        let pivot = f[j * n + j]
        guard pivot > 0 else {
          failure = .notPositiveDefinite(pivot: j + 1, value: pivot)
          return
        }
        let root = pivot.squareRoot()
        for i in j..<n { f[j * n + i] /= root }
        for i in 0..<j { f[j * n + i] = 0 }
      }
    }
    if let failure { throw failure }
    return factor
  }

  /// `inv(L)*B` of a lower triangular L with nonzero diagonal.
  func solvingLower(_ b: Matrix) -> Matrix {
    let n = rows
    var x = b
    for column in 0..<b.columns {
      for k in 0..<n {
        let value = x[k, column] / self[k, k]
        x[k, column] = value
        for i in (k + 1)..<n { x[i, column] -= self[i, k] * value }
      }
    }
    return x
  }
}
