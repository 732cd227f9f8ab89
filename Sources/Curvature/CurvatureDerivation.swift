import Differentiation
import ExpressionCore
import ExpressionLanguage
import Rewriting

/// Derives how an input bends in some of its variables together: affine, convex, concave, or not
/// known. What it says follows from proofs alone.
///
/// - Throws: where the question has no meaning (an unknown variable, an input that is not 1×1, a
///   variable whose values are no convex set), or the input is too large.
public func deriveCurvature(
  of input: TypedInput, wrt names: [String], limits: ProofLimits = ProofLimits()
) throws(CurvatureError) -> DerivedCurvature {
  for name in names {
    guard let variable = input.variables.first(where: { $0.name == name }) else {
      throw .unknownVariable(name, known: input.variables.map(\.name))
    }
    if variable.type == .orthogonal || variable.type == .stiefel {
      throw .notConvex(variable: name, type: variable.type)
    }
  }
  let shape = input.nodes[input.result].shape
  guard shape.isScalar else { throw .notScalar(shape) }
  var input = input
  var conditions: [DomainCondition] = []
  // What the domain says of a variable is declared, and the work begun anew: facts of variables
  // decide more than assumptions about expressions.
  for _ in 0..<4 {
    let derivation = CurvatureDerivation(input, names, limits)
    if let failure = derivation.graph.failure { throw .limit(failure) }
    let stronger = derivation.domain.conditions.filter { input.declare($0) }
    if stronger.isEmpty {
      return derivation.derived(after: conditions)
    }
    conditions += stronger
  }
  return CurvatureDerivation(input, names, limits).derived(after: conditions)
}

/// One analysis: an input in a graph of its own.
struct CurvatureDerivation {
  let input: TypedInput
  let names: [String]
  let graph = Graph()
  let lowering: Lowering
  let prover: Prover
  let composer: Composer
  let domain: ConvexDomain
  private let variables: [Int]
  private let directions: [Expr: Expr]

  init(_ input: TypedInput, _ names: [String], _ limits: ProofLimits) {
    self.input = input
    self.names = names
    lowering = Lowering(input, into: graph)
    variables = names.compactMap { name in input.variables.firstIndex { $0.name == name } }
    var directions: [Expr: Expr] = [:]
    for i in variables {
      directions[lowering.variables[i]] = graph.makeSymbol(input.variables[i].direction)
    }
    self.directions = directions
    prover = Prover(graph, limits: limits)
    composer = Composer(
      prover, variables: variables.map { [lowering] in lowering.variables[$0] },
      directions: directions)
    composer.prepare(lowering.result)
    domain = ConvexDomain(input, lowering.nodes, prover, composer)
  }

  private var f: Expr { lowering.result }
  /// The shortest notation matters less here than the time to find it.
  private static let searchBudget = 1_500
  private static let longInput = 300

  func derived(after conditions: [DomainCondition]) -> DerivedCurvature {
    let conditions = conditions + domain.conditions
    func result(
      _ curvature: Curvature, _ proof: Proof?, _ form: (CurvatureForm.Kind, Expr)? = nil,
      _ obstacle: CurvatureObstacle? = nil
    ) -> DerivedCurvature {
      let assumed = conditions.compactMap { lowering.nodes[$0.node] }
      let argument = Argument(self, proof, form, assumed: Set(assumed))
      return DerivedCurvature(
        wrt: names, curvature: curvature, conditions: conditions, form: argument.form,
        steps: argument.steps, obstacle: obstacle, input: input)
    }
    if let limit = prover.limit { return result(.unknown, nil, nil, .limit(limit)) }
    if let needed = domain.obstacle { return result(.unknown, nil, nil, .domain(needed)) }
    if composer.degrees.isAffine(f) { return result(.affine, composer.bending(f)?.proof) }
    let kink = Smoothness(prover, composer.degrees).obstacle(in: f)
    // Second derivatives say more, and of long inputs they take longer.
    let isLong = input.nodes.count > Self.longInput
    if kink == nil, !isLong, let found = secondOrder() {
      return result(found.0, found.1, found.2)
    }
    if let (curvature, proof) = composition() { return result(curvature, proof) }
    if kink == nil, isLong, let found = secondOrder() {
      return result(found.0, found.1, found.2)
    }
    if let limit = prover.limit { return result(.unknown, nil, nil, .limit(limit)) }
    if let failure = graph.failure { return result(.unknown, nil, nil, .graph(failure)) }
    return result(.unknown, nil, nil, kink.map { .kink(graph.primitive($0)) } ?? .noRule)
  }

