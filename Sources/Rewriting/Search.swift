import ExpressionCore

/// Finds a shorter equal of an expression: factored, expanded and merged, or freed of fractions,
/// whichever is spelled shortest.
///
/// Bottom-up and memoised. A candidate replaces an expression only if its spelling is smaller, so
/// the search ends; a budget of spelled expressions bounds its cost, and when that is spent
/// everything stays as it is.
public final class Search {
  let graph: Graph
  public let speller: Speller
  @exclusivity(unchecked) private var best = ExprTable<Expr>()
  @exclusivity(unchecked) private var pending = ExprTable<Bool>()
  @exclusivity(unchecked) private var refactorings = ExprTable<Expr>()
  private var budget: Int
  private let effort: Effort
  private var nodeLimit: Int
  /// What a spelling whose symmetry shows may be longer than one whose symmetry does not.
  private let handicap: Int
  /// Larger expressions are factored but not multiplied out: what cancels does so within smaller
  /// ones, and the cost stays linear in the size of the input.
  private static let expansionLimit = 120
  /// Longer sums are not worth the time that factoring them step by step takes.
  private static let refactoringLimit = 10

  /// What is tried. Nearly all of the time goes into candidates that come to nothing.
  public struct Effort: Sendable {
    /// Whether what is multiplied out is also factored again, step by step.
    public var refactors: Bool
    /// Whether sums are brought over common denominators.
    public var joinsFractions: Bool
    /// What a candidate may be longer than what it would replace before its parts are improved.
    public var allowance: Int

    public init(refactors: Bool = true, joinsFractions: Bool = true, allowance: Int = .max) {
      self.refactors = refactors
      self.joinsFractions = joinsFractions
      self.allowance = allowance
    }
  }

  public init(
    _ graph: Graph, diagonals: Speller.DiagonalStyle, budget: Int = 10_000,
    effort: Effort = Effort()
  ) {
    self.graph = graph
    self.effort = effort
    self.speller = Speller(graph, diagonals: diagonals)
    self.budget = budget
    nodeLimit = graph.count + 10 * budget
    handicap = 2
  }

  /// A search with the same spellings that never gives up a symmetry that shows.
  private init(keepingSymmetryOf other: Search, budget: Int) {
    graph = other.graph
    speller = other.speller
    effort = other.effort
    self.budget = speller.effort + budget
    nodeLimit = graph.count + 10 * budget
    handicap = 1_000_000
  }

  /// Starts a new budget and keeps what was found.
  public func renew(budget: Int) {
    self.budget = speller.effort + budget
    nodeLimit = graph.count + 10 * budget
  }

  /// Whether the budget is spent: what came out may not be as short as it could be.
  public var isExhausted: Bool {
    speller.effort > budget || graph.count > nodeLimit || graph.failure != nil
  }

  /// The shortest equal that is found.
  public func simplify(_ root: Expr) -> Expr {
    for e in graph.reachable(from: [root]) { _ = improve(e) }
    return improve(root)
  }

  func improve(_ e: Expr) -> Expr {
    if let known = best[e] { return known }
    guard !isExhausted, pending[e] == nil else { return e }
    pending[e] = true
    defer { pending[e] = nil }
    let rebuilt = graph.rebuilding(e) { improve($0) }
    let isSymmetric = isVisiblySymmetric(e)
    var current = weight(rebuilt, isSymmetric) <= weight(e, isSymmetric) ? rebuilt : e
    for _ in 0..<12 {
      var shorter: Expr?
      var size = weight(current, isSymmetric)
      for candidate in candidates(current) {
        guard !isExhausted else { break }
        if effort.allowance < .max, speller.size(candidate) > size + effort.allowance { continue }
        let improved = candidate == current ? current : improveParts(candidate)
        let candidateSize = weight(improved, isSymmetric)
        if candidateSize < size {
          shorter = improved
          size = candidateSize
        }
      }
      guard let next = shorter else { break }
      current = next
    }
    best[e] = current
    best[current] = current
    return current
  }

  /// The size of a spelling; one that hides a symmetry must be shorter by more than a little.
  func weight(_ e: Expr, _ shouldBeSymmetric: Bool) -> Int {
    speller.size(e) + (shouldBeSymmetric && !isVisiblySymmetric(e) ? handicap : 0)
  }

  /// The shortest equal of a matrix that is known to be symmetric (a Hessian, by Schwarz), such that
  /// its symmetry shows unless that costs much.
  ///
  /// - Parameter size: the measure of whole answers.
  public func simplify(symmetric root: Expr, by size: (Expr) -> Int) -> Expr {
    var best = simplify(root)
    let isVisible = isVisiblySymmetric(best)
    var least = size(best)
    // Where nothing repeats, the measure of parts was that of the whole.
    if isVisible, least == speller.size(best) { return best }
    if !isVisible { least += handicap }
    let wide = [multipliedOut(best), multipliedOut(root)]
    var candidates = wide.filter(isVisiblySymmetric)
    if candidates.isEmpty {
      candidates = wide.map {
        multipliedOut(graph.scale(.half, graph.sum([$0, graph.transpose($0)])))
      }
    }
    if candidates.count > 1, candidates[0] == candidates[1] { candidates.removeLast() }
    for candidate in candidates where isVisiblySymmetric(candidate) {
      if candidate == best { continue }
      let search = Search(keepingSymmetryOf: self, budget: budget / 5)
      // Also as it is and factored once: what repeats there may get a name.
      let simple = search.simplify(search.halved(candidate) ?? candidate)
      for form in [simple] + factoredOnce(candidate) where isVisiblySymmetric(form) {
        let own = size(form)
        if own < least { (best, least) = (form, own) }
      }
    }
    return best
  }

