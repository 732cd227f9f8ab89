import ExpressionCore
import Planning

/// StableHLO: a module for given sizes, in the text form of MLIR; every value has two axes inside.
struct StableHLO {
  let listing: Listing
  let sizes: [String: Int]
  var program = TensorProgram()
  private var values: [Tensor] = []

  init(_ listing: Listing, sizes: [String: Int]) {
    self.listing = listing
    self.sizes = sizes
  }

  /// The module, its function called `main`.
  static func module(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    guard !request.selfTest, !request.benchmark else {
      throw UnsupportedOperation(
        target: .stablehlo,
        operation: request.selfTest ? "--test" : "--bench",
        hint: "a module holds functions and runs nothing; the same formulas with --emit jax do")
    }
    let name = request.functionName
    let (prepared, _) = request.prepared(
      reserved: [], legal: Identifiers.ascii, sharesFactorizations: false)
    // Sizes are known by the author's names.
    var sizes: [String: Int] = [:]
    for (own, new) in zip(request.listing.dimensionNames, prepared.listing.dimensionNames) {
      sizes[new] = request.sizes[own]
    }
    var writer = StableHLO(prepared.listing, sizes: sizes)
    return try writer.module(prepared, name)
  }

  private mutating func module(
    _ request: ProgramRequest, _ name: String
  ) throws(UnsupportedOperation) -> String {
    let missing = listing.dimensionNames.filter { sizes[$0] == nil }
    guard missing.isEmpty else {
      throw UnsupportedOperation(
        target: .stablehlo, operation: "the program is for given sizes",
        hint: missing.map { "--size \($0)=100" }.joined(separator: " ") + " would give them")
    }
    let variables = listing.usedVariables
    var parameters: [String] = []
    for variable in variables {
      let type = Tensor(name: "", sizes: try natural(variable.shape)).type
      parameters.append("%\(variable.name): \(type)")
    }
    for node in listing.nodes { values.append(try tensor(of: node)) }
    var results: [Tensor] = []
    for output in listing.outputs {
      let shape = listing.nodes[output.node].shape
      results.append(program.reshape(values[output.node], try natural(shape)))
    }
    let types = results.map(\.type).joined(separator: ", ")
    var lines = ["// \(request.summary)", "//"]
    lines += request.sourceLines.map { "// " + $0 }
    for (name, output) in zip(request.outputNames, listing.outputs) {
      lines.append("// \(name): \(output.formula)")
    }
    lines.append("module @\(name) {")
    lines.append("  func.func public @main(\(parameters.joined(separator: ", "))) -> (\(types)) {")
    lines += program.lines.map { "    " + $0 }
    lines.append(
      "    return \(results.map(\.name).joined(separator: ", ")) : \(types)")
    return (lines + ["  }", "}"]).joined(separator: "\n") + "\n"
  }

  // MARK: Sizes

  private func size(_ dim: Dim) throws(UnsupportedOperation) -> Int {
    if let value = dim.value({ sizes[$0] }), value > 0 { return value }
    throw UnsupportedOperation(
      target: .stablehlo, operation: "\(dim) is no size", hint: "other values of --size would do")
  }

  private func sizes(_ shape: Shape) throws(UnsupportedOperation) -> [Int] {
    [try size(shape.rows), try size(shape.columns)]
  }

  /// At the interface a scalar has no axis, a vector or row one.
  private func natural(_ shape: Shape) throws(UnsupportedOperation) -> [Int] {
    shape.isScalar
      ? [] : shape.isMatrix ? try sizes(shape) : [try size(shape.count)]
  }

  private func unsupported(_ primitive: Primitive) -> UnsupportedOperation {
    UnsupportedOperation(
      target: .stablehlo, operation: "\(primitive.rawValue) is not in StableHLO",
      hint: "numpy, jax, torch, julia, matlab, eigen and swift have it")
  }

  // MARK: Nodes

