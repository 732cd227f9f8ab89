extension Matrix {
  /// `inv(A)*B` of a square A. Throws `singular`.
  public func solving(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    try LUFactorization(self).solve(b)
  }

  /// Throws `singular`.
  public func inverse() throws(LinearAlgebraError) -> Matrix {
    try LUFactorization(self).solve(Matrix.identity(rows))
  }

  public func determinant() throws(LinearAlgebraError) -> Double {
    try LUFactorization(self).determinant
  }

  /// `log|det A|`. Throws `singular`.
  public func logAbsDeterminant() throws(LinearAlgebraError) -> Double {
    let factorization = try LUFactorization(self)
    let value = factorization.logAbsDeterminant
    if value == -.infinity { try factorization.requireRegular() }
    return value
  }

  /// The adjugate, `det(A)*inv(A)` where A has an inverse, and continuous where it has none.
  ///
  /// Near singularity `adj(U*diag(s)*V') = det(U*V') * V*diag(∏_{j≠i} s_j)*U'` (the adjugate
  /// reverses products).
  public func adjugate() throws(LinearAlgebraError) -> Matrix {
    let factorization = try LUFactorization(self)
    if factorization.reciprocalCondition > 1e-4 {
      return try factorization.solve(Matrix.identity(rows)).scaled(by: factorization.determinant)
    }
    let svd = try SingularValues(self)
    let products = svd.values.indices.map { i in
      svd.values.indices.reduce(1.0) { $1 == i ? $0 : $0 * svd.values[$1] }
    }
    let sign = try svd.u.timesTransposed(of: svd.v).determinant()
    return svd.v.scalingColumns(by: products).timesTransposed(of: svd.u)
      .scaled(by: sign < 0 ? -1 : 1)
  }

  /// Whether `sylvester` of A m×m and B n×n solves a system of order mn instead of one by Schur
  /// forms.
  public static func solvesSylvesterDensely(_ m: Int, _ n: Int) -> Bool {
    m * n <= 400 || BLAS.shared == nil
  }

  /// X with `A*X + X*B = C`. Throws `noUniqueSolution`.
  ///
  /// Small ones through `(I⊗A + B'⊗I)*vec(X) = vec(C)` (Magnus & Neudecker, section 2.4), larger
  /// ones through the Schur forms of the library.
  public static func sylvester(
    _ a: Matrix, _ b: Matrix, _ c: Matrix
  ) throws(LinearAlgebraError) -> Matrix {
    try a.requireSquare()
    try b.requireSquare()
    guard c.rows == a.rows, c.columns == b.rows else {
      throw .sizesDiffer(MatrixSize(a.rows, b.rows), c.size)
    }
    let (m, n) = (a.rows, b.rows)
    if !solvesSylvesterDensely(m, n), let blas = BLAS.shared {
      return try blas.sylvester(a, b, c)
    }
    let limit = 4096
    guard m * n <= limit else { throw .tooLarge(order: m * n, limit: limit) }
    var system = Matrix.zeros(m * n, m * n)
    for j in 0..<n {
      for i in 0..<m {
        for k in 0..<m { system[j * m + i, j * m + k] += a[i, k] }
        for k in 0..<n { system[j * m + i, k * m + i] += b[k, j] }
      }
    }
    let right = Matrix(m * n, 1, storage: c.storage)
    do {
      return Matrix(m, n, storage: try system.solving(right).storage)
    } catch {
      if case .singular = error { throw .noUniqueSolution }
      throw error
    }
  }
}
