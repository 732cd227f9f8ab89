import Evaluation

extension LinearOperator {
  /// X with `A*X = B` for this n×n operator A, both n×k, by its structure: factor by factor of a
  /// Kronecker product or a product, entry by entry of a diagonal, block by block, by a Sylvester
  /// equation for a sum of two Kronecker products, by Woodbury's formula for a term of low rank;
  /// by a dense factorization otherwise.
  ///
  /// Throws `notSquare`, `sizesDiffer`, `singular`, `noStructure`, `tooLarge`, `notFinite`.
  public func solve(_ b: Matrix) throws(LinearOperatorError) -> Matrix {
    var workspace = Workspace()
    return try factorized(in: &workspace).solve(b, in: &workspace)
  }

  /// What a solve needs, computed once for several of them. Throws as `solve` does.
  public func factorized() throws(LinearOperatorError) -> OperatorFactorization {
    var workspace = Workspace()
    return try factorized(in: &workspace)
  }

  /// The same, counted and limited.
  public func factorized(
    in workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization {
    guard isSquare else { throw .notSquare(size) }
    switch structure {
    case .zero: throw .singular("zero(\(rows)×\(rows))")
    case .scaledIdentity(let c):
      guard c.isFinite else { throw .notFinite("\(self)") }
      guard c != 0 else { throw .singular("\(self)") }
      return OperatorFactorization(self, .inverse(.identity(rows, scaledBy: 1 / c)))
    case .diagonal(let entries):
      guard entries.allSatisfy(\.isFinite) else { throw .notFinite("\(self)") }
      if let i = entries.firstIndex(of: 0) {
        throw .singular("\(self), whose entry \(i + 1) is 0,")
      }
      return OperatorFactorization(self, .inverse(.diagonal(entries.map { 1 / $0 })))
    case .dense(let matrix): return try factorized(matrix, &workspace)
    case .selection(let selection):
      guard selection.permutation != nil else { throw .singular("\(self)") }
      return OperatorFactorization(self, .inverse(transposed))
    case .scaled(let c, let x):
      return OperatorFactorization(self, .scaled(c, try x.factorized(in: &workspace)))
    case .kronecker(let a, let b):
      // The rank of A⊗B is the product of both ranks.
      guard a.isSquare, b.isSquare else { throw .singular("\(self)") }
      return OperatorFactorization(
        self,
        .kronecker(try a.factorized(in: &workspace), try b.factorized(in: &workspace)))
    case .product(let factors): return try factorized(product: factors, &workspace)
    case .sum(let terms): return try factorized(sum: terms, &workspace)
    case .blocks(let grid): return try factorized(blocks: grid, &workspace)
    case .inverse(let factorization):
      let original = factorization.original
      return OperatorFactorization(
        self, .inverse(factorization.isTransposed ? original.transposed : original))
    case .khatriRao, .map: return try factorizedDensely(&workspace)
    }
  }

  // MARK: Dense

  private func factorized(
    _ matrix: Matrix, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization {
    guard matrix.allFinite else { throw .notFinite("\(self)") }
    try workspace.reserve(rows, rows)
    if matrix.isNearlySymmetric, let factor = try? matrix.cholesky(), factor.isWellPivoted {
      workspace.count(rows, rows, rows / 6 + 1)
      return OperatorFactorization(self, .cholesky(factor))
    }
    workspace.count(rows, rows, rows / 3 + 1)
    let lu = try LinearOperatorError.attempt { () throws(LinearAlgebraError) in
      try LUFactorization(matrix)
    }
    guard lu.isRegular else { throw .singular("\(self)") }
    return OperatorFactorization(self, .lu(lu))
  }

  /// Where no structure helps.
  private func factorizedDensely(
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization {
    guard rows <= workspace.maximumDenseOrder else {
      throw .noStructure(of: description, order: rows, limit: workspace.maximumDenseOrder)
    }
    let matrix = try materialised(in: &workspace)
    let dense = try LinearOperator.dense(matrix).factorized(matrix, &workspace)
    return OperatorFactorization(self, dense.kind)
  }

  // MARK: Products and blocks

  private func factorized(
    product factors: [LinearOperator], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization {
    if factors.allSatisfy(\.isSquare) {
      var parts: [OperatorFactorization] = []
      for factor in factors { parts.append(try factor.factorized(in: &workspace)) }
      return OperatorFactorization(self, .product(parts))
    }
    if let kind = try factorizedByBlocks(&workspace) { return OperatorFactorization(self, kind) }
    if factors.contains(where: { min($0.rows, $0.columns) < rows }) {
      throw .singular("\(self), whose rank is smaller than its order,")
    }
    return try factorizedDensely(&workspace)
  }

  private func factorized(
    blocks grid: [[LinearOperator]], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization {
    func isZero(_ x: LinearOperator) -> Bool {
      if case .zero = x.structure { true } else { false }
    }
    let isGridSquare = grid.indices.allSatisfy {
      grid[$0].count == grid.count && grid[$0][$0].isSquare
    }
    let isLower =
      isGridSquare && grid.enumerated().allSatisfy { $1[($0 + 1)...].allSatisfy(isZero) }
    let isUpper = isGridSquare && grid.enumerated().allSatisfy { $1[..<$0].allSatisfy(isZero) }
    guard isLower || isUpper else {
      if isGridSquare, let kind = try eliminated(grid, &workspace) {
        return OperatorFactorization(self, kind)
      }
      return try factorizedDensely(&workspace)
    }
    var diagonal: [OperatorFactorization] = []
    for (i, row) in grid.enumerated() { diagonal.append(try row[i].factorized(in: &workspace)) }
    return OperatorFactorization(self, .blockTriangular(diagonal, isLower: isLower))
  }

  /// The largest block on the diagonal that is short to solve with, eliminated; nil where there is
  /// none. A block may be singular where the whole is not.
  private func eliminated(
    _ grid: [[LinearOperator]], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    var failure: LinearOperatorError?
    for i in grid.indices.sorted(by: { grid[$0][$0].rows > grid[$1][$1].rows }) {
      do {
        let block = try grid[i][i].factorized(in: &workspace)
        guard block.isShort else { continue }
        return .schur(try SchurComplement(grid, eliminating: i, block, in: &workspace))
      } catch {
        failure = error
      }
    }
    // The dense system decides, if it may.
    if let failure, rows > workspace.maximumDenseOrder { throw failure }
    return nil
  }

  // MARK: Sums

  /// Two Kronecker products; else blocks; else terms of low rank beside others; else dense.
  private func factorized(
    sum terms: [LinearOperator], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization {
    var failure: LinearOperatorError?
    do {
      if let kind = try KroneckerSum(terms)?.factorization(&workspace) {
        return OperatorFactorization(self, kind)
      }
      if let kind = try factorizedByBlocks(&workspace) { return OperatorFactorization(self, kind) }
      if let kind = try updated(terms, &workspace) { return OperatorFactorization(self, kind) }
    } catch {
      failure = error
    }
    // A part may be singular where the sum is not: the dense system decides, if it may.
    do {
      return try factorizedDensely(&workspace)
    } catch {
      if case .noStructure = error, let failure { throw failure }
      throw error
    }
  }

  /// The sum as a base and an update of low rank; nil where there is no such split.
  private func updated(
    _ terms: [LinearOperator], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    var base: [LinearOperator] = []
    var lefts: [Matrix] = []
    var rights: [Matrix] = []
    var rank = 0
    for term in terms {
      guard let (left, right) = try term.thinFactors(&workspace), 2 * (rank + left.columns) <= rows
      else {
        base.append(term)
        continue
      }
      lefts.append(left)
      rights.append(right)
      rank += left.columns
    }
    guard rank > 0 else { return nil }
    if base.isEmpty { throw .singular("\(self), whose rank is smaller than its order,") }
    let rest = try LinearOperator.sum(base)
    // A dense base gains nothing: the whole sum is one dense matrix.
    if rest.matrix != nil, rows <= workspace.maximumDenseOrder { return nil }
    let factorization = try rest.factorized(in: &workspace)
    return .lowRankUpdate(
      try LowRankUpdate(
        factorization, Matrix.beside(lefts), Matrix.beside(rights), in: &workspace))
  }

  /// U and V (n×r) where the operator is a product `U*V'` with r no more than half the order.
  private func thinFactors(
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> (Matrix, Matrix)? {
    let (c, body) = splitCoefficient
    guard case .product(let factors) = body.structure,
      let cut = factors.indices.dropLast().min(by: { factors[$0].columns < factors[$1].columns }),
      2 * factors[cut].columns <= rows
    else { return nil }
    let left = try LinearOperator.product(Array(factors[...cut])).scaled(by: c)
    let right = try LinearOperator.product(Array(factors[(cut + 1)...])).transposed
    return (try left.materialised(in: &workspace), try right.materialised(in: &workspace))
  }
}

extension Matrix {
  /// Whether the matrix is symmetric but for rounding.
  var isNearlySymmetric: Bool {
    guard isSquare else { return false }
    let tolerance = 16 * Double.ulpOfOne * maxMagnitude
    for j in 0..<columns {
      for i in 0..<j where !((self[i, j] - self[j, i]).magnitude <= tolerance) { return false }
    }
    return true
  }

  /// Of a Cholesky factor: whether no pivot is lost in rounding.
  fileprivate var isWellPivoted: Bool {
    let pivots = (0..<rows).map { self[$0, $0] * self[$0, $0] }
    return (pivots.min() ?? 1) > Double(rows) * 4 * Double.ulpOfOne * (pivots.max() ?? 1)
  }

  /// Matrices of equally many rows, side by side.
  fileprivate static func beside(_ parts: [Matrix]) -> Matrix {
    guard parts.count > 1, let first = parts.first else { return parts.first ?? zeros(0, 0) }
    let columns = parts.reduce(0) { $0 + $1.columns }
    return Matrix(rows: first.rows, columns: columns, values: parts.flatMap(\.values)) ?? first
  }
}
