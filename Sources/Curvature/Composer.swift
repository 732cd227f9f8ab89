import ExpressionCore

/// Derives the curvature of expressions from that of their parts (Boyd and Vandenberghe, 3.2;
/// disciplined convex programming).
///
/// "The curvature" of a vector or matrix is that of each of its entries. Nothing has to be
/// differentiable.
final class Composer {
  let graph: Graph
  let prover: Prover
  let degrees: Degrees
  let variables: [Expr]
  /// Directions in which the variables move.
  private let directions: [Expr: Expr]
  private var known: [Expr: Bending?] = [:]
  private var isUnderway: Set<Expr> = []

  init(_ prover: Prover, variables: [Expr], directions: [Expr: Expr]) {
    graph = prover.graph
    self.prover = prover
    self.variables = variables
    self.directions = directions
    degrees = Degrees(graph, variables)
  }

  /// A curvature and its proof.
  struct Bending {
    let vexity: Vexity
    let proof: Proof

    init(_ e: Expr, _ vexity: Vexity, by rule: ProofRule, _ premises: [Proof] = []) {
      self.vexity = vexity
      proof = Proof(.bends(e, vexity), by: rule, premises)
    }
  }

  /// What assumptions are made after this is known remains so; what was not found may be now.
  func retry() { known = known.filter { $0.value != nil } }

  /// Bottom-up, so that the depth of an expression is not that of the recursion.
  func prepare(_ root: Expr) {
    for e in graph.reachable(from: [root]) where !prover.isExhausted { _ = bending(e) }
  }

  func bending(_ e: Expr) -> Bending? {
    if let done = known[e] { return done }
    guard !prover.isExhausted, isUnderway.insert(e).inserted else { return nil }
    defer { isUnderway.remove(e) }
    let found = find(e)
    known[e] = .some(found)
    return found
  }

  func isConvex(_ e: Expr) -> Proof? { bending(e).flatMap { $0.vexity.isConvex ? $0.proof : nil } }
  func isConcave(_ e: Expr) -> Proof? {
    bending(e).flatMap { $0.vexity.isConcave ? $0.proof : nil }
  }

  private func find(_ e: Expr) -> Bending? {
    if let degree = degrees.degree(e), degree <= 1 {
      return Bending(e, degree == 0 ? .constant : .affine, by: .affineMap)
    }
    let found: Bending? =
      switch graph.node(e) {
      case .sum(let terms): sum(e, terms)
      case .product(let p): product(e, p)
      case .hadamard(let factors): powers(e, factors)
      case .apply(let primitive, let x, let parameters): function(e, primitive, x, parameters)
      case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: nil
      }
    return found ?? quadratic(e) ?? perspective(e)
  }

  // MARK: Sums and linear maps

  private func sum(_ e: Expr, _ terms: [Term]) -> Bending? {
    termByTerm(e, terms) ?? turnedHinges(e, terms)
  }

  /// `-relu(-u)` is `u - relu(u)`: hinges of the same argument are counted together.
  private func turnedHinges(_ e: Expr, _ terms: [Term]) -> Bending? {
    var turned: [Term] = []
    var isChanged = false
    for term in terms {
      let (coefficient, unit) = graph.splitCoefficient(term.expr)
      let total = coefficient * term.coefficient
      if total.isNegative, let v = graph.operand(of: unit, .relu) {
        let opposite = graph.negate(v)
        turned += [Term(total, graph.elementwise(.relu, opposite)), Term(total, v)]
        isChanged = true
      } else {
        turned.append(term)
      }
    }
    guard isChanged else { return nil }
    let whole = graph.sum(turned, shape: graph.shape(e))
    guard whole != e else { return nil }
    return bending(whole).map { Bending(e, $0.vexity, by: $0.proof.rule, $0.proof.premises) }
  }

  private func termByTerm(_ e: Expr, _ terms: [Term]) -> Bending? {
    var vexity = Vexity.constant
    var premises: [Proof] = []
    for term in terms {
      guard let part = bending(term.expr) else { return nil }
      let own = term.coefficient.isNegative ? part.vexity.opposite : part.vexity
      guard let both = joined(vexity, own) else { return nil }
      vexity = both
      if !part.vexity.isAffine { premises.append(part.proof) }
    }
    return Bending(e, vexity, by: .nonnegativeSum, premises)
  }

  private func joined(_ a: Vexity, _ b: Vexity) -> Vexity? {
    switch (a, b) {
    case (.constant, _): b
    case (_, .constant): a
    case (.affine, _): b
    case (_, .affine): a
    case (.convex, .convex), (.concave, .concave): a
    case (.convex, .concave), (.concave, .convex): nil
    }
  }

  /// A constant of known sign times what bends.
  func multiplied(
    _ e: Expr, _ part: Bending, by range: EntryRange, _ rule: ProofRule, _ premises: [Proof] = []
  ) -> Bending? {
    if range.isNonnegative { return Bending(e, part.vexity, by: rule, premises + [part.proof]) }
    if range.isNonpositive {
      return Bending(e, part.vexity.opposite, by: rule, premises + [part.proof])
    }
    return part.vexity.isAffine ? Bending(e, part.vexity, by: rule, [part.proof]) : nil
  }

  // MARK: Products

