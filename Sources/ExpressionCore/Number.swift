/// An exact rational number, or a real one where exactness was lost.
///
/// Literals, coefficients and exponents are numbers. A rational result that does not fit 64 bits
/// becomes real.
public enum Number: Hashable, Sendable {
  /// `numerator/denominator` in lowest terms, the denominator positive.
  case rational(Int, Int)
  case real(Double)

  public static let zero = Number.rational(0, 1)
  public static let one = Number.rational(1, 1)
  public static let minusOne = Number.rational(-1, 1)
  public static let half = Number.rational(1, 2)
  public static let two = Number.rational(2, 1)

  /// The least integer has no opposite that fits, and is real.
  public init(_ value: Int) { self = value == .min ? .real(Double(value)) : .rational(value, 1) }

  /// The quotient in lowest terms; real where the denominator is zero or does not fit.
  public init(_ numerator: Int, over denominator: Int) {
    guard denominator != 0, numerator != .min, denominator != .min else {
      self = .real(Double(numerator) / Double(denominator))
      return
    }
    let divisor = Self.greatestCommonDivisor(numerator, denominator)
    let sign = denominator < 0 ? -1 : 1
    self = .rational(sign * numerator / divisor, sign * denominator / divisor)
  }

  /// Never zero: `gcd(0, 0)` is taken as 1.
  public static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (abs(a), abs(b))
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }

  public var double: Double {
    switch self {
    case .rational(let n, let d): Double(n) / Double(d)
    case .real(let x): x
    }
  }

  /// The value where it is an integer.
  public var integer: Int? {
    if case .rational(let n, 1) = self { return n }
    return nil
  }

  public var isZero: Bool {
    switch self {
    case .rational(let n, _): n == 0
    case .real(let x): x == 0
    }
  }
  public var isOne: Bool { if case .rational(1, 1) = self { true } else { false } }
  public var isNegative: Bool {
    switch self {
    case .rational(let n, _): n < 0
    case .real(let x): x < 0
    }
  }
  public var isPositive: Bool {
    switch self {
    case .rational(let n, _): n > 0
    case .real(let x): x > 0
    }
  }
  public var isInteger: Bool { integer != nil }
  public var isEvenInteger: Bool { integer.map { $0 % 2 == 0 } ?? false }
  public var isOddInteger: Bool { integer.map { $0 % 2 != 0 } ?? false }
  public var isExact: Bool { if case .rational = self { true } else { false } }
  public var magnitude: Number { isNegative ? -self : self }

  public static prefix func - (a: Number) -> Number {
    switch a {
    case .rational(let n, let d): .rational(-n, d)
    case .real(let x): .real(-x)
    }
  }

  public static func + (a: Number, b: Number) -> Number {
    guard case .rational(let p, let q) = a, case .rational(let r, let s) = b else {
      return .real(a.double + b.double)
    }
    if q == 1, s == 1 {
      let (sum, overflow) = p.addingReportingOverflow(r)
      return overflow ? .real(a.double + b.double) : Number(sum)
    }
    let (ps, o1) = p.multipliedReportingOverflow(by: s)
    let (rq, o2) = r.multipliedReportingOverflow(by: q)
    let (sum, o3) = ps.addingReportingOverflow(rq)
    let (qs, o4) = q.multipliedReportingOverflow(by: s)
    if o1 || o2 || o3 || o4 || sum == .min { return .real(a.double + b.double) }
    return Number(sum, over: qs)
  }

  public static func - (a: Number, b: Number) -> Number { a + -b }

  public static func * (a: Number, b: Number) -> Number {
    guard case .rational(let p, let q) = a, case .rational(let r, let s) = b else {
      return .real(a.double * b.double)
    }
    if q == 1, s == 1 {
      let (product, overflow) = p.multipliedReportingOverflow(by: r)
      return overflow ? .real(a.double * b.double) : Number(product)
    }
    let g = greatestCommonDivisor(p, s)
    let h = greatestCommonDivisor(r, q)
    let (n, o1) = (p / g).multipliedReportingOverflow(by: r / h)
    let (d, o2) = (q / h).multipliedReportingOverflow(by: s / g)
    return o1 || o2 ? .real(a.double * b.double) : Number(n, over: d)
  }

  public static func / (a: Number, b: Number) -> Number {
    guard case .rational(let r, let s) = b, r != 0, r != .min else {
      return .real(a.double / b.double)
    }
    return a * Number(s, over: r)
  }

  public static func < (a: Number, b: Number) -> Bool { a.double < b.double }

  /// The power, exact where it is rational: `(4/9)^(1/2)` is 2/3, `2^(1/2)` is nil.
  public func exactPower(_ exponent: Number) -> Number? {
    guard case .rational(let p, let q) = exponent, isExact else { return nil }
    guard let root = exactRoot(q) else { return nil }
    if p < 0, root.isZero { return nil }
    guard abs(p) <= 64 else { return root == .one ? .one : nil }
    var result = Number.one
    for _ in 0..<abs(p) { result = result * root }
    guard result.isExact else { return nil }
    return p < 0 ? .one / result : result
  }

  private func exactRoot(_ degree: Int) -> Number? {
    guard degree != 1 else { return self }
    guard case .rational(let n, let d) = self, n >= 0, degree <= 62 else { return nil }
    guard let root = Self.integerRoot(n, degree), let below = Self.integerRoot(d, degree) else {
      return nil
    }
    return Number(root, over: below)
  }

  private static func integerRoot(_ value: Int, _ degree: Int) -> Int? {
    guard value > 1 else { return value }
    var low = 1
    var high = min(value, 3_037_000_499)
    while low <= high {
      let middle = (low + high) / 2
      var power = 1
      var overflow = false
      for _ in 0..<degree where !overflow {
        (power, overflow) = power.multipliedReportingOverflow(by: middle)
        if power > value { overflow = true }
      }
      if overflow {
        high = middle - 1
      } else if power == value {
        return middle
      } else {
        low = middle + 1
      }
    }
    return nil
  }
}
