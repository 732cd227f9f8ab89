import ExpressionCore
import Planning

/// Swift on Frechet's own matrices; every value is a matrix.
struct SwiftTarget: ExpressionWriter {
  let target = TargetName.swift
  let hasCholesky = false

  func expression(
    _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    switch node.operation.operation {
    case .variable: return CodeExpression("")
    case .number(let value): return Self.number(value)
    case .pi: return .call("Matrix", [".pi"])
    case .dimension(let dim): return .call("Matrix", ["Double(\(size(dim)))"])
    case .primitive(let primitive): return expression(primitive, node)
    case .factor: return .call("LUFactorization", x[0])
    case .solve(_, let transposed):
      return x[0].then(transposed ? ".solveTransposed(\(x[1].text))" : ".solve(\(x[1].text))")
    case .logOfDeterminant: return .call("logOfDeterminant", x[0])
    case .logdet: return .call("Matrix", x[0].then(".logAbsDeterminant"))
    }
  }

  private static func number(_ value: Number) -> CodeExpression {
    if value.isNegative { return opposite(number(value.magnitude)) }
    switch value {
    case .rational(let p, 1): return CodeExpression(String(p))
    case .rational(let p, let q):
      return "\(value.double)".count <= 8
        ? CodeExpression("\(value.double)") : .call("Matrix", ["\(p).0 / \(q).0"])
    case .real(let x): return CodeExpression("\(x)")
    }
  }

  /// In Swift a sign binds tighter than any other operator.
  private static func opposite(_ x: CodeExpression) -> CodeExpression {
    CodeExpression("-\(x.primary)", .unary)
  }

  private func size(_ dim: Dim) -> String { SizeNotation.slash.expression(dim).text }

  private func call(_ primitive: Primitive, _ node: WrittenNode) -> CodeExpression {
    .call(primitive.rawValue, node.operands.map(\.text) + node.parameters.map { size($0) })
  }

  private func reduction(_ name: String, _ node: WrittenNode) -> CodeExpression {
    let axis = node.parameters.first?.literal.map { ["axis: \($0)"] } ?? []
    return .call(name, [node.operands[0].text] + axis)
  }

  private func expression(_ primitive: Primitive, _ node: WrittenNode) -> CodeExpression {
    let x = node.operands
    switch primitive {
    // MARK: Operators
    case .add: return x[0] + x[1]
    case .subtract: return x[0] - x[1]
    case .negate: return Self.opposite(x[0])
    case .multiply: return .times(x[0], "*", x[1])
    case .divide: return .times(x[0], "/", x[1])
    case .leftDivide, .solve: return .call("solve", x[0], x[1])
    case .hadamard: return .times(x[0], ".*", x[1])
    case .elementwiseDivide: return .times(x[0], "./", x[1])
    case .power where node.shapes[0].isScalar, .elementwisePower:
      return node.numbers[1] == .half ? .call("sqrt", x[0]) : .call("pow", x[0], x[1])
    case .power: return .call("power", x[0], x[1])
    case .transpose: return node.shape.isScalar ? x[0] : x[0].then(".transposed")
    case .blocks:
      var rows: [String] = []
      var next = 0
      for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
        rows.append("[\(x[next..<next + count].map(\.text).joined(separator: ", "))]")
        next += count
      }
      return .call("blocks", ["[\(rows.joined(separator: ", "))]"])

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .square, .sin, .cos, .tan,
      .asin, .acos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus, .relu, .leakyrelu, .elu,
      .gelu, .silu, .step, .erf, .erfc, .normcdf, .normpdf, .lgamma, .digamma, .trigamma, .clip,
      .max, .min:
      return call(primitive, node)
    case .polygamma: return .call("polygamma", [size(node.parameters[0]), x[0].text])

    // MARK: Reductions
    case .sum, .mean, .prod, .logsumexp, .softmax, .logsoftmax:
      return reduction(primitive.rawValue, node)
    case .maximum: return reduction("maximum", node)
    case .minimum: return reduction("minimum", node)
    case .tr, .det, .logdet, .norm1, .norm2, .normF, .normp, .norminf, .nucnorm, .specnorm, .dot:
      return call(primitive, node)

    // MARK: Structure
    case .diagonal: return .call("diagonal", x[0])
    case .diag, .col, .row, .entry, .unit, .vec, .kron, .khatrirao, .vech, .tril, .triu, .stril,
      .halftril, .sym,
      .skew, .commutation, .duplication:
      return call(primitive, node)
    case .reshape, .ones, .zeros:
      return .call(
        primitive.rawValue,
        x.map(\.text) + [size(node.shape.rows), size(node.shape.columns)])
    case .eye: return .call("eye", [size(node.shape.rows)])
    case .constantVector, .constantMatrix:
      return .call("constant", [x[0].text, size(node.shape.rows), size(node.shape.columns)])

    // MARK: Linear algebra
    case .inv, .pinv, .adj, .cof, .chol, .qrq, .qrr, .lul, .luu, .eigvals, .eigvecs, .lambdamax,
      .lambdamin, .svdvals, .svdu, .svdv, .gapinv, .suminv, .divdiff, .expm, .logm, .sqrtm, .sinm,
      .cosm, .dexpm, .dlogm,
      .dsinm, .dcosm, .sylvester, .lyapunov, .cross:
      return call(primitive, node)

    // MARK: Convolution
    case .im2col, .col2im, .conv1d, .conv2d: return call(primitive, node)
    }
  }
}
