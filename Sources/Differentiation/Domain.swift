import ExpressionCore
import ExpressionLanguage

/// The conditions under which an input is differentiable, in the author's own words.
struct Domain {
  private(set) var conditions: [String] = []
  private let input: TypedInput
  /// With the structure of all variables known: an SPD matrix is always invertible.
  private let lowering: Lowering
  /// The norms of which only even powers are taken, which are smooth at 0 as well.
  private let smoothNorms: Set<Int>

  private let vectors: VectorUse

  init(_ input: TypedInput, vectors: VectorUse) {
    self.input = input
    self.vectors = vectors
    lowering = Lowering(input, into: Graph())
    smoothNorms = Self.smoothNorms(of: input)
    for (i, node) in input.nodes.enumerated() {
      guard case .primitive(let primitive) = node.operation else { continue }
      collect(primitive, node, i)
    }
  }

  private static func smoothNorms(of input: TypedInput) -> Set<Int> {
    var smooth: Set<Int> = []
    var others: Set<Int> = [input.result]
    for node in input.nodes {
      for (place, operand) in node.operands.enumerated() {
        if place == 0, takesEvenPower(node, in: input) {
          smooth.insert(operand)
        } else {
          others.insert(operand)
        }
      }
    }
    return smooth.subtracting(others)
  }

  private static func takesEvenPower(_ node: TypedInput.Node, in input: TypedInput) -> Bool {
    switch node.operation {
    case .primitive(.square): return true
    case .primitive(.power), .primitive(.elementwisePower):
      guard case .number(let exponent) = input.nodes[node.operands[1]].operation else {
        return false
      }
      return !exponent.isNegative && (exponent * .half).isInteger
    case .primitive, .variable, .number, .pi, .dimension: return false
    }
  }

  private mutating func require(_ condition: String) {
    if !conditions.contains(condition) { conditions.append(condition) }
    // t > 0 says more than t ≠ 0.
    let known = conditions
    conditions.removeAll { other in
      other.hasSuffix(" ≠ 0") && known.contains(other.dropLast(" ≠ 0".count) + " > 0")
    }
  }

