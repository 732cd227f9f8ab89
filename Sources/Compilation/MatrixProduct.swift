import CKernels

/// C = alpha*op(A)*op(B) + beta*C in memory, C m×n.
struct MatrixProduct {
  /// BLAS; without it the kernels here multiply.
  var library: DenseLibrary?
  var m: Int
  var n: Int
  var k: Int
  var alpha: Double
  var a: UnsafeMutablePointer<Double>
  var lda: Int
  var transposesA: Bool
  var b: UnsafeMutablePointer<Double>
  var ldb: Int
  var transposesB: Bool
  var beta: Double
  var c: UnsafeMutablePointer<Double>
  var ldc: Int

  private static var columnMajor: Int32 { 102 }
  private static var lower: Int32 { 122 }
  private static func flag(_ transposes: Bool) -> Int32 { transposes ? 112 : 111 }

  /// A narrower strip of columns is a slower product.
  private static var strip: Int { 64 }

  func run() {
    guard k > 1, let library else {
      fk_gemm(
        Int64(m), Int64(n), Int64(k), alpha, a, transposesA ? Int64(lda) : 1,
        transposesA ? 1 : Int64(lda), b, transposesB ? Int64(ldb) : 1,
        transposesB ? 1 : Int64(ldb), beta, c, Int64(ldc))
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
      library.syrk(
        Self.columnMajor, Self.lower, Self.flag(transposesA), Int32(n), Int32(k), alpha, a,
        Int32(lda), beta, c, Int32(ldc))
    } else {
      for j in stride(from: 0, to: n, by: Self.strip) {
        multiply(library, n - j, min(Self.strip, n - j), j, j)
      }
    }
    if mirrors { fk_mirror_lower(Int64(n), c, Int64(ldc)) }
  }

  /// The part of C that begins at (i, j).
  private func multiply(_ library: DenseLibrary, _ rows: Int, _ columns: Int, _ i: Int, _ j: Int) {
    let left = a + (transposesA ? i * lda : i)
    let right = b + (transposesB ? j : j * ldb)
    library.gemm(
      Self.columnMajor, Self.flag(transposesA), Self.flag(transposesB), Int32(rows),
      Int32(columns), Int32(k), alpha, left, Int32(lda), right, Int32(ldb), beta,
      c + i + j * ldc, Int32(ldc))
  }
}
