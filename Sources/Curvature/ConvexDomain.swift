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
      for divisor in node.operands.dropFirst() {
        nonzero(divisor, asMatrix: primitive == .divide)
      }
    case .inv, .leftDivide, .solve, .logdet, .adj, .cof: nonzero(x, asMatrix: true)
    case .chol, .logm, .sqrtm: definite(x)
    case .power, .elementwisePower:
      power(x, node.operands[1], asMatrix: primitive == .power && !node.shape.isScalar)
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

  private mutating func power(_ base: Int, _ exponent: Int, asMatrix: Bool) {
    guard let e = nodes[exponent], case .number(let value) = graph.node(e) else {
      return asMatrix ? definite(base) : positive(base)
    }
    if value.isInteger { return value.isNegative ? nonzero(base, asMatrix: asMatrix) : () }
    if asMatrix { return definite(base) }
    value.isNegative ? positive(base) : nonnegative(base)
  }

  // MARK: Conditions

  private mutating func positive(
    _ i: Int, plus shift: Number = .zero, need: Requirement.Kind = .positive
  ) {
    guard let x = shifted(i, shift) else { return }
    if prover.range(x).isPositive { return }
    // Where a nonnegative sum of exponentials is zero it is zero everywhere.
    let isEverywhere = composer.degrees.isConstant(x) || composer.logConvex(x) != nil
    let core = signFactor(of: x)
    guard isEverywhere || composer.isConcave(x) != nil || composer.isConcave(core) != nil else {
      obstacle = Requirement(node: i, kind: need)
      return
    }
    if core != x { prover.assumePositive(core) }
    assume(x, .above(-shift), i)
  }

  /// What has the sign of the expression: odd powers and positive factors taken away.
  private func signFactor(of x: Expr) -> Expr {
    graph.hadamard(
      prover.powers(of: x).compactMap { factor in
        if prover.range(factor.base).isPositive { return nil }
        return factor.exponent.isOddInteger ? Factor(factor.base) : factor
      } + [Factor(graph.allOnes(graph.shape(x)))])
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

  /// Of a matrix that is divided by as a whole: that it has an inverse.
  private mutating func nonzero(_ i: Int, asMatrix: Bool) {
    guard let x = nodes[i] else { return }
    if asMatrix, !graph.shape(x).isScalar {
      if isInvertible(x) { return }
      return definite(i, need: .invertible)
    }
    let range = prover.range(x)
    if range.isPositive || range.isNegative || composer.degrees.isConstant(x) { return }
    positive(i, need: .nonzero)
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
