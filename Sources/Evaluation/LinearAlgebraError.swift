/// Why a kernel has no answer. Positions count from 1.
public enum LinearAlgebraError: Error, Hashable, Sendable {
  case notSquare(MatrixSize)
  case sizesDiffer(MatrixSize, MatrixSize)
  /// The matrix has no inverse: this pivot of its LU factorization is zero to working precision.
  case singular(pivot: Int, value: Double)
  /// The factorization without pivoting does not exist.
  case zeroPivot(pivot: Int)
  case notPositiveDefinite(pivot: Int, value: Double)
  /// Two eigenvalues or singular values are too close for what was asked.
  case repeatedEigenvalues(first: Int, second: Int, gap: Double, tolerance: Double)
  /// A singular value is zero where the derivative needs a positive one.
  case zeroSingularValue(position: Int, value: Double, tolerance: Double)
  /// A pseudoinverse is asked for its derivative where the rank drops.
  case rankDrops(rank: Int, full: Int, value: Double, tolerance: Double)
  /// A column depends on those before it, so that the orthonormal factor is not unique.
  case dependentColumn(Int, value: Double, tolerance: Double)
  /// The function has no real value: the matrix has an eigenvalue where there is none.
  case outsideDomain(function: String, eigenvalue: Double?)
  /// `A*X + X*B = C` has no unique solution.
  case noUniqueSolution
  case notFinite
  case noConvergence(method: String, iterations: Int)
  case tooLarge(order: Int, limit: Int)

  /// What is wrong, what was got and what would do.
  public var explanation: String {
    switch self {
    case .notSquare(let size):
      "the matrix must be square, it is \(size)"
    case .sizesDiffer(let a, let b):
      "the sizes \(a) and \(b) do not fit each other"
    case .singular(let pivot, let value):
      "the matrix is singular; pivot \(pivot) is \(value). pinv gives the least-squares solution"
    case .zeroPivot(let pivot):
      "there is no LU factorization without pivoting; pivot \(pivot) is 0. A matrix with nonzero leading minors has one"
    case .notPositiveDefinite(let pivot, let value):
      "the matrix is not positive definite; pivot \(pivot) is \(value), which must be positive"
    case .repeatedEigenvalues(let first, let second, let gap, let tolerance):
      "the values \(first) and \(second) are repeated; their gap is \(gap), the tolerance \(tolerance). The derivative needs distinct ones"
    case .zeroSingularValue(let position, let value, let tolerance):
      "singular value \(position) is 0; it is \(value), the tolerance \(tolerance). The derivative needs a positive one"
    case .rankDrops(let rank, let full, let value, let tolerance):
      "the rank is \(rank), not \(full), and the pseudoinverse is not continuous here; singular value \(rank + 1) is \(value), the tolerance \(tolerance). A matrix of full rank has a derivative"
    case .dependentColumn(let column, let value, let tolerance):
      "column \(column) depends on those before it; entry \(column) of the diagonal of R is \(value), the tolerance \(tolerance). Linearly independent columns have a unique Q"
    case .outsideDomain(let function, let eigenvalue):
      "\(function) has no real value here; "
        + (eigenvalue.map { "an eigenvalue is \($0)." } ?? "an eigenvalue is 0 or negative.")
        + " Eigenvalues off the closed negative axis would do"
    case .noUniqueSolution:
      "the equation has no unique solution; A and -B share an eigenvalue"
    case .notFinite:
      "an entry is infinite or not a number; finite ones would do"
    case .noConvergence(let method, let iterations):
      "\(method) did not converge in \(iterations) iterations"
    case .tooLarge(let order, let limit):
      "the system has \(order) unknowns, more than \(limit); with OpenBLAS installed it can be solved"
    }
  }
}

extension Matrix {
  func requireSquare() throws(LinearAlgebraError) {
    guard isSquare else { throw .notSquare(size) }
  }

  func requireFinite() throws(LinearAlgebraError) {
    guard allFinite else { throw .notFinite }
  }
}
