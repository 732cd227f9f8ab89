import ExpressionCore

/// Functions of what bends: Boyd and Vandenberghe, (3.10) and (3.15).
extension Composer {
  /// How a function of one argument bends and moves over an interval.
  private struct Profile {
    let vexity: Vexity
    let isNondecreasing: Bool
    let isNonincreasing: Bool

    init(_ vexity: Vexity, rising: Bool = false, falling: Bool = false) {
      self.vexity = vexity
      isNondecreasing = rising
      isNonincreasing = falling
    }
  }

  func function(
    _ e: Expr, _ primitive: Primitive, _ x: [Expr], _ parameters: [Dim]
  ) -> Bending? {
    if primitive == .log, let result = logarithm(e, x[0]) { return result }
    if x.count == 1, let profile = profile(primitive, on: prover.range(x[0])) {
      return composed(e, primitive, profile, x[0])
    }
    switch primitive {
    case .max, .maximum, .logsumexp: return extreme(e, primitive, x, .convex)
    case .min, .minimum: return extreme(e, primitive, x, .concave)
    // These take the entries of their operand, add them, or put them elsewhere.
    case .transpose, .diag, .diagonal, .vec, .reshape, .vech, .tril, .triu, .im2col:
      return bending(x[0]).map { Bending(e, $0.vexity, by: .nonnegativeLinearMap, [$0.proof]) }
    case .blocks: return extreme(e, primitive, x, .convex) ?? extreme(e, primitive, x, .concave)
    case .tr: return trace(e, x[0])
    case .logdet: return logDeterminant(e, x[0])
    case .power: return symbolicPower(e, x)
    case .det, .lambdamax, .lambdamin, .nucnorm, .specnorm, .prod:
      return spectral(e, primitive, x[0])
    default: return nil
    }
  }

  private func composed(_ e: Expr, _ primitive: Primitive, _ profile: Profile, _ u: Expr)
    -> Bending?
  {
    guard let inner = bending(u) else { return nil }
    let fits: Bool
    switch inner.vexity {
    case .constant, .affine: fits = true
    case .convex:
      fits = profile.vexity == .convex ? profile.isNondecreasing : profile.isNonincreasing
    case .concave:
      fits = profile.vexity == .convex ? profile.isNonincreasing : profile.isNondecreasing
    }
    guard fits else { return nil }
    let own = prover.ranged(u)
    let premises =
      (inner.vexity.isAffine ? [] : [inner.proof]) + (own.range.isKnown ? [own.proof] : [])
    return Bending(e, profile.vexity, by: .composition(primitive), premises)
  }

  /// The elementwise functions that are convex or concave where their argument lies.
  private func profile(_ primitive: Primitive, on range: EntryRange) -> Profile? {
    let (above, below) = (range.isNonnegative, range.isNonpositive)
    switch primitive {
    case .exp, .softplus, .relu, .elu: return Profile(.convex, rising: true)
    case .log: return Profile(.concave, rising: true)
    case .abs, .cosh: return Profile(.convex, rising: above, falling: below)
    case .sigmoid, .tanh, .erf, .atan, .normcdf:
      if above { return Profile(.concave, rising: true) }
      return below ? Profile(.convex, rising: true) : nil
    case .sinh, .asin:
      if above { return Profile(.convex, rising: true) }
      return below ? Profile(.concave, rising: true) : nil
    case .lgamma: return range.isPositive ? Profile(.convex) : nil
    case .digamma: return range.isPositive ? Profile(.concave, rising: true) : nil
    case .trigamma: return range.isPositive ? Profile(.convex, falling: true) : nil
    default: return nil
    }
  }

  /// Functions of several entries that are convex and nondecreasing in each, or keep curvature.
  private func extreme(
    _ e: Expr, _ primitive: Primitive, _ x: [Expr], _ vexity: Vexity
  ) -> Bending? {
    var premises: [Proof] = []
    for operand in x {
      guard let inner = bending(operand),
        vexity == .convex ? inner.vexity.isConvex : inner.vexity.isConcave
      else { return nil }
      if !inner.vexity.isAffine { premises.append(inner.proof) }
    }
    let rule: ProofRule = primitive == .blocks ? .nonnegativeLinearMap : .composition(primitive)
    return Bending(e, vexity, by: rule, premises)
  }

