import CKernels

/// C = alpha*op(A)*op(B) + beta*C in memory, C m×n. Of floats, sums are in single precision.
struct MatrixProduct<Number: DenseNumber> {
  /// BLAS; without it the kernels here multiply.
  var library: DenseLibrary?
  var m: Int
  var n: Int
  var k: Int
  var alpha: Double
  var a: UnsafeMutablePointer<Number>
  var lda: Int
  var transposesA: Bool
  var b: UnsafeMutablePointer<Number>
  var ldb: Int
  var transposesB: Bool
  var beta: Double
  var c: UnsafeMutablePointer<Number>
  var ldc: Int

  /// A narrower strip of columns is a slower product.
  static var strip: Int { 64 }

  func run() {
    guard k > 1, let library else {
      Number.multiply(self)
      return
    }
    multiply(library, m, n, 0, 0)
  }

  /// Computes the lower triangle of a symmetric result, and mirrors it if asked.
  func runSymmetric(mirrors: Bool) {
    let isSquare = a == b && lda == ldb && transposesA != transposesB
    guard k > 1, let library, n > (isSquare ? 16 : 2 * Self.strip) else {
      return run()
    }
    if isSquare {
      Number.syrk(library, self)
    } else {
      for j in stride(from: 0, to: n, by: Self.strip) {
        multiply(library, n - j, min(Self.strip, n - j), j, j)
      }
    }
    if mirrors { Number.mirrorLower(Int64(n), c, Int64(ldc)) }
  }

  /// The part of C that begins at (i, j).
  private func multiply(_ library: DenseLibrary, _ rows: Int, _ columns: Int, _ i: Int, _ j: Int) {
    var part = self
    part.m = rows
    part.n = columns
    part.a = a + (transposesA ? i * lda : i)
    part.b = b + (transposesB ? j : j * ldb)
    part.c = c + i + j * ldc
    Number.gemm(library, part)
  }
}
