#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#elseif canImport(ucrt)
  import ucrt
#endif

/// Functions of a real number that the C library lacks, or has only in a form that overflows.
public enum SpecialFunctions {
  /// `1/(1+exp(-x))`, without overflow.
  public static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }

  /// `log(1+exp(x))`, without overflow.
  public static func softplus(_ x: Double) -> Double { Swift.max(x, 0) + log1p(exp(-x.magnitude)) }

  /// The standard normal density.
  public static func normalDensity(_ x: Double) -> Double {
    exp(-x * x / 2) * 0.39894228040143267794
  }

  /// The standard normal distribution function, with relative accuracy in the lower tail.
  public static func normalDistribution(_ x: Double) -> Double {
    erfc(-x * 0.70710678118654752440) / 2
  }

  /// The derivative of `log|Γ|`.
  public static func digamma(_ x: Double) -> Double {
    if x.isNaN || x == .infinity { return x }
    if x <= 0 {
      if x == x.rounded() { return .nan }
      return digamma(1 - x) - .pi / tan(.pi * fraction(x))
    }
    var x = x
    var shift = 0.0
    while x < 12 {
      shift -= 1 / x
      x += 1
    }
    // Abramowitz & Stegun (6.3.18).
    let w = 1 / (x * x)
    var series = 0.0
    for k in stride(from: bernoulli.count, through: 1, by: -1) {
      series = (series + bernoulli[k - 1] / Double(2 * k)) * w
    }
    return log(x) - 1 / (2 * x) - series + shift
  }

  public static func trigamma(_ x: Double) -> Double { polygamma(1, x) }

  /// The derivative of order `order ≥ 0` of `digamma`; NaN for a negative order.
  public static func polygamma(_ order: Int, _ x: Double) -> Double {
    guard order >= 0 else { return .nan }
    if order == 0 { return digamma(x) }
    if x.isNaN { return x }
    if x == .infinity { return 0 }
    let sign = order % 2 == 0 ? -1.0 : 1.0
    if x <= 0 {
      if x == x.rounded() { return order % 2 == 0 ? .nan : .infinity }
      // Reflection: ψ⁽ᵏ⁾(1-x) - (-1)ᵏψ⁽ᵏ⁾(x) = (-1)ᵏπ dᵏ/dxᵏ cot(πx), A&S (6.4.7).
      let cotangent = cotangentDerivative(order, fraction(x))
      return -sign * polygamma(order, 1 - x) - cotangent
    }
    var x = x
    let factorial = tgamma(Double(order) + 1)
    var shift = 0.0
    while x < Double(order) + 14 {
      shift += factorial / pow(x, Double(order) + 1)
      x += 1
    }
    // Abramowitz & Stegun (6.4.11).
    let k = Double(order)
    let w = 1 / (x * x)
    var series = 0.0
    for j in stride(from: bernoulli.count, through: 1, by: -1) {
      let ratio = risingRatio(order, 2 * j)
      series = series * w + bernoulli[j - 1] * ratio
    }
    let leading = tgamma(k) / pow(x, k) + factorial / (2 * pow(x, k + 1))
    return sign * (leading + series * w * pow(x, -k) + shift)
  }

  /// `(2j+k-1)!/(2j)!` for the terms of the asymptotic series.
  private static func risingRatio(_ k: Int, _ twiceJ: Int) -> Double {
    var ratio = 1.0
    for i in stride(from: 1, to: k, by: 1) { ratio *= Double(twiceJ + i) }
    return ratio
  }

  /// `x` less the nearest integer, so that `πx` is accurate where only its phase counts.
  private static func fraction(_ x: Double) -> Double { x - x.rounded() }

  /// `π` times the derivative of order `order` of `cot(πx)`.
  ///
  /// With `c = cot(πx)`, each derivative is a polynomial in c: `P' ↦ -π(1+c²)P'(c)`.
  private static func cotangentDerivative(_ order: Int, _ x: Double) -> Double {
    var coefficients = [0.0, 1.0]
    for _ in 0..<order {
      var next = [Double](repeating: 0, count: coefficients.count + 1)
      for (power, value) in coefficients.enumerated() where power > 0 {
        next[power - 1] -= Double(power) * value
        next[power + 1] -= Double(power) * value
      }
      coefficients = next
    }
    let c = 1 / tan(.pi * x)
    let value = coefficients.reversed().reduce(0) { $0 * c + $1 }
    return value * pow(.pi, Double(order) + 1)
  }

  /// The Bernoulli numbers B₂, B₄, … (Abramowitz & Stegun, table 23.2).
  private static let bernoulli: [Double] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
    43867.0 / 798, -174611.0 / 330,
  ]
}
