/// OpenBLAS (Accelerate on Apple systems), opened when a large problem first asks for it.
///
/// Loading costs milliseconds, so small problems run on the Swift kernels; so does everything
/// where no library is installed. Nothing is linked.
public struct BLAS: Sendable {
  let dgemm: BLASSignature.DGEMM
  let dgemv: BLASSignature.DGEMV
  let dtrsm: BLASSignature.DTRSM
  let dgetrf: BLASSignature.DGETRF
  let dgetrs: BLASSignature.DGETRS
  let dpotrf: BLASSignature.DPOTRF
  let dgeqrf: BLASSignature.DGEQRF
  let dorgqr: BLASSignature.DORGQR
  let dsyevd: BLASSignature.DSYEVD
  let dgesdd: BLASSignature.DGESDD
  let dgees: BLASSignature.DGEES
  let dtrsyl: BLASSignature.DTRSYL
  private nonisolated(unsafe) let library: UnsafeMutableRawPointer

  /// The address of another routine, or nil where the library lacks it.
  package func address(of routine: String) -> UnsafeMutableRawPointer? {
    symbolAddress(library, routine)
  }

  /// The library, or nil where there is none. Opened once, by the first use, thread-safe.
  public static let shared: BLAS? = load()

  /// From this order LU and Cholesky factorizations run on the library.
  static let factorizationThreshold = 128
  /// From this order QR, eigenvalue and singular value decompositions run on the library.
  static let decompositionThreshold = 64

  /// Whether a product m×k times k×n repays the loading.
  static func pays(forProductOf m: Int, _ k: Int, _ n: Int) -> Bool {
    // A product with a vector is bound by memory; the library gains little below a megabyte.
    m > 1 && n > 1 ? m * n >= 1_000_000 / Swift.max(k, 1) : m * n >= 4_000_000 / Swift.max(k, 1)
  }

  private static func load() -> BLAS? {
    #if canImport(Darwin)
      let names = ["/System/Library/Frameworks/Accelerate.framework/Accelerate"]
    #else
      let names = [
        "libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0", "libopenblas64.so.0",
      ]
    #endif
    guard let library = openLibrary(names) else { return nil }
    BLASCore.choose(in: library)
    func function<Signature>(_ name: String, _ type: Signature.Type) -> Signature? {
      symbolAddress(library, name).map { unsafeBitCast($0, to: type) }
    }
    guard
      let dgemm = function("cblas_dgemm", BLASSignature.DGEMM.self),
      let dgemv = function("cblas_dgemv", BLASSignature.DGEMV.self),
      let dtrsm = function("cblas_dtrsm", BLASSignature.DTRSM.self),
      let dgetrf = function("dgetrf_", BLASSignature.DGETRF.self),
      let dgetrs = function("dgetrs_", BLASSignature.DGETRS.self),
      let dpotrf = function("dpotrf_", BLASSignature.DPOTRF.self),
      let dgeqrf = function("dgeqrf_", BLASSignature.DGEQRF.self),
      let dorgqr = function("dorgqr_", BLASSignature.DORGQR.self),
      let dsyevd = function("dsyevd_", BLASSignature.DSYEVD.self),
      let dgesdd = function("dgesdd_", BLASSignature.DGESDD.self),
      let dgees = function("dgees_", BLASSignature.DGEES.self),
      let dtrsyl = function("dtrsyl_", BLASSignature.DTRSYL.self)
    else { return nil }
    return BLAS(
      dgemm: dgemm, dgemv: dgemv, dtrsm: dtrsm, dgetrf: dgetrf, dgetrs: dgetrs, dpotrf: dpotrf,
      dgeqrf: dgeqrf,
      dorgqr: dorgqr, dsyevd: dsyevd, dgesdd: dgesdd, dgees: dgees, dtrsyl: dtrsyl,
      library: library)
  }
}

extension BLAS {
  private static let columnMajor: Int32 = 102
  private static let plain: Int32 = 111
  private static let transposed: Int32 = 112

