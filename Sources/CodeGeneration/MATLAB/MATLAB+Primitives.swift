import ExpressionCore
import Planning

extension MATLAB {
  func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    let two = CodeExpression("2")
    switch primitive {
    // MARK: Operators
    case .add: return spread(0, node) + spread(1, node)
    case .subtract: return spread(0, node) - spread(1, node)
    case .negate: return -x[0]
    case .multiply: return .times(x[0], "*", x[1])
    case .divide: return .times(x[0], "/", x[1])
    case .leftDivide, .solve: return .times(x[0], "\\", x[1])
    case .hadamard: return scaled(node, "*")
    case .elementwiseDivide: return scaled(node, "/")
    case .power:
      if node.numbers[1] == .half {
        return .call(node.shapes[0].isScalar ? "sqrt" : "sqrtm", x[0])
      }
      return power("^", x[0], x[1])
    case .elementwisePower:
      return node.numbers[1] == .half ? .call("sqrt", x[0]) : power(".^", x[0], x[1])
    case .transpose: return node.shape.isScalar ? x[0] : x[0].then("'")
    case .blocks: return blocks(node)

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .sin, .cos, .tan, .asin,
      .acos, .atan, .sinh, .cosh, .tanh, .erf, .erfc:
      return .call(primitive.rawValue, x[0])
    case .square: return power(".^", x[0], two)
    case .sigmoid:
      return CodeExpression("1 ./ (1 + exp(\((-x[0]).text)))", .multiplicative)
    case .softplus:
      needs.use(.matlabSoftplus)
      return .call("softplus_", x[0])
    case .relu: return .call("max", x[0], CodeExpression("0"))
    case .leakyrelu:
      return .call("max", x[0], CodeExpression("0"))
        + .times(x[1], ".*", .call("min", x[0], CodeExpression("0")))
    case .elu:
      return .call("max", x[0], CodeExpression("0"))
        + .call("expm1", .call("min", x[0], CodeExpression("0")))
    case .gelu: return .times(x[0], ".*", normalDistribution(x[0]))
    case .silu:
      return CodeExpression(
        "\(x[0].text(.multiplicative)) ./ (1 + exp(-\(x[0].text(.unary))))", .multiplicative)
    case .step: return .call("double", CodeExpression("\(x[0].text(.additive)) > 0"))
    case .normcdf: return normalDistribution(x[0])
    case .normpdf:
      return .times(
        .call("exp", -.times(power(".^", x[0], two), "/", two)), "/",
        .call("sqrt", CodeExpression("2 * pi")))
    case .lgamma: return .call("gammaln", x[0])
    case .digamma: return .call("psi", x[0])
    case .trigamma: return .call("psi", CodeExpression("1"), x[0])
    case .polygamma: return .call("psi", [size(node.parameters[0]), x[0].text])
    case .clip: return .call("min", .call("max", x[0], x[1]), x[2])
    case .max: return .call("max", x[0], x[1])
    case .min: return .call("min", x[0], x[1])

    // MARK: Reductions
    case .sum, .mean, .prod: return reduction(primitive.rawValue, node)
    case .maximum: return reduction("max", node, beforeAxis: ["[]"])
    case .minimum: return reduction("min", node, beforeAxis: ["[]"])
    case .logsumexp:
      needs.use(.matlabLogSumExp)
      if let axis = node.parameters.first?.literal {
        return .call("logsumexp_", [x[0].text, String(axis)])
      }
      return .call("logsumexp_", [node.shapes[0].isVector ? x[0].text : column(x[0]), "1"])
    case .tr: return .call("trace", x[0])
    case .det: return .call("det", x[0])
    case .logdet:
      needs.use(.matlabFactor)
      return .call(
        "sum",
        .call("log", .call("abs", .call("diag", .call("factor_", x[0]).then(".upper")))))
    case .norm1: return summed(.call("abs", x[0]), node.shapes[0])
    case .norm2, .normF: return .call("norm", [x[0].text, "'fro'"])
    case .normp:
      return power(
        "^", summed(power(".^", .call("abs", x[0]), x[1]), node.shapes[0]),
        .times(CodeExpression("1"), "/", x[1]))
    case .norminf: return reduction("max", node.replacing(.call("abs", x[0])))
    case .nucnorm: return .call("sum", .call("svd", x[0]))
    case .specnorm: return .call("norm", x[0])
    case .dot:
      guard node.shapes[0].isMatrix else {
        return node.shapes[0].isRow
          ? .times(x[0], "*", x[1].then("'")) : .times(x[0].then("'"), "*", x[1])
      }
      return summed(
        x[0] == x[1] ? power(".^", x[0], two) : .times(x[0], ".*", x[1]), node.shapes[0])
    case .softmax:
      needs.use(.matlabLogSumExp)
      needs.use(.matlabSoftmax)
      return .call("softmax_", [x[0].text, axis(node)])
    case .logsoftmax:
      needs.use(.matlabLogSumExp)
      return x[0] - .call("logsumexp_", [x[0].text, axis(node)])

    // MARK: Structure
    case .diag, .diagonal: return .call("diag", x[0])
    case .col: return .call(x[0].text, [":", size(node.parameters[0])])
    case .row: return .call(x[0].text, [size(node.parameters[0]), ":"])
    case .entry: return .call(x[0].text, node.parameters.map { size($0) })
    case .unit:
      needs.use(.matlabUnit)
      return .call("unit_", node.parameters.map { size($0) })
    case .vec: return node.shapes[0].isVector ? x[0] : CodeExpression(column(x[0]))
    case .reshape: return .call("reshape", [x[0].text] + sizes(node.shape))
    case .kron: return .call("kron", x[0], x[1])
    case .khatrirao: return call(.matlabKhatriRao, node, &needs)
    case .vech:
      return .call(x[0].text, ["tril(true(\(size(node.shapes[0].rows))))"])
    case .tril, .triu: return .call(primitive.rawValue, x[0])
    case .stril: return .call("tril", [x[0].text, "-1"])
    case .halftril:
      return .times(
        .call("tril", x[0]) + .call("tril", [x[0].text, "-1"]), "/", two)
    case .sym: return symmetric(node)
    case .skew: return .times(x[0] - x[0].then("'"), "/", two)
    case .eye: return .call("eye", [size(node.shape.rows)])
    case .ones, .zeros: return .call(primitive.rawValue, sizes(node.shape))
    case .constantVector, .constantMatrix: return .call("repmat", [x[0].text] + sizes(node.shape))
    case .commutation: return call(.matlabCommutation, node, &needs)
    case .duplication: return call(.matlabDuplication, node, &needs)

    // MARK: Linear algebra
    case .inv, .pinv, .expm, .logm, .sqrtm: return .call(primitive.rawValue, x[0])
    case .adj: return call(.matlabAdjugate, node, &needs)
    case .cof: return call(.matlabAdjugate, node, &needs).then("'")
    case .chol: return .call("chol", [symmetric(node).text, "'lower'"])
    case .qrq: return output(1, of: .qr, node, &needs)
    case .qrr: return output(2, of: .qr, node, &needs)
    case .lul: return output(1, of: .lu, node, &needs)
    case .luu: return output(2, of: .lu, node, &needs)
    case .eigvals: return .call("sort", .call("eig", symmetric(node)))
    case .eigvecs: return output(2, of: .symmetricEigen, node, &needs)
    case .lambdamax: return .call("max", .call("eig", symmetric(node)))
    case .lambdamin: return .call("min", .call("eig", symmetric(node)))
    case .svdvals: return .call("svd", x[0])
    case .svdu: return output(1, of: .svd, node, &needs)
    case .svdv: return output(3, of: .svd, node, &needs)
    case .gapinv: return call(.matlabReciprocalGaps, node, &needs)
    case .suminv: return .times(CodeExpression("1"), "./", x[0] + x[0].then("'"))
    case .divdiff: return call(.matlabDividedDifferences, node, &needs)
    case .sinm: return .call("imag", .call("expm", .times(CodeExpression("1i"), "*", x[0])))
    case .cosm: return .call("real", .call("expm", .times(CodeExpression("1i"), "*", x[0])))
    case .dexpm: return direction("@expm", x, &needs)
    case .dlogm: return direction("@logm", x, &needs)
    case .dsinm: return direction("@(A) imag(expm(1i * A))", x, &needs)
    case .dcosm: return direction("@(A) real(expm(1i * A))", x, &needs)
    case .sylvester: return .call("sylvester", x.map(\.text))
    case .lyapunov: return .call("sylvester", [x[0].text, x[0].then("'").text, x[1].text])
    case .cross: return .call("cross", x[0], x[1])

    // MARK: Convolution
    case .im2col:
      return call(.matlabPatches, node, &needs)
    case .col2im: return call(.matlabFromPatches, node, &needs)
    case .conv1d, .conv2d: return convolution(node, &needs)
    }
  }

  private func column(_ x: CodeExpression) -> String { "reshape(\(x.text), [], 1)" }

  private func axis(_ node: WrittenNode) -> String {
    String(node.parameters.first?.literal ?? (node.shapes[0].isRow ? 2 : 1))
  }

  private func summed(_ x: CodeExpression, _ shape: Shape) -> CodeExpression {
    shape.isMatrix ? .call("sum", .call("sum", x)) : .call("sum", x)
  }

  private func normalDistribution(_ x: CodeExpression) -> CodeExpression {
    .times(
      .call("erfc", .times(-x, "/", .call("sqrt", CodeExpression("2")))), "/", CodeExpression("2"))
  }

  private func direction(_ function: String, _ x: [CodeExpression], _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(.matlabFrechetDerivative)
    return .call("frechet_derivative_", [function] + x.map(\.text))
  }

  private func blocks(_ node: WrittenNode) -> CodeExpression {
    var rows: [String] = []
    var next = 0
    for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
      rows.append(node.operands[next..<next + count].map(\.text).joined(separator: ", "))
      next += count
    }
    return CodeExpression("[\(rows.joined(separator: "; "))]")
  }

  private func convolution(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    needs.use(.matlabConvolution)
    let (s, p) = (size(node.parameters[0]), size(node.parameters[1]))
    let (x, w) = (node.operands[0].text, node.operands[1].text)
    let isOneDimensional = node.shapes[0].isVector || node.shapes[0].isRow
    if !isOneDimensional || node.operation.operation == .primitive(.conv2d) {
      return .call("correlate_", [x, w, s, "[\(p), \(p)]"])
    }
    let filter = node.shapes[0].isRow == node.shapes[1].isRow ? w : "\(w)'"
    let isRow = node.shapes[0].isRow
    return .call("correlate_", [x, filter, s, isRow ? "[0, \(p)]" : "[\(p), 0]"])
  }
}

extension WrittenNode {
  /// The same node on another first operand of the same shape.
  fileprivate func replacing(_ operand: CodeExpression) -> WrittenNode {
    WrittenNode(
      operation: operation, operands: [operand] + operands.dropFirst(), shapes: shapes,
      numbers: numbers, facts: facts)
  }
}
