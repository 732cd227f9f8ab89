import ExpressionCore
import ExpressionLanguage

/// A term that is linear in one differential, taken apart:
/// `coefficient*scalars/divisors*(left*moving*right)`, the chain perhaps under a trace.
struct Summand {
  var coefficient = Number.one
  var scalars: [Term] = []
  var divisors: [Term] = []
  var left: [Term] = []
  var moving: Term
  var right: [Term] = []
  var isTrace = false

  init(_ moving: Term) {
    self.moving = moving
    absorb()
  }

  var target: String? { moving.name }

  var chain: Term { .product(left + [moving] + right) }

  /// The parts put together.
  var term: Term {
    let inner = isTrace ? Term.trace(chain) : chain
    return scaled(inner)
  }

  /// A term with the numbers and scalars of this one.
  func scaled(_ x: Term) -> Term {
    var factors = scalars
    var below = divisors
    if case .rational(let p, let q) = coefficient.magnitude {
      if p != 1 { factors.insert(.number(Number(p)), at: 0) }
      if q != 1 { below.insert(.number(Number(q)), at: 0) }
    } else {
      factors.insert(.number(coefficient.magnitude), at: 0)
    }
    let isOne = x.number?.isOne == true
    let result: Term
    if below.isEmpty {
      result = isOne && !factors.isEmpty ? .product(factors) : .product(factors + [x])
    } else if isOne || factors.isEmpty {
      result = .quotient(factors.isEmpty ? x : .product(factors), .product(below))
    } else {
      result = .product([.quotient(.product(factors), .product(below)), x])
    }
    return coefficient.isNegative ? .negated(result) : result
  }

  /// Takes signs, numbers and scalars out of what moves, and products apart.
  mutating func absorb() {
    while true {
      switch moving.kind {
      case .negate(let x):
        coefficient = -coefficient
        moving = x
      case .quotient(let x, let s) where !s.moves:
        divide(by: s)
        moving = x
      case .product(let factors):
        if moving.shape.isScalar {
          extractScalars()
          guard left.isEmpty, right.isEmpty else { return }
        }
        let factors = Self.grouped(factors)
        guard let place = factors.firstIndex(where: \.moves) else { return }
        left += factors[..<place].filter { !$0.shape.isScalar }
        right = factors[(place + 1)...].filter { !$0.shape.isScalar } + right
        for factor in factors where factor.shape.isScalar && !factor.moves { multiply(by: factor) }
        moving = factors[place]
      case .apply(.tr, let x, _) where left.isEmpty && right.isEmpty && !isTrace:
        isTrace = !x[0].shape.isScalar
        moving = x[0]
      case .sum(let terms) where terms.count == 1:
        if terms[0].negative { coefficient = -coefficient }
        moving = terms[0].term
      case .hadamard(let factors) where moving.shape.isScalar:
        moving = .product(factors)
      default:
        extractScalars()
        return
      }
    }
  }

  /// The factors of a chain with each inner product `r*…*c` as one, unless the whole chain is one.
  private static func grouped(_ factors: [Term]) -> [Term] {
    let chain = factors.filter { !$0.shape.isScalar }
    var result = factors.filter(\.shape.isScalar)
    var start = 0
    while start < chain.count {
      var end = start
      if chain[start].shape.rows.isOne {
        end = chain[start...].firstIndex { $0.shape.columns.isOne } ?? start
      }
      if end > start, end - start + 1 == chain.count { return factors }
      result.append(end > start ? .product(Array(chain[start...end])) : chain[start])
      start = end + 1
    }
    return result
  }

  private mutating func multiply(by x: Term) {
    switch x.kind {
    case .negate(let y):
      coefficient = -coefficient
      multiply(by: y)
    case .quotient(let y, let s):
      multiply(by: y)
      divide(by: s)
    case .product(let factors) where factors.allSatisfy(\.shape.isScalar):
      for factor in factors { multiply(by: factor) }
    default:
      if let value = x.number { coefficient = coefficient * value } else { scalars.append(x) }
    }
  }

  private mutating func divide(by x: Term) {
    if let value = x.number, !value.isZero {
      coefficient = coefficient / value
    } else if case .product(let factors) = x.kind, factors.allSatisfy(\.shape.isScalar) {
      for factor in factors { divide(by: factor) }
    } else {
      divisors.append(x)
    }
  }

  /// Segments of the chain that are 1×1 and constant become scalars.
  private mutating func extractScalars() {
    if moving.shape.isScalar, !(left.isEmpty && right.isEmpty) {
      let rest = Term.product(left + right)
      if isTrace || rest.shape.isScalar {
        multiply(by: isTrace ? .trace(rest) : rest)
        (left, right, isTrace) = ([], [], false)
      }
      return
    }
    let before = moving.shape.rows.isOne ? left[...] : left.dropLast()
    if let cut = before.lastIndex(where: { $0.shape.columns.isOne }), left[0].shape.rows.isOne {
      multiply(by: .product(Array(left[...cut])))
      left.removeFirst(cut + 1)
    }
    let after = moving.shape.columns.isOne ? right[...] : right.dropFirst()
    if let cut = after.firstIndex(where: { $0.shape.rows.isOne }),
      right[right.count - 1].shape.columns.isOne
    {
      multiply(by: .product(Array(right[cut...])))
      right.removeLast(right.count - cut)
    }
  }
}
