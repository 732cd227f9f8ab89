import ExpressionCore
import Planning

/// NumPy with SciPy's special functions and linear algebra.
struct NumPy: PythonArrays {
  let target = TargetName.numpy
  let module = "np"
  let axisLabel = "axis"
  var like = ""
  var factoryArguments: [String] { ["dtype=\(like).dtype"] }

  func flattened(_ matrix: CodeExpression) -> CodeExpression {
    // The columns of a transpose are rows.
    matrix.transposedOperand?.then(".ravel()") ?? matrix.then(".ravel(order=\"F\")")
  }

  func reshaped(_ entries: CodeExpression, _ rows: String, _ columns: String) -> CodeExpression {
    entries.then(".reshape((\(rows), \(columns)), order=\"F\")")
  }

  func helper(_ helper: PythonHelper) -> Helper {
    switch helper {
    case .commutation: .numpyCommutation
    case .duplication: .numpyDuplication
    case .adjugate: .numpyAdjugate
    case .qr: .numpyQR
    case .lu: .numpyLU
    case .eigen: .numpyEigen
    case .svd: .numpySVD
    case .frechetDerivative: .numpyFrechetDerivative
    case .patches: .numpyPatches
    case .fromPatches: .numpyFromPatches
    case .logOfDeterminant: .numpyLogOfDeterminant
    }
  }

  func factored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    needs.use("import scipy.linalg")
    return sciPyFactored(operation, node, "scipy.linalg")
  }

  func solution(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    let x = node.operands
    guard node.triangle != nil || node.facts[0].contains(.positiveDefinite) else {
      return .call("np.linalg.solve", x[0], x[1])
    }
    needs.use("import scipy.linalg")
    if let triangle = node.triangle { return triangularSolution(triangle, node, "scipy.linalg") }
    return .call("scipy.linalg.solve", [x[0].text, x[1].text, "assume_a=\"pos\""])
  }

  func elementwise(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    func special(_ name: String, _ arguments: CodeExpression...) -> CodeExpression {
      needs.use(name, from: "scipy.special")
      return .call(name, arguments.map(\.text))
    }
    switch primitive {
    case .asin: return .call("np.arcsin", x[0])
    case .acos: return .call("np.arccos", x[0])
    case .atan: return .call("np.arctan", x[0])
    case .sigmoid: return special("expit", x[0])
    case .softplus: return .call("np.logaddexp", CodeExpression("0"), x[0])
    case .relu: return .call("np.maximum", x[0], CodeExpression("0"))
    case .leakyrelu:
      return wherePositive(x[0], otherwise: "\(x[1].text(.multiplicative)) * \(x[0].text)")
    case .elu: return wherePositive(x[0], otherwise: "np.expm1(np.minimum(\(x[0].text), 0))")
    case .gelu: return .times(x[0], "*", special("ndtr", x[0]))
    case .silu: return .times(x[0], "*", special("expit", x[0]))
    case .step: return .call("np.heaviside", x[0], CodeExpression("0"))
    case .normcdf: return special("ndtr", x[0])
    case .normpdf: return normalDensity(x[0], &needs)
    case .lgamma: return special("gammaln", x[0])
    case .digamma: return special("digamma", x[0])
    case .trigamma: return special("polygamma", CodeExpression("1"), x[0]).then(sameType)
    case .polygamma:
      return special("polygamma", CodeExpression(size(node.parameters[0])), x[0]).then(sameType)
    case .clip: return .call("np.clip", spread(0, node), spread(1, node), spread(2, node))
    case .max: return .call("np.maximum", spread(0, node), spread(1, node))
    case .min: return .call("np.minimum", spread(0, node), spread(1, node))
    default: return special(primitive.rawValue, x[0])
    }
  }

  /// SciPy computes a few functions in double precision whatever it is given.
  private var sameType: String { ".astype(\(like).dtype)" }

  func alongAxis(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    switch primitive {
    case .maximum: return reduction("max", node)
    case .minimum: return reduction("min", node)
    case .logsumexp:
      needs.use("logsumexp", from: "scipy.special")
      return reduction(call: "logsumexp", node)
    default:
      let name = primitive == .softmax ? "softmax" : "log_softmax"
      needs.use(name, from: "scipy.special")
      return .call(name, [node.operands[0].text, axis(node)])
    }
  }

  func matrixFunction(_ primitive: Primitive, _ needs: inout Needs) -> String {
    if primitive == .logm { return use(.numpyLogarithm, &needs) }
    needs.use("import scipy.linalg")
    return "scipy.linalg.\(primitive.rawValue)"
  }

  func special(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) -> CodeExpression {
    let x = node.operands
    func scipy(_ name: String) -> CodeExpression {
      needs.use("import scipy.linalg")
      return matrixCall("scipy.linalg.\(name)", node)
    }
    switch primitive {
    case .power:
      needs.use("import scipy.linalg")
      return .call("scipy.linalg.fractional_matrix_power", x[0], x[1]).then(sameType)
    case .khatrirao: return scipy("khatri_rao")
    case .vech: return x[0].then(".T[np.triu_indices(\(size(node.shapes[0].rows)))]")
    case .sylvester: return scipy("solve_sylvester")
    case .lyapunov: return scipy("solve_continuous_lyapunov")
    case .conv1d:
      return .call(
        use(.numpyConvolution1D, &needs), x.map(\.text) + node.parameters.map { size($0) })
    case .conv2d: return call(.numpyConvolution2D, node, &needs)
    default: return .call("np.\(primitive.rawValue)", x.map(\.text))
    }
  }
}

extension PythonArrays {
  /// Factorizations as SciPy has them, and JAX after it.
  func sciPyFactored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ linalg: String
  ) -> CodeExpression {
    let x = node.operands
    let diagonal = CodeExpression.call("\(module).diag", x[0].then("[0]"))
    switch operation {
    case .factor(.cholesky): return .call("\(linalg).cho_factor", [x[0].text, "lower=True"])
    case .factor(.lu): return .call("\(linalg).lu_factor", x[0])
    case .solve(.cholesky, _): return .call("\(linalg).cho_solve", x[0], x[1])
    case .solve(.lu, let transposed):
      return .call("\(linalg).lu_solve", [x[0].text, x[1].text] + (transposed ? ["trans=1"] : []))
    case .logdet(.cholesky):
      return .times(CodeExpression("2"), "*", .call("\(module).log", diagonal).then(".sum()"))
    default:
      return .call("\(module).log", .call("\(module).abs", diagonal)).then(".sum()")
    }
  }
}

extension NumPy {
  /// A module of one function.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    var module = PythonModule(imports: ["import numpy as np"])
    let function = try PythonFunction(request, self, name: request.functionName)
    module.use(.numpyFloats)
    module.use(function.needs)
    module.add(function.definition(conversions: [function.conversion(by: "_floats")]))
    if let sample = request.sample {
      try PythonSelfTest(
        function: function, arrays: self, sample: sample, automatic: [], compilation: [],
        timed: function.call
      ).add(to: &module)
    }
    return module.text
  }
}
