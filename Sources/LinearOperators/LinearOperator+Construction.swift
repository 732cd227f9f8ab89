import Evaluation

/// Constructors. What is put together is joined where that makes every later use cheaper: numbers
/// and diagonals are multiplied out, equal factors of Kronecker products gathered.
extension LinearOperator {
  public static func dense(_ matrix: Matrix) -> LinearOperator {
    LinearOperator(matrix.rows, matrix.columns, .dense(matrix))
  }

  public static func zero(_ rows: Int, _ columns: Int) -> LinearOperator {
    LinearOperator(rows, columns, .zero)
  }

  /// `c*I` of order n.
  public static func identity(_ n: Int, scaledBy c: Double = 1) -> LinearOperator {
    LinearOperator(n, n, .scaledIdentity(c))
  }

  public static func diagonal(_ entries: [Double]) -> LinearOperator {
    LinearOperator(entries.count, entries.count, .diagonal(entries))
  }

  /// K with `K*vec(X) = vec(X')` for X m×n. Throws `tooLarge`.
  public static func commutation(_ m: Int, _ n: Int) throws(LinearOperatorError) -> LinearOperator {
    let order = try stored(m, n)
    return LinearOperator(order, order, .selection(.commutation(m, n)))
  }

  /// D with `D*vech(S) = vec(S)` for S symmetric of order n. Throws `tooLarge`.
  public static func duplication(_ n: Int) throws(LinearOperatorError) -> LinearOperator {
    let rows = try stored(n, n)
    return LinearOperator(rows, n * (n + 1) / 2, .selection(.duplication(n)))
  }

  /// The product of two sizes, as many numbers as will be held.
  private static func stored(_ m: Int, _ n: Int) throws(LinearOperatorError) -> Int {
    var workspace = Workspace()
    try workspace.reserve(m, n)
    return m * n
  }

  /// The product of two sizes, which may be larger than any column can be.
  private static func length(_ m: Int, _ n: Int) throws(LinearOperatorError) -> Int {
    let (count, overflow) = m.multipliedReportingOverflow(by: n)
    guard !overflow, count <= 1 << 40 else { throw .tooLarge(MatrixSize(m, n), limit: 1 << 40) }
    return count
  }

  // MARK: Kronecker products

