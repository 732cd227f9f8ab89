extension BLAS {
  func qr(_ x: Matrix) throws(LinearAlgebraError) -> (q: Matrix, r: Matrix) {
    let k = Swift.min(x.rows, x.columns)
    var a = x
    var tau = [Double](repeating: 0, count: k)
    var (m, n, order) = (Int32(x.rows), Int32(x.columns), Int32(k))
    var lda = m
    var info: Int32 = 0
    withWorkspace { work, length in
      var length = length
      a.storage.withUnsafeMutableBufferPointer { a in
        tau.withUnsafeMutableBufferPointer { tau in
          dgeqrf(&m, &n, a.baseAddress, &lda, tau.baseAddress, work, &length, &info)
        }
      }
    }
    guard info == 0 else { throw .notFinite }
    let r = Matrix(rows: k, columns: x.columns) { $0 <= $1 ? a[$0, $1] : 0 }
    var q = a.block(row: 0, column: 0, x.rows, k)
    withWorkspace { work, length in
      var length = length
      var inner = order
      q.storage.withUnsafeMutableBufferPointer { q in
        tau.withUnsafeBufferPointer { tau in
          dorgqr(
            &m, &order, &inner, q.baseAddress, &lda, tau.baseAddress, work, &length, &info)
        }
      }
    }
    guard info == 0 else { throw .notFinite }
    return (q, r)
  }

  /// Of a symmetric matrix; values ascending.
  func symmetricEigen(_ s: Matrix) throws(LinearAlgebraError) -> ([Double], Matrix) {
    var vectors = s
    var values = [Double](repeating: 0, count: s.rows)
    var n = Int32(s.rows)
    var lda = n
    var integerLength = Int32(3 + 5 * s.rows)
    var integers = [Int32](repeating: 0, count: Int(integerLength))
    var info: Int32 = 0
    withWorkspace { work, length in
      var length = length
      vectors.storage.withUnsafeMutableBufferPointer { a in
        values.withUnsafeMutableBufferPointer { w in
          integers.withUnsafeMutableBufferPointer { iwork in
            dsyevd(
              "V", "L", &n, a.baseAddress, &lda, w.baseAddress, work, &length, iwork.baseAddress,
              &integerLength, &info, 1, 1)
          }
        }
      }
    }
    guard info == 0 else { throw .noConvergence(method: "dsyevd", iterations: Int(info)) }
    return (values, vectors)
  }

  /// Thin; values descending.
  func singularValues(_ x: Matrix) throws(LinearAlgebraError) -> (Matrix, [Double], Matrix) {
    let k = Swift.min(x.rows, x.columns)
    var a = x
    var values = [Double](repeating: 0, count: k)
    var u = Matrix.zeros(x.rows, k)
    var vTransposed = Matrix.zeros(k, x.columns)
    var (m, n, ldvt) = (Int32(x.rows), Int32(x.columns), Int32(k))
    var (lda, ldu) = (m, m)
    var integers = [Int32](repeating: 0, count: 8 * k)
    var info: Int32 = 0
    withWorkspace { work, length in
      var length = length
      a.storage.withUnsafeMutableBufferPointer { a in
        values.withUnsafeMutableBufferPointer { s in
          u.storage.withUnsafeMutableBufferPointer { u in
            vTransposed.storage.withUnsafeMutableBufferPointer { vt in
              integers.withUnsafeMutableBufferPointer { iwork in
                dgesdd(
                  "S", &m, &n, a.baseAddress, &lda, s.baseAddress, u.baseAddress, &ldu,
                  vt.baseAddress, &ldvt, work, &length, iwork.baseAddress, &info, 1)
              }
            }
          }
        }
      }
    }
    guard info == 0 else { throw .noConvergence(method: "dgesdd", iterations: Int(info)) }
    return (u, values, vTransposed.transposed)
  }

  /// The real Schur form `A = Z*T*Z'`.
  func schur(_ x: Matrix) throws(LinearAlgebraError) -> (z: Matrix, t: Matrix) {
    let count = x.rows
    var t = x
    var z = Matrix.zeros(count, count)
    var eigenvalues = [Double](repeating: 0, count: 2 * count)
    var n = Int32(count)
    var (lda, ldvs) = (n, n)
    var (sorted, info): (Int32, Int32) = (0, 0)
    withWorkspace { work, length in
      var length = length
      t.storage.withUnsafeMutableBufferPointer { t in
        z.storage.withUnsafeMutableBufferPointer { z in
          eigenvalues.withUnsafeMutableBufferPointer { w in
            dgees(
              "V", "N", nil, &n, t.baseAddress, &lda, &sorted, w.baseAddress,
              w.baseAddress?.advanced(by: count), z.baseAddress, &ldvs, work, &length, nil, &info,
              1, 1)
          }
        }
      }
    }
    guard info == 0 else { throw .noConvergence(method: "dgees", iterations: Int(info)) }
    return (z, t)
  }

  /// X with `A*X + X*B = C` by the Schur forms (Bartels & Stewart 1972).
  func sylvester(
    _ a: Matrix, _ b: Matrix, _ c: Matrix
  ) throws(LinearAlgebraError) -> Matrix {
    let left = try schur(a)
    let right = try schur(b)
    var x = left.z.transposedTimes(c).times(right.z)
    var (sign, m, n): (Int32, Int32, Int32) = (1, Int32(a.rows), Int32(b.rows))
    var (lda, ldb, ldc) = (m, n, m)
    var scale = 1.0
    var info: Int32 = 0
    left.t.storage.withUnsafeBufferPointer { s in
      right.t.storage.withUnsafeBufferPointer { t in
        x.storage.withUnsafeMutableBufferPointer { x in
          dtrsyl(
            "N", "N", &sign, &m, &n, s.baseAddress, &lda, t.baseAddress, &ldb, x.baseAddress, &ldc,
            &scale, &info, 1, 1)
        }
      }
    }
    guard info == 0 else { throw .noUniqueSolution }
    return left.z.times(x.scaled(by: 1 / scale)).timesTransposed(of: right.z)
  }

  /// Runs a routine twice: for the length of its workspace, then with one of that length.
  private func withWorkspace(_ body: (UnsafeMutablePointer<Double>?, Int32) -> Void) {
    var length = 1.0
    body(&length, -1)
    let count = Swift.max(Int(length), 1)
    var work = [Double](repeating: 0, count: count)
    work.withUnsafeMutableBufferPointer { body($0.baseAddress, Int32(count)) }
  }
}
