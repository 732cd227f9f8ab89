import Evaluation

/// `A⊗B + C⊗D` with square factors: a Sylvester equation.
struct KroneckerSum {
  private let a: LinearOperator
  private let b: LinearOperator
  private let c: LinearOperator
  private let d: LinearOperator

  /// Nil where the terms are not two Kronecker products of one kind.
  init?(_ terms: [LinearOperator]) {
    guard terms.count == 2 else { return nil }
    let (first, second) = (terms[0].splitCoefficient, terms[1].splitCoefficient)
    let pairs = [(first, second), (second, first)]
    for (one, other) in pairs {
      guard case .kronecker(let p, let q) = one.1.structure, p.isSquare, q.isSquare,
        let (number, r, s) = other.1.kroneckerFactors(like: p, q)
      else { continue }
      a = p.scaled(by: one.0)
      b = q
      c = r
      d = s.scaled(by: other.0 * number)
      return
    }
    return nil
  }

  /// Nil where neither of the pairs (B, C) and (A, D) is invertible.
  func factorization(
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    let a = try self.a.materialised(in: &workspace)
    let b = try self.b.materialised(in: &workspace)
    let c = try self.c.materialised(in: &workspace)
    let d = try self.d.materialised(in: &workspace)
    if [a, b, c, d].allSatisfy(\.isNearlySymmetric) {
      if let kind = try Self.diagonalized(a, b, c, d, &workspace) { return kind }
      if let kind = try Self.diagonalized(c, d, a, b, &workspace) { return kind }
    }
    if let kind = try Self.reduced(a, b, c, d, &workspace) { return kind }
    return try Self.reduced(c, d, a, b, &workspace)
  }

  /// For symmetric factors with B and C definite: with `W'*B*W = I`, `W'*D*W = diag(δ)` and
  /// `V'*C*V = I`, `V'*A*V = diag(α)` the inverse is `(V⊗W)*diag(α_i + δ_j)^-1*(V⊗W)'` (Golub &
  /// Van Loan, Matrix Computations, section 8.7.1).
  private static func diagonalized(
    _ a: Matrix, _ b: Matrix, _ c: Matrix, _ d: Matrix, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    guard let (w, delta) = try simultaneous(b, d, &workspace),
      let (v, alpha) = try simultaneous(c, a, &workspace)
    else { return nil }
    let sums = alpha.flatMap { x in delta.map { x + $0 } }
    let largest = (alpha.map(\.magnitude).max() ?? 0) + (delta.map(\.magnitude).max() ?? 0)
    let smallest = sums.map(\.magnitude).min() ?? 0
    guard smallest > 8 * Double.ulpOfOne * largest else {
      throw .singular("A⊗B + C⊗D with an eigenvalue \(smallest)")
    }
    let vectors = try LinearOperator.kronecker(.dense(v), .dense(w))
    // Not through `product`: a diagonal between two Kronecker products stays where it is.
    let inverse = LinearOperator(
      sums.count, sums.count,
      .product([vectors, .diagonal(sums.map { 1 / $0 }), vectors.transposed]))
    return .inverse(inverse)
  }

  /// W with `W'*P*W = I` and `W'*S*W = diag(values)`; nil unless P is positive definite.
  private static func simultaneous(
    _ p: Matrix, _ s: Matrix, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> (Matrix, [Double])? {
    guard let factor = try? p.cholesky() else { return nil }
    let n = p.rows
    // Some nine cubes for the eigenvalues, one for each triangular solve.
    workspace.count(12 * n, n, n)
    try workspace.reserve(n, n)
    let half = factor.solvingLower(s.symmetricPart)
    let reduced = factor.solvingLower(half.transposed)
    let eigen = try LinearOperatorError.attempt { () throws(LinearAlgebraError) in
      try SymmetricEigen(reduced)
    }
    return (factor.solvingLowerTransposed(eigen.vectors), eigen.values)
  }

  /// `A⊗B + C⊗D = (C⊗B)*(inv(C)*A ⊗ I + I ⊗ inv(B)*D)`, a Sylvester equation between two solves.
  private static func reduced(
    _ a: Matrix, _ b: Matrix, _ c: Matrix, _ d: Matrix, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    let (left, right) = (LinearOperator.dense(c), LinearOperator.dense(b))
    guard let solveC = try? left.factorized(in: &workspace),
      let solveB = try? right.factorized(in: &workspace)
    else { return nil }
    let p = try solveC.solve(a, in: &workspace)
    let m = try solveB.solve(d, in: &workspace)
    let outer = try LinearOperator.kronecker(left, right)
    let inner = try LinearOperator.sum([
      .kronecker(.dense(p), .identity(m.rows)), .kronecker(.identity(p.rows), .dense(m)),
    ])
    return .product([
      OperatorFactorization(outer, .kronecker(solveC, solveB)),
      OperatorFactorization(inner, .sylvester(m, p)),
    ])
  }
}
