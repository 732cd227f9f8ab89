import ExpressionCore
import ExpressionLanguage

extension IndexBuilder {
  /// Operations that move entries about.
  mutating func structure(_ primitive: Primitive, _ node: TypedInput.Node) -> Template {
    let (row, column) = (IndexExpression.slot(.row), IndexExpression.slot(.column))
    let one = IndexExpression.fixed(1)
    let position = node.parameters.map(IndexExpression.fixed)
    switch primitive {
    case .diag:
      let entry = operand(node, 0, row, row)
      return Template(entry: IndexEntry.delta(row, column).times(entry))
    case .diagonal: return Template(entry: operand(node, 0, row, row))
    case .col: return Template(entry: operand(node, 0, row, position.first ?? one))
    case .row: return Template(entry: operand(node, 0, position.first ?? one, column))
    case .entry:
      return Template(entry: operand(node, 0, position.first ?? one, position.last ?? one))
    case .unit: return Template(entry: .delta(row, position.last ?? one))
    case .vec:
      let shape = self.shape(node, 0)
      if shape.rows.isOne { return Template(entry: operand(node, 0, one, row)) }
      if shape.columns.isOne { return Template(entry: operand(node, 0, row, one)) }
      return Template(
        entry: operand(node, 0, row, .slot(.rowSlow)), rowFast: shape.rows)
    case .reshape:
      let isColumn = node.shape.columns.isOne
      let place = isColumn ? row : .pair(fast: row, slow: column, size: node.shape.rows)
      let shape = self.shape(node, 0)
      if shape.columns.isOne { return Template(entry: operand(node, 0, place, one)) }
      if shape.rows.isOne { return Template(entry: operand(node, 0, one, place)) }
      let parts = place.split(shape.rows)
      return Template(entry: operand(node, 0, parts.fast, parts.slow))
    case .kron: return kronecker(node, columnwise: false)
    case .khatrirao: return kronecker(node, columnwise: true)
    case .tril, .triu, .stril:
      let (symbol, latex) =
        primitive == .tril ? ("≥", "\\ge") : primitive == .triu ? ("≤", "\\le") : (">", ">")
      let mask = IndexEntry([.iverson(row, text: symbol, latex: latex, column)])
      return Template(entry: mask.times(operand(node, 0, row, column)))
    case .sym, .skew:
      let sum = Self.sum(
        operand(node, 0, row, column), operand(node, 0, column, row), negative: primitive == .skew)
      return Template(entry: sum.divided(by: Self.number(.two)))
    case .eye:
      return Template(entry: node.shape.isScalar ? .one : .delta(row, column))
    case .ones: return Template(entry: .one)
    case .zeros: return Template(entry: Self.number(.zero))
    case .constantVector, .constantMatrix: return Template(entry: operand(node, 0, one, one))
    case .commutation:
      guard node.parameters.count == 2, !node.parameters.contains(where: \.isOne) else {
        return Template(entry: .delta(row, column))
      }
      let delta = IndexEntry.delta(row, .slot(.columnSlow))
        .times(.delta(.slot(.rowSlow), column))
      return Template(entry: delta, rowFast: node.parameters[1], columnFast: node.parameters[0])
    case .cross:
      let isRow = node.shape.rows.isOne
      let (a, b) = (bound(), bound())
      func factor(_ place: Int, _ id: Int) -> IndexEntry {
        isRow
          ? operand(node, place, one, .bound(id)) : operand(node, place, .bound(id), one)
      }
      var entry = IndexEntry([
        .entry(text: "ε", latex: "\\varepsilon", [isRow ? column : row, .bound(a), .bound(b)])
      ]).times(factor(0, a)).times(factor(1, b))
      entry.bound = [a, b] + entry.bound
      return Template(entry: entry)
    case _: return opaque(node)
    }
  }

  /// `(A ⊗ B)` has the index of A as the slow part of its pairs and that of B as the fast one.
  private mutating func kronecker(_ node: TypedInput.Node, columnwise: Bool) -> Template {
    let (a, b) = (shape(node, 0), shape(node, 1))
    func sides(
      _ slow: Dim, _ fast: Dim, _ own: IndexExpression, _ ownSlow: IndexExpression
    ) -> (a: IndexExpression, b: IndexExpression, split: Dim?) {
      if slow.isOne { return (.fixed(1), own, nil) }
      if fast.isOne { return (own, .fixed(1), nil) }
      return (ownSlow, own, fast)
    }
    let rows = sides(a.rows, b.rows, .slot(.row), .slot(.rowSlow))
    let columns =
      columnwise
      ? (a: .slot(.column), b: .slot(.column), split: nil)
      : sides(a.columns, b.columns, .slot(.column), .slot(.columnSlow))
    return Template(
      entry: operand(node, 0, rows.a, columns.a).times(operand(node, 1, rows.b, columns.b)),
      rowFast: rows.split, columnFast: columns.split)
  }

