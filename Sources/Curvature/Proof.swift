import ExpressionCore

/// A statement with the rule that gives it and the statements that the rule needs.
public final class Proof {
  public let statement: Statement
  public let rule: ProofRule
  public let premises: [Proof]

  init(_ statement: Statement, by rule: ProofRule, _ premises: [Proof] = []) {
    self.statement = statement
    self.rule = rule
    self.premises = premises
  }

  /// The steps in an order in which each follows from earlier ones, each once.
  public var steps: [Proof] {
    var found: [Proof] = []
    var known: Set<Statement> = []
    var pending: [(proof: Proof, isOpen: Bool)] = [(self, false)]
    while let (proof, isOpen) = pending.popLast() {
      if isOpen {
        if known.insert(proof.statement).inserted { found.append(proof) }
      } else if !known.contains(proof.statement) {
        pending.append((proof, true))
        pending += proof.premises.reversed().map { ($0, false) }
      }
    }
    return found
  }
}

/// What a step of a proof states of an expression.
public enum Statement: Hashable {
  /// Every entry lies between the ends; a missing one is infinite.
  case entries(Expr, lower: StatedBound?, upper: StatedBound?)
  /// vᵀMv ≥ 0, or > 0 for v ≠ 0.
  case semidefinite(Expr, isStrict: Bool)
  /// Every entry is such a function of the variables.
  case bends(Expr, Vexity)
  /// It is zero.
  case zero(Expr)
}

/// An end of a stated interval.
public struct StatedBound: Hashable, Sendable {
  public let value: Number
  public let isStrict: Bool

  public init(value: Number, isStrict: Bool) {
    self.value = value
    self.isStrict = isStrict
  }
}

/// The curvature of the entries of an expression, as far as composition rules tell it.
public enum Vexity: String, Sendable {
  case constant, affine, convex, concave

  var opposite: Vexity {
    switch self {
    case .convex: .concave
    case .concave: .convex
    case .constant, .affine: self
    }
  }

  var isAffine: Bool { self == .affine || self == .constant }
  var isConvex: Bool { self == .convex || isAffine }
  var isConcave: Bool { self == .concave || isAffine }
}
