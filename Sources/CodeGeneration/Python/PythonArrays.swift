import ExpressionCore
import Planning

/// What NumPy, JAX and PyTorch have in common: vectors and rows have one axis, matrices two,
/// scalars none.
protocol PythonArrays: ExpressionWriter {
  /// `np`, `jnp`, `torch`.
  var module: String { get }
  /// `axis` or `dim`.
  var axisLabel: String { get }
  /// Further arguments of what makes an array of a size.
  func factoryArguments(_ needs: inout Needs) -> [String]
  /// The entries in the order of columns as an array of one axis.
  func flattened(_ matrix: CodeExpression) -> CodeExpression
  /// The entries of an array of one axis as columns of a matrix.
  func reshaped(_ entries: CodeExpression, _ rows: String, _ columns: String) -> CodeExpression
  /// The operation of a factorization.
  func factored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression
  func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression
}

extension PythonArrays {
  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return PythonNumbers.expression(value)
    case .pi: return CodeExpression("\(module).pi")
    case .dimension(let dim): return PythonNumbers.expression(dim)
    case .primitive(let primitive): return try expression(primitive, node, &needs)
    case .factor, .solve, .logdet: return try factored(node.operation.operation, node, &needs)
    }
  }

  // MARK: Operators

  /// Operands of a column's shape get a second axis where the result is a matrix.
  func spread(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    node.shapes[index].isVector && node.shape.isMatrix
      ? node.operands[index].then("[:, None]") : node.operands[index]
  }

  func quotient(_ node: WrittenNode) -> CodeExpression {
    .times(spread(0, node), "/", spread(1, node))
  }

  func product(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.operands[0], node.operands[1])
    if node.shapes[0].isScalar || node.shapes[1].isScalar {
      if node.numbers[0] == .minusOne { return -b }
      return .times(a, "*", b)
    }
    if node.shapes[0].columns.isOne { return .call("\(module).outer", a, b) }
    return .times(a, "@", b)
  }

  func transposed(_ node: WrittenNode) -> CodeExpression {
    node.shape.isMatrix ? node.operands[0].then(".T") : node.operands[0]
  }

  func power(_ node: WrittenNode) -> CodeExpression {
    let (base, exponent) = (spread(0, node), spread(1, node))
    if node.numbers[1] == .half { return .call("\(module).sqrt", base) }
    if node.numbers[1] == .minusOne { return .times(CodeExpression("1"), "/", base) }
    return CodeExpression("\(base.text(.postfix)) ** \(exponent.text(.unary))", .power)
  }

  /// A matrix with two axes, whatever its shape.
  func matrix(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let x = node.operands[index]
    let shape = node.shapes[index]
    if shape.isScalar { return .call("\(module).reshape", x, CodeExpression("(1, 1)")) }
    return shape.isVector ? x.then("[:, None]") : shape.isRow ? x.then("[None, :]") : x
  }

  /// A result with two axes as what its shape asks for.
  func fromMatrix(_ result: CodeExpression, _ shape: Shape) -> CodeExpression {
    shape.isScalar
      ? result.then("[0, 0]")
      : shape.isVector ? result.then("[:, 0]") : shape.isRow ? result.then("[0]") : result
  }

  /// A function of matrices with two axes.
  func matrixCall(_ function: String, _ node: WrittenNode) -> CodeExpression {
    fromMatrix(.call(function, node.operands.indices.map { matrix($0, node).text }), node.shape)
  }

  // MARK: Reductions

  /// A method that runs over an axis: `X.sum(axis=0)`.
  func reduction(_ method: String, _ node: WrittenNode) -> CodeExpression {
    let axes = axes(node)
    return node.shapes[0].isScalar || axes.isIdentity
      ? node.operands[0]
      : node.operands[0].then(".\(method)(\(axes.argument ?? ""))")
  }

  /// A function that runs over an axis: `logsumexp(X, axis=0)`.
  func reduction(call function: String, _ node: WrittenNode) -> CodeExpression {
    let axes = axes(node)
    if node.shapes[0].isScalar || axes.isIdentity { return node.operands[0] }
    return .call(function, [node.operands[0].text] + (axes.argument.map { [$0] } ?? []))
  }

  /// The argument of a reduction; an array of one axis has only that one to run over.
  func axes(_ node: WrittenNode) -> (argument: String?, isIdentity: Bool) {
    guard let axis = node.parameters.first?.literal else { return (nil, false) }
    let shape = node.shapes[0]
    if shape.isVector || shape.isRow { return (nil, shape.isVector != (axis == 1)) }
    return ("\(axisLabel)=\(axis - 1)", false)
  }

  /// The axis that a function of one axis runs along: the only one of a vector.
  func alongAxis(_ node: WrittenNode) -> String {
    let axis = node.parameters.first?.literal ?? 1
    return "\(axisLabel)=\(node.shapes[0].isMatrix ? axis - 1 : 0)"
  }

  func dot(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.operands[0], node.operands[1])
    guard node.shapes[0].isMatrix else { return .times(a, "@", b) }
    if a == b {
      return .call("\(module).sum", CodeExpression("\(a.text(.postfix)) ** 2", .power))
    }
    return .call("\(module).sum", .times(a, "*", b))
  }

  // MARK: Structure

  func size(_ dim: Dim) -> String { PythonNumbers.expression(dim).text }

  /// A position from 1 as an index from 0.
  func position(_ dim: Dim) -> String { size(dim - 1) }

  func column(_ node: WrittenNode) -> CodeExpression {
    node.shapes[0].isMatrix
      ? node.operands[0].then("[:, \(position(node.parameters[0]))]")
      : node.shapes[0].isRow
        ? node.operands[0].then("[\(position(node.parameters[0]))]") : node.operands[0]
  }

  func row(_ node: WrittenNode) -> CodeExpression {
    node.shapes[0].isRow || node.shapes[0].isScalar
      ? node.operands[0] : node.operands[0].then("[\(position(node.parameters[0]))]")
  }

  func entry(_ node: WrittenNode) -> CodeExpression {
    let places = node.parameters.map { position($0) }
    let shape = node.shapes[0]
    if shape.isScalar { return node.operands[0] }
    if shape.isVector { return node.operands[0].then("[\(places[0])]") }
    return node.operands[0].then(shape.isRow ? "[\(places[1])]" : "[\(places[0]), \(places[1])]")
  }

  func vectorized(_ node: WrittenNode) -> CodeExpression {
    node.shapes[0].isMatrix ? flattened(node.operands[0]) : node.operands[0]
  }

  func reshaped(_ node: WrittenNode) -> CodeExpression {
    if node.shapes[0] == node.shape { return node.operands[0] }
    let entries = vectorized(node)
    if node.shape.isScalar { return entries.then("[0]") }
    guard node.shape.isMatrix else {
      return node.shapes[0].isScalar ? entries.then(".reshape(1)") : entries
    }
    return reshaped(entries, size(node.shape.rows), size(node.shape.columns))
  }

  /// An array of a size that the shape gives.
  func made(_ function: String, _ shape: Shape, _ needs: inout Needs, fill: String? = nil)
    -> CodeExpression
  {
    let sizes: String
    if shape.isMatrix {
      sizes = "(\(size(shape.rows)), \(size(shape.columns)))"
    } else if shape.isScalar {
      sizes = "()"
    } else {
      sizes = fill == nil ? size(shape.count) : "(\(size(shape.count)),)"
    }
    return .call(
      "\(module).\(function)", [sizes] + (fill.map { [$0] } ?? []) + factoryArguments(&needs))
  }

  func identity(_ n: Dim, _ needs: inout Needs) -> CodeExpression {
    .call("\(module).eye", [size(n)] + factoryArguments(&needs))
  }

  func kronecker(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.shapes[0], node.shapes[1])
    if a.isScalar || b.isScalar { return product(node) }
    if a.isVector, b.isRow { return .call("\(module).outer", node.operands[0], node.operands[1]) }
    if (a.isVector && b.isVector) || (a.isRow && b.isRow) {
      return .call("\(module).kron", node.operands[0], node.operands[1])
    }
    return matrixCall("\(module).kron", node)
  }

  func blocks(_ node: WrittenNode) -> CodeExpression {
    guard node.shape.isMatrix else {
      return .call("\(module).hstack", ["(\(node.operands.map(\.text).joined(separator: ", ")))"])
    }
    var rows: [CodeExpression] = []
    var next = 0
    for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
      let blocks = (next..<next + count).map { matrix($0, node).text }
      next += count
      rows.append(
        count == 1
          ? CodeExpression(blocks[0])
          : .call("\(module).hstack", ["(\(blocks.joined(separator: ", ")))"]))
    }
    return rows.count == 1
      ? rows[0]
      : .call("\(module).vstack", ["(\(rows.map(\.text).joined(separator: ", ")))"])
  }

  func unit(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    identity(node.shape.rows, &needs).then("[\(position(node.parameters[1]))]")
  }

  /// The operand itself where it is known to be symmetric, else its symmetric part.
  func symmetric(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let x = node.operands[index]
    if node.facts[index].contains(.symmetric) { return x }
    return .times(x + x.then(".T"), "/", CodeExpression("2"))
  }

  func skew(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    return .times(x - x.then(".T"), "/", CodeExpression("2"))
  }
}

