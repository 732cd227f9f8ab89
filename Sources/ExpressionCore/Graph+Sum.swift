extension Graph {
  /// The sum of expressions of one shape.
  public func sum(_ exprs: [Expr]) -> Expr {
    guard let first = exprs.first else { return number(.zero) }
    return sum(exprs.map { Term(.one, $0) }, shape: shape(first))
  }

  public func isSum(_ e: Expr) -> Bool { if case .sum = node(e) { true } else { false } }

  public func subtract(_ a: Expr, _ b: Expr) -> Expr {
    sum([Term(.one, a), Term(.minusOne, b)], shape: shape(a))
  }

  public func negate(_ e: Expr) -> Expr { scale(.minusOne, e) }

  /// `1 - e` entry by entry.
  public func oneMinus(_ e: Expr) -> Expr { subtract(allOnes(shape(e)), e) }

  /// A matrix of ones.
  public func allOnes(_ shape: Shape) -> Expr {
    product([ones(shape.rows), transpose(ones(shape.columns))])
  }

  /// The linear combination in canonical form: nested sums are merged, like terms joined, zeros
  /// dropped, and the content (greatest common divisor, with the sign of the first term) stands
  /// before the sum, so that `x - y` and `y - x` share a node.
  public func sum(_ terms: [Term], shape: Shape) -> Expr {
    var collected: [Term] = []
    collected.reserveCapacity(terms.count)
    for term in terms { collect(term, scale: .one, into: &collected) }
    var sorted = Self.joined(collected)
    if !shape.isScalar { sorted = addingLiterals(sorted) }
    guard let first = sorted.first else { return zero(shape) }
    if sorted.count == 1 { return scale(first.coefficient, first.expr) }
    let content = Self.content(of: sorted).magnitude * orientation(of: sorted)
    if !content.isOne {
      sorted = sorted.map { Term($0.coefficient / content, $0.expr) }
    }
    let node = intern(.sum(sorted), shape, factsOfSum(sorted))
    return scale(content, node)
  }

  /// Sorted, like terms joined, zeros dropped.
  private static func joined(_ terms: [Term]) -> [Term] {
    var result: [Term] = []
    result.reserveCapacity(terms.count)
    for term in terms.sorted(by: { $0.expr < $1.expr }) {
      if let last = result.last, last.expr == term.expr {
        result[result.count - 1] = Term(last.coefficient + term.coefficient, term.expr)
      } else {
        result.append(term)
      }
    }
    result.removeAll { $0.coefficient.isZero }
    return result
  }

  private func collect(_ term: Term, scale: Number, into terms: inout [Term]) {
    let (own, unit) = splitCoefficient(term.expr)
    let coefficient = scale * term.coefficient * own
    switch node(unit) {
    case .sum(let inner):
      for t in inner { terms.append(Term(coefficient * t.coefficient, t.expr)) }
    case .zero: break
    case .product(let p) where isSpreadSum(p):
      // A sum of scalars spread over all entries is that of its terms: x + (1 - t) is x + 1 - t.
      let spread = product([], chain: p.chain)
      guard case .sum(let inner) = node(p.scalars[0].base) else { break }
      for t in inner {
        collect(
          Term(t.coefficient, product([t.expr, spread])), scale: coefficient, into: &terms)
      }
    case .symbol, .number, .pi, .dimension, .identity, .ones, .unit, .product, .hadamard, .apply:
      terms.append(Term(coefficient, unit))
    }
  }

  private func isSpreadSum(_ p: Product) -> Bool {
    guard p.scalars.count == 1, p.scalars[0].exponent.isOne, isSum(p.scalars[0].base) else {
      return false
    }
    return !p.chain.isEmpty && p.chain.allSatisfy { isOnesColumn($0) || isOnesRow($0) }
  }

  /// The sign that stands before a sum: that of a constant (`1 - x`), else of the term which comes
  /// first when each counts as itself or its transpose, so that a sum and its transpose agree.
  private func orientation(of terms: [Term]) -> Number {
    func sign(_ term: Term) -> Number { term.coefficient.isNegative ? .minusOne : .one }
    let isMixed = terms.contains { $0.coefficient.isNegative != terms[0].coefficient.isNegative }
    guard isMixed else { return sign(terms[0]) }
    if let constant = terms.first(where: { isOnesMatrix($0.expr) }) { return sign(constant) }
    func order(_ e: Expr) -> Expr {
      isBeingTransposed(e) ? e : Swift.min(e, splitCoefficient(transpose(e)).1)
    }
    var lead = terms[0]
    var place = order(lead.expr)
    for term in terms.dropFirst() {
      let own = order(term.expr)
      if own < place { (lead, place) = (term, own) }
    }
    return sign(lead)
  }

  /// The number that can stand before the sum: 1 or -1 where a coefficient is a decimal.
  static func content(of terms: [Term]) -> Number {
    let sign: Number = terms[0].coefficient.isNegative ? .minusOne : .one
    var numerator = 0
    var denominator = 1
    for term in terms {
      guard case .rational(let p, let q) = term.coefficient else { return sign }
      numerator = numerator == 0 ? abs(p) : Number.greatestCommonDivisor(numerator, p)
      denominator = denominator / Number.greatestCommonDivisor(denominator, q) * q
      if denominator > 64 { return sign }
    }
    return sign * Number(numerator, over: denominator)
  }

  /// The number before an expression, and the expression without it. A number is itself times 1.
  public func splitCoefficient(_ e: Expr) -> (Number, Expr) {
    switch node(e) {
    case .number(let value): (value, one)
    case .product(var p) where !p.coefficient.isOne:
      { coefficient in
        p.coefficient = .one
        return (coefficient, product(p))
      }(p.coefficient)
    case .symbol, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product, .hadamard,
      .apply:
      (.one, e)
    }
  }

  /// The sign before an expression, and the expression with a plus.
  func signAndUnit(_ e: Expr) -> (Number, Expr) {
    splitCoefficient(e).0.isNegative ? (.minusOne, negate(e)) : (.one, e)
  }
}