  // MARK: Logarithms

  private func logarithm(_ e: Expr, _ u: Expr) -> Bending? {
    if let concave = isConcave(u) {
      return Bending(e, .concave, by: .composition(.log), degrees.isAffine(u) ? [] : [concave])
    }
    if let argument = graph.operand(of: u, .normcdf), degrees.isAffine(argument) {
      return Bending(e, .concave, by: .logOfLogConcave)
    }
    if let result = logOfProduct(e, u) { return result }
    if let premises = logConvex(u) { return Bending(e, .convex, by: .logOfLogConvex, premises) }
    return nil
  }

  /// `log(a^p*b^q)` is `p*log(a) + q*log(b)` where both are positive.
  private func logOfProduct(_ e: Expr, _ u: Expr) -> Bending? {
    let factors = prover.powers(of: u)
    guard factors.count > 1 || factors.first.map({ !$0.exponent.isOne }) ?? false,
      factors.allSatisfy({ prover.range($0.base).isPositive })
    else { return nil }
    let terms = factors.map { Term($0.exponent, graph.elementwise(.log, $0.base)) }
    let total = graph.sum(terms, shape: graph.shape(e))
    guard total != e, let inner = bending(total) else { return nil }
    return Bending(e, inner.vexity, by: .logOfProduct, [inner.proof])
  }

  /// Whether the logarithm of every entry is convex: exponentials of convex functions, their
  /// products and nonnegative sums, reciprocals of positive concave functions.
  func logConvex(_ u: Expr) -> [Proof]? {
    if degrees.isConstant(u) {
      let own = prover.ranged(u)
      return own.range.isNonnegative ? [own.proof] : nil
    }
    switch graph.node(u) {
    case .apply(.exp, let t, _): return isConvex(t[0]).map { [$0] }
    case .apply(.cosh, let t, _): return degrees.isAffine(t[0]) ? [] : nil
    case .sum(let terms):
      guard terms.allSatisfy({ $0.coefficient.isPositive }) else { return nil }
      return all(terms.map { logConvex($0.expr) })
    case .product(let p):
      guard p.coefficient.isPositive else { return nil }
      let parts = p.scalars.map { logConvexPower($0) } + p.chain.map { logConvex($0) }
      // A product of two matrices that both move adds products of entries: log-convex as well.
      return all(parts)
    case .hadamard(let factors): return all(factors.map { logConvexPower($0) })
    case .apply(.diag, _, _): return nil
    default: return nil
    }
  }

  private func logConvexPower(_ factor: Factor) -> [Proof]? {
    if degrees.isConstant(factor.base) {
      let own = prover.ranged(factor.base)
      return own.range.power(factor.exponent).isNonnegative ? [own.proof] : nil
    }
    if factor.exponent.isPositive { return logConvex(factor.base) }
    let own = prover.ranged(factor.base)
    guard own.range.isPositive, let concave = isConcave(factor.base) else { return nil }
    return [concave, own.proof]
  }

  private func all(_ parts: [[Proof]?]) -> [Proof]? {
    var result: [Proof] = []
    for part in parts {
      guard let part else { return nil }
      result += part
    }
    return result
  }

  // MARK: Functions of matrices

  private func trace(_ e: Expr, _ m: Expr) -> Bending? {
    if let inner = bending(m) {
      return Bending(e, inner.vexity, by: .nonnegativeLinearMap, [inner.proof])
    }
    if let argument = graph.operand(of: m, .inv) { return traceOfInverse(e, argument, []) }
    for primitive in [Primitive.expm, .sqrtm] {
      if let argument = graph.operand(of: m, primitive), degrees.isAffine(argument),
        graph.isSymmetric(argument)
      {
        if primitive == .sqrtm, prover.semidefinite(argument) == nil { return nil }
        return Bending(e, primitive == .expm ? .convex : .concave, by: .spectralFunction)
      }
    }
    guard case .product(let p) = graph.node(m), p.coefficient.isOne, p.scalars.isEmpty else {
      return nil
    }
    if let result = traceOfPair(e, p.chain) ?? traceOfPowers(e, p.chain) { return result }
    for (i, element) in p.chain.enumerated() {
      guard let argument = graph.operand(of: element, .inv), !degrees.isConstant(argument) else {
        continue
      }
      return traceOfInverse(e, argument, Array(p.chain[(i + 1)...] + p.chain[..<i]))
    }
    return nil
  }

