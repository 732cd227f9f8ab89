extension PrimitiveRule {
  /// `[A, B; C, D]`; the parameters are the number of block rows and the blocks in each.
  /// The adjoint cuts a block out again.
  static let blocks = PrimitiveRule(
    transpose: .rule { g, x, layout in g.transposeOfBlocks(x, layout) },
    derivative: .jointlyLinear { g, y, x, position, layout in
      g.block(of: y, x, layout, at: position)
    },
    construct: { g, x, layout, shape in
      if x.count == 1 { return x[0] }
      if x.allSatisfy({ g.isZero($0) }) { return g.zero(shape) }
      if let entries = g.rowsOfEntries(x, layout) { return entries }
      return g.literal(g.opaque(.blocks, x, layout, shape))
    })
}

/// A matrix of numbers, row by row.
struct LiteralMatrix {
  let rows: Int
  let columns: Int
  let entries: [Number]
}

extension Graph {
  func isZero(_ e: Expr) -> Bool {
    switch node(e) {
    case .zero: true
    case .number(let value): value.isZero
    default: false
    }
  }

  /// The rows of blocks by their positions among the operands.
  public func blockRows(_ layout: [Dim]) -> [Range<Int>] {
    var start = 0
    return layout.dropFirst().map { width in
      let end = start + (width.literal ?? 0)
      defer { start = end }
      return start..<end
    }
  }

