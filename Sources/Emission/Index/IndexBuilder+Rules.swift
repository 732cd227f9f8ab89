import ExpressionCore
import ExpressionLanguage

extension IndexBuilder {
  mutating func template(of node: TypedInput.Node) -> Template {
    switch node.operation {
    case .variable(let place):
      guard input.variables.indices.contains(place) else { return Template(entry: .one) }
      let name = input.variables[place].name
      return name == unit ? unitTemplate(node.shape) : Template(entry: access(name, node.shape))
    case .number(let number):
      return Template(entry: Self.number(number))
    case .pi:
      return Template(entry: IndexEntry([.text("pi", latex: "\\pi")]))
    case .dimension(let dimension):
      return Template(entry: size(dimension))
    case .primitive(let primitive):
      return rule(primitive, node)
    }
  }

  private mutating func rule(_ primitive: Primitive, _ node: TypedInput.Node) -> Template {
    switch primitive {
    // MARK: Arithmetic
    case .add, .subtract:
      return elementwise(node) { a in
        let second = a.count > 1 ? a[1] : .one
        return Self.sum(a[0], second, negative: primitive == .subtract)
      }
    case .negate:
      return elementwise(node) { a in
        var result = a[0]
        result.negative.toggle()
        return result
      }
    case .hadamard: return elementwise(node) { $0.count > 1 ? $0[0].times($0[1]) : $0[0] }
    case .elementwiseDivide:
      return elementwise(node) { $0.count > 1 ? $0[0].divided(by: $0[1]) : $0[0] }
    case .elementwisePower: return elementwise(node) { Self.power($0) }
    case .power:
      return shape(node, 0).isScalar ? elementwise(node) { Self.power($0) } : opaque(node)
    case .square: return elementwise(node) { Self.power([$0[0], Self.number(.two)]) }
    case .divide where shape(node, 1).isScalar:
      return elementwise(node) { $0.count > 1 ? $0[0].divided(by: $0[1]) : $0[0] }
    case .multiply where shape(node, 0).isScalar || shape(node, 1).isScalar:
      return elementwise(node) { $0.count > 1 ? $0[0].times($0[1]) : $0[0] }
    case .multiply: return matrixProduct(node)
    case .divide: return byInverse(node, inverted: 1)
    case .leftDivide, .solve: return byInverse(node, inverted: 0)
    case .transpose:
      let fast = fast(node, 0)
      return Template(
        entry: operand(node, 0, Self.column(fast.row), Self.row(fast.column)),
        rowFast: fast.column, columnFast: fast.row)

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .sin, .cos, .tan, .asin,
      .acos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus, .relu, .leakyrelu, .elu, .gelu,
      .silu, .step, .erf, .erfc, .normcdf, .normpdf, .lgamma, .digamma, .trigamma, .polygamma,
      .clip, .max, .min:
      let parameters = node.parameters.map { size($0) }
      return elementwise(node) { Self.call(primitive, parameters + $0) }

    // MARK: Reductions
    case .sum: return reduction(node) { $0.times($1) }
    case .mean:
      let over = overSize(node)
      return reduction(node) { $0.times($1).divided(by: over) }
    case .prod, .logsumexp, .maximum, .minimum:
      return reduction(node) { Self.over(primitive, $0, $1) }
    case .norm1: return reduction(node) { $0.times(Self.call(.abs, [$1])) }
    case .norm2, .normF:
      return reduction(node) { Self.call(.sqrt, [$0.times(Self.power([$1, Self.number(.two)]))]) }
    case .normp:
      let exponent = operand(node, 1, .fixed(1), .fixed(1))
      let given = node.operands.count > 1 ? exponent : node.parameters.first.map { size($0) }
      let p = given ?? Self.number(.two)
      return reduction(node) {
        let powers = $0.times(Self.power([Self.call(.abs, [$1]), p]))
        return Self.power([powers, IndexEntry.one.divided(by: p)])
      }
    case .norminf: return reduction(node) { Self.over(.maximum, $0, Self.call(.abs, [$1])) }
    case .tr:
      let (ids, index) = summation(over: shape(node, 0).rows, fast: fast(node, 0).row)
      var entry = operand(node, 0, index, index)
      entry.bound = ids + entry.bound
      return Template(entry: entry)
    case .dot:
      let shape = self.shape(node, 0)
      let (rows, row) = summation(over: shape.rows)
      let (columns, column) = summation(over: shape.columns)
      var entry = operand(node, 0, row, column).times(operand(node, 1, row, column))
      entry.bound = rows + columns + entry.bound
      return Template(entry: entry)
    case .softmax, .logsoftmax: return softmax(node, log: primitive == .logsoftmax)

    // MARK: The rest, by their entries
    case .diag, .diagonal, .col, .row, .entry, .unit, .vec, .reshape, .kron, .khatrirao, .tril,
      .triu, .stril, .sym, .skew, .eye, .ones, .zeros, .constantVector, .constantMatrix,
      .commutation,
      .cross:
      return structure(primitive, node)
    case .det, .logdet, .nucnorm, .specnorm, .vech, .duplication, .inv, .pinv, .adj, .cof, .chol,
      .qrq, .qrr, .lul, .luu, .eigvals, .eigvecs, .lambdamax, .lambdamin, .svdvals, .svdu, .svdv,
      .expm, .logm, .sqrtm, .sinm, .cosm, .dexpm, .dlogm, .dsinm, .dcosm, .sylvester, .lyapunov,
      .halftril, .gapinv, .suminv, .divdiff, .im2col, .col2im, .conv1d,
      .conv2d, .blocks:
      return opaque(node)
    }
  }

