import Evaluation

/// The routines of BLAS and LAPACK that programs call. LAPACK's are Fortran's, whose character
/// arguments have hidden lengths at the end.
struct DenseLibrary: Sendable {
  typealias Doubles = UnsafeMutablePointer<Double>
  typealias Integers = UnsafeMutablePointer<Int32>
  typealias Integer = UnsafePointer<Int32>
  typealias Character = UnsafePointer<CChar>

  /// order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc.
  typealias GEMM =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>?, Int32,
      UnsafePointer<Double>?, Int32, Double, Doubles?, Int32
    ) -> Void
  /// order, uplo, trans, n, k, alpha, a, lda, beta, c, ldc.
  typealias SYRK =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>?, Int32, Double, Doubles?,
      Int32
    ) -> Void
  /// The same of floats.
  typealias NarrowGEMM =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32,
      UnsafePointer<Float>?, Int32, Float, UnsafeMutablePointer<Float>?, Int32
    ) -> Void
  typealias NarrowSYRK =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32, Float,
      UnsafeMutablePointer<Float>?, Int32
    ) -> Void
  typealias NarrowTRMM =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>?, Int32,
      UnsafeMutablePointer<Float>?, Int32
    ) -> Void
  /// order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb.
  typealias TRMM =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>?, Int32,
      Doubles?, Int32
    ) -> Void
  /// uplo, diag, n, a, lda, info.
  typealias TRTRI =
    @convention(c) @Sendable (Character, Character, Integer, Doubles, Integer, Integers, Int, Int)
    -> Void
  /// norm, uplo, diag, n, a, lda, rcond, work, iwork, info.
  typealias TRCON =
    @convention(c) @Sendable (
      Character, Character, Character, Integer, Doubles, Integer, Doubles, Doubles, Integers,
      Integers, Int, Int, Int
    ) -> Void
  /// uplo, n, a, lda, info.
  typealias POTRF =
    @convention(c) @Sendable (Character, Integer, Doubles, Integer, Integers, Int) -> Void
  /// uplo, n, nrhs, a, lda, b, ldb, info.
  typealias POTRS =
    @convention(c) @Sendable (
      Character, Integer, Integer, Doubles, Integer, Doubles, Integer, Integers, Int
    ) -> Void
  /// m, n, a, lda, ipiv, info.
  typealias GETRF =
    @convention(c) @Sendable (Integer, Integer, Doubles, Integer, Integers, Integers) -> Void
  /// trans, n, nrhs, a, lda, ipiv, b, ldb, info.
  typealias GETRS =
    @convention(c) @Sendable (
      Character, Integer, Integer, Doubles, Integer, Integers, Doubles, Integer, Integers, Int
    ) -> Void
  /// n, a, lda, ipiv, work, lwork, info.
  typealias GETRI =
    @convention(c) @Sendable (Integer, Doubles, Integer, Integers, Doubles, Integer, Integers) ->
    Void

  let gemm: GEMM
  let syrk: SYRK
  let trmm: TRMM
  let narrowGemm: NarrowGEMM
  let narrowSyrk: NarrowSYRK
  let narrowTrmm: NarrowTRMM
  let trsm: TRMM
  let trtri: TRTRI
  let trcon: TRCON
  let potrf: POTRF
  let potrs: POTRS
  let potri: POTRF
  let getrf: GETRF
  let getrs: GETRS
  let getri: GETRI
  private let setThreads: (@convention(c) @Sendable (Int32) -> Void)?
  private let getThreads: (@convention(c) @Sendable () -> Int32)?
  private let coreName: (@convention(c) @Sendable () -> UnsafePointer<CChar>?)?
  private let configuration: (@convention(c) @Sendable () -> UnsafePointer<CChar>?)?

  /// nil where no library is installed.
  static let shared = DenseLibrary()

  private init?() {
    guard let blas = BLAS.shared else { return nil }
    func routine<Signature>(_ name: String, _ type: Signature.Type) -> Signature? {
      blas.address(of: name).map { unsafeBitCast($0, to: type) }
    }
    guard let gemm = routine("cblas_dgemm", GEMM.self),
      let syrk = routine("cblas_dsyrk", SYRK.self), let potrf = routine("dpotrf_", POTRF.self),
      let potrs = routine("dpotrs_", POTRS.self), let potri = routine("dpotri_", POTRF.self),
      let getrf = routine("dgetrf_", GETRF.self), let getrs = routine("dgetrs_", GETRS.self),
      let getri = routine("dgetri_", GETRI.self),
      let trmm = routine("cblas_dtrmm", TRMM.self), let trsm = routine("cblas_dtrsm", TRMM.self),
      let trtri = routine("dtrtri_", TRTRI.self), let trcon = routine("dtrcon_", TRCON.self),
      let narrowGemm = routine("cblas_sgemm", NarrowGEMM.self),
      let narrowSyrk = routine("cblas_ssyrk", NarrowSYRK.self),
      let narrowTrmm = routine("cblas_strmm", NarrowTRMM.self)
    else { return nil }
    self.gemm = gemm
    self.syrk = syrk
    self.trmm = trmm
    self.narrowGemm = narrowGemm
    self.narrowSyrk = narrowSyrk
    self.narrowTrmm = narrowTrmm
    self.trsm = trsm
    self.trtri = trtri
    self.trcon = trcon
    self.potrf = potrf
    self.potrs = potrs
    self.potri = potri
    self.getrf = getrf
    self.getrs = getrs
    self.getri = getri
    setThreads = routine(
      "openblas_set_num_threads", (@convention(c) @Sendable (Int32) -> Void).self)
    getThreads = routine(
      "openblas_get_num_threads", (@convention(c) @Sendable () -> Int32).self)
    coreName = routine(
      "openblas_get_corename", (@convention(c) @Sendable () -> UnsafePointer<CChar>?).self)
    configuration = routine(
      "openblas_get_config", (@convention(c) @Sendable () -> UnsafePointer<CChar>?).self)
  }

  /// The number of threads of large operations, for the whole process; nil where it is unknown.
  var threads: Int? {
    get { getThreads.map { Int($0()) } }
    nonmutating set { if let newValue { setThreads?(Int32(clamping: newValue)) } }
  }

  /// The kernels that the library chose for the processor.
  var core: String? { coreName.flatMap { $0() }.map { String(cString: $0) } }
  /// The library's own words on its version.
  var version: String? { configuration.flatMap { $0() }.map { String(cString: $0) } }
}

extension Value {
  /// Whether the operation is so large that the library is faster, its opening included.
  func repaysLibrary(_ values: [Value]) -> Bool {
    switch operation {
    case .factor, .triangularSolve, .triangularInverse: return rows >= 96
    case .product(let form): return !isVector && multiplications(form, values) >= 1 << 20
    case .contraction(let contraction): return contraction.count >= 1 << 20
    default: return false
    }
  }
}

extension Value {
  /// Of the entries of a product.
  func multiplications(_ form: ProductForm, _ values: [Value]) -> Int {
    let left = values[operands[0]]
    return count.multipliedReportingOverflow(by: form.transposesLeft ? left.rows : left.columns)
      .partialValue
  }
}

extension Program {
  /// Opens BLAS, which the first program would do otherwise.
  public static func openLibrary() { _ = DenseLibrary.shared }

  /// The words of BLAS on itself; nil where there is none.
  public static var libraryVersion: String? { DenseLibrary.shared?.version }

  /// The processor that BLAS takes this machine for.
  public static var libraryCore: String? { DenseLibrary.shared?.core }
}
