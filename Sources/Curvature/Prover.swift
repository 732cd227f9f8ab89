import ExpressionCore

/// How much a search for a proof may do.
public struct ProofLimits: Hashable, Sendable {
  /// Expressions looked at.
  public var steps = 60_000
  /// Rules within rules.
  public var depth = 400

  public init() {}
}

/// The limit that a search for a proof ended at.
public enum ProofLimit: Hashable, Sendable, CustomStringConvertible {
  case steps(Int)
  case depth(Int)

  public var description: String {
    switch self {
    case .steps(let limit): "the search for a proof ended after \(limit) steps"
    case .depth(let limit): "the search for a proof ended \(limit) rules deep"
    }
  }
}

/// Finds proofs that the entries of expressions lie in intervals and that matrices are
/// semidefinite.
///
/// Each statement is derived from the operands of its expression, bottom-up and memoised. What is
/// found is proved; what is not found may be true all the same.
final class Prover {
  let graph: Graph
  let limits: ProofLimits
  private(set) var limit: ProofLimit?
  private var steps = 0
  private var depth = 0
  /// What holds on the domain: ranges of entries, and matrices that are positive definite.
  private var assumedRanges: [Expr: EntryRange] = [:]
  private var assumedDefinite: Set<Expr> = []
  private var ranges: [Expr: Ranged] = [:]
  private var definiteness: [Expr: Proof?] = [:]
  private var isUnderway: Set<Expr> = []
  private var isUnderwayAsMatrix: Set<Expr> = []

  init(_ graph: Graph, limits: ProofLimits = ProofLimits()) {
    self.graph = graph
    self.limits = limits
  }

  /// An interval and why the entries lie in it.
  struct Ranged {
    let range: EntryRange
    let rule: ProofRule
    let premises: [Proof]
    let proof: Proof

    init(_ e: Expr, _ range: EntryRange, by rule: ProofRule, _ premises: [Proof] = []) {
      self.range = range
      self.rule = rule
      self.premises = premises
      proof = Proof(.entries(e, range), by: rule, premises)
    }
  }

  // MARK: Assumptions

  /// Takes the entries to be positive from here on. Statements that were known stay true.
  func assumePositive(_ e: Expr) {
    let (coefficient, unit) = graph.splitCoefficient(e)
    let range: EntryRange = coefficient.isNegative ? .negative : .positive
    for x in [unit, graph.transpose(unit)] { assumedRanges[x] = range }
    forget()
  }

  /// Takes a symmetric matrix to be positive definite.
  func assumeDefinite(_ e: Expr) {
    assumedDefinite.insert(e)
    forget()
  }

  /// Whether more is taken to hold than what is declared.
  var hasAssumptions: Bool { !assumedRanges.isEmpty || !assumedDefinite.isEmpty }

  private func forget() {
    ranges = [:]
    definiteness = [:]
  }

  // MARK: Effort

  var isExhausted: Bool { limit != nil || graph.failure != nil }

  /// Whether one more rule may be tried; to be paired with `leave`.
  private func enter() -> Bool {
    guard !isExhausted else { return false }
    steps += 1
    if steps > limits.steps { limit = .steps(limits.steps) }
    if depth >= limits.depth { limit = .depth(limits.depth) }
    guard limit == nil else { return false }
    depth += 1
    return true
  }

  private func leave() { depth -= 1 }

  // MARK: Memo

  /// Operands first, so that the rules find their premises known however deep the expression is.
  func prepare(_ root: Expr) {
    for e in graph.reachable(from: [root]) where !isExhausted { _ = ranged(e) }
  }

  func range(_ e: Expr) -> EntryRange { ranged(e).range }

  func ranged(_ e: Expr) -> Ranged {
    if let known = ranges[e] { return known }
    guard !isUnderway.contains(e), enter() else { return Ranged(e, .anything, by: .signs) }
    isUnderway.insert(e)
    defer {
      leave()
      isUnderway.remove(e)
    }
    var result = findRange(e)
    if let assumed = assumedRanges[e] {
      let both = result.range.intersected(assumed)
      if both != result.range { result = Ranged(e, both, by: .onTheDomain) }
    }
    ranges[e] = result
    return result
  }

  /// A proof that a square matrix (by its symmetric part) is positive semidefinite; the statement
  /// says whether it is definite.
  func semidefinite(_ m: Expr) -> Proof? {
    if let known = definiteness[m] { return known }
    guard graph.shape(m).isSquare, !isUnderwayAsMatrix.contains(m), enter() else { return nil }
    isUnderwayAsMatrix.insert(m)
    defer {
      leave()
      isUnderwayAsMatrix.remove(m)
    }
    let result =
      assumedDefinite.contains(m)
      ? Proof(.semidefinite(m, isStrict: true), by: .onTheDomain) : findSemidefinite(m)
    if isExhausted { return nil }
    definiteness[m] = .some(result)
    return result
  }

  func isDefinite(_ m: Expr) -> Bool { semidefinite(m)?.isStrict ?? false }
}

extension Proof {
  /// Of a statement that a matrix is semidefinite: whether it is definite.
  var isStrict: Bool {
    if case .semidefinite(_, let isStrict) = statement { isStrict } else { false }
  }
}

extension Statement {
  static func entries(_ e: Expr, _ range: EntryRange) -> Statement {
    func stated(_ bound: Bound?) -> StatedBound? {
      bound.map { StatedBound(value: $0.value, isStrict: $0.isOpen) }
    }
    return .entries(e, lower: stated(range.lower), upper: stated(range.upper))
  }
}