  /// `tr(inv(M)*N)` with N constant and semidefinite, or `U*U'` with U affine.
  private func traceOfInverse(_ e: Expr, _ m: Expr, _ rest: [Expr]) -> Bending? {
    guard degrees.isAffine(m), let definite = prover.semidefinite(m), definite.isStrict else {
      return nil
    }
    if rest.isEmpty { return Bending(e, .convex, by: .traceOfInverse, [definite]) }
    let n = graph.product([], chain: rest)
    if degrees.isConstant(n) {
      guard let inner = prover.semidefinite(n) else { return nil }
      return Bending(e, .convex, by: .traceOfInverse, [definite, inner])
    }
    guard rest.count % 2 == 0, prover.isMirrored(rest),
      degrees.isAffine(graph.product([], chain: Array(rest[..<(rest.count / 2)])))
    else { return nil }
    return Bending(e, .convex, by: .matrixFractional, [definite])
  }

  /// `tr(M^k)` of a symmetric affine M with k even, and `tr(M*logm(M))`.
  private func traceOfPowers(_ e: Expr, _ chain: [Expr]) -> Bending? {
    guard let m = chain.first(where: { graph.operand(of: $0, .logm) == nil }),
      degrees.isAffine(m), graph.isSymmetric(m)
    else { return nil }
    let others = chain.filter { $0 != m }
    if others.isEmpty {
      if chain.count % 2 == 0 { return Bending(e, .convex, by: .spectralFunction) }
      return prover.semidefinite(m).map { Bending(e, .convex, by: .spectralFunction, [$0]) }
    }
    guard chain.count == 2, others.count == 1, graph.operand(of: others[0], .logm) == m else {
      return nil
    }
    return Bending(e, .convex, by: .spectralFunction)
  }

  private func logDeterminant(_ e: Expr, _ m: Expr) -> Bending? {
    guard degrees.isAffine(m), let definite = prover.semidefinite(m), definite.isStrict else {
      return nil
    }
    return Bending(e, .concave, by: .logDeterminant, [definite])
  }

  private func spectral(_ e: Expr, _ primitive: Primitive, _ m: Expr) -> Bending? {
    guard degrees.isAffine(m) else { return nil }
    switch primitive {
    case .lambdamax, .nucnorm, .specnorm: return Bending(e, .convex, by: .spectralNorm)
    case .lambdamin: return Bending(e, .concave, by: .spectralNorm)
    default: return nil
    }
  }

  /// `det(M)^(1/n)` and `prod(x)^(1/n)`, n the size.
  private func symbolicPower(_ e: Expr, _ x: [Expr]) -> Bending? {
    guard graph.shape(e).isScalar, case .apply(let primitive, let operands, _) = graph.node(x[0])
    else { return nil }
    let argument = operands[0]
    func isRoot(_ n: Dim) -> Bool { x[1] == graph.reciprocal(graph.dimension(n)) }
    switch primitive {
    case .det:
      guard isRoot(graph.shape(argument).rows), degrees.isAffine(argument),
        let inner = prover.semidefinite(argument)
      else { return nil }
      return Bending(e, .concave, by: .determinantRoot, [inner])
    case .prod:
      let own = prover.ranged(argument)
      guard isRoot(graph.shape(argument).count), own.range.isNonnegative,
        let concave = isConcave(argument)
      else { return nil }
      return Bending(e, .concave, by: .geometricMean, [concave, own.proof])
    default: return nil
    }
  }
}