  /// The source text of a node.
  private func text(_ i: Int) -> String {
    guard let range = input.nodes[i].range else { return "the argument" }
    let bytes = Array(input.source.utf8)
    guard range.upperBound <= bytes.count else { return "the argument" }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  private func isPositive(_ i: Int) -> Bool {
    lowering.nodes[i].map { lowering.graph.isPositive($0) } ?? false
  }
  private func isNumber(_ i: Int) -> Bool {
    if case .number = input.nodes[i].operation { return true }
    if case .dimension = input.nodes[i].operation { return true }
    if case .pi = input.nodes[i].operation { return true }
    return false
  }

  private mutating func positive(_ i: Int) {
    if !isPositive(i), !isNumber(i) { require("\(text(i)) > 0") }
  }

  private mutating func nonzero(_ i: Int) {
    // A norm is zero where its argument is.
    switch input.nodes[i].operation {
    case .primitive(.norm2), .primitive(.normF), .primitive(.abs):
      return nonzero(input.nodes[i].operands[0])
    case .primitive, .variable, .number, .pi, .dimension: break
    }
    if !isPositive(i), !isNumber(i) { require("\(text(i)) ≠ 0") }
  }

  private mutating func invertible(_ i: Int) {
    guard let e = lowering.nodes[i], !input.nodes[i].shape.isScalar else { return nonzero(i) }
    if !lowering.graph.isInvertible(e) { require("det(\(text(i))) ≠ 0") }
  }

  private mutating func collect(_ primitive: Primitive, _ node: TypedInput.Node, _ i: Int) {
    guard let x = node.operands.first else { return }
    switch primitive {
    case .log, .log2, .log10, .sqrt: positive(x)
    case .log1p: require("\(text(x)) > -1")
    case .lgamma, .digamma, .trigamma, .polygamma: positive(x)
    case .asin, .acos: require("|\(text(x))| < 1")
    case .tan: require("cos(\(text(x))) ≠ 0")
    case .abs, .sign, .norm1: nonzero(x)
    case .relu, .leakyrelu, .step: nonzero(x)
    case .norm2, .normF: if !smoothNorms.contains(i) { nonzero(x) }
    case .prod: nonzero(x)
    case .normp: nonzero(x)
    case .max, .min: require("\(text(node.operands[0])) ≠ \(text(node.operands[1]))")
    case .clip:
      require("\(text(x)) ≠ \(text(node.operands[1]))")
      require("\(text(x)) ≠ \(text(node.operands[2]))")
    case .maximum, .minimum: require("\(text(i)) is attained once")
    case .norminf: require("\(text(i)) is attained by one entry")
    case .inv, .logdet, .det, .adj, .cof: if primitive != .det { invertible(x) }
    case .leftDivide, .solve: invertible(x)
    case .divide: for divisor in node.operands.dropFirst() { invertible(divisor) }
    case .elementwiseDivide: for divisor in node.operands.dropFirst() { nonzero(divisor) }
    case .power, .elementwisePower: collectPower(node)
    case .eigvals, .eigvecs, .lambdamax, .lambdamin, .svdvals, .svdu, .svdv, .nucnorm, .specnorm:
      collectSpectrum(primitive, text(x), input.nodes[x].shape)
    case .gapinv: require("the entries of \(text(x)) are distinct")
    case .suminv: if !isPositive(x) { require("no two entries of \(text(x)) add up to 0") }
    case .chol: if !isDefinite(x) { require("\(text(x)) is positive definite") }
    case .pinv:
      let isRegular = lowering.nodes[x].map { lowering.graph.isInvertible($0) } ?? false
      if !isRegular { require("the rank of \(text(x)) is constant") }
    case .qrq, .qrr: require("\(text(x)) has full column rank")
    case .lul, .luu: require("no leading minor of \(text(x)) is 0")
    case .logm, .sqrtm, .dlogm:
      if !isDefinite(x) { require("\(text(x)) has no eigenvalue ≤ 0") }
    case .sylvester:
      let other = node.operands[1]
      if !isDefinite(x) || !isDefinite(other) {
        require("\(text(x)) and -\(text(other)) share no eigenvalue")
      }
    case .lyapunov:
      if !isDefinite(x) { require("\(text(x)) and -\(text(x)) share no eigenvalue") }
    case .add, .subtract, .negate, .multiply, .hadamard, .transpose, .blocks, .exp, .expm1, .square,
      .sin, .cos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus, .elu, .gelu, .silu, .erf, .erfc,
      .normcdf, .normpdf, .sum, .mean, .logsumexp, .tr, .dot, .softmax, .logsoftmax, .diag,
      .diagonal,
      .col, .row, .entry, .unit, .vec, .reshape, .kron, .khatrirao, .vech, .tril, .triu, .stril,
      .halftril, .divdiff, .sym,
      .skew,
      .eye, .ones, .zeros, .constantVector, .constantMatrix, .commutation, .duplication, .expm,
      .sinm,
      .cosm, .dexpm, .dsinm, .dcosm, .cross, .im2col, .col2im, .conv1d, .conv2d:
      break
    }
  }

  private func isDefinite(_ i: Int) -> Bool {
    lowering.nodes[i].map { lowering.graph.facts($0).contains(.positiveDefinite) } ?? false
  }

  /// What the derivative asks of the values of a decomposition: that they are simple only where it
  /// depends on single vectors.
  private mutating func collectSpectrum(
    _ primitive: Primitive, _ matrix: String, _ shape: Shape
  ) {
    switch (primitive, vectors.dependence) {
    case (_, .none):
      if vectors.usesSingularVectors { require("\(matrix) has full rank") }
    case (.lambdamax, _): require("the largest eigenvalue of \(matrix) is simple")
    case (.lambdamin, _): require("the smallest eigenvalue of \(matrix) is simple")
    case (.specnorm, _): require("the largest singular value of \(matrix) is simple")
    case (.eigvals, .onColumns), (.eigvecs, .onColumns):
      for column in vectors.columns { require("eigenvalue \(column) of \(matrix) is simple") }
    case (.svdvals, .onColumns), (.svdu, .onColumns), (.svdv, .onColumns):
      for column in vectors.columns {
        require("singular value \(column) of \(matrix) is simple and positive")
      }
    case (.eigvals, _), (.eigvecs, _): require("the eigenvalues of \(matrix) are distinct")
    default:
      require("the singular values of \(matrix) are distinct and positive")
      tall(shape)
    }
  }

  /// A matrix whose sizes are names is taken as tall where its singular vectors turn: of a wide one
  /// the right vectors leave their span, and not the left ones.
  private mutating func tall(_ shape: Shape) {
    let (m, n) = (shape.rows, shape.columns)
    guard m != n, m.literal == nil || n.literal == nil, !n.isOne, !m.isOne,
      !input.sizeOrder.isLess(n, m), !input.sizeOrder.isLess(m, n)
    else { return }
    require("\(m) ≥ \(n)")
  }

  private mutating func collectPower(_ node: TypedInput.Node) {
    let (base, exponent) = (node.operands[0], node.operands[1])
    guard let e = lowering.nodes[exponent], case .number(let value) = lowering.graph.node(e) else {
      return positive(base)
    }
    if !value.isInteger { positive(base) } else if value.isNegative { invertible(base) }
  }
}
