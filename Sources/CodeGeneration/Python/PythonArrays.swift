import ExpressionCore
import Planning

/// What NumPy, JAX and PyTorch have in common: vectors and rows have one axis, matrices two,
/// scalars none.
protocol PythonArrays: ExpressionWriter {
  /// `np`, `jnp`, `torch`.
  var module: String { get }
  /// `axis` or `dim`.
  var axisLabel: String { get }
  /// An argument of the program, whose type (and device) new arrays have.
  var like: String { get set }
  /// Further arguments of what makes an array: the type, and the device where there are several.
  var factoryArguments: [String] { get }
  /// A number as an array.
  func array(_ constant: CodeExpression) -> CodeExpression
  /// An array that shares no memory with another one.
  func copied(_ array: CodeExpression) -> CodeExpression
  /// The entries in the order of columns as an array of one axis.
  func flattened(_ matrix: CodeExpression) -> CodeExpression
  /// The entries of an array of one axis as columns of a matrix.
  func reshaped(_ entries: CodeExpression, _ rows: String, _ columns: String) -> CodeExpression
  func helper(_ helper: PythonHelper) -> Helper
  /// The name of the Kronecker product of matrices.
  func kroneckerFunction(_ needs: inout Needs) -> String

  /// The operation of a factorization.
  func factored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression
  /// The solution of linear equations with a matrix.
  func solution(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression
  /// A function entry by entry, other than those that are methods of numbers.
  func elementwise(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression
  /// `logsumexp`, `softmax`, `logsoftmax`, and the largest and smallest entries along an axis.
  func alongAxis(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression
  /// The name of a function of square matrices: `expm`, `logm`, `sqrtm`, `sinm`, `cosm`.
  func matrixFunction(_ primitive: Primitive, _ needs: inout Needs) -> String
  /// What each library does in its own way.
  func special(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression
}

/// Functions that a program carries with it, in each library's terms.
enum PythonHelper {
  case commutation, duplication, adjugate, qr, lu, eigen, svd
  case frechetDerivative, patches, fromPatches, logOfDeterminant
}

extension PythonArrays {
  /// A solve with a triangular matrix, as SciPy has it.
  func triangularSolution(
    _ triangle: Triangle, _ node: WrittenNode, _ module: String
  ) -> CodeExpression {
    let lower = triangle == .lower ? ["lower=True"] : []
    return .call("\(module).solve_triangular", node.operands.map(\.text) + lower)
  }

  func decomposition(
    _ kind: Decomposition, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression? {
    switch kind {
    case .svd: .call(use(helper(.svd), &needs), node.operands[0])
    case .symmetricEigen: .call(use(helper(.eigen), &needs), symmetric(0, node))
    case .qr: .call(use(helper(.qr), &needs), node.operands[0])
    case .lu: .call(use(helper(.lu), &needs), node.operands[0])
    }
  }

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return PythonNumbers.expression(value).constant
    case .pi:
      needs.use("import math")
      return CodeExpression("math.pi", isConstant: true)
    case .dimension(let dim): return PythonNumbers.expression(dim).constant
    case .primitive(let primitive):
      guard !node.operands.isEmpty, node.operands.allSatisfy(\.isConstant) else {
        return expression(primitive, node, &needs)
      }
      if let result = PythonNumbers.expression(primitive, node, &needs) { return result }
      if primitive.takesNumbers { return expression(primitive, node, &needs) }
      var node = node
      node.operands = node.operands.map { array($0) }
      return expression(primitive, node, &needs)
    case .logOfDeterminant:
      return .call(use(helper(.logOfDeterminant), &needs), node.operands[0])
    case .factor, .solve, .logdet: return factored(node.operation.operation, node, &needs)
    }
  }

  func array(_ constant: CodeExpression) -> CodeExpression {
    .call("\(module).asarray", [constant.text] + factoryArguments)
  }

  func copied(_ array: CodeExpression) -> CodeExpression { array.then(".copy()") }

  func kroneckerFunction(_ needs: inout Needs) -> String { "\(module).kron" }

  /// An operand as an array, also where it is a number.
  func arrayOperand(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    node.operands[index].isConstant ? array(node.operands[index]) : node.operands[index]
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
      if node.numbers[0] == .minusOne { return negated(b) }
      return entrywise(a, b)
    }
    if node.shapes[0].columns.isOne { return .call("\(module).outer", a, b) }
    // Python's `@` and `*` have one precedence; a reader should not have to know.
    let left = PythonLayout.hasOperator(["*", "/"], a.text) ? CodeExpression("(\(a.text))") : a
    return .times(left, "@", b)
  }

  /// A product entry by entry.
  func entrywise(_ a: CodeExpression, _ b: CodeExpression) -> CodeExpression {
    let left = PythonLayout.hasOperator(["@"], a.text) ? CodeExpression(a.text(.unary)) : a
    let isPlain = b.precedence == .multiplicative && !PythonLayout.hasOperator(["@", "//"], b.text)
    guard isPlain else { return .times(left, "*", b) }
    return CodeExpression(
      "\(left.text(.multiplicative)) * \(b.text)", .multiplicative,
      isConstant: a.isConstant && b.isConstant)
  }

  func negated(_ x: CodeExpression) -> CodeExpression {
    if x.precedence == .power { return CodeExpression("-(\(x.text))", .unary) }
    guard x.precedence == .multiplicative, !PythonLayout.hasOperator(["@"], x.text) else {
      return -x
    }
    return CodeExpression("-\(x.text)", .multiplicative, isConstant: x.isConstant)
  }

  func transposed(_ node: WrittenNode) -> CodeExpression {
    node.shape.isMatrix ? node.operands[0].then(".T") : node.operands[0]
  }

  func power(_ node: WrittenNode) -> CodeExpression {
    let (base, exponent) = (spread(0, node), spread(1, node))
    if node.numbers[1] == .half { return .call("\(module).sqrt", base) }
    if node.numbers[1] == .minusOne { return .times(CodeExpression("1"), "/", base) }
    return PythonNumbers.power(base, exponent)
  }

  /// A matrix with two axes, whatever its shape.
  func matrix(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let x = arrayOperand(index, node)
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
  func axis(_ node: WrittenNode) -> String {
    let axis = node.parameters.first?.literal ?? 1
    return "\(axisLabel)=\(node.shapes[0].isMatrix ? axis - 1 : 0)"
  }

  func dot(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.operands[0], node.operands[1])
    guard node.shapes[0].isMatrix else { return .times(a, "@", b) }
    if a == b {
      return .call("\(module).sum", PythonNumbers.power(a, CodeExpression("2")))
    }
    return .call("\(module).sum", entrywise(a, b))
  }

  /// (Σ|x|^p)^(1/p), given |x|.
  func normp(_ node: WrittenNode, _ magnitudes: CodeExpression) -> CodeExpression {
    let p = node.operands[1]
    let sum = PythonNumbers.power(magnitudes, p).then(".sum()")
    return PythonNumbers.power(sum, .times(CodeExpression("1"), "/", p))
  }

  // MARK: Helpers

  func use(_ helper: Helper, _ needs: inout Needs) -> String {
    needs.use(helper)
    return helper.name
  }

  /// A helper for matrices with two axes, or one of the results of it.
  func call(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs, then suffix: String = ""
  ) -> CodeExpression {
    let operands = node.operands.indices.map { matrix($0, node).text }
    let call = CodeExpression.call(
      use(helper, &needs), operands + node.parameters.map { size($0) })
    return fromMatrix(suffix.isEmpty ? call : call.then(suffix), node.shape)
  }

  /// A constant matrix of given sizes.
  func made(by helper: Helper, _ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    fromMatrix(
      .call(use(helper, &needs), node.parameters.map { size($0) } + [like]), node.shape)
  }
}

extension CodeExpression {
  /// What is transposed in `X.T`; nil of other expressions.
  var transposedOperand: CodeExpression? {
    precedence == .postfix && text.hasSuffix(".T")
      ? CodeExpression(String(text.dropLast(2))) : nil
  }
}

extension Shape {
  /// Neither scalar, vector nor row.
  var isMatrix: Bool { !rows.isOne && !columns.isOne }
}