  /// `A ⊗ B`, with `(A ⊗ B)*vec(X) = vec(B*X*A')` (Magnus & Neudecker, section 2.4).
  /// Throws `tooLarge`.
  public static func kronecker(
    _ a: LinearOperator, _ b: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator {
    let rows = try length(a.rows, b.rows)
    let columns = try length(a.columns, b.columns)
    let (c, left) = a.splitCoefficient
    let (d, right) = b.splitCoefficient
    func made(_ structure: Structure) -> LinearOperator {
      LinearOperator(rows, columns, structure).scaled(by: c * d)
    }
    switch (left.structure, right.structure) {
    case (.zero, _), (_, .zero): return zero(rows, columns)
    case (.scaledIdentity(let p), .scaledIdentity(let q)): return made(.scaledIdentity(p * q))
    case (.dense(let m), _) where m.isScalar: return right.scaled(by: c * d * m[0])
    case (_, .dense(let m)) where m.isScalar: return left.scaled(by: c * d * m[0])
    // Numbers stand before the product, so that equal factors are seen to be equal.
    case (.scaledIdentity(let p), _):
      if left.rows == 1 { return right.scaled(by: c * d * p) }
      return made(.kronecker(identity(left.rows), right)).scaled(by: p)
    case (_, .scaledIdentity(let q)):
      if right.rows == 1 { return left.scaled(by: c * d * q) }
      return made(.kronecker(left, identity(right.rows))).scaled(by: q)
    case _: return made(.kronecker(left, right))
    }
  }

  /// The columnwise Kronecker product of operators with equally many columns.
  /// Throws `sizesDiffer`, `tooLarge`.
  public static func khatriRao(
    _ a: LinearOperator, _ b: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator {
    guard a.columns == b.columns else {
      throw .sizesDiffer(operation: "Khatri–Rao product", a.size, b.size)
    }
    return LinearOperator(
      try length(a.rows, b.rows), a.columns, .khatriRao(a, b, isTransposed: false))
  }

  // MARK: Linear combinations

  public func scaled(by c: Double) -> LinearOperator {
    if c == 1 { return self }
    if c == 0 { return .zero(rows, columns) }
    switch structure {
    case .zero: return self
    case .scaledIdentity(let d): return LinearOperator(rows, columns, .scaledIdentity(c * d))
    case .diagonal(let entries): return .diagonal(entries.map { c * $0 })
    case .dense(let matrix): return .dense(matrix.scaled(by: c))
    case .scaled(let d, let body): return body.scaled(by: c * d)
    case .sum(let terms): return LinearOperator(rows, columns, .sum(terms.map { $0.scaled(by: c) }))
    case .selection, .kronecker, .khatriRao, .product, .blocks, .inverse, .map:
      return LinearOperator(rows, columns, .scaled(c, self))
    }
  }

  /// The sum of operators of one size. Throws `sizesDiffer`.
  public static func sum(_ terms: [LinearOperator]) throws(LinearOperatorError) -> LinearOperator {
    guard let first = terms.first else { return zero(0, 0) }
    var parts: [LinearOperator] = []
    for term in terms {
      guard term.size == first.size else {
        throw .sizesDiffer(operation: "sum", first.size, term.size)
      }
      var added: [LinearOperator] = [term]
      if case .sum(let inner) = term.structure { added = inner }
      for part in added {
        var part = part
        // What two terms give may be joined with a third one.
        while let (position, joined) = try join(part, with: parts) {
          parts.remove(at: position)
          part = joined
        }
        if case .zero = part.structure { continue }
        parts.append(part)
      }
    }
    switch parts.count {
    case 0: return zero(first.rows, first.columns)
    case 1: return parts[0]
    case _: return LinearOperator(first.rows, first.columns, .sum(parts))
    }
  }

  private static func join(
    _ part: LinearOperator, with others: [LinearOperator]
  ) throws(LinearOperatorError) -> (Int, LinearOperator)? {
    for (position, other) in others.enumerated() {
      if let joined = try other.joined(with: part) { return (position, joined) }
    }
    return nil
  }

  /// The sum of two terms where it is no larger than they are; nil otherwise.
  private func joined(
    with other: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator? {
    switch (structure, other.structure) {
    case (.scaledIdentity(let a), .scaledIdentity(let b)): return .identity(rows, scaledBy: a + b)
    case (.scaledIdentity(let a), .diagonal(let b)), (.diagonal(let b), .scaledIdentity(let a)):
      return .diagonal(b.map { $0 + a })
    case (.diagonal(let a), .diagonal(let b)): return .diagonal(zip(a, b).map(+))
    case (.dense(let a), .dense(let b)): return .dense(a.adding(b))
    case (.dense(let a), .scaledIdentity), (.dense(let a), .diagonal):
      return .dense(a.addingDiagonal(other.diagonalEntries ?? []))
    case (.scaledIdentity, .dense(let a)), (.diagonal, .dense(let a)):
      return .dense(a.addingDiagonal(diagonalEntries ?? []))
    case _: return try joinedKronecker(with: other)
    }
  }

  /// `A⊗B + A⊗C = A⊗(B + C)`, and so on the other side; an identity is `I⊗I`.
  private func joinedKronecker(
    with other: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator? {
    let (c, body) = splitCoefficient
    let (d, otherBody) = other.splitCoefficient
    if case .kronecker(let a, let b) = body.structure {
      guard let (e, p, q) = otherBody.kroneckerFactors(like: a, b) else { return nil }
      if a.isEqual(to: p) {
        return try .kronecker(a, .sum([b.scaled(by: c), q.scaled(by: d * e)]))
      }
      if b.isEqual(to: q) {
        return try .kronecker(.sum([a.scaled(by: c), p.scaled(by: d * e)]), b)
      }
      return nil
    }
    if case .kronecker = otherBody.structure { return try other.joinedKronecker(with: self) }
    return nil
  }

  /// The number before, and the two factors of, a Kronecker product whose factors have the sizes
  /// of `a` and `b`.
  func kroneckerFactors(
    like a: LinearOperator, _ b: LinearOperator
  ) -> (Double, LinearOperator, LinearOperator)? {
    switch structure {
    case .kronecker(let p, let q) where p.size == a.size && q.size == b.size: (1, p, q)
    case .scaledIdentity(let c) where a.isSquare && b.isSquare:
      (c, .identity(a.rows), .identity(b.rows))
    case _: nil
    }
  }

  // MARK: Products

  /// The product of operators that fit. Throws `sizesDiffer`.
  public static func product(
    _ factors: [LinearOperator]
  ) throws(LinearOperatorError) -> LinearOperator {
    guard let first = factors.first, let last = factors.last else { return identity(1) }
    var coefficient = 1.0
    var parts: [LinearOperator] = []
    var columns = first.rows
    for factor in factors {
      guard factor.rows == columns else {
        throw .sizesDiffer(
          operation: "product", MatrixSize(first.rows, columns), factor.size)
      }
      columns = factor.columns
      let (c, body) = factor.splitCoefficient
      coefficient *= c
      var multiplied = [body]
      if case .product(let inner) = body.structure { multiplied = inner }
      for part in multiplied {
        var part = part
        while let previous = parts.last, let joined = try previous.multiplied(part) {
          parts.removeLast()
          let (d, body) = joined.splitCoefficient
          coefficient *= d
          part = body
        }
        parts.append(part)
      }
    }
    if parts.contains(where: { if case .zero = $0.structure { true } else { false } }) {
      return zero(first.rows, last.columns)
    }
    if parts.count == 1 { return parts[0].scaled(by: coefficient) }
    return LinearOperator(first.rows, last.columns, .product(parts)).scaled(by: coefficient)
  }

  /// The product of two neighbours where it makes every later use cheaper; nil otherwise.
  private func multiplied(
    _ other: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator? {
    switch (structure, other.structure) {
    case (.scaledIdentity(let c), _): return other.scaled(by: c)
    case (_, .scaledIdentity(let c)): return scaled(by: c)
    case (.diagonal(let a), .diagonal(let b)): return .diagonal(zip(a, b).map(*))
    case (_, .dense(let b)) where b.columns == 1:
      var workspace = Workspace()
      return .dense(try apply(to: b, in: &workspace))
    case (.dense(let a), _) where a.rows == 1:
      var workspace = Workspace()
      return .dense(try other.transposed.apply(to: a.transposed, in: &workspace).transposed)
    // (A⊗B)(C⊗D) = AC⊗BD (Magnus & Neudecker, section 2.2).
    case (.kronecker(let a, let b), .kronecker(let c, let d))
    where a.columns == c.rows && b.columns == d.rows:
      return try .kronecker(.product([a, c]), .product([b, d]))
    case _: return nil
    }
  }

  // MARK: Others

  /// `U*C*V'`, of rank at most that of C. Throws `sizesDiffer`.
  public static func lowRank(
    _ u: Matrix, _ c: Matrix, _ v: Matrix
  ) throws(LinearOperatorError) -> LinearOperator {
    try product([dense(u), dense(c), dense(v.transposed)])
  }

  /// Blocks, row by row. Throws `sizesDiffer`.
  public static func blocks(
    _ grid: [[LinearOperator]]
  ) throws(LinearOperatorError) -> LinearOperator {
    guard let first = grid.first, !first.isEmpty else { return zero(0, 0) }
    for row in grid {
      guard row.count == first.count else {
        throw .sizesDiffer(
          operation: "blocks", MatrixSize(1, first.count), MatrixSize(1, row.count))
      }
      for (block, top) in zip(row, first) {
        guard block.columns == top.columns, block.rows == row[0].rows else {
          throw .sizesDiffer(operation: "blocks", top.size, block.size)
        }
      }
    }
    if grid.count == 1, first.count == 1 { return first[0] }
    return LinearOperator(
      grid.reduce(0) { $0 + $1[0].rows }, first.reduce(0) { $0 + $1.columns }, .blocks(grid))
  }

  /// The inverse, which is applied by solving. Throws as `factorized` does.
  public static func inverse(of x: LinearOperator) throws(LinearOperatorError) -> LinearOperator {
    var workspace = Workspace()
    let factorization = try x.factorized(in: &workspace)
    return LinearOperator(x.rows, x.columns, .inverse(factorization))
  }

  /// The map that an expression is, linear in one of its variables.
  public init(_ map: LinearMap) { self.init(map.rows, map.columns, .map(map)) }

  /// The entries of a diagonal operator.
  var diagonalEntries: [Double]? {
    switch structure {
    case .scaledIdentity(let c): [Double](repeating: c, count: rows)
    case .diagonal(let entries): entries
    case .zero, .dense, .selection, .scaled, .kronecker, .khatriRao, .sum, .product, .blocks,
      .inverse, .map:
      nil
    }
  }
}

extension Matrix {
  func addingDiagonal(_ entries: [Double]) -> Matrix {
    var result = self
    for (i, entry) in entries.enumerated() { result[i, i] += entry }
    return result
  }
}
