import ExpressionCore
import Planning

/// Julia: vectors and rows are `Vector`s, and dots broadcast.
struct Julia: ExpressionWriter {
  let target = TargetName.julia

  func decomposition(
    _ kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression? {
    let helper: Helper =
      switch kind {
      case .svd: .juliaSVD
      case .symmetricEigen: .juliaEigen
      case .qr: .juliaQR
      case .lu: .juliaLU
      }
    needs.use(helper)
    return .call(helper.name, kind == .symmetricEigen ? symmetric(node) : node.operands[0])
  }

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return PythonNumbers.expression(value)
    case .pi: return CodeExpression("π")
    case .dimension(let dim): return Self.sizes.expression(dim)
    case .primitive(let primitive): return try expression(primitive, node, &needs)
    case .factor(.cholesky): return .call("cholesky", .call("Symmetric", x[0]))
    case .factor(.lu): return .call("lu", x[0])
    case .solve(.lu, transposed: true): return .times(x[0].then("'"), "\\", x[1])
    case .solve: return .times(x[0], "\\", x[1])
    // Of factors, logdet throws where the determinant is negative.
    case .logdet(.cholesky), .logOfDeterminant: return .call("logdet", x[0])
    case .logdet(.lu): return .call("first", .call("logabsdet", x[0]))
    }
  }

  static let sizes = SizeNotation { .times($0, "÷", CodeExpression(String($1))) }

  func size(_ dim: Dim) -> String { Self.sizes.expression(dim).text }

  // MARK: Broadcasting

  /// A row as one where the result is a matrix.
  func spread(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    node.shapes[index].isRow && node.shape.isMatrix
      ? node.operands[index].then("'") : node.operands[index]
  }

  func broadcasts(_ node: WrittenNode) -> Bool {
    node.shapes[0].isMatrix != node.shapes[1].isMatrix
      || node.shapes[0].isScalar != node.shapes[1].isScalar
  }

  func additive(_ sign: String, _ node: WrittenNode) -> CodeExpression {
    let (a, b) = (spread(0, node), spread(1, node))
    let sign = broadcasts(node) ? "." + sign : sign
    return CodeExpression("\(a.text(.additive)) \(sign) \(b.text(.multiplicative))", .additive)
  }

  func multiplicative(_ sign: String, _ node: WrittenNode) -> CodeExpression {
    let plain =
      sign == "*" ? node.shapes.contains(where: \.isScalar) : node.shapes[1].isScalar
    return .times(spread(0, node), plain ? sign : "." + sign, spread(1, node))
  }

  func power(_ node: WrittenNode) -> CodeExpression {
    if node.numbers[1] == .half { return entrywise("sqrt", node) }
    let sign = node.shape.isScalar ? "^" : ".^"
    let (base, exponent) = (spread(0, node), spread(1, node))
    return CodeExpression("\(base.primary)\(sign)\(exponent.primary)", .power)
  }

  /// A function of numbers at each entry: `exp.(x)`.
  func entrywise(_ function: String, _ node: WrittenNode) -> CodeExpression {
    let arguments = node.operands.indices.map { spread($0, node) }
    return .call(node.shape.isScalar ? function : function + ".", arguments.map(\.text))
  }

  func entrywise(_ helper: Helper, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(helper)
    return entrywise(helper.name, node)
  }

  func special(_ function: String, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use("using SpecialFunctions")
    return entrywise(function, node)
  }

  // MARK: Reductions

  func reduction(_ function: String, _ node: WrittenNode) -> CodeExpression {
    let (x, shape) = (node.operands[0], node.shapes[0])
    if shape.isScalar { return x }
    guard let axis = node.parameters.first?.literal, shape.isMatrix else {
      let isIdentity = node.parameters.first?.literal.map { ($0 == 1) != shape.isVector } ?? false
      return isIdentity ? x : .call(function, x)
    }
    return .call("vec", .call(function, [x.text, "dims=\(axis)"]))
  }

  func alongAxis(_ helper: Helper, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(helper)
    let axis = node.parameters.first?.literal ?? 1
    return .call(helper.name, [node.operands[0].text, String(node.shapes[0].isMatrix ? axis : 1)])
  }

  // MARK: Matrices

  func product(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.operands[0], node.operands[1])
    let (s, t) = (node.shapes[0], node.shapes[1])
    if s.isScalar || t.isScalar { return .times(a, "*", b) }
    if node.shape.isScalar { return .call("dot", a, b) }
    if s.isVector { return .times(a, "*", b.then("'")) }
    if s.isRow { return .times(b.then("'"), "*", a) }
    return .times(a, "*", b)
  }

  func symmetric(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    if node.facts[0].contains(.symmetric) { return .call("Symmetric", x) }
    return .call("Symmetric", .times(x + x.then("'"), "/", CodeExpression("2")))
  }

  /// An operand with two axes, whatever its shape.
  func matrix(_ index: Int, _ node: WrittenNode) -> String {
    let (x, shape) = (node.operands[index], node.shapes[index])
    if shape.isScalar { return "fill(\(x.text), 1, 1)" }
    return shape.isMatrix
      ? x.text
      : shape.isRow ? "reshape(\(x.text), 1, :)" : "reshape(\(x.text), :, 1)"
  }

  func fromMatrix(_ result: CodeExpression, _ shape: Shape) -> CodeExpression {
    shape.isScalar ? .call("only", result) : shape.isMatrix ? result : .call("vec", result)
  }

  func helper(_ helper: Helper, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(helper)
    let operands = node.operands.indices.map { matrix($0, node) }
    return fromMatrix(
      .call(helper.name, operands + node.parameters.map { size($0) }), node.shape)
  }

  func made(_ function: String, _ shape: Shape, _ further: [String] = [])
    -> CodeExpression
  {
    .call(
      function,
      further
        + (shape.isMatrix ? [size(shape.rows), size(shape.columns)] : [size(shape.count)]))
  }

  func blocks(_ node: WrittenNode) -> CodeExpression {
    guard node.shape.isMatrix else {
      return CodeExpression("[\(node.operands.map(\.text).joined(separator: "; "))]")
    }
    var rows: [String] = []
    var next = 0
    for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
      rows.append((next..<next + count).map { matrix($0, node) }.joined(separator: " "))
      next += count
    }
    return CodeExpression("[\(rows.joined(separator: "; "))]")
  }
}
