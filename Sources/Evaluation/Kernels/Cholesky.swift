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
  public func solvingLower(_ b: Matrix) -> Matrix {
    let n = rows
    if n >= BLAS.factorizationThreshold, let blas = BLAS.shared {
      return blas.triangularSolve(self, b, transposed: false)
    }
    var x = b
    storage.withUnsafeBufferPointer { f in
      x.storage.withUnsafeMutableBufferPointer { x in
        for column in 0..<b.columns {
          let base = column * n
          for k in 0..<n {
            let value = x[base + k] / f[k * n + k]
            x[base + k] = value
            for i in (k + 1)..<n { x[base + i] -= f[k * n + i] * value }
          }
        }
      }
    }
    return x
  }

  /// `inv(L')*B` of a lower triangular L with nonzero diagonal.
  public func solvingLowerTransposed(_ b: Matrix) -> Matrix {
    let n = rows
    if n >= BLAS.factorizationThreshold, let blas = BLAS.shared {
      return blas.triangularSolve(self, b, transposed: true)
    }
    var x = b
    storage.withUnsafeBufferPointer { f in
      x.storage.withUnsafeMutableBufferPointer { x in
        for column in 0..<b.columns {
          let base = column * n
          for k in stride(from: n - 1, through: 0, by: -1) {
            var value = x[base + k]
            for i in (k + 1)..<n { value -= f[k * n + i] * x[base + i] }
            x[base + k] = value / f[k * n + k]
          }
        }
      }
    }
    return x
  }
}
