import ExpressionCore
import Planning

// Operations that depend on shapes, as Eigen writes them.
extension Eigen {
  // MARK: Arrays

  /// An operand for entrywise operations; a scalar as it is.
  func array(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    if node.shapes[index].isScalar { return term(index, node) }
    let x = spread(index, node)
    return x.without(".matrix()") ?? x.then(".array()")
  }

  func array(_ index: Int, _ node: WrittenNode, _ function: String) -> CodeExpression {
    array(index, node).then(".\(function)().matrix()")
  }

  func matrix(_ array: CodeExpression) -> CodeExpression { array.then(".matrix()") }

  /// A column or row repeated over the result's shape.
  func spread(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let (x, shape) = (node.operands[index], node.shapes[index])
    guard !shape.isScalar else { return term(index, node) }
    guard node.shape.isMatrix, !shape.isMatrix else { return x }
    return x.then(
      shape.isVector
        ? ".replicate(1, \(size(node.shape.columns)))" : ".replicate(\(size(node.shape.rows)), 1)")
  }

  func additive(
    _ node: WrittenNode, _ combine: (CodeExpression, CodeExpression) -> CodeExpression
  ) -> CodeExpression {
    let mixed = node.shapes[0].isScalar != node.shapes[1].isScalar
    return mixed
      ? matrix(combine(array(0, node), array(1, node)))
      : combine(spread(0, node), spread(1, node))
  }

