import Evaluation

/// What a solve with an operator needs, computed once: made by `LinearOperator.factorized()`.
public struct OperatorFactorization: Sendable {
  /// The operator that was factorized, not transposed.
  let original: LinearOperator
  let kind: Kind
  let isTransposed: Bool

  indirect enum Kind: Sendable {
    /// Factorized by its own inverse.
    case inverse(LinearOperator)
    case cholesky(Matrix)
    case lu(LUFactorization)
    case scaled(Double, OperatorFactorization)
    case kronecker(OperatorFactorization, OperatorFactorization)
    case product([OperatorFactorization])
    /// `I⊗M + P⊗I`, which takes vec(X) to vec(M*X + X*P').
    case sylvester(Matrix, Matrix)
    case lowRankUpdate(LowRankUpdate)
    /// Each on its own part of the column.
    case blockDiagonal([OperatorFactorization])
    case blockTriangular([OperatorFactorization], isLower: Bool)
    case schur(SchurComplement)
  }

  init(_ original: LinearOperator, _ kind: Kind, isTransposed: Bool = false) {
    self.original = original
    self.kind = kind
    self.isTransposed = isTransposed
  }

  public var order: Int { original.rows }

  /// Solves with the transpose.
  public var transposed: OperatorFactorization {
    OperatorFactorization(original, kind, isTransposed: !isTransposed)
  }

  /// X with `A*X = B`, both n×k.
  /// Throws `sizesDiffer`, `notFinite`, `singular` and what the parts throw.
  public func solve(_ b: Matrix) throws(LinearOperatorError) -> Matrix {
    var workspace = Workspace()
    return try solve(b, in: &workspace)
  }

  /// The same, counted and limited.
  public func solve(
    _ b: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    guard b.rows == order else {
      throw .sizesDiffer(operation: "solve", original.size, b.size)
    }
    guard b.allFinite else { throw .notFinite("the right-hand side") }
    try workspace.reserve(b.rows, b.columns)
    let x = try solution(b, in: &workspace)
    return isIndirect ? try refined(x, b, &workspace) : x
  }

  /// Whether the solution passes through systems that may be worse conditioned than this one.
  private var isIndirect: Bool {
    switch kind {
    case .sylvester, .lowRankUpdate, .schur: true
    case .inverse(let x): if case .product = x.structure { true } else { false }
    case .product, .cholesky, .lu, .scaled, .kronecker, .blockDiagonal, .blockTriangular: false
    }
  }

  /// Iterative refinement (Higham, Accuracy and Stability of Numerical Algorithms, chapter 12), as
  /// long as it gains. A residual that stays large shows a system that is singular to working
  /// precision.
  private func refined(
    _ x: Matrix, _ b: Matrix, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let own = isTransposed ? original.transposed : original
    let scale = b.frobeniusNorm
    var best = x
    var residual = b.subtracting(try own.apply(to: x, in: &workspace))
    for _ in 0..<4 where !(residual.frobeniusNorm <= 1e-14 * scale) {
      let better = best.adding(try solution(residual, in: &workspace))
      let left = b.subtracting(try own.apply(to: better, in: &workspace))
      guard left.frobeniusNorm < residual.frobeniusNorm / 2 else { break }
      (best, residual) = (better, left)
    }
    // Not `>`: a residual that is no number is none either.
    guard residual.frobeniusNorm <= 1e-6 * scale else {
      throw .singular("\(own), to working precision,")
    }
    return best
  }

  private func solution(
    _ b: Matrix, in workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let columns = b.columns
    switch kind {
    case .inverse(let inverse):
      return try (isTransposed ? inverse.transposed : inverse).apply(to: b, in: &workspace)
    case .cholesky(let factor):
      workspace.count(order, order, columns)
      return factor.solvingLowerTransposed(factor.solvingLower(b))
    case .lu(let lu):
      workspace.count(order, order, columns)
      return try LinearOperatorError.attempt { () throws(LinearAlgebraError) in
        isTransposed ? try lu.solveTransposed(b) : try lu.solve(b)
      }
    case .scaled(let c, let inner):
      return try inner.oriented(isTransposed).solve(b, in: &workspace).scaled(by: 1 / c)
    case .kronecker(let a, let b2):
      return try Self.solve(a.oriented(isTransposed), b2.oriented(isTransposed), b, &workspace)
    case .product(let factors):
      var x = b
      for factor in isTransposed ? factors.reversed() : factors {
        x = try factor.oriented(isTransposed).solve(x, in: &workspace)
      }
      return x
    case .sylvester(let m, let p):
      return try isTransposed
        ? Self.sylvester(m.transposed, p, b, &workspace)
        : Self.sylvester(m, p.transposed, b, &workspace)
    case .lowRankUpdate(let update):
      return try update.solve(b, isTransposed: isTransposed, in: &workspace)
    case .blockDiagonal(let parts):
      var solved: [Matrix] = []
      var top = 0
      for part in parts {
        let right = b.rows(from: top, count: part.order)
        solved.append(try part.oriented(isTransposed).solve(right, in: &workspace))
        top += part.order
      }
      return Matrix.stacked(solved)
    case .blockTriangular(let diagonal, let isLower):
      return try solve(blocks: diagonal, isLower: isLower, b, &workspace)
    case .schur(let complement):
      return try complement.solve(b, isTransposed: isTransposed, in: &workspace)
    }
  }

