import ExpressionCore
import Planning

/// MATLAB, in the part of it that Octave shares.
struct MATLAB: ExpressionWriter {
  let target = TargetName.matlab

  func namesOperands(of primitive: Primitive) -> Bool {
    switch primitive {
    // Only a name can be indexed.
    case .col, .row, .entry, .vech: true
    case .sym, .skew, .leakyrelu, .elu, .gelu, .silu: true
    default: false
    }
  }

  func function(_ kind: Decomposition) -> Helper {
    switch kind {
    case .svd: .matlabSVD
    case .symmetricEigen: .matlabEigen
    case .qr: .matlabQR
    case .lu: .matlabLU
    }
  }

  func decomposition(
    _ kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression? {
    needs.use(function(kind))
    return .call(
      function(kind).name, kind == .symmetricEigen ? symmetric(node) : node.operands[0])
  }

  /// One part of a decomposition; the first is what a call gives.
  func output(
    _ place: Int, of kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let matrix = kind == .symmetricEigen ? symmetric(node) : node.operands[0]
    needs.use(function(kind))
    guard place > 1 else { return .call(function(kind).name, matrix) }
    needs.use(.matlabOutput)
    return .call("output_", [String(place), "@" + function(kind).name, matrix.text])
  }

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return PythonNumbers.expression(value)
    case .pi: return CodeExpression("pi")
    case .dimension(let dim): return SizeNotation.slash.expression(dim)
    case .primitive(let primitive): return try expression(primitive, node, &needs)
    case .factor(.cholesky): return .call("chol", symmetric(node))
    case .factor(.lu): return call(.matlabFactor, node, &needs)
    case .solve(.cholesky, _):
      let (r, b) = (node.operands[0], node.operands[1])
      return .times(r, "\\", .times(r.then("'"), "\\", b))
    case .solve(.lu, let transposed):
      return call(transposed ? .matlabTransposedSolve : .matlabSolve, node, &needs)
    case .logdet(.cholesky):
      return .times(
        CodeExpression("2"), "*",
        .call("sum", .call("log", .call("diag", node.operands[0]))))
    case .logOfDeterminant:
      needs.use(.matlabLogOfDeterminant)
      return .call("log_det_", node.operands[0])
    case .logdet(.lu):
      return .call(
        "sum", .call("log", .call("abs", .call("diag", node.operands[0].then(".upper")))))
    }
  }

  func call(_ helper: Helper, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(helper)
    return .call(helper.name, node.operands.map(\.text) + node.parameters.map { size($0) })
  }

  func size(_ dim: Dim) -> String { SizeNotation.slash.expression(dim).text }

  func sizes(_ shape: Shape) -> [String] { [size(shape.rows), size(shape.columns)] }

  func symmetric(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    if node.facts[0].contains(.symmetric) { return x }
    return .times(x + x.then("'"), "/", CodeExpression("2"))
  }

  func power(_ sign: String, _ base: CodeExpression, _ exponent: CodeExpression)
    -> CodeExpression
  {
    // A quote after the exponent would transpose the power.
    let isPlain = exponent.precedence == .postfix && !exponent.text.hasSuffix("'")
    return CodeExpression(
      "\(base.primary)\(sign)\(isPlain ? exponent.text : "(\(exponent.text))")", .power)
  }

  /// Octave does not spread a row over a matrix that it stores as a diagonal.
  func spread(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let isStoredAsDiagonal = node.facts[index].contains(.diagonal) && node.shapes[index].isMatrix
    return isStoredAsDiagonal && node.shapes[1 - index] != node.shapes[index]
      ? .call("full", node.operands[index]) : node.operands[index]
  }

  /// A scalar on either side needs no dot.
  func scaled(_ node: WrittenNode, _ sign: String) -> CodeExpression {
    let dotless = sign == "*" && node.shapes.contains(where: \.isScalar)
    let byScalar = sign == "/" && node.shapes[1].isScalar
    return .times(node.operands[0], dotless || byScalar ? sign : "." + sign, node.operands[1])
  }

  /// A function that MATLAB applies column by column, over all entries or along an axis.
  func reduction(
    _ function: String, _ node: WrittenNode, beforeAxis further: [String] = []
  ) -> CodeExpression {
    let x = node.operands[0]
    if let axis = node.parameters.first?.literal {
      return .call(function, [x.text] + further + [String(axis)])
    }
    if node.shapes[0].isMatrix { return .call(function, .call(function, x)) }
    return node.shapes[0].isScalar ? x : .call(function, x)
  }
}
