import ExpressionCore

/// How the magnitude of a number is written.
enum NumberNotation: Equatable {
  case plain(String)
  case fraction(Int, Int)
  case scientific(mantissa: String, exponent: Int)

  /// Halves, thirds and the like stay fractions; what was typed as a decimal is one again.
  init(_ magnitude: Number) {
    switch magnitude {
    case .rational(let p, 1):
      self = .plain(String(p))
    case .rational(let p, let q):
      self = q % 5 == 0 && Self.terminates(q) ? Self.decimal(magnitude.double) : .fraction(p, q)
    case .real(let value):
      self = Self.decimal(value)
    }
  }

  /// Whether a denominator has no prime factor but 2 and 5.
  private static func terminates(_ denominator: Int) -> Bool {
    var rest = denominator
    for prime in [2, 5] {
      while rest > 1, rest % prime == 0 { rest /= prime }
    }
    return rest == 1
  }

  private static func decimal(_ value: Double) -> NumberNotation {
    let digits = "\(value)"
    guard let mark = digits.firstIndex(of: "e"),
      let exponent = Int(digits[digits.index(after: mark)...])
    else { return .plain(digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits) }
    let mantissa = String(digits[..<mark])
    return .scientific(
      mantissa: mantissa.hasSuffix(".0") ? String(mantissa.dropLast(2)) : mantissa,
      exponent: exponent)
  }
}
