/// The C signatures of the routines that are used; LAPACK's are Fortran's, whose character
/// arguments have hidden lengths at the end.
enum BLASSignature {
  typealias Integers = UnsafeMutablePointer<Int32>
  typealias ConstInteger = UnsafePointer<Int32>
  typealias Doubles = UnsafeMutablePointer<Double>
  typealias ConstDoubles = UnsafePointer<Double>
  typealias Character = UnsafePointer<CChar>

  /// order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc.
  typealias DGEMM =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Int32, Double, ConstDoubles?, Int32, ConstDoubles?, Int32,
      Double, Doubles?, Int32
    ) -> Void
  /// order, trans, m, n, alpha, a, lda, x, incx, beta, y, incy.
  typealias DGEMV =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Double, ConstDoubles?, Int32, ConstDoubles?, Int32, Double,
      Doubles?, Int32
    ) -> Void
  /// m, n, a, lda, ipiv, info.
  typealias DGETRF =
    @convention(c) @Sendable (
      ConstInteger, ConstInteger, Doubles?, ConstInteger, Integers?, Integers
    ) -> Void
  /// trans, n, nrhs, a, lda, ipiv, b, ldb, info.
  typealias DGETRS =
    @convention(c) @Sendable (
      Character, ConstInteger, ConstInteger, ConstDoubles?, ConstInteger, ConstInteger?, Doubles?,
      ConstInteger, Integers, Int
    ) -> Void
  /// uplo, n, a, lda, info.
  typealias DPOTRF =
    @convention(c) @Sendable (
      Character, ConstInteger, Doubles?, ConstInteger, Integers, Int
    ) -> Void
  /// order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb.
  typealias DTRSM =
    @convention(c) @Sendable (
      Int32, Int32, Int32, Int32, Int32, Int32, Int32, Double, ConstDoubles?, Int32, Doubles?, Int32
    ) -> Void
  /// m, n, a, lda, tau, work, lwork, info.
  typealias DGEQRF =
    @convention(c) @Sendable (
      ConstInteger, ConstInteger, Doubles?, ConstInteger, Doubles?, Doubles?, ConstInteger, Integers
    ) -> Void
  /// m, n, k, a, lda, tau, work, lwork, info.
  typealias DORGQR =
    @convention(c) @Sendable (
      ConstInteger, ConstInteger, ConstInteger, Doubles?, ConstInteger, ConstDoubles?, Doubles?,
      ConstInteger, Integers
    ) -> Void
  /// jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork, info.
  typealias DSYEVD =
    @convention(c) @Sendable (
      Character, Character, ConstInteger, Doubles?, ConstInteger, Doubles?, Doubles?, ConstInteger,
      Integers?, ConstInteger, Integers, Int, Int
    ) -> Void
  /// jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork, info.
  typealias DGESDD =
    @convention(c) @Sendable (
      Character, ConstInteger, ConstInteger, Doubles?, ConstInteger, Doubles?, Doubles?,
      ConstInteger, Doubles?, ConstInteger, Doubles?, ConstInteger, Integers?, Integers, Int
    ) -> Void
  /// jobvs, sort, select, n, a, lda, sdim, wr, wi, vs, ldvs, work, lwork, bwork, info.
  typealias DGEES =
    @convention(c) @Sendable (
      Character, Character, UnsafeRawPointer?, ConstInteger, Doubles?, ConstInteger, Integers,
      Doubles?, Doubles?, Doubles?, ConstInteger, Doubles?, ConstInteger, Integers?, Integers, Int,
      Int
    ) -> Void
  /// trana, tranb, isgn, m, n, a, lda, b, ldb, c, ldc, scale, info.
  typealias DTRSYL =
    @convention(c) @Sendable (
      Character, Character, ConstInteger, ConstInteger, ConstInteger, ConstDoubles?, ConstInteger,
      ConstDoubles?, ConstInteger, Doubles?, ConstInteger, Doubles, Integers, Int, Int
    ) -> Void
}
