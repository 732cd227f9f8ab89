import Evaluation

/// Why an operator cannot be made, applied or solved with.
public enum LinearOperatorError: Error, Hashable, Sendable {
  /// The sizes of the operands do not fit each other.
  case sizesDiffer(operation: String, MatrixSize, MatrixSize)
  case notSquare(MatrixSize)
  /// A matrix would have too many entries.
  case tooLarge(MatrixSize, limit: Int)
  /// There is no inverse; says which part has none.
  case singular(String)
  /// Nothing but a dense factorization would solve, and that is too large.
  case noStructure(of: String, order: Int, limit: Int)
  /// Conjugate gradients met a direction of no positive curvature.
  case notPositiveDefinite(curvature: Double)
  case noConvergence(iterations: Int, residual: Double, tolerance: Double)
  /// An entry is infinite or not a number.
  case notFinite(String)
  /// An expression that the operator is made of has no value.
  case evaluation(EvaluationError)
  case linearAlgebra(LinearAlgebraError)
}

extension LinearOperatorError: CustomStringConvertible {
  /// The sentence *operation: what is wrong, what was got, what would do*.
  public var description: String {
    switch self {
    case .sizesDiffer(let operation, let a, let b):
      "\(operation): the sizes \(a) and \(b) do not fit each other"
    case .notSquare(let size):
      "solve: the operator is \(size); only a square one can be solved with"
    case .tooLarge(let size, let limit):
      "a \(size) matrix would take \(size.memory); the limit is "
        + "\(MatrixSize(limit, 1).memory). Products with vectors (apply) need no such matrix"
    case .singular(let part):
      "solve: \(part) is singular; the system has no unique solution"
    case .noStructure(let structure, let order, let limit):
      "solve: nothing in \(structure) shortens a solve, and a dense one of order \(order) is "
        + "larger than \(limit) (it would take \(MatrixSize(order, order).memory)). "
        + "conjugateGradients needs products only, where the operator is positive definite"
    case .notPositiveDefinite(let curvature):
      "conjugate gradients: the operator is not positive definite; a direction has the curvature "
        + "\(curvature)"
    case .noConvergence(let iterations, let residual, let tolerance):
      "conjugate gradients: no convergence in \(iterations) iterations; the relative residual is "
        + "\(residual), \(tolerance) was asked for"
    case .notFinite(let part):
      "\(part): an entry is infinite or not a number; finite ones would do"
    case .evaluation(let error):
      error.description
    case .linearAlgebra(let error):
      "solve: \(error.explanation)"
    }
  }
}
