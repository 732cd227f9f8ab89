import ExpressionCore
import Planning

/// JAX: traced and compiled, so that sizes are known and values are not.
struct JAX: PythonArrays {
  let target = TargetName.jax
  let module = "jnp"
  let axisLabel = "axis"
  var like = ""
  var factoryArguments: [String] { ["dtype=\(like).dtype"] }

  /// Arrays are never changed in place.
  func copied(_ array: CodeExpression) -> CodeExpression { array }

  func flattened(_ matrix: CodeExpression) -> CodeExpression {
    // The columns of a transpose are rows.
    matrix.transposedOperand?.then(".ravel()") ?? matrix.then(".ravel(order=\"F\")")
  }

  func reshaped(_ entries: CodeExpression, _ rows: String, _ columns: String) -> CodeExpression {
    entries.then(".reshape((\(rows), \(columns)), order=\"F\")")
  }

  func helper(_ helper: PythonHelper) -> Helper {
    switch helper {
    case .commutation: .jaxCommutation
    case .duplication: .jaxDuplication
    case .adjugate: .jaxAdjugate
    case .qr: .jaxQR
    case .lu: .jaxLU
    case .eigen: .jaxEigen
    case .svd: .jaxSVD
    case .frechetDerivative: .jaxFrechetDerivative
    case .patches: .jaxPatches
    case .fromPatches: .jaxFromPatches
    case .logOfDeterminant: .jaxLogOfDeterminant
    }
  }

  func factored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    sciPyFactored(operation, node, "jax.scipy.linalg")
  }

  func solution(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    if let triangle = node.triangle {
      return triangularSolution(triangle, node, "jax.scipy.linalg")
    }
    let x = node.operands
    return node.facts[0].contains(.positiveDefinite)
      ? .call("jax.scipy.linalg.solve", [x[0].text, x[1].text, "assume_a=\"pos\""])
      : .call("jnp.linalg.solve", x[0], x[1])
  }

  func elementwise(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    func special(_ name: String, _ arguments: CodeExpression...) -> CodeExpression {
      .call("jax.scipy.special.\(name)", arguments.map(\.text))
    }
    switch primitive {
    case .asin: return .call("jnp.arcsin", x[0])
    case .acos: return .call("jnp.arccos", x[0])
    case .atan: return .call("jnp.arctan", x[0])
    case .sigmoid, .softplus, .relu, .elu, .silu:
      return .call("jax.nn.\(primitive.rawValue)", x[0])
    case .leakyrelu: return .call("jax.nn.leaky_relu", x[0], x[1])
    case .gelu: return .call("jax.nn.gelu", [x[0].text, "approximate=False"])
    case .step: return .call("jnp.heaviside", x[0], CodeExpression("0"))
    case .normcdf: return special("ndtr", x[0])
    case .normpdf: return normalDensity(x[0], &needs)
    case .lgamma: return special("gammaln", x[0])
    case .trigamma: return special("polygamma", CodeExpression("1"), x[0])
    case .polygamma:
      return special("polygamma", CodeExpression(size(node.parameters[0])), x[0])
    case .clip: return .call("jnp.clip", spread(0, node), spread(1, node), spread(2, node))
    case .max: return .call("jnp.maximum", spread(0, node), spread(1, node))
    case .min: return .call("jnp.minimum", spread(0, node), spread(1, node))
    default: return special(primitive.rawValue, x[0])
    }
  }

  func alongAxis(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    switch primitive {
    case .maximum: return reduction("max", node)
    case .minimum: return reduction("min", node)
    case .logsumexp: return reduction(call: "jax.nn.logsumexp", node)
    default:
      let name = primitive == .softmax ? "softmax" : "log_softmax"
      return .call("jax.nn.\(name)", [node.operands[0].text, axis(node)])
    }
  }

  func matrixFunction(_ primitive: Primitive, _ needs: inout Needs) -> String {
    switch primitive {
    case .logm: use(.jaxLogarithm, &needs)
    case .sqrtm: use(.jaxSquareRoot, &needs)
    case .sinm: use(.jaxSine, &needs)
    case .cosm: use(.jaxCosine, &needs)
    default: "jax.scipy.linalg.expm"
    }
  }

  func special(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    switch primitive {
    case .power: return .call(use(.jaxFractionalPower, &needs), x[0], x[1])
    case .khatrirao: return call(.jaxKhatriRao, node, &needs)
    case .vech: return x[0].then(".T[jnp.triu_indices(\(size(node.shapes[0].rows)))]")
    case .sylvester: return call(.jaxSylvester, node, &needs)
    case .lyapunov:
      let a = matrix(0, node)
      return fromMatrix(
        .call(use(.jaxSylvester, &needs), a, a.then(".T"), matrix(1, node)), node.shape)
    case .conv1d, .conv2d:
      return .call(
        use(.jaxConvolution, &needs), x.map(\.text) + node.parameters.map { size($0) })
    default: return .call("jnp.\(primitive.rawValue)", x.map(\.text))
    }
  }
}
