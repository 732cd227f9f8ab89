import CKernels

/// The numbers of matrices that are multiplied: the routines for each of its precisions.
protocol DenseNumber: ProgramNumber {
  static func gemm(_ library: DenseLibrary, _ product: MatrixProduct<Self>)
  /// The lower triangle, B = A.
  static func syrk(_ library: DenseLibrary, _ product: MatrixProduct<Self>)
  /// B = alpha*op(A)*B, or alpha*B*op(A), of triangular A and B m×n.
  static func trmm(
    _ library: DenseLibrary, _ form: Instruction.TRMM, _ a: UnsafeMutablePointer<Self>, _ lda: Int,
    _ b: UnsafeMutablePointer<Self>)
  /// Without BLAS.
  static func multiply(_ product: MatrixProduct<Self>)
  static func mirrorLower(_ order: Int64, _ a: UnsafeMutablePointer<Self>, _ lda: Int64)
}

/// CBLAS's words.
enum CBLAS {
  static var columnMajor: Int32 { 102 }
  static var nonUnit: Int32 { 131 }
  static var lower: Int32 { triangle(true) }
  static func triangle(_ isLower: Bool) -> Int32 { isLower ? 122 : 121 }
  static func transposition(_ transposes: Bool) -> Int32 { transposes ? 112 : 111 }
  static func side(_ isLeft: Bool) -> Int32 { isLeft ? 141 : 142 }
}

extension MatrixProduct {
  fileprivate var aRow: Int64 { transposesA ? Int64(lda) : 1 }
  fileprivate var aColumn: Int64 { transposesA ? 1 : Int64(lda) }
  fileprivate var bRow: Int64 { transposesB ? Int64(ldb) : 1 }
  fileprivate var bColumn: Int64 { transposesB ? 1 : Int64(ldb) }
}

extension Double: DenseNumber {
  static func gemm(_ library: DenseLibrary, _ p: MatrixProduct<Double>) {
    library.gemm(
      CBLAS.columnMajor, CBLAS.transposition(p.transposesA), CBLAS.transposition(p.transposesB),
      Int32(p.m), Int32(p.n), Int32(p.k), p.alpha, p.a, Int32(p.lda), p.b, Int32(p.ldb), p.beta,
      p.c, Int32(p.ldc))
  }

  static func syrk(_ library: DenseLibrary, _ p: MatrixProduct<Double>) {
    library.syrk(
      CBLAS.columnMajor, CBLAS.lower, CBLAS.transposition(p.transposesA), Int32(p.n), Int32(p.k),
      p.alpha, p.a, Int32(p.lda), p.beta, p.c, Int32(p.ldc))
  }

  static func trmm(
    _ library: DenseLibrary, _ form: Instruction.TRMM, _ a: UnsafeMutablePointer<Double>,
    _ lda: Int, _ b: UnsafeMutablePointer<Double>
  ) {
    library.trmm(
      CBLAS.columnMajor, CBLAS.side(form.isLeft), CBLAS.triangle(form.isLower),
      CBLAS.transposition(form.transposesA), CBLAS.nonUnit, Int32(form.m), Int32(form.n),
      form.alpha, a, Int32(lda), b, Int32(form.m))
  }

  static func multiply(_ p: MatrixProduct<Double>) {
    fk_gemm(
      Int64(p.m), Int64(p.n), Int64(p.k), p.alpha, p.a, p.aRow, p.aColumn, p.b, p.bRow, p.bColumn,
      p.beta, p.c, Int64(p.ldc))
  }

  static func mirrorLower(_ order: Int64, _ a: UnsafeMutablePointer<Double>, _ lda: Int64) {
    fk_mirror_lower(order, a, lda)
  }
}

extension Float: DenseNumber {
  static func gemm(_ library: DenseLibrary, _ p: MatrixProduct<Float>) {
    library.narrowGemm(
      CBLAS.columnMajor, CBLAS.transposition(p.transposesA), CBLAS.transposition(p.transposesB),
      Int32(p.m), Int32(p.n), Int32(p.k), Float(p.alpha), p.a, Int32(p.lda), p.b, Int32(p.ldb),
      Float(p.beta), p.c, Int32(p.ldc))
  }

  static func syrk(_ library: DenseLibrary, _ p: MatrixProduct<Float>) {
    library.narrowSyrk(
      CBLAS.columnMajor, CBLAS.lower, CBLAS.transposition(p.transposesA), Int32(p.n), Int32(p.k),
      Float(p.alpha), p.a, Int32(p.lda), Float(p.beta), p.c, Int32(p.ldc))
  }

  static func trmm(
    _ library: DenseLibrary, _ form: Instruction.TRMM, _ a: UnsafeMutablePointer<Float>,
    _ lda: Int, _ b: UnsafeMutablePointer<Float>
  ) {
    library.narrowTrmm(
      CBLAS.columnMajor, CBLAS.side(form.isLeft), CBLAS.triangle(form.isLower),
      CBLAS.transposition(form.transposesA), CBLAS.nonUnit, Int32(form.m), Int32(form.n),
      Float(form.alpha), a, Int32(lda), b, Int32(form.m))
  }

  static func multiply(_ p: MatrixProduct<Float>) {
    fk_narrow_gemm(
      Int64(p.m), Int64(p.n), Int64(p.k), p.alpha, p.a, p.aRow, p.aColumn, p.b, p.bRow, p.bColumn,
      p.beta, p.c, Int64(p.ldc))
  }

  static func mirrorLower(_ order: Int64, _ a: UnsafeMutablePointer<Float>, _ lda: Int64) {
    fk_narrow_mirror_lower(order, a, lda)
  }
}