  // MARK: Scalars

  static func number(_ number: Number) -> IndexEntry {
    var entry = IndexEntry.one
    switch NumberNotation(number.magnitude) {
    case .plain("1"): break
    case .plain(let digits): entry = IndexEntry([.same(digits)])
    case .fraction(let p, let q):
      if p != 1 { entry = IndexEntry([.same(String(p))]) }
      entry = entry.divided(by: IndexEntry([.same(String(q))]))
    case .scientific(let mantissa, let exponent):
      let front = mantissa == "1" ? "" : "\(mantissa) \\cdot "
      entry = IndexEntry([.text("\(mantissa)e\(exponent)", latex: "\(front)10^{\(exponent)}")])
    }
    entry.negative = number.isNegative
    return entry
  }

  func size(_ dimension: Dim) -> IndexEntry {
    if let literal = dimension.literal { return Self.number(Number(literal)) }
    let isSum = dimension.description.dropFirst().contains { "+-*/".contains($0) }
    let latex = LaTeXPrinter(scope: scope).dimension(dimension)
    return IndexEntry([.text(dimension.description, latex: latex)], isSum: isSum)
  }

  static func sum(_ a: IndexEntry, _ b: IndexEntry, negative: Bool) -> IndexEntry {
    let left = a.isSum && !a.negative ? a.term : a.signedTerm
    let right = b.isSum ? IndexEntry.inParentheses(b.term) : b.term
    let sign = negative == b.negative ? " + " : " - "
    return IndexEntry(left + [.same(sign)] + right, isSum: true)
  }

  static func power(_ arguments: [IndexEntry]) -> IndexEntry {
    guard arguments.count > 1 else { return arguments.first ?? .one }
    let base = arguments[0]
    let isCall = base.factors.count == 1 && base.bound.isEmpty && !base.negative
    let group =
      isCall || base.factors.isEmpty ? base.group : IndexEntry.inParentheses(base.signedTerm)
    let exponent = arguments[1]
    return IndexEntry(
      [.text("", latex: "{")] + group + [.text("^", latex: "}^{")]
        + (exponent.factors.count > 1 || exponent.negative
          ? [.text("(", latex: "")] + exponent.signedTerm + [.text(")", latex: "")]
          : exponent.group) + [.text("", latex: "}")])
  }

  static func call(_ primitive: Primitive, _ arguments: [IndexEntry]) -> IndexEntry {
    var (open, close) = ("\\operatorname{\(primitive.rawValue)}(", ")")
    switch primitive.notation.latex {
    case .function(let name), .indexed(let name, _), .ordered(let name): open = name + "("
    case .delimited(let left, let right): (open, close) = (left + " ", right + " ")
    case .radical: (open, close) = ("\\sqrt{", "}")
    case .operation, .infix, .superscript, .norm, .logDeterminant, .onesProduct, .constant,
      .filled, .multipleOfOnes, .unitVector, .subscripted, .blocks:
      break
    }
    var tokens: [IndexToken] = [.text("\(primitive.rawValue)(", latex: open)]
    for (place, argument) in arguments.enumerated() {
      if place > 0 { tokens.append(.same(", ")) }
      tokens += argument.isSum && !argument.negative ? argument.term : argument.signedTerm
    }
    return IndexEntry(tokens + [.text(")", latex: close)])
  }

  /// `max_j(…)`: a reduction that is no sum, with its summation indices below.
  static func over(_ primitive: Primitive, _ indices: IndexEntry, _ entry: IndexEntry) -> IndexEntry
  {
    guard !indices.bound.isEmpty else { return entry }
    var text = primitive.rawValue
    var latex = "\\operatorname{\(text)}"
    if primitive == .maximum { (text, latex) = ("max", "\\max") }
    if primitive == .minimum { (text, latex) = ("min", "\\min") }
    return IndexEntry(
      [.over(text: text, latex: latex, indices.bound)]
        + IndexEntry.inParentheses(entry.isSum && !entry.negative ? entry.term : entry.signedTerm))
  }
}