  private mutating func tensor(of node: Listing.Node) throws(UnsupportedOperation) -> Tensor {
    let sizes = try sizes(node.shape)
    switch node.operation {
    case .variable(let i):
      let variable = listing.variables[i]
      return program.reshape(
        Tensor(name: "%" + variable.name, sizes: try natural(variable.shape)), sizes)
    case .number(let value): return program.constant(value.double, [1, 1])
    case .pi: return program.constant(.pi, [1, 1])
    case .dimension(let dim): return program.constant(Double(try size(dim)), [1, 1])
    case .factor, .solve, .logdet, .logOfDeterminant: throw unsupported(.inv)
    case .primitive(let primitive):
      return try tensor(primitive, node, node.operands.map { values[$0] }, sizes)
    }
  }

  private mutating func tensor(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Tensor], _ sizes: [Int]
  ) throws(UnsupportedOperation) -> Tensor {
    var p: [Int] = []
    // A parameter may be 0: no padding.
    for dim in node.parameters { p.append(dim == 0 ? 0 : try size(dim)) }
    func number(_ value: Double) -> Tensor { program.constant(value, sizes) }
    func spread(_ index: Int) -> Tensor { program.broadcast(x[index], sizes) }
    switch primitive {
    // MARK: Operators
    case .add: return program.map("stablehlo.add", spread(0), spread(1))
    case .subtract: return program.map("stablehlo.subtract", spread(0), spread(1))
    case .negate: return program.map("stablehlo.negate", x[0])
    case .multiply:
      let scales =
        listing.nodes[node.operands[0]].shape.isScalar
        || listing.nodes[node.operands[1]].shape.isScalar
      return scales
        ? program.map("stablehlo.multiply", spread(0), spread(1)) : program.product(x[0], x[1])
    case .hadamard: return program.map("stablehlo.multiply", spread(0), spread(1))
    case .elementwiseDivide: return program.map("stablehlo.divide", spread(0), spread(1))
    case .divide where x[1].sizes == [1, 1]:
      return program.map("stablehlo.divide", spread(0), spread(1))
    case .leftDivide, .solve:
      guard listing.isPositiveDefinite(node.operands[0]) else { throw unsupported(.solve) }
      let l = cholesky(x[0])
      return triangularSolve(l, triangularSolve(l, x[1], transposed: false), transposed: true)
    case .power where x[0].sizes == [1, 1], .elementwisePower:
      switch listing.number(node.operands[1]) {
      case Number.two: return program.map("stablehlo.multiply", spread(0), spread(0))
      case Number.half: return program.map("stablehlo.sqrt", spread(0))
      default: return program.map("stablehlo.power", spread(0), spread(1))
      }
    case .power:
      guard let exponent = listing.number(node.operands[1])?.integer, (0...64).contains(exponent)
      else { throw unsupported(.power) }
      return (0..<exponent).reduce(program.identity(sizes[0])) { power, _ in
        program.product(power, x[0])
      }
    case .transpose: return program.transpose(x[0])
    case .blocks: return blocks(p, x)

    // MARK: Elementwise
    case .exp: return program.map("stablehlo.exponential", x[0])
    case .expm1: return program.map("stablehlo.exponential_minus_one", x[0])
    case .log: return program.map("stablehlo.log", x[0])
    case .log1p: return program.map("stablehlo.log_plus_one", x[0])
    case .log2, .log10:
      return program.map(
        "stablehlo.divide", program.map("stablehlo.log", x[0]),
        number(primitive == .log2 ? 0.6931471805599453 : 2.302585092994046))
    case .sqrt: return program.map("stablehlo.sqrt", x[0])
    case .abs: return program.map("stablehlo.abs", x[0])
    case .sign: return program.map("stablehlo.sign", x[0])
    case .square: return program.map("stablehlo.multiply", x[0], x[0])
    case .sin: return program.map("stablehlo.sine", x[0])
    case .cos: return program.map("stablehlo.cosine", x[0])
    case .tan: return program.map("chlo.tan", x[0])
    case .asin, .acos, .atan, .sinh, .cosh, .erf, .erfc, .lgamma, .digamma:
      return program.map("chlo.\(primitive.rawValue)", x[0])
    case .tanh: return program.map("stablehlo.tanh", x[0])
    case .sigmoid: return program.map("stablehlo.logistic", x[0])
    case .softplus: return softplus(x[0])
    case .relu: return program.map("stablehlo.maximum", x[0], number(0))
    case .leakyrelu:
      let slope = program.map("stablehlo.multiply", spread(1), x[0])
      return program.select(x[0], "GT", number(0), then: x[0], else: slope)
    case .elu:
      let below = program.map("stablehlo.exponential_minus_one", x[0])
      return program.select(x[0], "GT", number(0), then: x[0], else: below)
    case .gelu: return program.map("stablehlo.multiply", x[0], normalDistribution(x[0]))
    case .silu:
      return program.map("stablehlo.multiply", x[0], program.map("stablehlo.logistic", x[0]))
    case .step: return program.select(x[0], "GT", number(0), then: number(1), else: number(0))
    case .normcdf: return normalDistribution(x[0])
    case .normpdf:
      let half = program.map("stablehlo.multiply", x[0], number(-0.5))
      let square = program.map("stablehlo.multiply", half, x[0])
      return program.map(
        "stablehlo.multiply", program.map("stablehlo.exponential", square),
        number(0.3989422804014327))
    case .trigamma: return program.map("chlo.polygamma", number(1), x[0])
    case .polygamma: return program.map("chlo.polygamma", number(Double(p[0])), x[0])
    case .clip:
      return program.map(
        "stablehlo.minimum", program.map("stablehlo.maximum", x[0], spread(1)), spread(2))
    case .max: return program.map("stablehlo.maximum", spread(0), spread(1))
    case .min: return program.map("stablehlo.minimum", spread(0), spread(1))

    // MARK: Reductions
    case .sum: return program.sum(x[0], axis: p.first)
    case .mean:
      let total = program.sum(x[0], axis: p.first)
      let count = x[0].rows * x[0].columns / (total.rows * total.columns)
      return program.map("stablehlo.divide", total, number(Double(count)))
    case .prod: return program.reduce(x[0], "multiply", from: 1, axis: p.first)
    case .maximum: return program.reduce(x[0], "maximum", from: -.infinity, axis: p.first)
    case .minimum: return program.reduce(x[0], "minimum", from: .infinity, axis: p.first)
    case .logsumexp: return logSumExp(x[0], axis: p.first)
    case .softmax:
      return program.map("stablehlo.exponential", logSoftmax(x[0], axis: p.first))
    case .logsoftmax: return logSoftmax(x[0], axis: p.first)
    case .tr: return trace(x[0])
    case .logdet:
      guard listing.isPositiveDefinite(node.operands[0]) else { throw unsupported(.logdet) }
      let logs = program.map("stablehlo.log", diagonal(cholesky(x[0])))
      return program.map("stablehlo.multiply", number(2), program.sum(logs))
    case .norm1: return program.sum(program.map("stablehlo.abs", x[0]))
    case .norm2, .normF:
      let squares = program.map("stablehlo.multiply", x[0], x[0])
      return program.map("stablehlo.sqrt", program.sum(squares))
    case .normp:
      let size = program.map("stablehlo.abs", x[0])
      let powers = program.map("stablehlo.power", size, program.broadcast(x[1], size.sizes))
      let root = program.map("stablehlo.divide", number(1), x[1])
      return program.map("stablehlo.power", program.sum(powers), root)
    case .norminf:
      return program.reduce(
        program.map("stablehlo.abs", x[0]), "maximum", from: 0, axis: nil)
    case .dot: return program.sum(program.map("stablehlo.multiply", x[0], x[1]))

    // MARK: Structure
    case .diag:
      let column = x[0].columns == 1 ? x[0] : program.transpose(x[0])
      return program.map(
        "stablehlo.multiply", program.broadcast(column, sizes), program.identity(sizes[0]))
    case .diagonal: return diagonal(x[0])
    case .col: return program.slice(x[0], [0..<x[0].rows, p[0] - 1..<p[0]])
    case .row: return program.slice(x[0], [p[0] - 1..<p[0], 0..<x[0].columns])
    case .entry: return program.slice(x[0], [p[0] - 1..<p[0], p[1] - 1..<p[1]])
    case .unit:
      return program.slice(program.identity(sizes[0]), [0..<sizes[0], p[1] - 1..<p[1]])
    case .vec: return program.reshape(program.transpose(x[0]), sizes)
    case .reshape:
      let rowMajor = program.reshape(program.transpose(x[0]), [sizes[1], sizes[0]])
      return program.transpose(rowMajor)
    case .kron:
      let all = [x[0].rows, x[1].rows, x[0].columns, x[1].columns]
      let a = program.broadcast(x[0], all, along: [0, 2])
      let b = program.broadcast(x[1], all, along: [1, 3])
      return program.reshape(program.map("stablehlo.multiply", a, b), sizes)
    case .khatrirao:
      let all = [x[0].rows, x[1].rows, sizes[1]]
      let a = program.broadcast(x[0], all, along: [0, 2])
      let b = program.broadcast(x[1], all, along: [1, 2])
      return program.reshape(program.map("stablehlo.multiply", a, b), sizes)
    case .tril: return below(x[0], "GE", else: number(0))
    case .triu: return below(x[0], "LE", else: number(0))
    case .stril: return below(x[0], "GT", else: number(0))
    case .halftril:
      let half = program.map("stablehlo.multiply", x[0], number(0.5))
      return below(x[0], "GT", else: below(half, "GE", else: number(0)))
    case .vech: return lowerHalf(x[0])
    case .sym, .skew:
      let other = program.transpose(x[0])
      let both = program.map(
        primitive == .sym ? "stablehlo.add" : "stablehlo.subtract", x[0], other)
      return program.map("stablehlo.multiply", both, number(0.5))
    case .eye: return program.identity(sizes[0])
    case .ones: return number(1)
    case .zeros: return number(0)
    case .constantVector, .constantMatrix: return spread(0)
    case .commutation:
      let count = p[0] * p[1]
      let split = program.reshape(program.identity(count), [p[1], p[0], count])
      return program.reshape(program.transpose(split, [1, 0, 2]), sizes)

    // MARK: Linear algebra
    case .chol where listing.isSymmetric(node.operands[0]): return cholesky(x[0])
    case .inv where listing.isPositiveDefinite(node.operands[0]):
      let l = cholesky(x[0])
      let half = triangularSolve(l, program.identity(sizes[0]), transposed: false)
      return program.product(program.transpose(half), half)
    case .gapinv: return reciprocalGaps(x[0])
    case .suminv:
      let sum = program.map("stablehlo.add", spread(0), program.transpose(spread(0)))
      return program.map("stablehlo.divide", number(1), sum)
    case .divdiff: return dividedDifferences(x, sizes)
    case .cross: return cross(x[0], x[1])
    case .conv1d, .conv2d, .im2col, .col2im: return try convolution(primitive, p, x, sizes)
    case .det where listing.isPositiveDefinite(node.operands[0]):
      let root = program.reduce(diagonal(cholesky(x[0])), "multiply", from: 1, axis: nil)
      return program.map("stablehlo.multiply", root, root)
    case .duplication: return duplication(p[0], sizes)
    case .divide, .det, .nucnorm, .specnorm, .inv, .pinv, .adj, .cof, .chol,
      .qrq, .qrr, .lul, .luu, .eigvals, .eigvecs, .lambdamax, .lambdamin, .svdvals, .svdu, .svdv,
      .expm, .logm, .sqrtm, .sinm, .cosm, .dexpm, .dlogm, .dsinm, .dcosm, .sylvester, .lyapunov:
      throw unsupported(primitive)
    }
  }
}