  func oriented(_ transposed: Bool) -> OperatorFactorization {
    transposed ? self.transposed : self
  }

  /// `(A⊗B)*vec(X) = vec(B*X*A')`, solved from both sides.
  private static func solve(
    _ a: OperatorFactorization, _ b: OperatorFactorization, _ right: Matrix,
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let count = right.columns
    let left = try b.solve(right.reshaped(b.order, a.order * count), in: &workspace)
    let turned = left.swappingTrailing(a.order, count)
    return try a.solve(turned, in: &workspace).swappingLeading(b.order, count)
  }

  /// X with `M*X + X*N = C` for each column `vec(C)`.
  private static func sylvester(
    _ m: Matrix, _ n: Matrix, _ b: Matrix, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    let order = m.rows * n.rows
    if Matrix.solvesSylvesterDensely(m.rows, n.rows) {
      try workspace.reserve(order, order)
      workspace.count(order, order, order * b.columns)
    } else {
      workspace.count(25 * m.rows, m.rows, m.rows * b.columns)
      workspace.count(25 * n.rows, n.rows, n.rows * b.columns)
    }
    var values: [Double] = []
    for j in 0..<b.columns {
      let right = b.column(j).reshaped(m.rows, n.rows)
      values += try LinearOperatorError.attempt { () throws(LinearAlgebraError) in
        try Matrix.sylvester(m, n, right)
      }.values
    }
    return Matrix(rows: order, columns: b.columns, values: values) ?? b
  }

  /// Substitution, block by block.
  private func solve(
    blocks diagonal: [OperatorFactorization], isLower: Bool, _ b: Matrix,
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> Matrix {
    guard case .blocks(let grid) = (isTransposed ? original.transposed : original).structure else {
      return b
    }
    var starts = [0]
    for factorization in diagonal { starts.append(starts[starts.count - 1] + factorization.order) }
    var parts = [Matrix?](repeating: nil, count: diagonal.count)
    let forward = isLower != isTransposed
    for i in forward ? Array(diagonal.indices) : diagonal.indices.reversed() {
      var right = b.rows(from: starts[i], count: diagonal[i].order)
      for (j, part) in parts.enumerated() {
        guard let part else { continue }
        right = right.subtracting(try grid[i][j].apply(to: part, in: &workspace))
      }
      parts[i] = try diagonal[i].oriented(isTransposed).solve(right, in: &workspace)
    }
    return Matrix.stacked(parts.compactMap { $0 })
  }
}

extension OperatorFactorization {
  /// How it solves, in short: `Kronecker product of (multiplication by the inverse) and (Cholesky)`.
  public var method: String {
    switch kind {
    case .inverse(let x):
      if case .product = x.structure { return "simultaneous diagonalization" }
      return "multiplication by the inverse"
    case .cholesky: return "Cholesky of order \(order)"
    case .lu: return "LU of order \(order)"
    case .scaled(_, let x): return x.method
    case .kronecker(let a, let b): return "Kronecker product of (\(a.method)) and (\(b.method))"
    case .product(let factors):
      return "one after the other: " + factors.map(\.method).joined(separator: ", ")
    case .sylvester(let m, let p): return "Sylvester equation \(m.rows)×\(p.rows)"
    case .lowRankUpdate(let update):
      return "update of rank \(update.rank) (Woodbury) of (\(update.base.method))"
    case .blockDiagonal(let parts):
      return "\(parts.count) blocks: " + (parts.first?.method ?? "")
    case .blockTriangular(let diagonal, _):
      return "blocks: " + diagonal.map(\.method).joined(separator: ", ")
    case .schur(let complement):
      return "Schur complement (\(complement.rest.method)) of (\(complement.eliminated.method))"
    }
  }
}

extension LinearOperatorError {
  /// A kernel's error in the terms of operators.
  static func attempt<T>(
    _ body: () throws(LinearAlgebraError) -> T
  ) throws(LinearOperatorError) -> T {
    do {
      return try body()
    } catch {
      switch error {
      case .singular: throw .singular("a matrix in it")
      case .noUniqueSolution: throw .singular("A⊗B + C⊗D")
      case .notFinite: throw .notFinite("a matrix in it")
      case .notSquare, .sizesDiffer, .zeroPivot, .notPositiveDefinite, .repeatedEigenvalues,
        .zeroSingularValue, .rankDrops, .dependentColumn, .outsideDomain, .noConvergence, .tooLarge:
        throw .linearAlgebra(error)
      }
    }
  }
}