  private typealias Finding = (Curvature, Proof?, (CurvatureForm.Kind, Expr))

  private func secondOrder() -> Finding? { hessian(of: f) ?? secondDifferential(of: f) }

  private func composition() -> (Curvature, Proof)? {
    composer.retry()
    composer.prepare(f)
    guard let found = composer.bending(f) else { return nil }
    switch found.vexity {
    case .constant, .affine: return (.affine, found.proof)
    case .convex: return (strengthened(.convex), found.proof)
    case .concave: return (strengthened(.concave), found.proof)
    }
  }

  /// A sum of convex functions one of which is strictly convex is so too.
  private func strengthened(_ curvature: Curvature) -> Curvature {
    let (factor, unit) = graph.splitCoefficient(f)
    guard case .sum(let terms) = graph.node(unit), terms.count <= 8 else { return curvature }
    let smoothness = Smoothness(prover, composer.degrees)
    var best = curvature
    for term in terms {
      let e = graph.scale(factor * term.coefficient, term.expr)
      guard composer.bending(e) != nil, smoothness.obstacle(in: e) == nil,
        let found = hessian(of: e) ?? secondDifferential(of: e), found.0.isStrict,
        found.0.isConvex == curvature.isConvex
      else { continue }
      if best == curvature || found.0 == .stronglyConvex || found.0 == .stronglyConcave {
        best = found.0
      }
    }
    return best
  }

  // MARK: The Hessian

  /// Of a variable without structure: its matrix is semidefinite.
  private func hessian(of f: Expr) -> Finding? {
    guard variables.count == 1, let i = variables.first, !input.variables[i].isRestricted,
      let raw = graph.hessian(of: f, by: lowering.variables[i], input.variables[i])
    else { return nil }
    let search = Search(graph, diagonals: .matrix, budget: Self.searchBudget)
    let short = search.simplify(raw)
    for h in short == raw ? [raw] : [short, raw] {
      if graph.isZeroMatrix(h) { return (.affine, Proof(.zero(h), by: .zeroMatrix), (.hessian, h)) }
      if let proof = prover.semidefinite(h) {
        return (curvature(proof), proof, (.hessian, h))
      }
      if let proof = prover.semidefinite(graph.negate(h)) {
        return (curvature(proof).opposite, proof, (.hessian, h))
      }
    }
    return nil
  }

  /// Definite with a part that does not depend on the variables: strongly convex.
  private func curvature(_ proof: Proof) -> Curvature {
    guard case .semidefinite(let h, true) = proof.statement else { return .convex }
    if composer.degrees.isConstant(h) { return .stronglyConvex }
    let isUniform =
      proof.rule == .sumOfSemidefinite
      && proof.premises.contains { part in
        if case .semidefinite(let m, true) = part.statement {
          composer.degrees.isConstant(m)
        } else {
          false
        }
      }
    return isUniform ? .stronglyConvex : .strictlyConvex
  }

  // MARK: The second differential

