import Evaluation

/// `B + U*V'` with a B that is solved with easily: U and V n×r with r small.
///
/// `inv(B + U*V') = inv(B) - inv(B)*U*inv(I + V'*inv(B)*U)*V'*inv(B)` (Sherman, Morrison and
/// Woodbury; Golub & Van Loan, Matrix Computations, section 2.1.4).
struct LowRankUpdate: Sendable {
  let base: OperatorFactorization
  private let u: Matrix
  private let v: Matrix
  /// `I + V'*inv(B)*U`.
  private let capacitance: LUFactorization

  var rank: Int { u.columns }

  init(
    _ base: OperatorFactorization, _ u: Matrix, _ v: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) {
    self.base = base
    self.u = u
    self.v = v
    let solved = try base.solve(u, in: &workspace)
    workspace.count(u.columns, u.rows, u.columns)
    workspace.count(u.columns, u.columns, u.columns)
    try workspace.reserve(u.columns, u.columns)
    let small = v.transposedTimes(solved).adding(Matrix.identity(u.columns))
    capacitance = try LinearOperatorError.attempt { () throws(LinearAlgebraError) in
      try LUFactorization(small)
    }
    guard capacitance.isRegular else {
      throw .singular("a sum with a term of rank \(u.columns)")
    }
  }

  func solve(
    _ b: Matrix, isTransposed: Bool, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let base = base.oriented(isTransposed)
    let (left, right) = isTransposed ? (v, u) : (u, v)
    let y = try base.solve(b, in: &workspace)
    workspace.count(2 * rank, b.rows, b.columns)
    let inner = right.transposedTimes(y)
    let weights = try LinearOperatorError.attempt { () throws(LinearAlgebraError) in
      isTransposed ? try capacitance.solveTransposed(inner) : try capacitance.solve(inner)
    }
    return y.subtracting(try base.solve(left.times(weights), in: &workspace))
  }
}

extension LUFactorization {
  /// Whether a solve means anything: by the pivots, and by the estimated condition.
  var isRegular: Bool {
    do {
      try requireRegular()
    } catch {
      return false
    }
    return reciprocalCondition > Double(max(order, 4)) * Double.ulpOfOne
  }
}
