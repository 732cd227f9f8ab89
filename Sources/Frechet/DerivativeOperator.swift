import Differentiation
import Evaluation
import LinearOperators

/// A Hessian or Jacobian at given data, as a linear map from matrices to matrices.
///
/// A Hessian by an m×n matrix takes m×n matrices V to m×n matrices, `vec` understood; a Jacobian of
/// a p×q function takes them to p×q ones.
public struct DerivativeOperator: Sendable {
  /// The formula that was evaluated: of the form `operator` linear in `V`, otherwise the matrix.
  public let text: String
  /// `matrix`, `kronecker` or, where there is no matrix form, `operator`.
  public let form: Form
  /// The size of results.
  public let rowSize: MatrixSize
  /// The size of arguments: that of the variable.
  public let columnSize: MatrixSize
  /// The operator on columns `vec(V)`.
  public let linearOperator: LinearOperator
  /// What makes a number less certain than it looks.
  public let notes: [String]

  /// The derivative along V, which has the size of the variable.
  public func apply(to v: Matrix) throws(FrechetError) -> Matrix {
    let column = try vectorized(v, columnSize, "apply")
    return try FrechetError.attempt { () throws(LinearOperatorError) in
      shaped(try linearOperator.apply(to: column), rowSize)
    }
  }

  /// The transpose, applied to a matrix of the size of results (a vector-Jacobian product).
  public func applyTransposed(to u: Matrix) throws(FrechetError) -> Matrix {
    let column = try vectorized(u, rowSize, "applyTransposed")
    return try FrechetError.attempt { () throws(LinearOperatorError) in
      shaped(try linearOperator.transposed.apply(to: column), columnSize)
    }
  }

  /// The whole matrix, with respect to `vec`. Throws `sizeLimit`, before memory is taken, where it
  /// would have more entries than allowed.
  public func materialise(maximumEntries: Int = 1 << 28) throws(FrechetError) -> Matrix {
    try FrechetError.attempt { () throws(LinearOperatorError) in
      try linearOperator.materialise(maximumEntries: maximumEntries)
    }
  }

  /// The diagonal of a Hessian, in the shape of the variable: the second derivatives by each entry.
  public func diagonal() throws(FrechetError) -> Matrix {
    try FrechetError.attempt { () throws(LinearOperatorError) in
      shaped(try linearOperator.diagonal(), columnSize)
    }
  }

  /// The V whose derivative along it is B: Newton's step where B is minus the gradient.
  ///
  /// The structure is used (see `LinearOperator.solve`). Throws `evaluation` where the operator is
  /// singular, and `sizeLimit` where it is large and has no structure that shortens a solve;
  /// `conjugateGradients` may then do.
  public func solve(_ b: Matrix) throws(FrechetError) -> Matrix {
    let column = try vectorized(b, rowSize, "solve")
    return try FrechetError.attempt { () throws(LinearOperatorError) in
      shaped(try linearOperator.solve(column), columnSize)
    }
  }

  /// The same by products only, for a positive definite Hessian (see
  /// `LinearOperator.conjugateGradients`).
  public func conjugateGradients(
    _ b: Matrix, tolerance: Double = 1e-10, maximumIterations: Int? = nil
  ) throws(FrechetError) -> IterativeSolution {
    let column = try vectorized(b, rowSize, "conjugateGradients")
    return try FrechetError.attempt { () throws(LinearOperatorError) in
      let solved = try linearOperator.conjugateGradients(
        column, tolerance: tolerance, maximumIterations: maximumIterations)
      return IterativeSolution(
        solution: shaped(solved.solution, columnSize), iterations: solved.iterations,
        relativeResidual: solved.relativeResidual)
    }
  }

  private func vectorized(
    _ v: Matrix, _ size: MatrixSize, _ operation: String
  ) throws(FrechetError) -> Matrix {
    guard v.size == size else {
      throw .evaluation("\(operation): a \(size) matrix is expected, the value is \(v.size)")
    }
    return Matrix(column: v.values)
  }

  private func shaped(_ column: Matrix, _ size: MatrixSize) -> Matrix {
    Matrix(rows: size.rows, columns: size.columns, values: column.values) ?? column
  }
}

extension FrechetError {
  /// An operator's error as one of the library.
  static func attempt<T>(
    _ body: () throws(LinearOperatorError) -> T
  ) throws(FrechetError) -> T {
    do {
      return try body()
    } catch {
      throw FrechetError(error)
    }
  }

  init(_ error: LinearOperatorError) {
    switch error {
    case .tooLarge, .noStructure: self = .sizeLimit(error.description)
    case .evaluation(let error): self = FrechetError(error)
    case .sizesDiffer, .notSquare, .singular, .notPositiveDefinite, .noConvergence, .notFinite,
      .linearAlgebra:
      self = .evaluation(error.description)
    }
  }

  init(_ error: EvaluationError) {
    switch error {
    case .tooLarge, .memoryLimit: self = .sizeLimit(error.description)
    case .missingVariable, .unknownVariable, .wrongShape, .inconsistentSize, .unknownSize,
      .invalidSize, .sizesDoNotFit, .invalidArgument, .linearAlgebra, .malformed,
      .notANumber:
      self = .evaluation(error.description)
    }
  }
}