  func product(
    _ a: Matrix, _ b: Matrix, transposeLeft: Bool, transposeRight: Bool
  ) -> Matrix {
    let m = transposeLeft ? a.columns : a.rows
    let k = transposeLeft ? a.rows : a.columns
    let n = transposeRight ? b.rows : b.columns
    return Matrix.build(m, n) { c in
      c.initialize(repeating: 0)
      a.storage.withUnsafeBufferPointer { x in
        b.storage.withUnsafeBufferPointer { y in
          if n == 1 && !transposeRight {
            dgemv(
              Self.columnMajor, transposeLeft ? Self.transposed : Self.plain, Int32(a.rows),
              Int32(a.columns), 1, x.baseAddress, Int32(Swift.max(a.rows, 1)), y.baseAddress, 1, 0,
              c.baseAddress, 1)
          } else {
            dgemm(
              Self.columnMajor, transposeLeft ? Self.transposed : Self.plain,
              transposeRight ? Self.transposed : Self.plain, Int32(m), Int32(n), Int32(k), 1,
              x.baseAddress, Int32(Swift.max(a.rows, 1)), y.baseAddress,
              Int32(Swift.max(b.rows, 1)), 0, c.baseAddress, Int32(Swift.max(m, 1)))
          }
        }
      }
    }
  }

  func luFactors(_ a: Matrix) -> (Matrix, [Int]) {
    let n = a.rows
    var factors = a
    var pivots = [Int32](repeating: 0, count: n)
    var order = Int32(n)
    var info: Int32 = 0
    factors.storage.withUnsafeMutableBufferPointer { f in
      pivots.withUnsafeMutableBufferPointer { p in
        var rows = order
        var leading = order
        dgetrf(&rows, &order, f.baseAddress, &leading, p.baseAddress, &info)
      }
    }
    return (factors, pivots.map { Int($0) - 1 })
  }

  func luSolve(_ factors: Matrix, _ exchanges: [Int], _ b: Matrix, transposed: Bool) -> Matrix {
    var x = b
    let pivots = exchanges.map { Int32($0) + 1 }
    var n = Int32(factors.rows)
    var right = Int32(b.columns)
    var (lda, ldb) = (n, n)
    var info: Int32 = 0
    factors.storage.withUnsafeBufferPointer { f in
      pivots.withUnsafeBufferPointer { p in
        x.storage.withUnsafeMutableBufferPointer { x in
          dgetrs(
            transposed ? "T" : "N", &n, &right, f.baseAddress, &lda, p.baseAddress, x.baseAddress,
            &ldb, &info, 1)
        }
      }
    }
    return x
  }

  /// `inv(L)*B` or `inv(L')*B` of a lower triangular L.
  func triangularSolve(_ factor: Matrix, _ b: Matrix, transposed: Bool) -> Matrix {
    let (left, lower, nonUnit): (Int32, Int32, Int32) = (141, 122, 131)
    var x = b
    let (m, n, leading) = (Int32(b.rows), Int32(b.columns), Int32(Swift.max(b.rows, 1)))
    factor.storage.withUnsafeBufferPointer { f in
      x.storage.withUnsafeMutableBufferPointer { x in
        dtrsm(
          Self.columnMajor, left, lower, transposed ? Self.transposed : Self.plain, nonUnit, m, n,
          1,
          f.baseAddress, leading, x.baseAddress, leading)
      }
    }
    return x
  }

  /// Of a symmetric matrix.
  func cholesky(_ a: Matrix) throws(LinearAlgebraError) -> Matrix {
    var factor = a
    var n = Int32(a.rows)
    var lda = n
    var info: Int32 = 0
    factor.storage.withUnsafeMutableBufferPointer { f in
      dpotrf("L", &n, f.baseAddress, &lda, &info, 1)
    }
    // The library reports where it failed but not always the value: the Swift kernel states both.
    if info != 0 { return try a.pureCholesky() }
    for j in 1..<Swift.max(a.rows, 1) {
      for i in 0..<j { factor[i, j] = 0 }
    }
    return factor
  }
}
