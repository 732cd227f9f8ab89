/// The entry of a node: `± Σ_bound factor * factor / factor`.
struct IndexEntry {
  struct Factor {
    var tokens: [IndexToken]
    /// A sum, which needs parentheses beside anything.
    var isSum = false
    /// Divided by.
    var isDivisor = false
    /// The two sides of a Kronecker delta, which a sum over one of them resolves.
    var delta: (IndexExpression, IndexExpression)?

    var startsWithDigit: Bool {
      if !isSum, case .text(_, let latex) = tokens.first { return latex.first?.isNumber ?? false }
      return false
    }
  }

  var negative = false
  var bound: [Int] = []
  var factors: [Factor] = []

  /// The number 1.
  static var one: IndexEntry { IndexEntry() }

  init() {}

  init(_ tokens: [IndexToken], isSum: Bool = false) {
    factors = [Factor(tokens: tokens, isSum: isSum)]
  }

  static func delta(_ a: IndexExpression, _ b: IndexExpression) -> IndexEntry {
    var entry = IndexEntry()
    entry.factors = [
      Factor(tokens: [.entry(text: "δ", latex: "\\delta", [a, b])], delta: (a, b))
    ]
    return entry
  }

  /// Tokens, the measure that decides when an entry gets a name.
  var count: Int { factors.reduce(bound.count) { $0 + $1.tokens.count } }

  var isSum: Bool { factors.count == 1 && factors[0].isSum && bound.isEmpty }

  func times(_ other: IndexEntry) -> IndexEntry {
    var result = self
    result.negative = negative != other.negative
    result.bound += other.bound
    result.factors += other.factors
    return result
  }

  func divided(by other: IndexEntry) -> IndexEntry {
    var result = self
    result.negative = negative != other.negative
    if other.bound.isEmpty, !other.factors.contains(where: \.isDivisor) {
      result.factors += other.factors.map { factor in
        var divisor = factor
        divisor.isDivisor = true
        return divisor
      }
    } else {
      var unsigned = other
      unsigned.negative = false
      result.factors.append(Factor(tokens: unsigned.term, isSum: true, isDivisor: true))
    }
    return result
  }

  /// The same with every index replaced; a summation index by number.
  func replacing(
    bound map: (Int) -> Int?, _ replacement: (IndexExpression) -> IndexExpression?
  ) -> IndexEntry {
    var result = self
    result.bound = bound.map { map($0) ?? $0 }
    result.factors = factors.map { factor in
      var new = factor
      new.tokens = factor.tokens.map { $0.replacing(bound: map, replacement) }
      new.delta = factor.delta.map { ($0.replacing(replacement), $1.replacing(replacement)) }
      return new
    }
    return result
  }

  /// Without the sums that a delta resolves: `Σ_j δ[i,j]*x[j]` is `x[i]`.
  var contracted: IndexEntry {
    var result = self
    var place = 0
    while place < result.factors.count {
      guard let (a, b) = result.factors[place].delta, !result.factors[place].isDivisor,
        let (old, new) = result.resolvable(a, b)
      else {
        place += 1
        continue
      }
      result.factors.remove(at: place)
      result.bound.removeAll { $0 == old }
      result = result.replacing(bound: { _ in nil }) { $0 == .bound(old) ? new : nil }
      place = 0
    }
    return result
  }

  private func resolvable(
    _ a: IndexExpression, _ b: IndexExpression
  ) -> (Int, IndexExpression)? {
    if case .bound(let id) = a, bound.contains(id), a != b { return (id, b) }
    if case .bound(let id) = b, bound.contains(id), a != b { return (id, a) }
    return nil
  }

  // MARK: Text

  /// As a term of a sum, without its sign.
  var term: [IndexToken] {
    var tokens: [IndexToken] = []
    if !bound.isEmpty { tokens.append(.over(text: "Σ", latex: "\\sum", bound)) }
    let above = factors.filter { !$0.isDivisor }
    let below = factors.filter(\.isDivisor)
    if !below.isEmpty { tokens.append(.text("", latex: "\\frac{")) }
    if above.isEmpty { tokens.append(.same("1")) }
    for (place, factor) in above.enumerated() {
      if place > 0 { tokens.append(.text("*", latex: factor.startsWithDigit ? " \\cdot " : " ")) }
      let alone = above.count == 1 && bound.isEmpty && below.isEmpty
      tokens += factor.isSum && !alone ? Self.inParentheses(factor.tokens) : factor.tokens
    }
    if !below.isEmpty { tokens.append(.text("", latex: "}{")) }
    for (place, factor) in below.enumerated() {
      tokens.append(.text("/", latex: place > 0 ? " " : ""))
      // A fraction needs no parentheses around a lone denominator.
      let latex = below.count > 1
      tokens +=
        factor.isSum
        ? [.text("(", latex: latex ? "(" : "")] + factor.tokens
          + [.text(")", latex: latex ? ")" : "")]
        : factor.tokens
    }
    if !below.isEmpty { tokens.append(.text("", latex: "}")) }
    return tokens
  }

  var signedTerm: [IndexToken] {
    guard negative else { return term }
    return [.same("-")] + (isSum ? Self.inParentheses(term) : term)
  }

  /// Fit for an exponent or to divide by.
  var group: [IndexToken] {
    let isSimple = factors.count == 1 && bound.isEmpty && !factors[0].isDivisor
    return isSimple && !negative && !factors[0].isSum ? term : Self.inParentheses(signedTerm)
  }

  static func inParentheses(_ tokens: [IndexToken]) -> [IndexToken] {
    [.same("(")] + tokens + [.same(")")]
  }
}
