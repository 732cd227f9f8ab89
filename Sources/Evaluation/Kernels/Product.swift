extension Matrix {
  /// The matrix product, m×k times k×n. Large products run on BLAS where there is one.
  public func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "the inner sizes differ")
    if BLAS.pays(forProductOf: rows, columns, other.columns), let blas = BLAS.shared {
      return blas.product(self, other, transposeLeft: false, transposeRight: false)
    }
    return pureProduct(other)
  }

  /// `X'*Y` without the transpose, k×m and k×n.
  public func transposedTimes(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "the numbers of rows differ")
    if BLAS.pays(forProductOf: columns, rows, other.columns), let blas = BLAS.shared {
      return blas.product(self, other, transposeLeft: true, transposeRight: false)
    }
    return pureTransposedProduct(other)
  }

  /// `X*Y'`, m×k and n×k.
  public func timesTransposed(of other: Matrix) -> Matrix {
    precondition(columns == other.columns, "the numbers of columns differ")
    if BLAS.pays(forProductOf: rows, columns, other.rows), let blas = BLAS.shared {
      return blas.product(self, other, transposeLeft: false, transposeRight: true)
    }
    return pureProduct(other.transposed)
  }

  /// Columns of the result as combinations of four columns of the left operand at a time.
  func pureProduct(_ other: Matrix) -> Matrix {
    let (m, k, n) = (rows, columns, other.columns)
    if m == 1 { return pureRowProduct(other) }
    var result = Matrix.zeros(m, n)
    storage.withUnsafeBufferPointer { a in
      other.storage.withUnsafeBufferPointer { b in
        result.storage.withUnsafeMutableBufferPointer { c in
          for j in 0..<n {
            let target = j * m
            var p = 0
            while p + 4 <= k {
              let b0 = b[j * k + p]
              let b1 = b[j * k + p + 1]
              let b2 = b[j * k + p + 2]
              let b3 = b[j * k + p + 3]
              let a0 = p * m
              for i in 0..<m {
                let first = a[a0 + i] * b0 + a[a0 + m + i] * b1
                let second = a[a0 + 2 * m + i] * b2 + a[a0 + 3 * m + i] * b3
                c[target + i] += first + second
              }
              p += 4
            }
            while p < k {
              let factor = b[j * k + p]
              for i in 0..<m { c[target + i] += a[p * m + i] * factor }
              p += 1
            }
          }
        }
      }
    }
    return result
  }

  private func pureRowProduct(_ other: Matrix) -> Matrix {
    Matrix(columns, 1, storage: storage).pureTransposedProduct(other)
  }

  func pureTransposedProduct(_ other: Matrix) -> Matrix {
    let (k, m, n) = (rows, columns, other.columns)
    return Matrix.build(m, n) { c in
      storage.withUnsafeBufferPointer { a in
        other.storage.withUnsafeBufferPointer { b in
          for j in 0..<n {
            for i in 0..<m {
              var even = 0.0
              var odd = 0.0
              var p = 0
              while p + 2 <= k {
                even += a[i * k + p] * b[j * k + p]
                odd += a[i * k + p + 1] * b[j * k + p + 1]
                p += 2
              }
              if p < k { even += a[i * k + p] * b[j * k + p] }
              c[j * m + i] = even + odd
            }
          }
        }
      }
    }
  }

  /// `X^p` for `p ≥ 0` by repeated squaring.
  func raised(to exponent: Int) -> Matrix {
    var result = Matrix.identity(rows)
    var square = self
    var rest = exponent
    var started = false
    while rest > 0 {
      if rest & 1 == 1 {
        result = started ? result.times(square) : square
        started = true
      }
      rest >>= 1
      if rest > 0 { square = square.times(square) }
    }
    return result
  }
}