  private func product(_ e: Expr, _ p: Product) -> Bending? {
    let constant = p.scalars.filter { degrees.isConstant($0.base) }
    let moving = p.scalars.filter { !degrees.isConstant($0.base) }
    let scale = graph.product([Factor(graph.number(p.coefficient))] + constant, chain: [])
    let factor = prover.ranged(scale)
    let premises = constant.isEmpty ? [] : [factor.proof]
    if moving.isEmpty {
      guard !p.chain.isEmpty else { return nil }
      let bare = graph.product([], chain: p.chain)
      if bare == e { return chain(e, p.chain) }
      return bending(bare).flatMap {
        multiplied(e, $0, by: factor.range, .nonnegativeSum, premises)
      }
    }
    let scalars = graph.product(moving, chain: [])
    if p.chain.isEmpty {
      if scalars != e {
        return bending(scalars).flatMap {
          multiplied(e, $0, by: factor.range, .nonnegativeSum, premises)
        }
      }
      return powers(e, moving)
    }
    // A scalar that bends times a constant matrix.
    let matrix = graph.product([], chain: p.chain)
    guard degrees.isConstant(matrix), let inner = bending(scalars) else { return nil }
    let range = factor.range * prover.range(matrix)
    return multiplied(e, inner, by: range, .nonnegativeLinearMap, [prover.ranged(matrix).proof])
  }

  /// A product of matrices of which one bends, or a form that has a rule.
  private func chain(_ e: Expr, _ chain: [Expr]) -> Bending? {
    let moving = chain.indices.filter { !degrees.isConstant(chain[$0]) }
    if moving.count == 1, let i = moving.first, let inner = bending(chain[i]) {
      var range = EntryRange.point(.one)
      var premises: [Proof] = []
      for (j, other) in chain.enumerated() where j != i {
        let own = prover.ranged(other)
        range = range * own.range
        if !graph.isOnesMatrix(other) { premises.append(own.proof) }
      }
      if let result = multiplied(e, inner, by: range, .nonnegativeLinearMap, premises) {
        return result
      }
    }
    if let form = matrixFractional(e, chain) { return form }
    guard graph.shape(e).isScalar, chain.count == 2 else { return nil }
    // u'*v is the sum of the entries of u.*v.
    let entries = powers(of: graph.transpose(chain[0])) + powers(of: chain[1])
    return powers(e, merged(entries))
  }

  private func powers(of e: Expr) -> [Factor] {
    switch graph.node(e) {
    case .hadamard(let factors): return factors
    case .product(let p) where p.chain.count == 1 && p.scalars.isEmpty:
      return [Factor(graph.scale(p.coefficient, graph.allOnes(graph.shape(e))))]
        + powers(of: p.chain[0])
    default: return [Factor(e)]
    }
  }

  private func merged(_ factors: [Factor]) -> [Factor] {
    var exponents: [Expr: Number] = [:]
    for factor in factors {
      exponents[factor.base] = (exponents[factor.base] ?? .zero) + factor.exponent
    }
    return exponents.keys.sorted().compactMap { base in
      exponents[base].flatMap { $0.isZero ? nil : Factor(base, $0) }
    }
  }

  /// The sum of the entries of `A'*B` on the diagonal is that of `A.*B`.
  func traceOfPair(_ e: Expr, _ chain: [Expr]) -> Bending? {
    guard chain.count == 2 else { return nil }
    return powers(
      e, merged(powers(of: graph.transpose(chain[0])) + powers(of: chain[1])))
  }

  /// `u'*inv(M)*u` with u and M affine and M definite.
  private func matrixFractional(_ e: Expr, _ chain: [Expr]) -> Bending? {
    guard graph.shape(e).isScalar, chain.count >= 3, chain.count % 2 == 1,
      prover.isMirrored(chain), let m = graph.operand(of: chain[chain.count / 2], .inv),
      degrees.isAffine(m), let definite = prover.semidefinite(m), definite.isStrict
    else { return nil }
    let column = graph.product([], chain: Array(chain[(chain.count / 2 + 1)...]))
    guard degrees.isAffine(column) else { return nil }
    return Bending(e, .convex, by: .matrixFractional, [definite])
  }

  // MARK: Perspectives

  /// `t*g(x/t)` for a positive variable t: g is what is left where t is 1, and convex.
  private func perspective(_ e: Expr) -> Bending? {
    // What is assumed of x need not hold of x/t.
    guard variables.count > 1, graph.shape(e).isScalar, !prover.hasAssumptions,
      variables.allSatisfy({ graph.facts($0).isDisjoint(with: [.columnsSumToOne, .rowsSumToOne]) })
    else { return nil }
    let present = Set(graph.reachable(from: [e]))
    let moving = variables.filter { present.contains($0) }
    for t in moving where graph.shape(t).isScalar && prover.range(t).isPositive {
      let others = moving.filter { $0 != t }
      guard !others.isEmpty else { continue }
      let quotient = graph.product([graph.reciprocal(t), e])
      let g = graph.replacing([t: graph.one], in: quotient)
      let scaled = Dictionary(
        uniqueKeysWithValues: others.map { ($0, graph.product([graph.reciprocal(t), $0])) })
      guard g != e, graph.replacing(scaled, in: g) == quotient, let inner = bending(g) else {
        continue
      }
      return Bending(
        e, inner.vexity, by: .perspective, [inner.proof, prover.ranged(t).proof])
    }
    return nil
  }

  // MARK: Quadratic forms

  /// A polynomial of degree 2 whose second differential has one sign in all directions.
  private func quadratic(_ e: Expr) -> Bending? {
    guard graph.shape(e).isScalar, degrees.degree(e) == 2,
      let second = graph.secondDifferential(of: e, along: directions)
    else { return nil }
    let sign = prover.ranged(second)
    if sign.range.isNonnegative {
      return Bending(e, .convex, by: .secondDifferential, [sign.proof])
    }
    if sign.range.isNonpositive {
      return Bending(e, .concave, by: .secondDifferential, [sign.proof])
    }
    return nil
  }
}
