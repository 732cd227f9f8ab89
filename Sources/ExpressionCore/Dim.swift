/// A dimension: a positive integer, a name, or a polynomial in names (`m*n`, `n*(n+1)/2`).
///
/// The form is canonical, so `==` decides equality of polynomials. An integer that does not fit is a
/// polynomial without names, which is no literal and has no value.
public enum Dim: Hashable, Sendable {
  case literal(Int)
  case name(String)
  /// Never one that a simpler case can express; made by arithmetic only.
  case polynomial(DimPolynomial)

  public static let one = Dim.literal(1)

  @inlinable public var isOne: Bool { if case .literal(1) = self { true } else { false } }
  public var literal: Int? { if case .literal(let n) = self { n } else { nil } }

  public static func + (a: Dim, b: Dim) -> Dim {
    if case .literal(let x) = a, case .literal(let y) = b {
      let (sum, overflow) = x.addingReportingOverflow(y)
      if !overflow { return .literal(sum) }
    }
    return (a.asPolynomial + b.asPolynomial).asDim
  }

  public static func - (a: Dim, b: Dim) -> Dim {
    if case .literal(let x) = a, case .literal(let y) = b {
      let (difference, overflow) = x.subtractingReportingOverflow(y)
      if !overflow { return .literal(difference) }
    }
    return (a.asPolynomial + b.asPolynomial.scaled(by: .minusOne)).asDim
  }

  public static func * (a: Dim, b: Dim) -> Dim {
    if case .literal(let x) = a, case .literal(let y) = b {
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      if !overflow { return .literal(product) }
    }
    if a.isOne { return b }
    if b.isOne { return a }
    return (a.asPolynomial * b.asPolynomial).asDim
  }

  /// The quotient where it is a polynomial again: by an integer, or by a divisor of every term.
  public func divided(by b: Dim) -> Dim? {
    asPolynomial.divided(by: b.asPolynomial)?.asDim
  }

  /// The names in it, each once.
  public var names: [String] {
    switch self {
    case .literal: []
    case .name(let n): [n]
    case .polynomial(let p): p.names
    }
  }

  /// The value at given sizes; nil where a name has none or the value is no integer.
  public func value(_ size: (String) -> Int?) -> Int? {
    switch self {
    case .literal(let n): return n
    case .name(let n): return size(n)
    case .polynomial(let p):
      guard let value = p.value(size) else { return nil }
      return value.integer
    }
  }

  public func substituting(_ replacement: (String) -> Dim?) -> Dim {
    switch self {
    case .literal: return self
    case .name(let n): return replacement(n) ?? self
    case .polynomial(let p): return p.substituting(replacement).asDim
    }
  }

  public var asPolynomial: DimPolynomial {
    switch self {
    case .literal(let n): DimPolynomial(constant: Number(n))
    case .name(let n): DimPolynomial(name: n)
    case .polynomial(let p): p
    }
  }
}

extension Dim: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, CustomStringConvertible {
  public init(integerLiteral value: Int) { self = .literal(value) }
  public init(stringLiteral value: String) { self = .name(value) }
  public var description: String {
    switch self {
    case .literal(let n): String(n)
    case .name(let n): n
    case .polynomial(let p): p.description
    }
  }
}

/// A polynomial in the names of dimensions with rational coefficients.
public struct DimPolynomial: Hashable, Sendable, CustomStringConvertible {
  public struct Factor: Hashable, Sendable {
    public let name: String
    public let exponent: Int
  }
  public struct Term: Hashable, Sendable {
    /// Sorted by name, exponents positive.
    public let factors: [Factor]
    public let coefficient: Number
  }
  /// Sorted by falling degree, then by name; no coefficient is zero.
  public let terms: [Term]

  init(constant: Number) {
    terms = constant.isZero ? [] : [Term(factors: [], coefficient: constant)]
  }

  init(name: String) {
    terms = [Term(factors: [Factor(name: name, exponent: 1)], coefficient: .one)]
  }