  /// Of structured variables, or of several: the sign of a quadratic form in their differentials.
  private func secondDifferential(of f: Expr) -> Finding? {
    guard let raw = graph.secondDifferential(of: f, along: directions) else { return nil }
    let search = Search(graph, diagonals: .scaling, budget: Self.searchBudget)
    let short = search.simplify(raw)
    for q in short == raw ? [raw] : [short, raw] {
      prover.prepare(q)
      let sign = prover.ranged(q)
      let form = (CurvatureForm.Kind.secondDifferential, q)
      if sign.range.isZero { return (.affine, sign.proof, form) }
      if sign.range.isNonnegative {
        return (isDefiniteForm(q) ? .strictlyConvex : .convex, sign.proof, form)
      }
      if sign.range.isNonpositive {
        return (isDefiniteForm(graph.negate(q)) ? .strictlyConcave : .concave, sign.proof, form)
      }
    }
    return nil
  }

  /// Whether a nonnegative form in one direction has a term that vanishes at 0 only:
  /// `dX'*M*dX` or `tr(M*dX'*N*dX)` with definite M and N.
  private func isDefiniteForm(_ q: Expr) -> Bool {
    guard directions.count == 1, let direction = directions.values.first else { return false }
    let (coefficient, unit) = graph.splitCoefficient(q)
    if case .sum(let terms) = graph.node(unit) {
      return coefficient.isPositive
        && terms.allSatisfy({
          prover.range(graph.scale($0.coefficient, $0.expr)).isNonnegative
        })
        && terms.contains { isDefiniteForm(graph.scale($0.coefficient, $0.expr)) }
    }
    guard coefficient.isPositive else { return false }
    var e = unit
    if case .product(let p) = graph.node(unit), !p.scalars.isEmpty {
      var rest = p.scalars
      guard
        let i = rest.firstIndex(where: {
          $0.exponent.isOne && graph.reachable(from: [$0.base]).contains(direction)
        })
      else { return false }
      e = rest.remove(at: i).base
      guard prover.range(graph.product(rest, chain: [])).isPositive else { return false }
    }
    return isDefiniteTerm(e, direction)
  }

  private func isDefiniteTerm(_ e: Expr, _ direction: Expr) -> Bool {
    var chain: [Expr] = []
    if let inner = graph.operand(of: e, .tr), case .product(let p) = graph.node(inner),
      p.scalars.isEmpty
    {
      chain = p.chain
    } else if case .product(let p) = graph.node(e), p.scalars.isEmpty {
      chain = p.chain
    }
    let places = chain.indices.filter {
      chain[$0] == direction || chain[$0] == graph.transpose(direction)
    }
    guard places.count == 2, graph.transpose(chain[places[0]]) == chain[places[1]] else {
      return false
    }
    let between = Array(chain[(places[0] + 1)..<places[1]])
    let around = Array(chain[(places[1] + 1)...] + chain[..<places[0]])
    return [between, around].allSatisfy { part in
      part.isEmpty || prover.isDefinite(graph.product([], chain: part))
    }
  }
}

extension TypedInput {
  /// Declares of a variable what a condition says; whether that says more than was known.
  fileprivate mutating func declare(_ condition: DomainCondition) -> Bool {
    guard case .variable(let i) = nodes[condition.node].operation else { return false }
    let variable = variables[i]
    switch condition.kind {
    case .above(let bound) where bound.isZero:
      guard variable.sign != .positive else { return false }
      variables[i] = Variable(
        name: variable.name, shape: variable.shape, type: variable.type, sign: .positive)
      return true
    case .definite:
      guard variable.type == .symmetric || variable.type == .psd else { return false }
      variables[i] = Variable(
        name: variable.name, shape: variable.shape, type: .spd, sign: variable.sign)
      return true
    case .above, .below: return false
    }
  }
}

extension Graph {
  func isZeroMatrix(_ e: Expr) -> Bool {
    switch node(e) {
    case .zero: true
    case .number(let value): value.isZero
    case .symbol, .pi, .dimension, .identity, .ones, .unit, .sum, .product, .hadamard, .apply: false
    }
  }

  fileprivate func primitive(_ e: Expr) -> Primitive? {
    if case .apply(let primitive, _, _) = node(e) { primitive } else { nil }
  }
}
