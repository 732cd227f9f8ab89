import ExpressionCore
import Planning

extension Julia {
  func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    let two = CodeExpression("2")
    switch primitive {
    // MARK: Operators
    case .add: return additive("+", node)
    case .subtract: return additive("-", node)
    case .negate: return -x[0]
    case .multiply: return product(node)
    case .divide: return .times(x[0], "/", x[1])
    case .leftDivide, .solve:
      if node.shapes[0].isScalar { return .times(x[1], "/", x[0]) }
      if let triangle = node.triangle {
        let type = triangle == .lower ? "LowerTriangular" : "UpperTriangular"
        return .times(.call(type, x[0]), "\\", x[1])
      }
      return node.facts[0].contains(.positiveDefinite)
        ? .times(.call("cholesky", .call("Symmetric", x[0])), "\\", x[1])
        : .times(x[0], "\\", x[1])
    case .hadamard: return multiplicative("*", node)
    case .elementwiseDivide: return multiplicative("/", node)
    case .power where node.shapes[0].isScalar: return power(node)
    case .power: return CodeExpression("\(x[0].primary)^\(x[1].primary)", .power)
    case .elementwisePower: return power(node)
    case .transpose: return node.shape.isMatrix ? x[0].then("'") : x[0]
    case .blocks: return blocks(node)

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .sin, .cos, .tan, .asin,
      .acos, .atan, .sinh, .cosh, .tanh, .max, .min:
      return entrywise(primitive.rawValue, node)
    case .square: return entrywise("abs2", node)
    case .sigmoid: return entrywise(.juliaSigmoid, node, &needs)
    case .softplus: return entrywise(.juliaSoftplus, node, &needs)
    case .relu: return entrywise("(t -> max(t, zero(t)))", node)
    case .leakyrelu: return entrywise("((t, a) -> t > 0 ? t : a * t)", node)
    case .elu: return entrywise("(t -> t > 0 ? t : expm1(t))", node)
    case .gelu: return special("(t -> t * erfc(-t / sqrt(2)) / 2)", node, &needs)
    case .silu: return entrywise("(t -> t / (1 + exp(-t)))", node)
    case .step: return entrywise("(t -> t > 0 ? one(t) : zero(t))", node)
    case .erf, .erfc, .digamma, .trigamma: return special(primitive.rawValue, node, &needs)
    case .normcdf: return special("(t -> erfc(-t / sqrt(2)) / 2)", node, &needs)
    case .normpdf: return entrywise("(t -> exp(-t^2 / 2) / sqrt(2π))", node)
    case .lgamma: return special("(t -> first(logabsgamma(t)))", node, &needs)
    case .polygamma:
      return special("(t -> polygamma(\(size(node.parameters[0])), t))", node, &needs)
    case .clip: return entrywise("clamp", node)

    // MARK: Reductions
    case .sum, .prod: return reduction(primitive.rawValue, node)
    case .mean:
      needs.use("using Statistics")
      return reduction("mean", node)
    case .maximum: return reduction("maximum", node)
    case .minimum: return reduction("minimum", node)
    case .logsumexp:
      needs.use(.juliaLogSumExp)
      return reduction("logsumexp", node)
    case .tr: return .call("tr", x[0])
    case .det: return .call("det", x[0])
    case .logdet: return .call("first", .call("logabsdet", x[0]))
    case .norm1: return .call("norm", [x[0].text, "1"])
    case .norm2, .normF: return .call("norm", x[0])
    case .normp: return .call("norm", x[0], x[1])
    case .norminf: return .call("norm", [x[0].text, "Inf"])
    case .nucnorm: return .call("sum", .call("svdvals", CodeExpression(matrix(0, node))))
    case .specnorm: return .call("opnorm", CodeExpression(matrix(0, node)))
    case .dot: return x[0] == x[1] ? .call("sum", ["abs2", x[0].text]) : .call("dot", x[0], x[1])
    case .softmax:
      needs.use(.juliaLogSumExp)
      return alongAxis(.juliaSoftmax, node, &needs)
    case .logsoftmax:
      needs.use(.juliaLogSumExp)
      return alongAxis(.juliaLogSoftmax, node, &needs)

    // MARK: Structure
    case .diag: return node.shapes[0].isScalar ? x[0] : .call("Diagonal", x[0])
    case .diagonal: return node.shapes[0].isScalar ? x[0] : .call("diag", x[0])
    case .col, .row, .entry: return indexed(node)
    case .unit:
      return CodeExpression(
        "[k == \(size(node.parameters[1])) ? 1.0 : 0.0 for k in 1:\(size(node.shape.rows))]")
    case .vec: return .call("vec", x[0])
    case .reshape:
      if node.shape.isScalar { return .call("only", x[0]) }
      return node.shape.isMatrix
        ? .call("reshape", [x[0].text, size(node.shape.rows), size(node.shape.columns)])
        : node.shapes[0].isScalar ? .call("fill", [x[0].text, "1"]) : .call("vec", x[0])
    case .kron: return kronecker(node)
    case .khatrirao: return helper(.juliaKhatriRao, node, &needs)
    case .vech: return helper(.juliaHalf, node, &needs)
    case .tril, .triu: return .call(primitive.rawValue, x[0])
    case .stril: return .call("tril", [x[0].text, "-1"])
    case .halftril:
      return .times(.call("tril", x[0]) + .call("tril", [x[0].text, "-1"]), "/", two)
    case .sym: return .times(x[0] + x[0].then("'"), "/", two)
    case .skew: return .times(x[0] - x[0].then("'"), "/", two)
    case .eye: return .call("Matrix", ["1.0I", size(node.shape.rows), size(node.shape.rows)])
    case .ones, .zeros: return made(primitive.rawValue, node.shape)
    case .constantVector, .constantMatrix: return made("fill", node.shape, [x[0].text])
    case .commutation: return helper(.juliaCommutation, node, &needs)
    case .duplication: return helper(.juliaDuplication, node, &needs)

    // MARK: Linear algebra
    case .inv, .pinv: return .call(primitive.rawValue, x[0])
    case .adj: return helper(.juliaAdjugate, node, &needs)
    case .cof: return helper(.juliaAdjugate, node, &needs).then("'")
    case .chol: return .call("Matrix", .call("cholesky", symmetric(node)).then(".L"))
    case .qrq: return .call("first", helper(.juliaQR, node, &needs))
    case .qrr: return .call("last", helper(.juliaQR, node, &needs))
    case .lul: return .call("first", helper(.juliaLU, node, &needs))
    case .luu: return .call("last", helper(.juliaLU, node, &needs))
    case .eigvals: return .call("eigvals", symmetric(node))
    case .eigvecs:
      needs.use(.juliaEigen)
      return .call("last", .call("signed_eigen", symmetric(node)))
    case .lambdamax: return .call("last", .call("eigvals", symmetric(node)))
    case .lambdamin: return .call("first", .call("eigvals", symmetric(node)))
    case .svdvals: return .call("svdvals", x[0])
    case .svdu: return .call("first", helper(.juliaSVD, node, &needs))
    case .svdv: return .call("last", helper(.juliaSVD, node, &needs))
    case .gapinv: return helper(.juliaReciprocalGaps, node, &needs)
    case .suminv: return helper(.juliaReciprocalSums, node, &needs)
    case .divdiff: return helper(.juliaDividedDifferences, node, &needs)
    case .expm: return .call("exp", x[0])
    case .logm: return .call("real", .call("log", x[0]))
    case .sqrtm: return .call("real", .call("sqrt", x[0]))
    case .sinm: return .call("sin", x[0])
    case .cosm: return .call("cos", x[0])
    case .dexpm: return direction("exp", node, &needs)
    case .dlogm: return direction("log", node, &needs)
    case .dsinm: return direction("sin", node, &needs)
    case .dcosm: return direction("cos", node, &needs)
    // Julia's sylvester solves A*X + X*B + C = 0.
    case .sylvester: return .call("sylvester", x[0], x[1], -x[2])
    case .lyapunov: return .call("lyap", x[0], -x[1])
    case .cross: return .call("cross", x[0], x[1])

    // MARK: Convolution
    case .im2col: return helper(.juliaPatches, node, &needs)
    case .col2im: return helper(.juliaFromPatches, node, &needs)
    case .conv1d, .conv2d: return convolution(primitive, node, &needs)
    }
  }

  private func indexed(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    switch node.indexedPart {
    case .whole, nil: return x
    case .entry(let places):
      return x.then("[\(places.map { size($0) }.joined(separator: ", "))]")
    case .column(let j): return x.then("[:, \(size(j))]")
    case .row(let i): return x.then("[\(size(i)), :]")
    }
  }

  private func kronecker(_ node: WrittenNode) -> CodeExpression {
    let (a, b) = (node.shapes[0], node.shapes[1])
    if a.isScalar || b.isScalar { return .times(node.operands[0], "*", node.operands[1]) }
    if (a.isVector && b.isVector) || (a.isRow && b.isRow) {
      return .call("kron", node.operands[0], node.operands[1])
    }
    return fromMatrix(.call("kron", [matrix(0, node), matrix(1, node)]), node.shape)
  }

  private func direction(_ function: String, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(.juliaFrechetDerivative)
    return .call("frechet_derivative", [function] + node.operands.map(\.text))
  }

  private func convolution(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    needs.use(.juliaCorrelation)
    let (s, p) = (size(node.parameters[0]), size(node.parameters[1]))
    let operands = node.operands.indices.map { index in
      primitive == .conv1d ? "reshape(\(node.operands[index].text), :, 1)" : matrix(index, node)
    }
    let padding = primitive == .conv1d ? "(\(p), 0)" : "(\(p), \(p))"
    return fromMatrix(.call("correlate", operands + [s, padding]), node.shape)
  }
}
