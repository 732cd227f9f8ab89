/// What is known of an expression's values, inferred from its operands when it is made.
///
/// That a matrix is symmetric is not a fact but a comparison: its transpose is the same node.
public struct Facts: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Every entry > 0.
  public static let positive = Facts(rawValue: 1 << 0)
  /// Every entry ≥ 0.
  public static let nonnegative = Facts(rawValue: 1 << 1)
  public static let positiveSemidefinite = Facts(rawValue: 1 << 2)
  public static let positiveDefinite = Facts(rawValue: 1 << 3)
  /// Q'Q = I; Q may have more rows than columns.
  public static let orthogonal = Facts(rawValue: 1 << 4)
  public static let diagonal = Facts(rawValue: 1 << 5)
  public static let lower = Facts(rawValue: 1 << 6)
  public static let upper = Facts(rawValue: 1 << 7)
  public static let symmetric = Facts(rawValue: 1 << 8)
  public static let skew = Facts(rawValue: 1 << 9)
  /// 1'X = 1'
  public static let columnsSumToOne = Facts(rawValue: 1 << 10)
  /// X1 = 1
  public static let rowsSumToOne = Facts(rawValue: 1 << 11)

  /// The facts about signs of entries, which depend on nothing but the entries.
  static let signs: Facts = [.positive, .nonnegative]

  init(of value: Number) {
    self = value.isPositive ? [.positive, .nonnegative] : value.isZero ? [.nonnegative] : []
  }

  init(ofZero shape: Shape) {
    self =
      shape.isSquare
      ? [.nonnegative, .positiveSemidefinite, .diagonal, .symmetric] : [.nonnegative]
  }

  init(of variable: Variable) {
    var facts: Facts =
      switch variable.type {
      case .scalar, .vector, .row, .matrix: []
      case .symmetric: [.symmetric]
      case .skew: [.skew]
      case .diagonal: [.diagonal, .symmetric]
      case .lower: [.lower]
      case .upper: [.upper]
      case .spd: [.symmetric, .positiveSemidefinite, .positiveDefinite]
      case .psd: [.symmetric, .positiveSemidefinite]
      case .orthogonal, .stiefel: [.orthogonal]
      case .simplex: [.nonnegative, .columnsSumToOne]
      case .stochastic: [.nonnegative, .rowsSumToOne]
      }
    switch variable.signOfEveryEntry {
    case .any: break
    case .nonnegative: facts.insert(.nonnegative)
    case .positive: facts.formUnion([.positive, .nonnegative])
    }
    if variable.type == .diagonal, variable.sign != .any {
      facts.insert(.positiveSemidefinite)
      if variable.sign == .positive { facts.insert(.positiveDefinite) }
    }
    if variable.shape.isScalar {
      // A 1×1 matrix is symmetric and diagonal, and definite where it is positive.
      if facts.contains(.positiveDefinite) { facts.formUnion([.positive, .nonnegative]) }
      if facts.contains(.positiveSemidefinite) { facts.insert(.nonnegative) }
      facts.formIntersection(.signs)
    }
    self = facts
  }

  /// The facts of the transpose.
  public var transposed: Facts {
    var result = subtracting([.lower, .upper, .columnsSumToOne, .rowsSumToOne, .orthogonal])
    if contains(.lower) { result.insert(.upper) }
    if contains(.upper) { result.insert(.lower) }
    if contains(.columnsSumToOne) { result.insert(.rowsSumToOne) }
    if contains(.rowsSumToOne) { result.insert(.columnsSumToOne) }
    return result
  }
}

extension Graph {
  public func isPositive(_ e: Expr) -> Bool { facts(e).contains(.positive) }
  public func isNonnegative(_ e: Expr) -> Bool { facts(e).contains(.nonnegative) }
  public func isSymmetric(_ e: Expr) -> Bool { transpose(e) == e }