extension Shape {
  /// Neither scalar, vector nor row.
  var isMatrix: Bool { !rows.isOne && !columns.isOne }
}

/// Numbers and sizes in Python's syntax.
enum PythonNumbers {
  static func expression(_ value: Number) -> CodeExpression {
    if value.isNegative { return -expression(value.magnitude) }
    switch value {
    case .rational(let p, 1): return CodeExpression(String(p))
    case .rational(let p, let q):
      if let decimal = shortDecimal(value.double) { return CodeExpression(decimal) }
      return .times(CodeExpression(String(p)), "/", CodeExpression(String(q)))
    case .real(let x): return CodeExpression("\(x)")
    }
  }

  private static func shortDecimal(_ value: Double) -> String? {
    let text = "\(value)"
    return text.count <= 8 ? text : nil
  }

  static func expression(_ dim: Dim) -> CodeExpression {
    switch dim {
    case .literal(let n): return CodeExpression(String(n), n < 0 ? .unary : .postfix)
    case .name(let name): return CodeExpression(name)
    case .polynomial(let p):
      var denominator = 1
      for term in p.terms {
        if case .rational(_, let q) = term.coefficient { denominator = max(denominator, q) }
      }
      let sum = p.terms.map { term($0, denominator) }.reduce(nil as CodeExpression?) { sum, next in
        guard let sum else { return next.isNegative ? -next.text : next.text }
        return next.isNegative ? sum - next.text : sum + next.text
      }
      guard let sum else { return CodeExpression("0") }
      return denominator == 1 ? sum : .times(sum, "//", CodeExpression(String(denominator)))
    }
  }

  private static func term(
    _ term: DimPolynomial.Term, _ denominator: Int
  ) -> (text: CodeExpression, isNegative: Bool) {
    let coefficient = (term.coefficient * Number(denominator)).integer ?? 1
    var factors: [CodeExpression] = []
    if abs(coefficient) != 1 || term.factors.isEmpty {
      factors.append(CodeExpression(String(abs(coefficient))))
    }
    for factor in term.factors {
      factors += Array(repeating: CodeExpression(factor.name), count: factor.exponent)
    }
    return (
      factors.dropFirst().reduce(factors[0]) { .times($0, "*", $1) }, coefficient < 0
    )
  }
}
