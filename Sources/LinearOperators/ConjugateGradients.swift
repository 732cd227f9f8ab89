import Evaluation

/// The solution of a system by products with its operator only.
public struct IterativeSolution: Sendable {
  /// n×k, as the right-hand sides.
  public let solution: Matrix
  /// The most that a column took.
  public let iterations: Int
  /// The largest `‖b - A*x‖/‖b‖` of a column.
  public let relativeResidual: Double

  public init(solution: Matrix, iterations: Int, relativeResidual: Double) {
    self.solution = solution
    self.iterations = iterations
    self.relativeResidual = relativeResidual
  }
}

extension LinearOperator {
  /// X with `A*X = B`, for A symmetric positive definite, by conjugate gradients, preconditioned
  /// by the diagonal where one is given.
  ///
  /// Hestenes & Stiefel 1952; Golub & Van Loan, Matrix Computations, algorithm 11.5.1.
  ///
  /// - Parameters:
  ///   - b: n×k.
  ///   - tolerance: of the relative residual.
  ///   - maximumIterations: for each column; without one, ten times the order and at least 100.
  ///   - diagonal: that of A (n×1), positive.
  /// - Throws: `notSquare`, `sizesDiffer`, `notPositiveDefinite`, `noConvergence`, and what
  ///   `apply` throws.
  public func conjugateGradients(
    _ b: Matrix, tolerance: Double = 1e-10, maximumIterations: Int? = nil,
    preconditionedBy diagonal: Matrix? = nil
  ) throws(LinearOperatorError) -> IterativeSolution {
    guard isSquare else { throw .notSquare(size) }
    guard b.rows == rows else { throw .sizesDiffer(operation: "solve", size, b.size) }
    guard b.allFinite else { throw .notFinite("the right-hand side") }
    if let diagonal {
      guard diagonal.rows == rows, diagonal.columns == 1 else {
        throw .sizesDiffer(operation: "preconditioner", size, diagonal.size)
      }
      if let entry = diagonal.values.first(where: { !($0 > 0) }) {
        throw .notPositiveDefinite(curvature: entry)
      }
    }
    let limit = maximumIterations ?? max(100, 10 * rows)
    var values: [Double] = []
    var (iterations, residual) = (0, 0.0)
    for j in 0..<b.columns {
      let column = try solved(b.column(j), tolerance, limit, diagonal)
      values += column.solution.values
      iterations = max(iterations, column.iterations)
      residual = max(residual, column.relativeResidual)
    }
    return IterativeSolution(
      solution: Matrix(rows: rows, columns: b.columns, values: values) ?? b,
      iterations: iterations, relativeResidual: residual)
  }

  private func solved(
    _ b: Matrix, _ tolerance: Double, _ limit: Int, _ diagonal: Matrix?
  ) throws(LinearOperatorError) -> IterativeSolution {
    func preconditioned(_ r: Matrix) -> Matrix {
      diagonal.map { r.combined(with: $0) { $0 / $1 } } ?? r
    }
    let norm = b.frobeniusNorm
    var x = Matrix.zeros(rows, 1)
    guard norm > 0 else {
      return IterativeSolution(solution: x, iterations: 0, relativeResidual: 0)
    }
    var r = b
    var z = preconditioned(r)
    var p = z
    var rz = r.inner(z)
    var relative = 1.0
    for iteration in 1...max(limit, 1) {
      let ap = try apply(to: p)
      let curvature = p.inner(ap)
      guard curvature.isFinite else { throw .notFinite("the product with a direction") }
      guard curvature > 0 else { throw .notPositiveDefinite(curvature: curvature / p.inner(p)) }
      let alpha = rz / curvature
      x = x.adding(p, times: alpha)
      r = r.adding(ap, times: -alpha)
      relative = r.frobeniusNorm / norm
      if relative <= tolerance {
        return IterativeSolution(
          solution: x, iterations: iteration, relativeResidual: relative)
      }
      z = preconditioned(r)
      let next = r.inner(z)
      p = z.adding(p, times: next / rz)
      rz = next
    }
    throw .noConvergence(iterations: limit, residual: relative, tolerance: tolerance)
  }
}