  func hadamard(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.shapes[0], node.shapes[1])
    if a.isScalar || b.isScalar { return .times(term(0, node), "*", term(1, node)) }
    if node.shape.isMatrix {
      if a.isVector, b.isMatrix {
        return .times(node.operands[0].then(".asDiagonal()"), "*", node.operands[1])
      }
      if a.isMatrix, b.isVector {
        return .times(node.operands[1].then(".asDiagonal()"), "*", node.operands[0])
      }
      if a.isRow, b.isMatrix {
        return .times(node.operands[1], "*", node.operands[0].then(".asDiagonal()"))
      }
      if a.isMatrix, b.isRow {
        return .times(node.operands[0], "*", node.operands[1].then(".asDiagonal()"))
      }
    }
    return spread(0, node).then(".cwiseProduct(\(spread(1, node).text))")
  }

  func quotient(_ node: WrittenNode) -> CodeExpression {
    if node.shapes[1].isScalar { return .times(term(0, node), "/", term(1, node)) }
    if node.shapes[0].isScalar {
      return node.numbers[0] == .one
        ? node.operands[1].then(".cwiseInverse()")
        : matrix(.times(term(0, node), "/", array(1, node)))
    }
    return spread(0, node).then(".cwiseQuotient(\(spread(1, node).text))")
  }

  func power(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands
    guard !node.shape.isScalar else {
      return node.numbers[1] == .half ? .call("std::sqrt", x[0]) : .call("std::pow", x[0], x[1])
    }
    switch node.numbers[1] {
    case Number.two: return x[0].then(".cwiseAbs2()")
    case Number.half: return x[0].then(".cwiseSqrt()")
    case Number.minusOne: return x[0].then(".cwiseInverse()")
    default:
      guard node.shapes[0].isScalar else {
        return matrix(array(0, node).then(".pow(\(array(1, node).text))"))
      }
      return matrix(.call("Eigen::pow", node.operands[0], array(1, node)))
    }
  }

  /// An entrywise function that Eigen's arrays have.
  func entrywise(_ name: String, _ node: WrittenNode) -> CodeExpression {
    node.shape.isScalar
      ? .call("std::\(name)", node.operands[0]) : array(0, node, name)
  }

  /// An entrywise function that the program carries with it.
  func entrywise(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands[0]
    if node.shape.isScalar { return call(helper, [x.text], &needs) }
    needs.use(helper)
    return x.then(".unaryExpr(&\(helper.name)<Scalar>)")
  }

  /// An entrywise function as a lambda.
  func entrywise(lambda body: String, _ node: WrittenNode) -> CodeExpression {
    let lambda = "[](Scalar t) { return \(body); }"
    return node.shape.isScalar
      ? CodeExpression("\(lambda)(\(node.operands[0].text))")
      : node.operands[0].then(".unaryExpr(\(lambda))")
  }

  func extreme(_ name: String, _ node: WrittenNode) -> CodeExpression {
    guard !node.shape.isScalar else {
      return .call("std::\(name)", node.operands[0], node.operands[1])
    }
    let (a, b) = node.shapes[0].isScalar ? (1, 0) : (0, 1)
    let other = array(b, node)
    return matrix(array(a, node).then(".\(name)(\(other.text))"))
  }

  // MARK: Reductions

  func reduction(_ method: String, _ node: WrittenNode) -> CodeExpression {
    let (x, shape) = (node.operands[0], node.shapes[0])
    guard !shape.isScalar else { return x }
    guard let axis = node.parameters.first?.literal, shape.isMatrix else {
      let isIdentity = node.parameters.first?.literal.map { ($0 == 1) != shape.isVector } ?? false
      return isIdentity ? x : x.then(".\(method)()")
    }
    return x.then(axis == 1 ? ".colwise().\(method)()" : ".rowwise().\(method)()")
  }

  func alongAxis(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let axis = node.parameters.first?.literal ?? 0
    return fromMatrix(call(helper, [node.operands[0].text, String(axis)], &needs), node.shape)
  }

  // MARK: Matrices

  /// A dynamic matrix as what its shape asks for.
  func fromMatrix(_ result: CodeExpression, _ shape: Shape) -> CodeExpression {
    shape.isScalar
      ? result.then("(0, 0)")
      : shape.isVector ? result.then(".col(0)") : shape.isRow ? result.then(".row(0)") : result
  }

  func symmetric(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    if node.facts[0].contains(.symmetric) { return x }
    return .times(x + x.then(".transpose()"), "/", CodeExpression("2"))
  }

  func evaluated(_ x: CodeExpression) -> CodeExpression { .call("MatrixX<Scalar>", x) }

  /// A function that the program carries with it: its arguments may be expressions, from which the
  /// scalar type is not deduced.
  func call(
    _ helper: Helper, _ arguments: [String], _ needs: inout Needs
  ) -> CodeExpression {
    needs.use(helper)
    return .call("\(helper.name)<Scalar>", arguments)
  }

  /// An operand where functions take matrices alone.
  private func asMatrix(_ index: Int, _ node: WrittenNode) -> String {
    let text = node.operands[index].text
    return node.shapes[index].isScalar ? "MatrixX<Scalar>::Constant(1, 1, \(text))" : text
  }

  func helper(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let operands = node.operands.indices.map { asMatrix($0, node) }
    return fromMatrix(
      call(helper, operands + node.parameters.map { size($0) }, &needs), node.shape)
  }

  func product(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.operands[0], node.operands[1])
    guard node.shape.isScalar, !node.shapes[0].isScalar else {
      return .times(term(0, node), "*", term(1, node))
    }
    return (a.without(".transpose()") ?? a).then(".dot(\(b.text))")
  }

  func blocks(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    var rows: [String] = []
    var next = 0
    for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
      let blocks = (next..<next + count).map { asMatrix($0, node) }
      rows.append("{\(blocks.joined(separator: ", "))}")
      next += count
    }
    let list = "{\(rows.joined(separator: ", "))}"
    return fromMatrix(call(.eigenBlocks, [list], &needs), node.shape)
  }

  func eigenvalues(_ node: WrittenNode) -> CodeExpression {
    .call("Eigen::SelfAdjointEigenSolver<MatrixX<Scalar>>", symmetric(node))
      .then(".eigenvalues()")
  }

  func matrixFunction(_ name: String, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use("#include <unsupported/Eigen/MatrixFunctions>")
    return evaluated(node.operands[0].then(".\(name)()"))
  }

  func direction(_ name: String, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use("#include <unsupported/Eigen/MatrixFunctions>")
    needs.use(.eigenBlocks)
    let lambda = "[](const MatrixX<Scalar>& m) { return MatrixX<Scalar>(m.\(name)()); }"
    return call(.eigenFrechetDerivative, [lambda] + node.operands.map(\.text), &needs)
  }

  // MARK: Parts and norms

  func indexed(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    switch node.indexedPart {
    case .whole, nil: return x
    case .entry(let places):
      return x.then("(\(places.map { position($0) }.joined(separator: ", ")))")
    case .column(let j): return x.then(".col(\(position(j)))")
    case .row(let i): return x.then(".row(\(position(i)))")
    }
  }

  func norm(_ primitive: Primitive, _ node: WrittenNode) -> CodeExpression {
    let x = node.operands
    if node.shapes[0].isScalar { return .call("std::abs", x[0]) }
    switch primitive {
    case .norm1: return x[0].then(".cwiseAbs().sum()")
    case .norminf: return x[0].then(".cwiseAbs().maxCoeff()")
    case .normp:
      return .call(
        "std::pow",
        [
          x[0].then(".array().abs().pow(\(x[1].text)).sum()").text,
          CodeExpression.times(CodeExpression("1"), "/", x[1]).text,
        ])
    default: return x[0].then(".norm()")
    }
  }

  func reshaped(_ node: WrittenNode) -> CodeExpression {
    let (x, from, to) = (node.operands[0], node.shapes[0], node.shape)
    if from == to { return x }
    if from.isScalar { return made("Constant", to, [x.text]) }
    if to.isScalar { return x.then(from.isMatrix ? "(0, 0)" : "(0)") }
    if to.isVector { return from.isRow ? x.then(".transpose()") : x.then(".reshaped()") }
    if to.isRow {
      return from.isVector ? x.then(".transpose()") : x.then(".reshaped().transpose()")
    }
    return x.then(".reshaped(\(size(to.rows)), \(size(to.columns)))")
  }

  func convolution(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let (s, p) = (size(node.parameters[0]), size(node.parameters[1]))
    let (x, w) = (node.operands[0], node.operands[1])
    var padding = [p, p]
    var filter = w
    if primitive == .conv1d {
      let isRow = node.shapes[0].isRow
      padding = isRow ? ["0", p] : [p, "0"]
      if isRow != node.shapes[1].isRow { filter = w.then(".transpose()") }
    }
    return fromMatrix(
      call(.eigenConvolution, [x.text, filter.text, s] + padding, &needs), node.shape)
  }
}
