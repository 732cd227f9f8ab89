import Evaluation

/// `I ⊗ S + diag(v)`, `(I ⊗ A')*diag(v)*(I ⊗ A)`: operators on vec(X) that treat each column of X
/// by itself are block diagonal; those that treat each row by itself are so after a permutation.
extension LinearOperator {
  /// Block i of `count` equally large ones; nil where the structure does not show that all else is
  /// zero.
  func diagonalBlock(_ i: Int, of count: Int) -> LinearOperator? {
    guard count > 0, rows % count == 0, columns % count == 0 else { return nil }
    let (height, width) = (rows / count, columns / count)
    switch structure {
    case .zero: return .zero(height, width)
    case .scaledIdentity(let c): return .identity(height, scaledBy: c)
    case .diagonal(let entries): return .diagonal(Array(entries[(i * height)..<((i + 1) * height)]))
    case .scaled(let c, let x): return x.diagonalBlock(i, of: count)?.scaled(by: c)
    case .kronecker(let a, let b):
      if a.rows == count, let factor = a.diagonalEntry(i) { return b.scaled(by: factor) }
      guard let outer = a.diagonalBlock(i, of: count) else { return nil }
      return try? .kronecker(outer, b)
    case .sum(let terms):
      return blocks(of: terms, i, count).flatMap { try? .sum($0) }
    case .product(let factors):
      return blocks(of: factors, i, count).flatMap { try? .product($0) }
    case .dense, .selection, .khatriRao, .blocks, .inverse, .map: return nil
    }
  }

  private func blocks(of parts: [LinearOperator], _ i: Int, _ count: Int) -> [LinearOperator]? {
    var result: [LinearOperator] = []
    for part in parts {
      guard let block = part.diagonalBlock(i, of: count) else { return nil }
      result.append(block)
    }
    return result
  }

  private func diagonalEntry(_ i: Int) -> Double? {
    switch structure {
    case .scaledIdentity(let c): c
    case .diagonal(let entries): entries[i]
    case .zero, .dense, .selection, .scaled, .kronecker, .khatriRao, .sum, .product, .blocks,
      .inverse, .map:
      nil
    }
  }

  /// The orders p and q of the diagonal factors of the first Kronecker products `D_p ⊗ B` and
  /// `A ⊗ D_q` inside.
  private var diagonalFactors: (left: Int?, right: Int?) {
    switch structure {
    case .kronecker(let a, let b):
      return (
        a.diagonalEntry(0) == nil ? a.diagonalFactors.left : a.rows,
        b.diagonalEntry(0) == nil ? b.diagonalFactors.right : b.rows
      )
    case .scaled(_, let x): return x.diagonalFactors
    case .sum(let parts), .product(let parts):
      var found: (left: Int?, right: Int?) = (nil, nil)
      for part in parts {
        let inner = part.diagonalFactors
        found = (found.left ?? inner.left, found.right ?? inner.right)
      }
      return found
    case .zero, .scaledIdentity, .diagonal, .dense, .selection, .khatriRao, .blocks, .inverse, .map:
      return (nil, nil)
    }
  }

  /// The same on vec(X') instead of vec(X), on both sides, where Kronecker products have a right
  /// factor of q rows or columns: A ⊗ B becomes B ⊗ A. Nil where the structure does not allow it.
  private func exchangingFactors(right q: Int) -> LinearOperator? {
    switch structure {
    case .zero, .scaledIdentity: return self
    case .diagonal(let entries):
      let p = rows / q
      return .diagonal((0..<q).flatMap { j in (0..<p).map { entries[$0 * q + j] } })
    case .scaled(let c, let x): return x.exchangingFactors(right: q)?.scaled(by: c)
    case .kronecker(let a, let b):
      guard b.rows == q, b.columns == q else { return nil }
      return try? .kronecker(b, a)
    case .sum(let parts): return exchanged(parts, q).flatMap { try? .sum($0) }
    case .product(let parts): return exchanged(parts, q).flatMap { try? .product($0) }
    case .dense, .selection, .khatriRao, .blocks, .inverse, .map: return nil
    }
  }

  private func exchanged(_ parts: [LinearOperator], _ q: Int) -> [LinearOperator]? {
    var result: [LinearOperator] = []
    for part in parts {
      guard let exchanged = part.exchangingFactors(right: q) else { return nil }
      result.append(exchanged)
    }
    return result
  }

  /// Block by block; nil where the operator is not seen to be block diagonal.
  func factorizedByBlocks(
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    let (left, right) = diagonalFactors
    if let left, let blocks = try factorizedBlocks(left, &workspace) { return blocks }
    guard let q = right, rows % q == 0, let exchanged = exchangingFactors(right: q),
      let blocks = try exchanged.factorizedBlocks(q, &workspace)
    else { return nil }
    // K*vec(X) = vec(X') for X q×p; this operator is K'*exchanged*K.
    let turn = try LinearOperator.commutation(q, rows / q)
    return .product([
      OperatorFactorization(turn.transposed, .inverse(turn)),
      OperatorFactorization(exchanged, blocks),
      OperatorFactorization(turn, .inverse(turn.transposed)),
    ])
  }

  private func factorizedBlocks(
    _ count: Int, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> OperatorFactorization.Kind? {
    guard count > 1, diagonalBlock(0, of: count)?.isSquare == true else { return nil }
    var parts: [OperatorFactorization] = []
    for i in 0..<count {
      guard let block = diagonalBlock(i, of: count) else { return nil }
      parts.append(try block.factorized(in: &workspace))
    }
    return .blockDiagonal(parts)
  }
}
