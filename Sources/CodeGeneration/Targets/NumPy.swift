import ExpressionCore
import Planning

/// NumPy with SciPy's special functions and linear algebra.
struct NumPy: PythonArrays {
  let target = TargetName.numpy
  let module = "np"
  let axisLabel = "axis"

  func factoryArguments(_ needs: inout Needs) -> [String] { [] }

  func flattened(_ matrix: CodeExpression) -> CodeExpression { matrix.then(".ravel(order=\"F\")") }

  func reshaped(_ entries: CodeExpression, _ rows: String, _ columns: String) -> CodeExpression {
    entries.then(".reshape((\(rows), \(columns)), order=\"F\")")
  }

  func factored(
    _ operation: Listing.Operation, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    needs.use("import scipy.linalg")
    let x = node.operands
    switch operation {
    case .factor(.cholesky): return .call("scipy.linalg.cho_factor", [x[0].text, "lower=True"])
    case .factor(.lu): return .call("scipy.linalg.lu_factor", x[0])
    case .solve(.cholesky, _): return .call("scipy.linalg.cho_solve", x[0], x[1])
    case .solve(.lu, let transposed):
      return .call(
        "scipy.linalg.lu_solve", [x[0].text, x[1].text] + (transposed ? ["trans=1"] : []))
    case .logdet(.cholesky):
      return .times(
        CodeExpression("2"), "*",
        .call("np.log", .call("np.diag", x[0].then("[0]"))).then(".sum()"))
    default:
      return .call("np.log", .call("np.abs", .call("np.diag", x[0].then("[0]")))).then(".sum()")
    }
  }

