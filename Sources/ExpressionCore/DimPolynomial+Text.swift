extension DimPolynomial {
  /// `m*n+1`, `m-k+1`, `n*(n+1)/2`: positive terms first and the number last; where there is a
  /// fraction, the names common to all terms and the denominator stand outside.
  public var description: String {
    let (names, denominator, rest) = factored
    let sum = Self.sum(rest)
    guard denominator != 1 else { return sum }
    let inner = rest.count > 1 ? "(\(sum))" : sum
    let isPlain = rest.count == 1 && rest[0].factors.isEmpty && rest[0].coefficient.isOne
    let product = names.isEmpty || !isPlain ? names + [inner] : names
    return product.joined(separator: "*") + "/\(denominator)"
  }

  /// The terms without the names that all have and without their common denominator, if it is not
  /// 1; otherwise the terms themselves.
  private var factored: (names: [String], denominator: Int, rest: [Term]) {
    var denominator = 1
    for term in terms {
      guard case .rational(_, let q) = term.coefficient else { return ([], 1, terms) }
      let (multiple, overflow) = denominator.multipliedReportingOverflow(
        by: q / Number.greatestCommonDivisor(denominator, q))
      if overflow { return ([], 1, terms) }
      denominator = multiple
    }
    guard denominator != 1, let first = terms.first else { return ([], 1, terms) }
    var common: [Factor] = []
    for factor in first.factors {
      let exponents = terms.map { term in
        term.factors.first { $0.name == factor.name }?.exponent ?? 0
      }
      let lowest = exponents.min() ?? 0
      if lowest > 0 { common.append(Factor(name: factor.name, exponent: lowest)) }
    }
    let divisor = Term(factors: common, coefficient: Number(1, over: denominator))
    return (Self.names(of: common), denominator, terms.compactMap { $0.divided(by: divisor) })
  }

  private static func names(of factors: [Factor]) -> [String] {
    factors.flatMap { Array(repeating: $0.name, count: $0.exponent) }
  }

  private static func sum(_ terms: [Term]) -> String {
    let named = terms.filter { !$0.factors.isEmpty }
    let ordered =
      named.filter(\.coefficient.isPositive) + named.filter { !$0.coefficient.isPositive }
      + terms.filter(\.factors.isEmpty)
    let text = ordered.map { term in
      (term.coefficient.isNegative ? "-" : "+") + Self.text(of: term)
    }.joined()
    return text.hasPrefix("+") ? String(text.dropFirst()) : text
  }

  /// Without its sign.
  private static func text(of term: Term) -> String {
    let names = names(of: term.factors)
    let magnitude = term.coefficient.magnitude
    if magnitude.isOne, !names.isEmpty { return names.joined(separator: "*") }
    switch magnitude {
    case .rational(let p, let q):
      let factors = p == 1 && !names.isEmpty ? names : [String(p)] + names
      return factors.joined(separator: "*") + (q == 1 ? "" : "/\(q)")
    case .real(let value): return (["\(value)"] + names).joined(separator: "*")
    }
  }
}