  func factsOfSum(_ terms: [Term]) -> Facts {
    var facts: Facts = [
      .positive, .nonnegative, .positiveSemidefinite, .positiveDefinite, .diagonal, .lower, .upper,
    ]
    var anyPositive = false
    var anyDefinite = false
    for term in terms {
      var f = self.facts(term.expr)
      anyPositive = anyPositive || (f.contains(.positive) && term.coefficient.isPositive)
      anyDefinite = anyDefinite || (f.contains(.positiveDefinite) && term.coefficient.isPositive)
      if f.contains(.nonnegative) { f.insert(.positive) }
      if f.contains(.positiveSemidefinite) { f.insert(.positiveDefinite) }
      if f.contains(.diagonal) { f.formUnion([.lower, .upper]) }
      if term.coefficient.isNegative {
        f.subtract([.positive, .nonnegative, .positiveSemidefinite, .positiveDefinite])
      }
      facts.formIntersection(f)
    }
    if !anyPositive { facts.remove(.positive) }
    if !anyDefinite { facts.remove(.positiveDefinite) }
    return facts
  }

  func factsOfScalars(_ coefficient: Number, _ scalars: [Factor]) -> Facts {
    var facts = Facts(of: coefficient)
    for factor in scalars {
      if isPositive(factor.base) { continue }
      facts.remove(.positive)
      let even = factor.exponent.isEvenInteger
      if !even, !isNonnegative(factor.base), factor.exponent.isInteger {
        facts.remove(.nonnegative)
      }
    }
    return facts
  }

  func factsOfProduct(_ product: Product) -> Facts {
    let scale = factsOfScalars(product.coefficient, product.scalars)
    guard let first = product.chain.first else { return scale }
    var facts: Facts = []
    let operands = product.chain.map(self.facts)
    if scale.contains(.nonnegative), operands.allSatisfy({ $0.contains(.nonnegative) }) {
      facts.insert(.nonnegative)
      if scale.contains(.positive), operands.allSatisfy({ $0.contains(.positive) }) {
        facts.insert(.positive)
      }
    }
    if product.chain.count == 1 {
      facts.formUnion(operands[0].intersection([.diagonal, .lower, .upper]))
      if scale.contains(.nonnegative) {
        facts.formUnion(operands[0].intersection(.positiveSemidefinite))
        if scale.contains(.positive) {
          facts.formUnion(operands[0].intersection(.positiveDefinite))
        }
      }
      return facts
    }
    for fact in [Facts.diagonal, .lower, .upper]
    where operands.allSatisfy({ !$0.isDisjoint(with: [fact, .diagonal]) }) {
      facts.insert(fact)
    }
    if product.scalars.isEmpty, product.coefficient.isOne {
      if operands.allSatisfy({ $0.contains(.orthogonal) }) { facts.insert(.orthogonal) }
      if operands.allSatisfy({ $0.contains(.columnsSumToOne) }) { facts.insert(.columnsSumToOne) }
      if operands.allSatisfy({ $0.contains(.rowsSumToOne) }) { facts.insert(.rowsSumToOne) }
    }
    // C'C and C'SC with S semidefinite.
    if scale.contains(.nonnegative), let last = product.chain.last,
      shape(first).transposed == shape(last)
    {
      let half = product.chain.count / 2
      let mirrored = zip(product.chain.prefix(half), product.chain.suffix(half).reversed())
        .allSatisfy { transpose($0) == $1 }
      if mirrored {
        let middle =
          product.chain.count % 2 == 1 ? self.facts(product.chain[half]) : .positiveSemidefinite
        if middle.contains(.positiveSemidefinite) {
          facts.insert(shape(first).rows.isOne ? .nonnegative : .positiveSemidefinite)
          let invertible = product.chain.prefix(half).allSatisfy(isInvertible)
          if invertible, scale.contains(.positive),
            product.chain.count % 2 == 0 || middle.contains(.positiveDefinite)
          {
            facts.formUnion(shape(first).rows.isOne ? [] : [.positiveDefinite])
          }
        }
      }
    }
    return facts
  }

  func factsOfHadamard(_ factors: [Factor]) -> Facts {
    factsOfScalars(.one, factors)
  }

  /// Whether it is square and known to have an inverse.
  public func isInvertible(_ e: Expr) -> Bool {
    guard shape(e).isSquare else { return false }
    if facts(e).contains(.positiveDefinite) || facts(e).contains(.orthogonal) { return true }
    switch node(e) {
    case .apply(.inv, _, _), .apply(.expm, _, _), .apply(.chol, _, _): return true
    default: return false
    }
  }
}