  func expression(
    _ primitive: Primitive, _ node: WrittenNode, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    let x = node.operands
    func special(_ name: String, _ arguments: CodeExpression...) -> CodeExpression {
      needs.use(name, from: "scipy.special")
      return .call(name, arguments.map(\.text))
    }
    func scipy(_ name: String) -> CodeExpression {
      needs.use("import scipy.linalg")
      return matrixCall("scipy.linalg.\(name)", node)
    }
    switch primitive {
    // MARK: Operators
    case .add: return spread(0, node) + spread(1, node)
    case .subtract: return spread(0, node) - spread(1, node)
    case .negate: return -x[0]
    case .multiply: return product(node)
    case .divide where node.shapes[1].isScalar: return quotient(node)
    case .divide:
      return .call("np.linalg.solve", [x[1].primary + ".T", x[0].primary + ".T"]).then(".T")
    case .leftDivide, .solve:
      if node.facts[0].contains(.positiveDefinite) {
        needs.use("import scipy.linalg")
        return .call("scipy.linalg.solve", [x[0].text, x[1].text, "assume_a=\"pos\""])
      }
      return node.shapes[0].isScalar
        ? .times(x[1], "/", x[0]) : .call("np.linalg.solve", x[0], x[1])
    case .hadamard: return .times(spread(0, node), "*", spread(1, node))
    case .elementwiseDivide: return quotient(node)
    case .power where node.shapes[0].isScalar: return power(node)
    case .power:
      if node.numbers[1]?.isInteger == true { return .call("np.linalg.matrix_power", x[0], x[1]) }
      needs.use("import scipy.linalg")
      return .call("scipy.linalg.fractional_matrix_power", x[0], x[1])
    case .elementwisePower: return power(node)
    case .transpose: return transposed(node)
    case .blocks: return blocks(node)

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .square, .sin, .cos, .tan,
      .sinh, .cosh, .tanh:
      return .call("np.\(primitive.rawValue)", x[0])
    case .asin: return .call("np.arcsin", x[0])
    case .acos: return .call("np.arccos", x[0])
    case .atan: return .call("np.arctan", x[0])
    case .sigmoid: return special("expit", x[0])
    case .softplus: return .call("np.logaddexp", CodeExpression("0"), x[0])
    case .relu: return .call("np.maximum", x[0], CodeExpression("0"))
    case .leakyrelu:
      let slope = CodeExpression.times(x[1], "*", x[0]).text
      return .call("np.where", ["\(x[0].text(.additive)) > 0", x[0].text, slope])
    case .elu:
      return .call(
        "np.where",
        ["\(x[0].text(.additive)) > 0", x[0].text, "np.expm1(np.minimum(\(x[0].text), 0))"])
    case .gelu: return .times(x[0], "*", special("ndtr", x[0]))
    case .silu: return .times(x[0], "*", special("expit", x[0]))
    case .step: return .call("np.heaviside", x[0], CodeExpression("0"))
    case .erf, .erfc: return special(primitive.rawValue, x[0])
    case .normcdf: return special("ndtr", x[0])
    case .normpdf:
      return .times(
        .call(
          "np.exp",
          .times(-CodeExpression("\(x[0].primary) ** 2", .power), "/", CodeExpression("2"))),
        "/", .call("np.sqrt", CodeExpression("2 * np.pi")))
    case .lgamma: return special("gammaln", x[0])
    case .digamma: return special("digamma", x[0])
    case .trigamma: return special("polygamma", CodeExpression("1"), x[0])
    case .polygamma:
      return special("polygamma", CodeExpression(size(node.parameters[0])), x[0])
    case .clip: return .call("np.clip", x[0], x[1], x[2])
    case .max: return .call("np.maximum", spread(0, node), spread(1, node))
    case .min: return .call("np.minimum", spread(0, node), spread(1, node))

    // MARK: Reductions
    case .sum: return reduction("sum", node)
    case .mean: return reduction("mean", node)
    case .prod: return reduction("prod", node)
    case .maximum: return reduction("max", node)
    case .minimum: return reduction("min", node)
    case .logsumexp:
      needs.use("logsumexp", from: "scipy.special")
      return reduction(call: "logsumexp", node)
    case .tr: return node.shapes[0].isScalar ? x[0] : .call("np.trace", x[0])
    case .det: return node.shapes[0].isScalar ? x[0] : .call("np.linalg.det", x[0])
    case .logdet: return .call("np.linalg.slogdet", matrix(0, node)).then("[1]")
    case .norm1: return .call("np.abs", x[0]).then(".sum()")
    case .norm2, .normF: return .call("np.linalg.norm", x[0])
    case .normp:
      return CodeExpression(
        "(np.abs(\(x[0].text)) ** \(x[1].text(.unary))).sum() ** \(CodeExpression.times(CodeExpression("1"), "/", x[1]).text(.unary))",
        .power)
    case .norminf: return .call("np.abs", x[0]).then(".max()")
    case .nucnorm: return .call("np.linalg.norm", [matrix(0, node).text, "\"nuc\""])
    case .specnorm: return .call("np.linalg.norm", [matrix(0, node).text, "2"])
    case .dot: return dot(node)
    case .softmax, .logsoftmax:
      let name = primitive == .softmax ? "softmax" : "log_softmax"
      needs.use(name, from: "scipy.special")
      return .call(name, [x[0].text, alongAxis(node)])

    // MARK: Structure
    case .diag: return node.shapes[0].isScalar ? x[0] : .call("np.diag", x[0])
    case .diagonal: return node.shapes[0].isScalar ? x[0] : .call("np.diag", x[0])
    case .col: return column(node)
    case .row: return row(node)
    case .entry: return entry(node)
    case .unit: return unit(node, &needs)
    case .vec: return vectorized(node)
    case .reshape: return reshaped(node)
    case .kron: return kronecker(node)
    case .khatrirao: return scipy("khatri_rao")
    case .vech:
      return x[0].then(".T[np.triu_indices(\(size(node.shapes[0].rows)))]")
    case .tril, .triu: return .call("np.\(primitive.rawValue)", matrix(0, node))
    case .sym: return symmetric(0, node)
    case .skew: return skew(node)
    case .eye: return identity(node.shape.rows, &needs)
    case .ones: return made("ones", node.shape, &needs)
    case .zeros: return made("zeros", node.shape, &needs)
    case .constantVector, .constantMatrix:
      return made("full", node.shape, &needs, fill: x[0].text)
    case .commutation: return fromMatrix(helper(.numpyCommutation, node, &needs), node.shape)
    case .duplication: return fromMatrix(helper(.numpyDuplication, node, &needs), node.shape)

    // MARK: Linear algebra
    case .inv: return matrixCall("np.linalg.inv", node)
    case .pinv: return matrixCall("np.linalg.pinv", node)
    case .adj: return fromMatrix(helper(.numpyAdjugate, node, &needs), node.shape)
    case .cof: return fromMatrix(helper(.numpyAdjugate, node, &needs).then(".T"), node.shape)
    case .chol: return .call("np.linalg.cholesky", symmetric(0, node))
    case .qrq: return fromMatrix(helper(.numpyQR, node, &needs).then("[0]"), node.shape)
    case .qrr: return fromMatrix(helper(.numpyQR, node, &needs).then("[1]"), node.shape)
    case .lul: return fromMatrix(helper(.numpyLU, node, &needs).then("[0]"), node.shape)
    case .luu: return fromMatrix(helper(.numpyLU, node, &needs).then("[1]"), node.shape)
    case .eigvals: return .call("np.linalg.eigvalsh", symmetric(0, node))
    case .eigvecs: return .call(use(.numpyEigenvectors, &needs), symmetric(0, node))
    case .lambdamax: return .call("np.linalg.eigvalsh", symmetric(0, node)).then("[-1]")
    case .lambdamin: return .call("np.linalg.eigvalsh", symmetric(0, node)).then("[0]")
    case .svdvals: return .call("np.linalg.svd", [matrix(0, node).text, "compute_uv=False"])
    case .svdu:
      return fromMatrix(.call(use(.numpySVD, &needs), matrix(0, node)).then("[0]"), node.shape)
    case .svdv:
      return fromMatrix(.call(use(.numpySVD, &needs), matrix(0, node)).then("[1]"), node.shape)
    case .expm, .logm, .sqrtm, .sinm, .cosm: return scipy(primitive.rawValue)
    case .dexpm:
      needs.use("import scipy.linalg")
      return .call("scipy.linalg.expm_frechet", [x[0].text, x[1].text, "compute_expm=False"])
    case .dlogm, .dsinm, .dcosm:
      needs.use("import scipy.linalg")
      needs.use(.numpyFrechetDerivative)
      return .call(
        "_frechet_derivative",
        ["scipy.linalg.\(primitive.rawValue.dropFirst())", x[0].text, x[1].text])
    case .sylvester: return scipy("solve_sylvester")
    case .lyapunov: return scipy("solve_continuous_lyapunov")
    case .cross: return .call("np.cross", x[0], x[1])

    // MARK: Convolution
    case .im2col: return fromMatrix(helper(.numpyPatches, node, &needs), node.shape)
    case .col2im: return fromMatrix(helper(.numpyFromPatches, node, &needs), node.shape)
    case .conv1d: return helper(.numpyConvolution1D, node, &needs)
    case .conv2d: return fromMatrix(helper(.numpyConvolution2D, node, &needs), node.shape)
    }
  }

  private func use(_ helper: Helper, _ needs: inout Needs) -> String {
    needs.use(helper)
    return helper.name
  }

  /// Operands keep their own axes where the helper works on vectors.
  private func helper(_ helper: Helper, _ node: WrittenNode, _ needs: inout Needs)
    -> CodeExpression
  {
    needs.use(helper)
    let sizes = node.parameters.map { size($0) }
    if helper == .numpyConvolution1D {
      return .call(helper.name, node.operands.map(\.text) + sizes)
    }
    return .call(helper.name, node.operands.indices.map { matrix($0, node).text } + sizes)
  }
}

extension NumPy {
  /// A module of one function.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let program = try PythonProgram(request, self)
    var lines = ["import numpy as np"] + program.statements.needs.importLines + ["", ""]
    for helper in program.statements.needs.helpers { lines += [helper.source, "", ""] }
    lines.append("def \(request.functionName)(\(program.parameterList)):")
    var body = program.docstring
    for variable in program.arguments.variables {
      body.append("\(variable.name) = np.asarray(\(variable.name), dtype=float)")
    }
    for variable in program.arguments.variables { body += program.checks(variable) }
    body += program.body
    return (lines + PythonProgram.indented(body)).joined(separator: "\n") + "\n"
  }
}
