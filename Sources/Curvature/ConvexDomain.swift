import ExpressionCore
import ExpressionLanguage

/// A condition under which a statement about curvature holds.
public struct DomainCondition: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Every entry is larger than a number.
    case above(Number)
    /// Every entry is smaller than a number.
    case below(Number)
    /// Symmetric positive definite.
    case definite
  }

  public let kind: Kind
  /// The node of the input that it is about.
  public let node: Int
}

/// Where an input has a value, as far as it is a convex set.
///
/// The conditions are taken in the order in which the input is computed: each is the superlevel
/// set of a function that is concave where the earlier conditions hold, and so convex.
struct ConvexDomain {
  private(set) var conditions: [DomainCondition] = []
  /// The node whose condition is not known to be a convex set.
  private(set) var obstacle: Requirement?
  typealias Requirement = CurvatureObstacle.Requirement

  private let input: TypedInput
  private let nodes: [Expr?]
  private let prover: Prover
  private let composer: Composer
  private let graph: Graph

  init(_ input: TypedInput, _ nodes: [Expr?], _ prover: Prover, _ composer: Composer) {
    self.input = input
    self.nodes = nodes
    self.prover = prover
    self.composer = composer
    graph = prover.graph
    for i in Self.used(input) {
      guard obstacle == nil, case .primitive(let primitive) = input.nodes[i].operation else {
        continue
      }
      require(primitive, input.nodes[i])
    }
  }

  /// The nodes that the result needs, in order.
  private static func used(_ input: TypedInput) -> [Int] {
    var needed = [Bool](repeating: false, count: input.nodes.count)
    needed[input.result] = true
    for i in input.nodes.indices.reversed() where needed[i] {
      for operand in input.nodes[i].operands { needed[operand] = true }
    }
    return needed.indices.filter { needed[$0] }
  }

  private mutating func require(_ primitive: Primitive, _ node: TypedInput.Node) {
    guard let x = node.operands.first else { return }
    switch primitive {
    case .log, .log2, .log10, .lgamma, .digamma, .trigamma, .polygamma: positive(x)
    case .log1p: positive(x, plus: .one)
    case .sqrt: nonnegative(x)
    case .divide, .elementwiseDivide:
      for divisor in node.operands.dropFirst() { nonzero(divisor) }
    case .inv, .leftDivide, .solve, .logdet, .adj, .cof: nonzero(x)
    case .chol, .logm, .sqrtm: definite(x)
    case .power, .elementwisePower: power(x, node.operands[1])
    case .asin, .acos:
      positive(x, plus: .one)
      negative(x, plus: .minusOne)
    case .tan, .pinv, .qrq, .qrr, .lul, .luu, .sylvester, .lyapunov, .eigvecs, .svdu, .svdv:
      if let e = nodes[x], !composer.degrees.isConstant(e) {
        obstacle = Requirement(node: x, kind: .regular)
      }
    default: break
    }
  }

  private mutating func power(_ base: Int, _ exponent: Int) {
    guard let e = nodes[exponent], case .number(let value) = graph.node(e) else {
      return input.nodes[base].shape.isScalar
        || input.nodes[exponent].shape == input.nodes[base].shape
        ? positive(base) : symbolicPower(base)
    }
    if value.isInteger { return value.isNegative ? nonzero(base) : () }
    if let x = nodes[base], graph.shape(x).isSquare, !graph.shape(x).isScalar,
      input.nodes[exponent].shape.isScalar, isMatrixPower(base, exponent)
    {
      return definite(base)
    }
    value.isNegative ? positive(base) : nonnegative(base)
  }

  private func isMatrixPower(_ base: Int, _ exponent: Int) -> Bool {
    input.nodes.contains {
      $0.operation == .primitive(.power) && $0.operands == [base, exponent]
    }
  }

  private mutating func symbolicPower(_ base: Int) {
    guard let x = nodes[base] else { return }
    graph.shape(x).isSquare ? definite(base) : positive(base)
  }

  // MARK: Conditions

  private mutating func positive(
    _ i: Int, plus shift: Number = .zero, need: Requirement.Kind = .positive
  ) {
    guard let x = shifted(i, shift) else { return }
    if prover.range(x).isPositive { return }
    // Where a nonnegative sum of exponentials is zero it is zero everywhere.
    let isEverywhere = composer.degrees.isConstant(x) || composer.logConvex(x) != nil
    guard isEverywhere || composer.isConcave(x) != nil else {
      obstacle = Requirement(node: i, kind: need)
      return
    }
    assume(x, .above(-shift), i)
  }

  private mutating func negative(_ i: Int, plus shift: Number) {
    guard let x = shifted(i, shift) else { return }
    if prover.range(x).isNegative { return }
    let opposite = graph.negate(x)
    guard composer.degrees.isConstant(x) || composer.isConcave(opposite) != nil else {
      obstacle = Requirement(node: i, kind: .positive)
      return
    }
    assume(opposite, .below(-shift), i)
  }

  private mutating func nonnegative(_ i: Int) {
    guard let x = nodes[i], !prover.range(x).isNonnegative else { return }
    positive(i)
  }

  private mutating func nonzero(_ i: Int) {
    guard let x = nodes[i] else { return }
    let shape = graph.shape(x)
    if shape.isSquare, !shape.isScalar, isInverted(i) {
      if isInvertible(x) { return }
      return definite(i, need: .nonzero)
    }
    let range = prover.range(x)
    if range.isPositive || range.isNegative || composer.degrees.isConstant(x) { return }
    positive(i, need: .nonzero)
  }

  /// Whether the matrix is divided by as a whole, not entry by entry.
  private func isInverted(_ i: Int) -> Bool {
    !input.nodes.contains {
      $0.operation == .primitive(.elementwiseDivide) && $0.operands.dropFirst().contains(i)
        || $0.operation == .primitive(.elementwisePower) && $0.operands.first == i
    }
  }

  private func isInvertible(_ x: Expr) -> Bool {
    if graph.isInvertible(x) || composer.degrees.isConstant(x) || prover.isDefinite(x) {
      return true
    }
    guard case .product(let p) = graph.node(x), p.coefficient.isOne, p.scalars.isEmpty,
      p.chain.count > 1
    else { return false }
    return p.chain.allSatisfy { graph.shape($0).isSquare && isInvertible($0) }
  }

  private mutating func definite(_ i: Int, need: Requirement.Kind = .definite) {
    guard let x = nodes[i], !graph.shape(x).isScalar else { return positive(i) }
    if prover.isDefinite(x) { return }
    guard graph.isSymmetric(x), composer.degrees.isAffine(x) else {
      obstacle = composer.degrees.isConstant(x) ? nil : Requirement(node: i, kind: need)
      return
    }
    prover.assumeDefinite(x)
    composer.retry()
    conditions.append(DomainCondition(kind: .definite, node: i))
  }

  private mutating func assume(_ x: Expr, _ kind: DomainCondition.Kind, _ i: Int) {
    prover.assumePositive(x)
    composer.retry()
    conditions.append(DomainCondition(kind: kind, node: i))
  }

  private func shifted(_ i: Int, _ shift: Number) -> Expr? {
    guard let x = nodes[i] else { return nil }
    if shift.isZero { return x }
    return graph.sum([x, graph.scale(shift, graph.allOnes(graph.shape(x)))])
  }
}
