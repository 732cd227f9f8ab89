import ExpressionCore
import Planning

extension Eigen {
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
    case .divide where node.shapes[1].isScalar: return .times(term(0, node), "/", term(1, node))
    case .divide:
      return x[1].then(".transpose().partialPivLu().solve(\(x[0].then(".transpose()").text))")
        .then(".transpose()")
    case .leftDivide, .solve:
      if node.shapes[0].isScalar { return .times(term(1, node), "/", term(0, node)) }
      if let triangle = node.triangle {
        let view = "triangularView<Eigen::\(triangle == .lower ? "Lower" : "Upper")>()"
        return .call(
          Self.type(node.shape), x[0].then(".template \(view).solve(\(x[1].text))"))
      }
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
    case .sign: return entrywise(lambda: "Scalar((t > 0) - (t < 0))", node)
    case .square: return node.shape.isScalar ? .times(x[0], "*", x[0]) : x[0].then(".cwiseAbs2()")
    case .sigmoid: return entrywise(.eigenSigmoid, node, &needs)
    case .softplus: return entrywise(.eigenSoftplus, node, &needs)
    case .relu: return entrywise(lambda: "std::max(t, Scalar(0))", node)
    case .leakyrelu:
      let lambda = "[a = Scalar(\(x[1].text))](Scalar t) { return t > 0 ? t : a * t; }"
      return node.shape.isScalar
        ? CodeExpression("\(lambda)(\(x[0].text))") : x[0].then(".unaryExpr(\(lambda))")
    case .elu: return entrywise(lambda: "t > 0 ? t : std::expm1(t)", node)
    case .gelu: return entrywise(lambda: "t * std::erfc(-t / std::sqrt(Scalar(2))) / 2", node)
    case .silu: return entrywise(lambda: "t / (1 + std::exp(-t))", node)
    case .step: return entrywise(lambda: "Scalar(t > 0)", node)
    case .erf: return entrywise(lambda: "std::erf(t)", node)
    case .erfc: return entrywise(lambda: "std::erfc(t)", node)
    case .normcdf: return entrywise(lambda: "std::erfc(-t / std::sqrt(Scalar(2))) / 2", node)
    case .normpdf:
      return entrywise(lambda: "std::exp(-t * t / 2) / std::sqrt(Scalar(2 * EIGEN_PI))", node)
    case .lgamma: return entrywise(lambda: "std::lgamma(t)", node)
    case .digamma: return entrywise(.eigenDigamma, node, &needs)
    case .trigamma:
      needs.use(.eigenPolygamma)
      return entrywise(lambda: "detail::polygamma<Scalar>(1, t)", node)
    case .polygamma:
      needs.use(node.parameters[0] == .literal(0) ? .eigenDigamma : .eigenPolygamma)
      return entrywise(
        lambda: node.parameters[0] == .literal(0)
          ? "detail::digamma<Scalar>(t)"
          : "detail::polygamma<Scalar>(\(size(node.parameters[0])), t)", node)
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
      if node.shapes[0].isScalar { return .times(term(0, node), "*", term(1, node)) }
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
    case .col, .row, .entry: return indexed(node)
    case .unit: return made("Unit", node.shape, [position(node.parameters[1])])
    case .vec:
      return node.shapes[0].isMatrix
        ? x[0].then(".reshaped()") : node.shapes[0].isRow ? x[0].then(".transpose()") : x[0]
    case .reshape: return reshaped(node)
    case .kron:
      if node.shapes.contains(where: \.isScalar) {
        return .times(term(0, node), "*", term(1, node))
      }
      return helper(.eigenKronecker, node, &needs)
    case .khatrirao:
      needs.use(.eigenKronecker)
      return helper(.eigenKhatriRao, node, &needs)
    case .vech: return helper(.eigenHalf, node, &needs)
    case .tril: return evaluated(x[0].then(".template triangularView<Eigen::Lower>()"))
    case .triu: return evaluated(x[0].then(".template triangularView<Eigen::Upper>()"))
    case .stril: return evaluated(x[0].then(".template triangularView<Eigen::StrictlyLower>()"))
    case .halftril: return helper(.eigenHalfTriangle, node, &needs)
    case .sym: return symmetric(node)
    case .skew: return .times(x[0] - x[0].then(".transpose()"), "/", CodeExpression("2"))
    case .eye: return made("Identity", node.shape)
    case .ones: return made("Ones", node.shape)
    case .zeros: return made("Zero", node.shape)
    case .constantVector, .constantMatrix: return made("Constant", node.shape, [x[0].text])
    case .commutation: return helper(.eigenCommutation, node, &needs)
    case .duplication: return helper(.eigenDuplication, node, &needs)

    // MARK: Linear algebra
    case .inv:
      return node.shapes[0].isScalar
        ? .times(CodeExpression("1"), "/", x[0]) : x[0].then(".inverse()")
    case .pinv:
      return x[0].then(".completeOrthogonalDecomposition().pseudoInverse()")
    case .adj: return helper(.eigenAdjugate, node, &needs)
    case .cof: return helper(.eigenAdjugate, node, &needs).then(".transpose()")
    case .chol: return evaluated(symmetric(node).then(".llt().matrixL()"))
    case .qrq: return call(.eigenQR, [x[0].text], &needs).then(".first")
    case .qrr: return call(.eigenQR, [x[0].text], &needs).then(".second")
    case .lul: return call(.eigenLU, [x[0].text], &needs).then(".first")
    case .luu: return call(.eigenLU, [x[0].text], &needs).then(".second")
    case .eigvals: return eigenvalues(node)
    case .lambdamin: return eigenvalues(node).then("(0)")
    case .lambdamax: return eigenvalues(node).then(".maxCoeff()")
    case .eigvecs:
      return call(.eigenEigen, [symmetric(node).text], &needs).then(".second")
    case .svdvals: return evaluated(x[0]).then(".jacobiSvd().singularValues()")
    case .svdu, .svdv:
      return .call(
        "std::get<\(primitive == .svdu ? 0 : 2)>", call(.eigenSVD, [x[0].text], &needs))
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
      return call(
        .eigenSylvester, [x[0].text, x[0].then(".transpose()").text, x[1].text], &needs)
    case .cross:
      let type = node.shape.isRow ? "Eigen::RowVector3<Scalar>" : "Eigen::Vector3<Scalar>"
      return .call(type, x[0]).then(".cross(\(type)(\(x[1].text)))")

    // MARK: Convolution
    case .im2col: return helper(.eigenPatches, node, &needs)
    case .col2im: return helper(.eigenFromPatches, node, &needs)
    case .conv1d, .conv2d: return convolution(primitive, node, &needs)
    }
  }
}
