import ExpressionCore
import Planning

/// C++ with Eigen 3.4: a header of one function.
struct Eigen: ExpressionWriter {
  let target = TargetName.eigen

  func namesOperands(of primitive: Primitive) -> Bool {
    switch primitive {
    // Products have no entries of their own until they are evaluated.
    case .entry, .vec, .reshape, .sym, .skew, .gelu, .silu: true
    default: false
    }
  }

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return Self.number(value)
    case .pi: return CodeExpression("EIGEN_PI")
    case .dimension(let dim): return .call("double", [size(dim)])
    case .primitive(let primitive): return try expression(primitive, node, &needs)
    case .factor(.cholesky): return x[0].then(".llt()")
    case .factor(.lu): return x[0].then(".partialPivLu()")
    case .solve(.lu, transposed: true):
      // Eigen evaluates this solve only into a matrix, not inside an expression.
      return .call(Self.type(node.shape), x[0].then(".transpose().solve(\(x[1].text))"))
    case .solve: return x[0].then(".solve(\(x[1].text))")
    case .logdet(.cholesky):
      return .times(
        CodeExpression("2.0"), "*", x[0].then(".matrixLLT().diagonal().array().log().sum()"))
    case .logOfDeterminant:
      needs.use(.eigenLogOfDeterminant)
      return .call("detail::log_determinant", x[0])
    case .logdet(.lu): return x[0].then(".matrixLU().diagonal().array().abs().log().sum()")
    }
  }

  /// Always with a point, so that nothing is divided as integers.
  private static func number(_ value: Number) -> CodeExpression {
    if value.isNegative { return -number(value.magnitude) }
    if case .rational(let p, let q) = value, q != 1, "\(value.double)".count > 8 {
      return .times(CodeExpression("\(p).0"), "/", CodeExpression("\(q).0"))
    }
    return CodeExpression("\(value.double)")
  }

  func size(_ dim: Dim) -> String { SizeNotation.slash.expression(dim).text }

  private func position(_ dim: Dim) -> String { size(dim - 1) }

  static func type(_ shape: Shape) -> String {
    shape.isScalar
      ? "double"
      : shape.isVector
        ? "Eigen::VectorXd" : shape.isRow ? "Eigen::RowVectorXd" : "Eigen::MatrixXd"
  }

  /// A constant of a shape: `Eigen::VectorXd::Ones(n)`.
  private func made(_ function: String, _ shape: Shape, _ further: [String] = [])
    -> CodeExpression
  {
    let sizes =
      shape.isMatrix ? [size(shape.rows), size(shape.columns)] : [size(shape.count)]
    return .call("\(Self.type(shape))::\(function)", sizes + further)
  }

  // MARK: Arrays

  /// An operand for entrywise operations; a scalar as it is.
  private func array(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let x = spread(index, node)
    if node.shapes[index].isScalar { return x }
    return x.text.hasSuffix(".matrix()")
      ? CodeExpression(String(x.text.dropLast(".matrix()".count))) : x.then(".array()")
  }

  private func array(_ index: Int, _ node: WrittenNode, _ function: String) -> CodeExpression {
    array(index, node).then(".\(function)().matrix()")
  }

  private func matrix(_ array: CodeExpression) -> CodeExpression { array.then(".matrix()") }

  /// A column or row repeated over the result's shape.
  private func spread(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let (x, shape) = (node.operands[index], node.shapes[index])
    guard node.shape.isMatrix, !shape.isMatrix, !shape.isScalar else { return x }
    return x.then(
      shape.isVector
        ? ".replicate(1, \(size(node.shape.columns)))" : ".replicate(\(size(node.shape.rows)), 1)")
  }

  private func additive(
    _ node: WrittenNode, _ combine: (CodeExpression, CodeExpression) -> CodeExpression
  ) -> CodeExpression {
    let mixed = node.shapes[0].isScalar != node.shapes[1].isScalar
    return mixed
      ? matrix(combine(array(0, node), array(1, node)))
      : combine(spread(0, node), spread(1, node))
  }

  private func hadamard(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.shapes[0], node.shapes[1])
    if a.isScalar || b.isScalar { return .times(node.operands[0], "*", node.operands[1]) }
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

  private func quotient(_ node: WrittenNode) -> CodeExpression {
    if node.shapes[1].isScalar { return .times(node.operands[0], "/", node.operands[1]) }
    if node.shapes[0].isScalar {
      return node.numbers[0] == .one
        ? node.operands[1].then(".cwiseInverse()")
        : matrix(.times(node.operands[0], "/", array(1, node)))
    }
    return spread(0, node).then(".cwiseQuotient(\(spread(1, node).text))")
  }

  private func power(_ node: WrittenNode) -> CodeExpression {
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
      return matrix(.call("Eigen::pow", array(0, node), array(1, node)))
    }
  }

  /// An entrywise function that Eigen's arrays have.
  private func entrywise(_ name: String, _ node: WrittenNode) -> CodeExpression {
    node.shape.isScalar
      ? .call("std::\(name)", node.operands[0]) : array(0, node, name)
  }

  /// An entrywise function that the program carries with it.
  private func entrywise(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    needs.use(helper)
    let x = node.operands[0]
    return node.shape.isScalar
      ? .call(helper.name, x) : x.then(".unaryExpr(&\(helper.name))")
  }

  /// An entrywise function as a lambda.
  private func entrywise(lambda body: String, _ node: WrittenNode) -> CodeExpression {
    let lambda = "[](double t) { return \(body); }"
    return node.shape.isScalar
      ? CodeExpression("\(lambda)(\(node.operands[0].text))")
      : node.operands[0].then(".unaryExpr(\(lambda))")
  }

  private func extreme(_ name: String, _ node: WrittenNode) -> CodeExpression {
    guard !node.shape.isScalar else {
      return .call("std::\(name)", node.operands[0], node.operands[1])
    }
    let (a, b) = node.shapes[0].isScalar ? (1, 0) : (0, 1)
    let other = node.shapes[b].isScalar ? node.operands[b] : array(b, node)
    return matrix(array(a, node).then(".\(name)(\(other.text))"))
  }

  // MARK: Reductions

  private func reduction(_ method: String, _ node: WrittenNode) -> CodeExpression {
    let (x, shape) = (node.operands[0], node.shapes[0])
    guard !shape.isScalar else { return x }
    guard let axis = node.parameters.first?.literal, shape.isMatrix else {
      let isIdentity = node.parameters.first?.literal.map { ($0 == 1) != shape.isVector } ?? false
      return isIdentity ? x : x.then(".\(method)()")
    }
    return x.then(axis == 1 ? ".colwise().\(method)()" : ".rowwise().\(method)()")
  }

  private func alongAxis(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    needs.use(helper)
    let axis = node.parameters.first?.literal ?? 0
    return fromMatrix(.call(helper.name, [node.operands[0].text, String(axis)]), node.shape)
  }

  // MARK: Matrices

  /// A dynamic matrix as what its shape asks for.
  private func fromMatrix(_ result: CodeExpression, _ shape: Shape) -> CodeExpression {
    shape.isScalar
      ? result.then("(0, 0)")
      : shape.isVector ? result.then(".col(0)") : shape.isRow ? result.then(".row(0)") : result
  }

  private func symmetric(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    if node.facts[0].contains(.symmetric) { return x }
    return .times(x + x.then(".transpose()"), "/", CodeExpression("2.0"))
  }

  private func evaluated(_ x: CodeExpression) -> CodeExpression { .call("Eigen::MatrixXd", x) }

  private func helper(
    _ helper: Helper, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    needs.use(helper)
    let operands = node.operands.indices.map { index in
      node.shapes[index].isScalar
        ? "Eigen::MatrixXd::Constant(1, 1, \(node.operands[index].text))"
        : node.operands[index].text
    }
    return fromMatrix(
      .call(helper.name, operands + node.parameters.map { size($0) }), node.shape)
  }

  private func product(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.operands[0], node.operands[1])
    guard node.shape.isScalar, !node.shapes[0].isScalar else { return .times(a, "*", b) }
    let suffix = ".transpose()"
    let left = a.text.hasSuffix(suffix) ? String(a.text.dropLast(suffix.count)) : a.primary
    return CodeExpression("\(left).dot(\(b.text))")
  }

  private func blocks(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    needs.use(.eigenBlocks)
    var rows: [String] = []
    var next = 0
    for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
      let blocks = (next..<next + count).map { index in
        node.shapes[index].isScalar
          ? "Eigen::MatrixXd::Constant(1, 1, \(node.operands[index].text))"
          : node.operands[index].text
      }
      rows.append("{\(blocks.joined(separator: ", "))}")
      next += count
    }
    return fromMatrix(.call("detail::blocks", ["{\(rows.joined(separator: ", "))}"]), node.shape)
  }

  private func eigenvalues(_ node: WrittenNode) -> CodeExpression {
    .call("Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>", symmetric(node))
      .then(".eigenvalues()")
  }

  private func matrixFunction(_ name: String, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use("#include <unsupported/Eigen/MatrixFunctions>")
    return evaluated(node.operands[0].then(".\(name)()"))
  }

  private func direction(_ name: String, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use("#include <unsupported/Eigen/MatrixFunctions>")
    needs.use(.eigenBlocks)
    needs.use(.eigenFrechetDerivative)
    let lambda = "[](const Eigen::MatrixXd& m) { return Eigen::MatrixXd(m.\(name)()); }"
    return .call("detail::frechet_derivative", [lambda] + node.operands.map(\.text))
  }

  func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    switch primitive {
    // MARK: Operators
    case .add: return additive(node, +)
    case .subtract: return additive(node, -)
    case .negate: return -x[0]
    case .multiply: return product(node)
    case .divide where node.shapes[1].isScalar: return .times(x[0], "/", x[1])
    case .divide:
      return x[1].then(".transpose().partialPivLu().solve(\(x[0].then(".transpose()").text))")
        .then(".transpose()")
    case .leftDivide, .solve:
      if node.shapes[0].isScalar { return .times(x[1], "/", x[0]) }
      let method = node.facts[0].contains(.positiveDefinite) ? "llt" : "partialPivLu"
      return x[0].then(".\(method)().solve(\(x[1].text))")
    case .hadamard: return hadamard(node)
    case .elementwiseDivide: return quotient(node)
    case .power where node.shapes[0].isScalar: return power(node)
    case .power:
      needs.use("#include <unsupported/Eigen/MatrixFunctions>")
      return evaluated(x[0].then(".pow(\(x[1].text))"))
    case .elementwisePower: return power(node)
    case .transpose: return node.shape.isScalar ? x[0] : x[0].then(".transpose()")
    case .blocks: return blocks(node, &needs)

    // MARK: Elementwise
    case .exp, .log, .log10, .sqrt, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh,
      .expm1, .log1p, .abs:
      return entrywise(primitive.rawValue, node)
    case .log2: return entrywise(lambda: "std::log2(t)", node)
    case .sign: return entrywise(lambda: "double((t > 0) - (t < 0))", node)
    case .square: return node.shape.isScalar ? .times(x[0], "*", x[0]) : x[0].then(".cwiseAbs2()")
    case .sigmoid: return entrywise(.eigenSigmoid, node, &needs)
    case .softplus: return entrywise(.eigenSoftplus, node, &needs)
    case .relu: return entrywise(lambda: "std::max(t, 0.0)", node)
    case .leakyrelu:
      let lambda = "[a = double(\(x[1].text))](double t) { return t > 0 ? t : a * t; }"
      return node.shape.isScalar
        ? CodeExpression("\(lambda)(\(x[0].text))") : x[0].then(".unaryExpr(\(lambda))")
    case .elu: return entrywise(lambda: "t > 0 ? t : std::expm1(t)", node)
    case .gelu: return entrywise(lambda: "t * std::erfc(-t / std::sqrt(2.0)) / 2", node)
    case .silu: return entrywise(lambda: "t / (1 + std::exp(-t))", node)
    case .step: return entrywise(lambda: "t > 0 ? 1.0 : 0.0", node)
    case .erf: return entrywise(lambda: "std::erf(t)", node)
    case .erfc: return entrywise(lambda: "std::erfc(t)", node)
    case .normcdf: return entrywise(lambda: "std::erfc(-t / std::sqrt(2.0)) / 2", node)
    case .normpdf:
      return entrywise(lambda: "std::exp(-t * t / 2) / std::sqrt(2 * EIGEN_PI)", node)
    case .lgamma: return entrywise(lambda: "std::lgamma(t)", node)
    case .digamma: return entrywise(.eigenDigamma, node, &needs)
    case .trigamma:
      needs.use(.eigenPolygamma)
      return entrywise(lambda: "detail::polygamma(1, t)", node)
    case .polygamma:
      needs.use(node.parameters[0] == .literal(0) ? .eigenDigamma : .eigenPolygamma)
      return entrywise(
        lambda: node.parameters[0] == .literal(0)
          ? "detail::digamma(t)" : "detail::polygamma(\(size(node.parameters[0])), t)", node)
    case .clip:
      if node.shape.isScalar { return .call("std::min", .call("std::max", x[0], x[1]), x[2]) }
      return matrix(array(0, node).then(".max(\(array(1, node).text)).min(\(array(2, node).text))"))
    case .max: return extreme("max", node)
    case .min: return extreme("min", node)

    // MARK: Reductions
    case .sum, .mean, .prod: return reduction(primitive.rawValue, node)
    case .maximum: return reduction("maxCoeff", node)
    case .minimum: return reduction("minCoeff", node)
    case .logsumexp: return alongAxis(.eigenLogSumExp, node, &needs)
    case .tr: return node.shapes[0].isScalar ? x[0] : x[0].then(".trace()")
    case .det: return node.shapes[0].isScalar ? x[0] : x[0].then(".determinant()")
    case .logdet:
      return node.shapes[0].isScalar
        ? .call("std::log", .call("std::abs", x[0]))
        : x[0].then(".partialPivLu().matrixLU().diagonal().array().abs().log().sum()")
    case .norm1, .norm2, .normF, .normp, .norminf:
      return norm(primitive, node)
    case .nucnorm, .specnorm:
      if node.shapes[0].isScalar { return .call("std::abs", x[0]) }
      guard node.shapes[0].isMatrix else { return x[0].then(".norm()") }
      return x[0].then(
        primitive == .nucnorm
          ? ".jacobiSvd().singularValues().sum()" : ".jacobiSvd().singularValues()(0)")
    case .dot:
      if node.shapes[0].isScalar { return .times(x[0], "*", x[1]) }
      if x[0] == x[1] { return x[0].then(".squaredNorm()") }
      return node.shapes[0].isMatrix
        ? x[0].then(".cwiseProduct(\(x[1].text)).sum()") : x[0].then(".dot(\(x[1].text))")
    case .softmax:
      needs.use(.eigenLogSumExp)
      return alongAxis(.eigenSoftmax, node, &needs)
    case .logsoftmax:
      needs.use(.eigenLogSumExp)
      return alongAxis(.eigenLogSoftmax, node, &needs)

    // MARK: Structure
    case .diag: return node.shapes[0].isScalar ? x[0] : evaluated(x[0].then(".asDiagonal()"))
    case .diagonal: return node.shapes[0].isScalar ? x[0] : x[0].then(".diagonal()")
    case .col:
      if node.shapes[0].isVector { return x[0] }
      let j = position(node.parameters[0])
      return x[0].then(node.shapes[0].isRow ? "(\(j))" : ".col(\(j))")
    case .row:
      if node.shapes[0].isRow { return x[0] }
      let i = position(node.parameters[0])
      return x[0].then(node.shapes[0].isVector ? "(\(i))" : ".row(\(i))")
    case .entry:
      let places = node.parameters.map { position($0) }
      if node.shapes[0].isScalar { return x[0] }
      if node.shapes[0].isVector { return x[0].then("(\(places[0]))") }
      return x[0].then(
        node.shapes[0].isRow ? "(\(places[1]))" : "(\(places[0]), \(places[1]))")
    case .unit: return made("Unit", node.shape, [position(node.parameters[1])])
    case .vec:
      return node.shapes[0].isMatrix
        ? x[0].then(".reshaped()") : node.shapes[0].isRow ? x[0].then(".transpose()") : x[0]
    case .reshape: return reshaped(node)
    case .kron:
      if node.shapes.contains(where: \.isScalar) { return .times(x[0], "*", x[1]) }
      return helper(.eigenKronecker, node, &needs)
    case .khatrirao:
      needs.use(.eigenKronecker)
      return helper(.eigenKhatriRao, node, &needs)
    case .vech: return helper(.eigenHalf, node, &needs)
    case .tril: return evaluated(x[0].then(".triangularView<Eigen::Lower>()"))
    case .triu: return evaluated(x[0].then(".triangularView<Eigen::Upper>()"))
    case .stril: return evaluated(x[0].then(".triangularView<Eigen::StrictlyLower>()"))
    case .halftril: return helper(.eigenHalfTriangle, node, &needs)
    case .sym: return symmetric(node)
    case .skew: return .times(x[0] - x[0].then(".transpose()"), "/", CodeExpression("2.0"))
    case .eye: return made("Identity", node.shape)
    case .ones: return made("Ones", node.shape)
    case .zeros: return made("Zero", node.shape)
    case .constantVector, .constantMatrix: return made("Constant", node.shape, [x[0].text])
    case .commutation: return helper(.eigenCommutation, node, &needs)
    case .duplication: return helper(.eigenDuplication, node, &needs)

    // MARK: Linear algebra
    case .inv:
      return node.shapes[0].isScalar
        ? .times(CodeExpression("1.0"), "/", x[0]) : x[0].then(".inverse()")
    case .pinv:
      return x[0].then(".completeOrthogonalDecomposition().pseudoInverse()")
    case .adj: return helper(.eigenAdjugate, node, &needs)
    case .cof: return helper(.eigenAdjugate, node, &needs).then(".transpose()")
    case .chol: return evaluated(symmetric(node).then(".llt().matrixL()"))
    case .qrq: return helper(.eigenQ, node, &needs)
    case .qrr:
      needs.use(.eigenQ)
      return helper(.eigenR, node, &needs)
    case .lul: return helper(.eigenL, node, &needs)
    case .luu:
      needs.use(.eigenL)
      return helper(.eigenU, node, &needs)
    case .eigvals: return eigenvalues(node)
    case .lambdamin: return eigenvalues(node).then("(0)")
    case .lambdamax: return eigenvalues(node).then(".maxCoeff()")
    case .eigvecs:
      needs.use(.eigenSigns)
      needs.use(.eigenEigenvectors)
      return .call("detail::eigenvectors", symmetric(node))
    case .svdvals: return evaluated(x[0]).then(".jacobiSvd().singularValues()")
    case .svdu, .svdv:
      needs.use(.eigenSigns)
      return helper(primitive == .svdu ? .eigenLeftVectors : .eigenRightVectors, node, &needs)
    case .gapinv: return helper(.eigenReciprocalGaps, node, &needs)
    case .suminv: return helper(.eigenReciprocalSums, node, &needs)
    case .divdiff: return helper(.eigenDividedDifferences, node, &needs)
    case .expm: return matrixFunction("exp", node, &needs)
    case .logm: return matrixFunction("log", node, &needs)
    case .sqrtm: return matrixFunction("sqrt", node, &needs)
    case .sinm: return matrixFunction("sin", node, &needs)
    case .cosm: return matrixFunction("cos", node, &needs)
    case .dexpm: return direction("exp", node, &needs)
    case .dlogm: return direction("log", node, &needs)
    case .dsinm: return direction("sin", node, &needs)
    case .dcosm: return direction("cos", node, &needs)
    case .sylvester: return helper(.eigenSylvester, node, &needs)
    case .lyapunov:
      needs.use(.eigenSylvester)
      return .call(
        "detail::sylvester", [x[0].text, x[0].then(".transpose()").text, x[1].text])
    case .cross:
      let type = node.shape.isRow ? "Eigen::RowVector3d" : "Eigen::Vector3d"
      return .call(type, x[0]).then(".cross(\(type)(\(x[1].text)))")

    // MARK: Convolution
    case .im2col: return helper(.eigenPatches, node, &needs)
    case .col2im: return helper(.eigenFromPatches, node, &needs)
    case .conv1d, .conv2d: return convolution(primitive, node, &needs)
    }
  }

  private func norm(_ primitive: Primitive, _ node: WrittenNode) -> CodeExpression {
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
          CodeExpression.times(CodeExpression("1.0"), "/", x[1]).text,
        ])
    default: return x[0].then(".norm()")
    }
  }

  private func reshaped(_ node: WrittenNode) -> CodeExpression {
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

  private func convolution(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    needs.use(.eigenConvolution)
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
      .call("detail::correlate", [x.text, filter.text, s] + padding), node.shape)
  }
}
