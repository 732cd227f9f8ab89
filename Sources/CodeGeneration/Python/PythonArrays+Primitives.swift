import ExpressionCore
import Planning

extension PythonArrays {
  /// Every primitive: what the libraries have in common here, the rest in the file of each.
  func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    switch primitive {
    // MARK: Operators
    case .add: return spread(0, node) + spread(1, node)
    case .subtract: return spread(0, node) - spread(1, node)
    case .negate: return negated(x[0])
    case .multiply: return product(node)
    case .hadamard: return entrywise(spread(0, node), spread(1, node))
    case .divide, .elementwiseDivide: return quotient(node)
    case .leftDivide, .solve:
      return node.shapes[0].isScalar ? .times(x[1], "/", x[0]) : solution(node, &needs)
    case .power where !node.shapes[0].isScalar:
      return node.numbers[1]?.isInteger == true
        ? .call("\(module).linalg.matrix_power", x[0], x[1]) : special(primitive, node, &needs)
    case .power, .elementwisePower: return power(node)
    case .transpose: return transposed(node)
    case .blocks: return blocks(node)

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .square, .sin, .cos, .tan,
      .sinh, .cosh, .tanh:
      return .call("\(module).\(primitive.rawValue)", x[0])
    case .asin, .acos, .atan, .sigmoid, .softplus, .relu, .leakyrelu, .elu, .gelu, .silu, .step,
      .erf, .erfc, .normcdf, .normpdf, .lgamma, .digamma, .trigamma, .polygamma, .clip, .max, .min:
      return elementwise(primitive, node, &needs)

    // MARK: Reductions
    case .sum, .mean, .prod: return reduction(primitive.rawValue, node)
    case .maximum, .minimum, .logsumexp, .softmax, .logsoftmax:
      return alongAxis(primitive, node, &needs)
    case .tr, .det, .diag, .diagonal:
      return node.shapes[0].isScalar ? x[0] : .call("\(module).\(matrixName(primitive))", x[0])
    case .logdet: return .call("\(module).linalg.slogdet", matrix(0, node)).then("[1]")
    case .norm1: return .call("\(module).abs", x[0]).then(".sum()")
    case .norm2, .normF: return .call("\(module).linalg.norm", x[0])
    case .normp: return normp(node, .call("\(module).abs", x[0]))
    case .norminf: return .call("\(module).abs", x[0]).then(".max()")
    case .nucnorm: return .call("\(module).linalg.norm", [matrix(0, node).text, "\"nuc\""])
    case .specnorm: return .call("\(module).linalg.norm", [matrix(0, node).text, "2"])
    case .dot: return dot(node)

    // MARK: Structure
    case .col, .row, .entry: return indexed(node)
    case .unit: return unit(node)
    case .vec: return vectorized(node)
    case .reshape: return reshaped(node)
    case .kron: return kronecker(node, &needs)
    case .khatrirao, .vech: return special(primitive, node, &needs)
    case .tril, .triu:
      return fromMatrix(.call("\(module).\(primitive.rawValue)", matrix(0, node)), node.shape)
    case .stril: return .call("\(module).tril", [matrix(0, node).text, "-1"])
    case .halftril:
      let (x, two) = (matrix(0, node), CodeExpression("2"))
      let both = CodeExpression.call("\(module).tril", x) + .call("\(module).tril", [x.text, "-1"])
      return .times(both, "/", two)
    case .sym: return symmetric(0, node)
    case .skew: return skew(node)
    case .eye: return node.shape.isScalar ? CodeExpression("1").constant : identity(node.shape.rows)
    case .ones, .zeros: return made(primitive.rawValue, node.shape)
    case .constantVector, .constantMatrix:
      return x[0].isConstant
        ? made("full", node.shape, fill: x[0].text) : entrywise(x[0], made("ones", node.shape))
    case .commutation: return made(by: helper(.commutation), node, &needs)
    case .duplication: return made(by: helper(.duplication), node, &needs)

    // MARK: Linear algebra
    case .inv, .pinv: return matrixCall("\(module).linalg.\(primitive.rawValue)", node)
    case .adj: return call(helper(.adjugate), node, &needs)
    case .cof: return call(helper(.adjugate), node, &needs, then: ".T")
    case .chol: return .call("\(module).linalg.cholesky", symmetric(0, node))
    case .qrq: return call(helper(.qr), node, &needs, then: "[0]")
    case .qrr: return call(helper(.qr), node, &needs, then: "[1]")
    case .lul: return call(helper(.lu), node, &needs, then: "[0]")
    case .luu: return call(helper(.lu), node, &needs, then: "[1]")
    case .eigvals: return .call("\(module).linalg.eigvalsh", symmetric(0, node))
    case .eigvecs: return .call(use(helper(.eigen), &needs), symmetric(0, node)).then("[1]")
    case .lambdamax: return .call("\(module).linalg.eigvalsh", symmetric(0, node)).then("[-1]")
    case .lambdamin: return .call("\(module).linalg.eigvalsh", symmetric(0, node)).then("[0]")
    case .svdvals: return .call("\(module).linalg.svdvals", matrix(0, node))
    case .svdu: return call(helper(.svd), node, &needs, then: "[0]")
    case .svdv: return call(helper(.svd), node, &needs, then: "[2]")
    case .gapinv: return call(.pythonReciprocalGaps(module), node, &needs)
    case .suminv:
      let l = matrix(0, node)
      return .times(CodeExpression("1"), "/", l + l.then(".T"))
    case .divdiff: return call(.pythonDividedDifferences(module), node, &needs)
    case .expm, .logm, .sqrtm, .sinm, .cosm:
      return matrixCall(matrixFunction(primitive, &needs), node)
    case .dexpm: return frechetDerivative(of: .expm, node, &needs)
    case .dlogm: return frechetDerivative(of: .logm, node, &needs)
    case .dsinm: return frechetDerivative(of: .sinm, node, &needs)
    case .dcosm: return frechetDerivative(of: .cosm, node, &needs)
    case .sylvester, .lyapunov: return special(primitive, node, &needs)
    case .cross: return special(primitive, node, &needs)

    // MARK: Convolution
    case .im2col: return call(helper(.patches), node, &needs)
    case .col2im: return call(helper(.fromPatches), node, &needs)
    case .conv1d, .conv2d: return special(primitive, node, &needs)
    }
  }

  private func matrixName(_ primitive: Primitive) -> String {
    switch primitive {
    case .tr: "trace"
    case .det: "linalg.det"
    default: "diag"
    }
  }

  private func frechetDerivative(
    of primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let function = matrixFunction(primitive, &needs)
    let (a, e) = (matrix(0, node).text, matrix(1, node).text)
    return fromMatrix(
      .call(use(helper(.frechetDerivative), &needs), [function, a, e]), node.shape)
  }

  /// The density of the standard normal distribution.
  func normalDensity(_ x: CodeExpression, _ needs: inout Needs) -> CodeExpression {
    needs.use("import math")
    let square = PythonNumbers.power(x, CodeExpression("2"))
    return .times(
      .call("\(module).exp", .times(negated(square), "/", CodeExpression("2"))), "/",
      CodeExpression("math.sqrt(2 * math.pi)"))
  }

  /// `x` where it is positive, otherwise another expression.
  func wherePositive(_ x: CodeExpression, otherwise: String) -> CodeExpression {
    .call("\(module).where", ["\(x.text(.additive)) > 0", x.text, otherwise])
  }
}
