import Evaluation

extension LinearOperator {
  /// The diagonal of a square operator, as a column, without the matrix.
  /// Throws `notSquare`, `tooLarge`, `evaluation`.
  public func diagonal() throws(LinearOperatorError) -> Matrix {
    var workspace = Workspace()
    return try diagonal(in: &workspace)
  }

  /// The same, counted and limited.
  public func diagonal(in workspace: inout Workspace) throws(LinearOperatorError) -> Matrix {
    guard isSquare else { throw .notSquare(size) }
    try workspace.reserve(rows, 1)
    return Matrix(column: try diagonalValues(&workspace))
  }

  private func diagonalValues(
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> [Double] {
    switch structure {
    case .zero: return [Double](repeating: 0, count: rows)
    case .scaledIdentity(let c): return [Double](repeating: c, count: rows)
    case .diagonal(let entries): return entries
    case .scaled(let c, let x): return try x.diagonalValues(&workspace).map { c * $0 }
    case .sum(let terms):
      var total = try terms[0].diagonalValues(&workspace)
      for term in terms.dropFirst() {
        total = zip(total, try term.diagonalValues(&workspace)).map(+)
      }
      return total
    case .kronecker(let a, let b) where a.isSquare && b.isSquare:
      let (p, q) = (try a.diagonalValues(&workspace), try b.diagonalValues(&workspace))
      workspace.count(rows, 1)
      return p.flatMap { x in q.map { x * $0 } }
    case .product(let factors): return try Self.diagonal(ofProduct: factors, rows, &workspace)
    case .blocks(let grid) where grid.enumerated().allSatisfy({ $1.count > $0 && $1[$0].isSquare }):
      var values: [Double] = []
      for (i, row) in grid.enumerated() { values += try row[i].diagonalValues(&workspace) }
      return values
    case .dense, .selection, .kronecker, .khatriRao, .blocks, .inverse, .map:
      return try entries(at: Array(0..<rows), &workspace)
    }
  }

  /// Of row i the entry in the column `places[i]`.
  private func entries(
    at places: [Int], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> [Double] {
    guard rows > 0 else { return [] }
    let known = try withDenseFactors(&workspace)
    guard known.entry(0, places[0]) != nil else { return try probed(places, &workspace) }
    workspace.count(rows, 1)
    return places.enumerated().map { known.entry($0, $1) ?? 0 }
  }

  /// The same operator with the factors of Kronecker products written out: they are small.
  private func withDenseFactors(
    _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> LinearOperator {
    func written(_ x: LinearOperator) throws(LinearOperatorError) -> LinearOperator {
      let inner = try x.withDenseFactors(&workspace)
      guard x.rows > 0, x.columns > 0, inner.entry(0, 0) == nil else { return inner }
      return .dense(try x.materialised(in: &workspace))
    }
    switch structure {
    case .kronecker(let a, let b):
      return LinearOperator(rows, columns, .kronecker(try written(a), try written(b)))
    case .khatriRao(let a, let b, let isTransposed):
      return LinearOperator(
        rows, columns, .khatriRao(try written(a), try written(b), isTransposed: isTransposed))
    case .scaled(let c, let x): return try x.withDenseFactors(&workspace).scaled(by: c)
    case .sum(let terms):
      var parts: [LinearOperator] = []
      for term in terms { parts.append(try term.withDenseFactors(&workspace)) }
      return LinearOperator(rows, columns, .sum(parts))
    case .zero, .scaledIdentity, .diagonal, .dense, .selection, .product, .blocks, .inverse, .map:
      return self
    }
  }

  /// The same by products with unit vectors, a few at a time.
  private func probed(
    _ places: [Int], _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> [Double] {
    var byColumn: [[Int]] = Array(repeating: [], count: columns)
    for (row, place) in places.enumerated() { byColumn[place].append(row) }
    var result = [Double](repeating: 0, count: rows)
    let width = max(1, min(columns, 64))
    for first in stride(from: 0, to: columns, by: width) {
      let count = min(width, columns - first)
      try workspace.reserve(columns, count)
      let units = Matrix(rows: columns, columns: count) { $0 == first + $1 ? 1 : 0 }
      let values = try apply(to: units, in: &workspace)
      for j in 0..<count { for row in byColumn[first + j] { result[row] = values[row, j] } }
    }
    return result
  }

  // MARK: Products

  /// `diag(D*M*E) = d .* diag(M) .* e`; of `P*M` with a permutation the entries of M that it moves
  /// there; else the factors are cut in two where they are narrowest, and row i of the left part
  /// meets column i of the right one.
  private static func diagonal(
    ofProduct factors: [LinearOperator], _ order: Int, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> [Double] {
    guard let first = factors.first, let last = factors.last else { return [] }
    if factors.count == 1 { return try first.diagonalValues(&workspace) }
    for (outer, rest) in [(first, factors.dropFirst()), (last, factors.dropLast())] {
      if let entries = outer.diagonalEntries {
        let inner = try diagonal(ofProduct: Array(rest), order, &workspace)
        workspace.count(order, 1)
        return zip(entries, inner).map(*)
      }
    }
    if let places = first.permutation {
      // (P*M)[i, i] = M[places[i], i]
      let rest = try LinearOperator.product(Array(factors.dropFirst()))
      var inverse = [Int](repeating: 0, count: order)
      for (i, place) in places.enumerated() { inverse[place] = i }
      let values = try rest.entries(at: inverse, &workspace)
      return places.map { values[$0] }
    }
    if let places = last.permutation {
      // (M*P)[i, i] = M[i, k] where places[k] = i
      let rest = try LinearOperator.product(Array(factors.dropLast()))
      var inverse = [Int](repeating: 0, count: order)
      for (k, place) in places.enumerated() { inverse[place] = k }
      return try rest.entries(at: inverse, &workspace)
    }
    return try sumOfRows(factors, order, &workspace)
  }

  /// The diagonal of L*D*R with D diagonal is `(L .* R')*d`; that of other products is taken from
  /// the two parts that meet where the factors are narrowest.
  private static func sumOfRows(
    _ factors: [LinearOperator], _ order: Int, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> [Double] {
    if factors.count <= 3, let middle = factors.count == 3 ? factors[1].diagonalEntries : [],
      let entrywise = try factors[0].hadamard(factors[factors.count - 1].transposed, &workspace)
    {
      let ones = [Double](repeating: 1, count: entrywise.columns)
      let weights = Matrix(column: middle.isEmpty ? ones : middle)
      return try entrywise.apply(to: weights, in: &workspace).values
    }
    let stored = factors.reduce(0) { $0 + $1.storedEntries }
    guard
      let cut = factors.indices.dropLast().min(by: { factors[$0].columns < factors[$1].columns }),
      factors[cut].columns <= max(64, stored / max(order, 1))
    else {
      return try LinearOperator(order, order, .product(factors))
        .probed(Array(0..<order), &workspace)
    }
    let left = try product(Array(factors[...cut])).materialised(in: &workspace)
    let right = try product(Array(factors[(cut + 1)...])).materialised(in: &workspace)
    workspace.count(left.rows, left.columns)
    return left.innerProductsOfRows(withColumnsOf: right).values
  }

  /// The entrywise product where it has the structure of its operands; nil otherwise.
  private func hadamard(
    _ other: LinearOperator, _ workspace: inout Workspace
  ) throws(LinearOperatorError) -> LinearOperator? {
    guard size == other.size else { return nil }
    let (c, x) = splitCoefficient
    let (d, y) = other.splitCoefficient
    if case .kronecker(let a, let b) = x.structure, case .kronecker(let p, let q) = y.structure {
      guard a.size == p.size, b.size == q.size, let left = try a.hadamard(p, &workspace),
        let right = try b.hadamard(q, &workspace)
      else { return nil }
      return try .kronecker(left, right).scaled(by: c * d)
    }
    if x.diagonalEntries != nil || y.diagonalEntries != nil {
      let (p, q) = (try x.diagonalValues(&workspace), try y.diagonalValues(&workspace))
      return .diagonal(zip(p, q).map { c * d * $0 * $1 })
    }
    guard let a = x.matrix, let b = y.matrix else { return nil }
    try workspace.reserve(a.rows, a.columns)
    workspace.count(a.rows, a.columns)
    return .dense(a.combined(with: b) { c * d * $0 * $1 })
  }

  /// How many numbers the operator holds.
  private var storedEntries: Int {
    switch structure {
    case .zero, .scaledIdentity, .map: 0
    case .diagonal(let entries): entries.count
    case .dense(let matrix): matrix.count
    case .selection(let selection): selection.places.count
    case .scaled(_, let x): x.storedEntries
    case .kronecker(let a, let b), .khatriRao(let a, let b, _): a.storedEntries + b.storedEntries
    case .sum(let parts), .product(let parts): parts.reduce(0) { $0 + $1.storedEntries }
    case .blocks(let grid): grid.joined().reduce(0) { $0 + $1.storedEntries }
    case .inverse: rows
    }
  }

  /// For each row the column of its one, where the operator is a permutation; nil otherwise.
  private var permutation: [Int]? {
    switch structure {
    case .selection(let selection): return selection.permutation
    case .kronecker(let a, let b):
      guard let p = a.isIdentity ? Array(0..<a.rows) : a.permutation,
        let q = b.isIdentity ? Array(0..<b.rows) : b.permutation
      else { return nil }
      return p.flatMap { i in q.map { i * b.rows + $0 } }
    case .zero, .scaledIdentity, .diagonal, .dense, .scaled, .khatriRao, .sum, .product, .blocks,
      .inverse, .map:
      return nil
    }
  }
}