  private init(collecting terms: [Term]) {
    var byFactors: [[Factor]: Number] = [:]
    for term in terms {
      byFactors[term.factors, default: .zero] =
        byFactors[term.factors, default: .zero] + term.coefficient
    }
    self.terms = byFactors.filter { !$0.value.isZero }
      .map { Term(factors: $0.key, coefficient: $0.value) }
      .sorted { Self.precedes($0.factors, $1.factors) }
  }

  private static func precedes(_ a: [Factor], _ b: [Factor]) -> Bool {
    let (p, q) = (a.reduce(0) { $0 + $1.exponent }, b.reduce(0) { $0 + $1.exponent })
    if p != q { return p > q }
    for (x, y) in zip(a, b) where x != y {
      return x.name != y.name ? x.name < y.name : x.exponent > y.exponent
    }
    return a.count < b.count
  }

  var asDim: Dim {
    if terms.isEmpty { return .literal(0) }
    if terms.count == 1 {
      if terms[0].factors.isEmpty, let n = terms[0].coefficient.integer { return .literal(n) }
      if terms[0].factors.count == 1, terms[0].factors[0].exponent == 1, terms[0].coefficient.isOne
      {
        return .name(terms[0].factors[0].name)
      }
    }
    return .polynomial(self)
  }

  static func + (a: Self, b: Self) -> Self { Self(collecting: a.terms + b.terms) }

  static func * (a: Self, b: Self) -> Self {
    Self(collecting: a.terms.flatMap { x in b.terms.map { y in x.multiplied(by: y) } })
  }

  func scaled(by factor: Number) -> Self {
    Self(collecting: terms.map { Term(factors: $0.factors, coefficient: $0.coefficient * factor) })
  }

  func divided(by b: Self) -> Self? {
    guard b.terms.count == 1 else { return self == b ? Self(constant: .one) : nil }
    var quotients: [Term] = []
    for term in terms {
      guard let quotient = term.divided(by: b.terms[0]) else { return nil }
      quotients.append(quotient)
    }
    return Self(collecting: quotients)
  }

  var names: [String] {
    var seen: [String] = []
    for factor in terms.flatMap(\.factors) where !seen.contains(factor.name) {
      seen.append(factor.name)
    }
    return seen
  }

  func value(_ size: (String) -> Int?) -> Number? {
    var total = Number.zero
    for term in terms {
      var product = term.coefficient
      for factor in term.factors {
        guard let n = size(factor.name) else { return nil }
        for _ in 0..<factor.exponent { product = product * Number(n) }
      }
      total = total + product
    }
    return total
  }

  func substituting(_ replacement: (String) -> Dim?) -> Self {
    var total = Self(constant: .zero)
    for term in terms {
      var product = Self(constant: term.coefficient)
      for factor in term.factors {
        let base = (replacement(factor.name) ?? .name(factor.name)).asPolynomial
        for _ in 0..<factor.exponent { product = product * base }
      }
      total = total + product
    }
    return total
  }
}

extension DimPolynomial.Term {
  func multiplied(by other: Self) -> Self {
    var exponents: [String: Int] = [:]
    for factor in factors + other.factors { exponents[factor.name, default: 0] += factor.exponent }
    return Self(factors: Self.sorted(exponents), coefficient: coefficient * other.coefficient)
  }

  func divided(by other: Self) -> Self? {
    var exponents: [String: Int] = [:]
    for factor in factors { exponents[factor.name, default: 0] += factor.exponent }
    for factor in other.factors { exponents[factor.name, default: 0] -= factor.exponent }
    guard exponents.values.allSatisfy({ $0 >= 0 }) else { return nil }
    return Self(factors: Self.sorted(exponents), coefficient: coefficient / other.coefficient)
  }

  private static func sorted(_ exponents: [String: Int]) -> [DimPolynomial.Factor] {
    exponents.filter { $0.value != 0 }.map {
      DimPolynomial.Factor(name: $0.key, exponent: $0.value)
    }
    .sorted { $0.name < $1.name }
  }
}
