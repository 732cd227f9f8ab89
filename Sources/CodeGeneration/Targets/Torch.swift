import ExpressionCore
import Planning

/// PyTorch.
struct Torch: PythonArrays {
  let target = TargetName.torch
  let module = "torch"
  let axisLabel = "dim"
  var like = ""
  var factoryArguments: [String] { ["dtype=\(like).dtype", "device=\(like).device"] }

  func array(_ constant: CodeExpression) -> CodeExpression {
    .call("torch.tensor", [constant.text] + factoryArguments)
  }

  func copied(_ array: CodeExpression) -> CodeExpression { array.then(".clone()") }

  func flattened(_ matrix: CodeExpression) -> CodeExpression {
    // The columns of a transpose are rows.
    matrix.transposedOperand?.then(".reshape(-1)") ?? matrix.then(".T.reshape(-1)")
  }

  func reshaped(_ entries: CodeExpression, _ rows: String, _ columns: String) -> CodeExpression {
    entries.then(".reshape(\(columns), \(rows)).T")
  }

  func helper(_ helper: PythonHelper) -> Helper {
    switch helper {
    case .commutation: .torchCommutation
    case .duplication: .torchDuplication
    case .adjugate: .torchAdjugate
    case .qr: .torchQR
    case .lu: .torchLU
    case .eigen: .torchEigen
    case .svd: .torchSVD
    case .frechetDerivative: .torchFrechetDerivative
    case .patches: .torchPatches
    case .fromPatches: .torchFromPatches
    case .logOfDeterminant: .torchLogOfDeterminant
    }
  }

  func kroneckerFunction(_ needs: inout Needs) -> String { use(.torchKronecker, &needs) }

  /// A function of a matrix on the right, which has to have two axes.
  private func onColumns(
    _ index: Int, _ node: WrittenNode, _ body: (String) -> CodeExpression
  ) -> CodeExpression {
    let x = node.operands[index]
    guard !node.shapes[index].isMatrix else { return body(x.text) }
    return body(x.then("[:, None]").text).then("[:, 0]")
  }

  func factored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    switch operation {
    case .factor(.cholesky): return .call("torch.linalg.cholesky", x[0])
    case .factor(.lu): return .call("torch.linalg.lu_factor", x[0])
    case .solve(.cholesky, _):
      return onColumns(1, node) { .call("torch.cholesky_solve", [$0, x[0].text]) }
    case .solve(.lu, let transposed):
      let options = transposed ? ["adjoint=True"] : []
      return onColumns(1, node) {
        .call("torch.linalg.lu_solve", ["*\(x[0].text)", $0] + options)
      }
    case .logdet(.cholesky):
      return .times(
        CodeExpression("2"), "*",
        .call("torch.log", .call("torch.diag", x[0])).then(".sum()"))
    default:
      return .call("torch.log", .call("torch.abs", .call("torch.diag", x[0].then("[0]"))))
        .then(".sum()")
    }
  }

  func solution(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    let x = node.operands
    if let triangle = node.triangle {
      let upper = "upper=\(triangle == .upper ? "True" : "False")"
      return onColumns(1, node) {
        .call("torch.linalg.solve_triangular", [x[0].text, $0, upper])
      }
    }
    guard node.facts[0].contains(.positiveDefinite) else {
      return .call("torch.linalg.solve", x[0], x[1])
    }
    let factor = CodeExpression.call("torch.linalg.cholesky", x[0])
    return onColumns(1, node) { .call("torch.cholesky_solve", [$0, factor.text]) }
  }

  func elementwise(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    func functional(_ name: String, _ options: String...) -> CodeExpression {
      needs.use("import torch.nn.functional as F")
      return .call("F.\(name)", [x[0].text] + options)
    }
    switch primitive {
    case .asin, .acos, .atan, .sigmoid, .relu, .erf, .erfc, .lgamma, .digamma:
      return .call("torch.\(primitive.rawValue)", x[0])
    case .softplus: return functional("softplus", "threshold=40")
    case .elu, .gelu, .silu: return functional(primitive.rawValue)
    case .leakyrelu:
      return wherePositive(x[0], otherwise: "\(x[1].text(.multiplicative)) * \(x[0].text)")
    case .step: return CodeExpression("(\(x[0].text(.additive)) > 0).to(\(like).dtype)")
    case .normcdf: return .call("torch.special.ndtr", x[0])
    case .normpdf: return normalDensity(x[0], &needs)
    case .trigamma: return .call("torch.polygamma", CodeExpression("1"), x[0])
    case .polygamma:
      return .call("torch.polygamma", CodeExpression(size(node.parameters[0])), x[0])
    case .clip:
      return bounded(bounded(spread(0, node), below: spread(1, node)), above: spread(2, node))
    case .max: return bounded(spread(0, node), below: spread(1, node))
    default: return bounded(spread(0, node), above: spread(1, node))
    }
  }

  /// Numbers are bounds of `clamp`, tensors those of `maximum`.
  private func bounded(_ x: CodeExpression, below bound: CodeExpression) -> CodeExpression {
    if x.isConstant { return bounded(bound, below: x) }
    return bound.isConstant
      ? .call("torch.clamp", [x.text, "min=\(bound.text)"]) : .call("torch.maximum", x, bound)
  }

  private func bounded(_ x: CodeExpression, above bound: CodeExpression) -> CodeExpression {
    if x.isConstant { return bounded(bound, above: x) }
    return bound.isConstant
      ? .call("torch.clamp", [x.text, "max=\(bound.text)"]) : .call("torch.minimum", x, bound)
  }

  func alongAxis(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    switch primitive {
    case .maximum: return reduction("amax", node)
    case .minimum: return reduction("amin", node)
    case .logsumexp:
      let axes = axes(node)
      if node.shapes[0].isScalar || axes.isIdentity { return node.operands[0] }
      let all = node.shapes[0].isMatrix ? "dim=(0, 1)" : "dim=0"
      return .call("torch.logsumexp", [node.operands[0].text, axes.argument ?? all])
    default:
      let name = primitive == .softmax ? "softmax" : "log_softmax"
      return .call("torch.\(name)", [node.operands[0].text, axis(node)])
    }
  }

  func matrixFunction(_ primitive: Primitive, _ needs: inout Needs) -> String {
    switch primitive {
    case .logm: use(.torchLogarithm, &needs)
    case .sqrtm: use(.torchSquareRoot, &needs)
    case .sinm: use(.torchSine, &needs)
    case .cosm: use(.torchCosine, &needs)
    default: "torch.linalg.matrix_exp"
    }
  }

  func special(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    let sizes = node.parameters.map { size($0) }
    switch primitive {
    case .power: return .call(use(.torchFractionalPower, &needs), x[0], x[1])
    case .khatrirao: return call(.torchKhatriRao, node, &needs)
    case .vech:
      let n = size(node.shapes[0].rows)
      return x[0].then(".T[tuple(torch.triu_indices(\(n), \(n), device=\(like).device))]")
    case .sylvester: return call(.torchSylvester, node, &needs)
    case .lyapunov:
      let a = matrix(0, node)
      return fromMatrix(
        .call(use(.torchSylvester, &needs), a, a.then(".T"), matrix(1, node)), node.shape)
    case .conv1d: return .call(use(.torchConvolution1D, &needs), x.map(\.text) + sizes)
    case .conv2d: return call(.torchConvolution2D, node, &needs)
    default: return .call("torch.linalg.\(primitive.rawValue)", x.map(\.text))
    }
  }
}
