import Evaluation

/// A block on the diagonal eliminated: of the blocks A, B, C and D, where A is solved with by its
/// structure, what remains is a dense system with `D - C*inv(A)*B`.
///
/// Golub & Van Loan, Matrix Computations, section 3.2.11; Boyd & Vandenberghe, Convex Optimization,
/// appendix C.4.
struct SchurComplement: Sendable {
  let eliminated: OperatorFactorization
  let rest: OperatorFactorization
  /// Where the eliminated block begins.
  private let start: Int
  private let right: LinearOperator
  private let left: LinearOperator

  var order: Int { eliminated.order + rest.order }

  /// Eliminates block i of a grid that is square with square blocks on its diagonal.
  init(
    _ grid: [[LinearOperator]], eliminating i: Int, _ factorization: OperatorFactorization,
    in workspace: inout Workspace
  ) throws(LinearOperatorError) {
    let others = grid.indices.filter { $0 != i }
    eliminated = factorization
    start = grid[..<i].reduce(0) { $0 + $1[0].rows }
    right = try .blocks([others.map { grid[i][$0] }])
    left = try .blocks(others.map { [grid[$0][i]] })
    let remaining = try LinearOperator.blocks(others.map { j in others.map { grid[j][$0] } })
    guard remaining.rows <= workspace.maximumDenseOrder else {
      throw .noStructure(
        of: "the other blocks", order: remaining.rows, limit: workspace.maximumDenseOrder)
    }
    let solved = try factorization.solve(
      try right.materialised(in: &workspace), in: &workspace)
    let product = try left.apply(to: solved, in: &workspace)
    let complement = try remaining.materialised(in: &workspace).subtracting(product)
    rest = try LinearOperator.dense(complement).factorized(in: &workspace)
  }

  func solve(
    _ b: Matrix, isTransposed: Bool, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let (end, count) = (start + eliminated.order, eliminated.order)
    let own = b.rows(from: start, count: count)
    let other = Matrix.stacked([
      b.rows(from: 0, count: start), b.rows(from: end, count: b.rows - end),
    ])
    let block = eliminated.oriented(isTransposed)
    let (above, below) = isTransposed ? (left.transposed, right.transposed) : (right, left)
    let half = try block.solve(own, in: &workspace)
    let reduced = other.subtracting(try below.apply(to: half, in: &workspace))
    let y = try rest.oriented(isTransposed).solve(reduced, in: &workspace)
    let x = half.subtracting(
      try block.solve(try above.apply(to: y, in: &workspace), in: &workspace))
    return Matrix.stacked([
      y.rows(from: 0, count: start), x, y.rows(from: start, count: y.rows - start),
    ])
  }
}

extension OperatorFactorization {
  /// Whether a solve is cheaper than one with a dense matrix of this order.
  var isShort: Bool {
    switch kind {
    case .cholesky, .lu: false
    case .scaled(_, let x): x.isShort
    case .inverse, .kronecker, .product, .sylvester, .lowRankUpdate, .blockDiagonal,
      .blockTriangular, .schur:
      true
    }
  }
}