  // MARK: Ways in which operands combine

  /// Entry by entry, operands spreading over the node's shape.
  mutating func elementwise(
    _ node: TypedInput.Node, _ combine: ([IndexEntry]) -> IndexEntry
  ) -> Template {
    guard !node.operands.isEmpty else { return opaque(node) }
    var rowFast: Dim?
    var columnFast: Dim?
    for place in node.operands.indices {
      rowFast = rowFast ?? fast(node, place).row
      columnFast = columnFast ?? fast(node, place).column
    }
    let (row, column) = (Self.row(rowFast), Self.column(columnFast))
    let entries = node.operands.indices.map { operand(node, $0, row, column) }
    return Template(entry: combine(entries), rowFast: rowFast, columnFast: columnFast)
  }

  private mutating func matrixProduct(_ node: TypedInput.Node) -> Template {
    let (left, right) = (fast(node, 0), fast(node, 1))
    let (ids, index) = summation(over: shape(node, 0).columns, fast: left.column ?? right.row)
    var entry = operand(node, 0, Self.row(left.row), index)
      .times(operand(node, 1, index, Self.column(right.column)))
    entry.bound = ids + entry.bound
    return Template(entry: entry, rowFast: left.row, columnFast: right.column)
  }

  /// A product with an inverse, whose entries are those of `inv(A)`.
  private mutating func byInverse(_ node: TypedInput.Node, inverted: Int) -> Template {
    guard node.operands.count > 1 else { return opaque(node) }
    let other = 1 - inverted
    if shape(node, inverted).isScalar {
      return elementwise(node) { $0[other].divided(by: $0[inverted]) }
    }
    let square = shape(node, inverted)
    let inverse = opaque(
      TypedInput.Node(.primitive(.inv), [node.operands[inverted]], shape: square))
    let (ids, index) = summation(over: square.rows)
    var entry: IndexEntry
    if inverted == 0 {
      entry = inverse.entry.at(.slot(.row), index).times(operand(node, 1, index, .slot(.column)))
    } else {
      entry = operand(node, 0, .slot(.row), index).times(inverse.entry.at(index, .slot(.column)))
    }
    entry.bound = ids + entry.bound
    return Template(entry: entry)
  }

  /// Over all entries, or over rows (axis 1) or columns (axis 2); `combine` gets the bare sum over
  /// the indices that are bound, and the entry.
  private mutating func reduction(
    _ node: TypedInput.Node, _ combine: (IndexEntry, IndexEntry) -> IndexEntry
  ) -> Template {
    let axis = node.parameters.first?.literal
    let isNorm = axis != 1 && axis != 2 || node.shape.isScalar
    let shape = self.shape(node, 0)
    let fast = fast(node, 0)
    var ids: [Int] = []
    var (row, column) = (Self.row(fast.row), Self.column(fast.column))
    if isNorm || axis == 1 {
      let sum = summation(over: shape.rows, fast: fast.row)
      ids += sum.ids
      row = sum.index
    }
    if isNorm || axis == 2 {
      let sum = summation(over: shape.columns, fast: fast.column)
      ids += sum.ids
      column = sum.index
    }
    var over = IndexEntry.one
    over.bound = ids
    return Template(
      entry: combine(over, operand(node, 0, row, column)),
      rowFast: node.shape.rows.isOne ? nil : fast.row,
      columnFast: node.shape.columns.isOne ? nil : fast.column)
  }

  private func overSize(_ node: TypedInput.Node) -> IndexEntry {
    let shape = self.shape(node, 0)
    switch node.parameters.first?.literal {
    case 1: return size(shape.rows)
    case 2: return size(shape.columns)
    case _: return size(shape.count)
    }
  }

  private mutating func softmax(_ node: TypedInput.Node, log: Bool) -> Template {
    let isRows = node.parameters.first?.literal == 1
    let shape = self.shape(node, 0)
    let (ids, index) = summation(over: isRows ? shape.rows : shape.columns)
    let own = operand(node, 0, .slot(.row), .slot(.column))
    let others =
      isRows
      ? operand(node, 0, index, .slot(.column)) : operand(node, 0, .slot(.row), index)
    var total = Self.call(.exp, [others])
    total.bound = ids + total.bound
    return Template(
      entry: log
        ? Self.sum(own, Self.call(.log, [total]), negative: true)
        : Self.call(.exp, [own]).divided(by: total))
  }
}

extension IndexEntry {
  /// The entry of an array at given indices.
  func at(_ row: IndexExpression, _ column: IndexExpression) -> IndexEntry {
    replacing(bound: { _ in nil }) { index in
      switch index {
      case .slot(.row), .slot(.rowSlow): row
      case .slot(.column), .slot(.columnSlow): column
      case .slot(.unitRow), .slot(.unitColumn): nil
      case .bound, .free, .fixed, .pair, .fastPart, .slowPart: nil
      }
    }
  }
}