  private func factoredOnce(_ e: Expr) -> [Expr] {
    let (coefficient, unit) = graph.splitCoefficient(e)
    guard case .sum(let terms) = graph.node(unit), terms.count <= Self.refactoringLimit else {
      return []
    }
    return [e]
      + factored(terms, unit).map { graph.scale(coefficient, $0) }.filter(isVisiblySymmetric)
      .sorted { speller.size($0) < speller.size($1) }.prefix(2)
  }

  /// A candidate with its new parts improved in turn.
  private func improveParts(_ e: Expr) -> Expr {
    if let known = best[e] { return known }
    let rebuilt = graph.rebuilding(e) { improve($0) }
    let isSymmetric = isVisiblySymmetric(e)
    return weight(rebuilt, isSymmetric) < weight(e, isSymmetric) ? rebuilt : e
  }

  /// An expanded sum factored anew, step by step, each step the one that shortens most.
  private func refactored(_ e: Expr) -> Expr? {
    guard effort.refactors else { return nil }
    if let known = refactorings[e] { return known }
    var current = e
    defer { refactorings[e] = current }
    for _ in 0..<6 {
      let (coefficient, unit) = graph.splitCoefficient(current)
      guard case .sum(let terms) = graph.node(unit), terms.count <= Self.refactoringLimit else {
        break
      }
      let ranked = factored(terms, unit).map { graph.scale(coefficient, $0) }
        .sorted { speller.size($0) < speller.size($1) }
      let shortest = ranked.prefix(2).map { improveParts($0) }
        .min { speller.size($0) < speller.size($1) }
      guard let shortest, speller.size(shortest) < speller.size(current) else { break }
      current = shortest
    }
    return current
  }

  private func candidates(_ e: Expr) -> [Expr] {
    guard speller.size(e) <= Self.expansionLimit else {
      if case .sum(let terms) = graph.node(e) { return factored(terms, e) }
      return []
    }
    switch graph.node(e) {
    case .sum(let terms):
      let wide = expanded(terms, e)
      return factored(terms, e)
        + [
          wide, wide.flatMap { refactored($0) },
          effort.joinsFractions ? withoutFractions(terms, e) : nil, halved(e),
        ].compactMap { $0 }
    case .product(let p):
      let wide = expanded(p, e)
      return [wide, wide.flatMap { refactored($0) }].compactMap { $0 } + withCommonScalar(p)
    case .hadamard(let factors):
      let wide = expanded(factors, e)
      return [wide, wide.flatMap { refactored($0) }].compactMap { $0 }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .apply: return []
    }
  }

  /// `s*(a/s + b)`: a scalar put into the sum that it stands before.
  private func withCommonScalar(_ p: Product) -> [Expr] {
    guard !p.scalars.isEmpty, p.scalars.count <= 6 else { return [] }
    var result: [Expr] = scalarsInScalarSums(p) + scalarsInElementwiseSums(p)
    for (i, e) in p.chain.enumerated() {
      guard case .sum(let terms) = graph.node(e), terms.count <= 16 else { continue }
      for (j, s) in p.scalars.enumerated() where mentions(s.base, terms) {
        var rest = p
        rest.scalars.remove(at: j)
        let inner = graph.sum(
          terms.map {
            Term($0.coefficient, graph.product([graph.power(s.base, s.exponent), $0.expr]))
          },
          shape: graph.shape(e))
        rest.chain[i] = inner
        result.append(
          graph.product([Factor(graph.number(rest.coefficient))] + rest.scalars, chain: rest.chain))
      }
    }
    return result
  }

  /// `1/(b*(t/b + 1))` as `1/(t + b)`.
  private func scalarsInScalarSums(_ p: Product) -> [Expr] {
    var result: [Expr] = []
    for (i, f) in p.scalars.enumerated() where f.exponent.magnitude.isOne {
      guard case .sum(let terms) = graph.node(f.base), terms.count <= 16 else { continue }
      for (j, s) in p.scalars.enumerated() where j != i && mentions(s.base, terms) {
        let factor = graph.power(s.base, s.exponent * f.exponent)
        let inner = graph.sum(
          terms.map { Term($0.coefficient, graph.product([factor, $0.expr])) }, shape: .scalar)
        var rest = p.scalars
        rest[i] = Factor(inner, f.exponent)
        rest.remove(at: j)
        result.append(graph.product([Factor(graph.number(p.coefficient))] + rest, chain: p.chain))
      }
    }
    return result
  }

  /// `(x./(x.^2/d + 1))/d` as `x./(x.^2 + d)`.
  private func scalarsInElementwiseSums(_ p: Product) -> [Expr] {
    var result: [Expr] = []
    for (i, element) in p.chain.enumerated() {
      guard case .hadamard(let factors) = graph.node(element) else { continue }
      for (k, f) in factors.enumerated() where f.exponent.magnitude.isOne {
        guard case .sum(let terms) = graph.node(f.base), terms.count <= 16 else { continue }
        for (j, s) in p.scalars.enumerated() where mentions(s.base, terms) {
          let factor = graph.power(s.base, s.exponent * f.exponent)
          var others = factors
          others[k] = Factor(
            graph.sum(
              terms.map { Term($0.coefficient, graph.product([factor, $0.expr])) },
              shape: graph.shape(f.base)), f.exponent)
          var rest = p
          rest.scalars.remove(at: j)
          rest.chain[i] = graph.hadamard(others)
          result.append(
            graph.product([Factor(graph.number(p.coefficient))] + rest.scalars, chain: rest.chain))
        }
      }
    }
    return result
  }

  private func mentions(_ scalar: Expr, _ terms: [Term]) -> Bool {
    terms.contains { term in
      if case .product(let p) = graph.node(term.expr) {
        return p.scalars.contains { $0.base == scalar }
      }
      return term.expr == scalar
    }
  }
}