  fileprivate func transposeOfBlocks(_ x: [Expr], _ layout: [Dim]) -> Expr {
    let rows = blockRows(layout)
    let shape = shapeOfBlocks(x, rows)
    // Rows of as many blocks each turn into columns; otherwise the transposed rows are put
    // side by side, each a block column of its own.
    if let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) {
      let operands = (0..<width).flatMap { j in rows.map { transpose(x[$0.lowerBound + j]) } }
      let turned = [Dim.literal(width)] + Array(repeating: Dim.literal(rows.count), count: width)
      return apply(.blocks, operands, turned, shape: shape.transposed)
    }
    let columns = rows.map { row in
      let operands = row.map { transpose(x[$0]) }
      let inner = shapeOfBlocks(Array(x[row]), [0..<row.count]).transposed
      return apply(
        .blocks, operands,
        [.literal(row.count)] + Array(repeating: Dim.one, count: row.count), shape: inner)
    }
    return apply(.blocks, columns, [1, .literal(columns.count)], shape: shape.transposed)
  }

  private func shapeOfBlocks(_ x: [Expr], _ rows: [Range<Int>]) -> Shape {
    let height = rows.reduce(Dim.literal(0)) { $0 + shape(x[$1.lowerBound]).rows }
    let width = rows.first.map { $0.reduce(Dim.literal(0)) { $0 + shape(x[$1]).columns } } ?? 1
    return Shape(height, width)
  }

  fileprivate func block(of y: Expr, _ x: [Expr], _ layout: [Dim], at position: Int) -> Expr {
    var top = Dim.literal(0)
    for row in blockRows(layout) {
      guard row.contains(position) else {
        top = top + shape(x[row.lowerBound]).rows
        continue
      }
      var left = Dim.literal(0)
      for other in row where other < position { left = left + shape(x[other]).columns }
      let own = shape(x[position])
      let above = selector(shape(y).rows, from: top, count: own.rows)
      let beside = selector(shape(y).columns, from: left, count: own.columns)
      return product([transpose(above), y, beside])
    }
    return zero(shape(x[position]))
  }

  /// Columns `from + 1 … from + count` of the identity.
  public func selector(_ n: Dim, from start: Dim, count: Dim) -> Expr {
    if n == count { return identity(n) }
    if count.isOne { return unit(n, position: start + 1) }
    let after = n - start - count
    let parts = [(start, false), (count, true), (after, false)].filter { $0.0 != .literal(0) }
    let operands = parts.map { $0.1 ? identity(count) : zero(Shape($0.0, count)) }
    return apply(
      .blocks, operands, [.literal(parts.count)] + Array(repeating: Dim.one, count: parts.count),
      shape: Shape(n, count))
  }

  // MARK: Matrices of numbers

  /// The numbers of a small matrix of numbers.
  func literalMatrix(_ e: Expr) -> LiteralMatrix? {
    switch node(e) {
    case .apply(.blocks, let x, let layout):
      var entries: [Number] = []
      for operand in x {
        guard case .number(let value) = node(operand) else { return nil }
        entries.append(value)
      }
      let rows = layout[0].literal ?? 0
      guard rows > 0 else { return nil }
      return LiteralMatrix(rows: rows, columns: entries.count / rows, entries: entries)
    case .unit(.literal(let n), .literal(let position)) where n <= 64:
      return LiteralMatrix(
        rows: n, columns: 1, entries: (1...n).map { $0 == position ? .one : .zero })
    case .apply(.transpose, let x, _):
      guard let column = literalMatrix(x[0]), column.columns == 1 else { return nil }
      return LiteralMatrix(rows: 1, columns: column.rows, entries: column.entries)
    case .product(let p) where p.scalars.isEmpty && p.coefficient.isOne && p.chain.count == 2:
      // The outer product of two vectors of numbers.
      guard let u = literalMatrix(p.chain[0]), let v = literalMatrix(p.chain[1]), u.columns == 1,
        v.rows == 1, u.rows * v.columns <= 64
      else { return nil }
      return LiteralMatrix(
        rows: u.rows, columns: v.columns,
        entries: u.entries.flatMap { a in v.entries.map { a * $0 } })
    case .product(let p) where p.scalars.isEmpty && p.chain.count == 1:
      guard let inner = literalMatrix(p.chain[0]) else { return nil }
      return LiteralMatrix(
        rows: inner.rows, columns: inner.columns, entries: inner.entries.map { $0 * p.coefficient })
    case .product(let p) where p.scalars.isEmpty && p.chain.count == 2:
      return literalOuterProduct(p)
    case .identity(.literal(let n)) where n <= 16:
      let entries = (0..<(n * n)).map { $0 / n == $0 % n ? Number.one : .zero }
      return LiteralMatrix(rows: n, columns: n, entries: entries)
    default: return nil
    }
  }

  /// c*u*v' of unit vectors, which stays a product until it is added to another.
  private func literalOuterProduct(_ p: Product) -> LiteralMatrix? {
    guard isUnit(p.chain[0]), isUnit(transpose(p.chain[1])), let u = literalMatrix(p.chain[0]),
      let v = literalMatrix(p.chain[1]), u.rows * v.columns <= 256
    else { return nil }
    let entries = u.entries.flatMap { a in v.entries.map { a * $0 * p.coefficient } }
    return LiteralMatrix(rows: u.rows, columns: v.columns, entries: entries)
  }

  /// The node of a matrix of numbers: 0 or I where it is one.
  func literal(_ m: LiteralMatrix) -> Expr {
    let shape = Shape(.literal(m.rows), .literal(m.columns))
    if m.entries.allSatisfy(\.isZero) { return zero(shape) }
    if m.rows == m.columns,
      m.entries.enumerated().allSatisfy({
        $0.element == ($0.offset / m.rows == $0.offset % m.rows ? .one : .zero)
      })
    {
      return identity(.literal(m.rows))
    }
    if shape.isScalar { return number(m.entries[0]) }
    if m.columns == 1, m.entries.filter({ !$0.isZero }) == [.one],
      let position = m.entries.firstIndex(of: .one)
    {
      return unit(shape.rows, position: .literal(position + 1))
    }
    if m.rows == 1, m.entries.filter({ !$0.isZero }) == [.one],
      let position = m.entries.firstIndex(of: .one)
    {
      return transpose(unit(shape.columns, position: .literal(position + 1)))
    }
    let layout = [Dim.literal(m.rows)] + Array(repeating: Dim.literal(m.columns), count: m.rows)
    return opaque(.blocks, m.entries.map { number($0) }, layout, shape)
  }

  fileprivate func literal(_ e: Expr) -> Expr { literalMatrix(e).map { literal($0) } ?? e }

  /// Rows one below the other, each a scalar times a row of numbers, as one matrix of entries.
  fileprivate func rowsOfEntries(_ x: [Expr], _ layout: [Dim]) -> Expr? {
    guard layout.dropFirst().allSatisfy({ $0 == 1 }), let width = shape(x[0]).columns.literal,
      width > 1, width * x.count <= 64
    else { return nil }
    var entries: [Expr] = []
    for row in x {
      guard shape(row).rows.isOne else { return nil }
      if isZero(row) {
        entries += Array(repeating: number(0), count: width)
        continue
      }
      var scale = one
      var bare = row
      if case .product(let p) = node(row), p.chain.count == 1 {
        scale = product(Product(p.coefficient, scalars: p.scalars))
        bare = p.chain[0]
      }
      guard let numbers = literalMatrix(bare) else { return nil }
      entries += numbers.entries.map { product([number($0), scale]) }
    }
    let rows = [Dim.literal(x.count)] + Array(repeating: Dim.literal(width), count: x.count)
    return literal(opaque(.blocks, entries, rows, Shape(.literal(x.count), .literal(width))))
  }

  private func isUnit(_ e: Expr) -> Bool { if case .unit = node(e) { true } else { false } }

  /// The product of two matrices of numbers.
  func literalProduct(_ a: Expr, _ b: Expr) -> Expr? {
    guard let x = literalMatrix(a), let y = literalMatrix(b), x.columns == y.rows,
      x.rows * y.columns <= 256
    else { return nil }
    // u*v' of unit vectors takes a column and a row out of what stands around it.
    if isUnit(a), isUnit(transpose(b)) { return nil }
    var entries: [Number] = []
    for i in 0..<x.rows {
      for j in 0..<y.columns {
        var total = Number.zero
        for k in 0..<x.columns {
          total = total + x.entries[i * x.columns + k] * y.entries[k * y.columns + j]
        }
        entries.append(total)
      }
    }
    return literal(LiteralMatrix(rows: x.rows, columns: y.columns, entries: entries))
  }

  /// The terms with all matrices of numbers among them added up.
  func addingLiterals(_ terms: [Term]) -> [Term] {
    let literals = terms.compactMap { term in literalMatrix(term.expr).map { (term, $0) } }
    guard literals.count > 1 else { return terms }
    var entries = Array(repeating: Number.zero, count: literals[0].1.entries.count)
    for (term, matrix) in literals {
      for (i, entry) in matrix.entries.enumerated() {
        entries[i] = entries[i] + term.coefficient * entry
      }
    }
    let total = literal(
      LiteralMatrix(rows: literals[0].1.rows, columns: literals[0].1.columns, entries: entries))
    let rest = terms.filter { term in !literals.contains { $0.0 == term } }
    if isZero(total) { return rest }
    return (rest + [Term(.one, total)]).sorted { $0.expr < $1.expr }
  }
}
