import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Finds the factor between two quantities: a constant times powers of the input's scalars and
/// sizes.
struct FactorSearch {
  private let samples: Samples
  /// Each scalar's values at the points.
  private let scalars: [(name: String, values: [Double])]

  init(_ samples: Samples, _ input: TypedInput) {
    self.samples = samples
    var scalars: [(name: String, values: [Double])] = []
    for variable in input.variables where variable.shape.isScalar {
      let values = samples.points.compactMap { $0.values[variable.name]?.scalar }
      if values.count == samples.points.count { scalars.append((variable.name, values)) }
    }
    for name in input.dimensions {
      let values = samples.points.compactMap { $0.sizes[name].map(Double.init) }
      if values.count == samples.points.count { scalars.append((name, values)) }
    }
    self.scalars = Array(scalars.prefix(8))
  }

  /// What `from` has to be multiplied by to give `to`, as text; nil where nothing simple does.
  func factor(from: [Matrix?], to: [Matrix?]) -> String? {
    guard let ratios = ratios(from: from, to: to) else { return nil }
    if let constant = constant(of: ratios.map(\.ratio)) { return Factor(constant, []).text }
    for powers in candidates {
      let rest = ratios.map { point, ratio in
        powers.reduce(ratio) { $0 / power(scalars[$1.scalar].values[point], $1.exponent) }
      }
      if let constant = constant(of: rest) {
        return Factor(constant, powers.map { (scalars[$0.scalar].name, $0.exponent) }).text
      }
    }
    return nil
  }

  /// The ratio at each point where the two are proportional and not zero.
  private func ratios(from: [Matrix?], to: [Matrix?]) -> [(point: Int, ratio: Double)]? {
    var ratios: [(point: Int, ratio: Double)] = []
    var scaled = [Matrix?](repeating: nil, count: from.count)
    for index in from.indices {
      guard let a = from[index], let b = to[index] else { continue }
      guard a.size == b.size else { return nil }
      let square = a.inner(a)
      guard square > 0 else { continue }
      let ratio = a.inner(b) / square
      guard ratio.isFinite, ratio != 0 else { return nil }
      ratios.append((index, ratio))
      scaled[index] = a.scaled(by: ratio)
    }
    return ratios.count >= 2 && samples.agree(scaled, to) ? ratios : nil
  }

  private func constant(of values: [Double]) -> Double? {
    guard let first = values.first, first.isFinite else { return nil }
    return values.allSatisfy { abs($0 - first) <= 1e-6 * abs(first) } ? first : nil
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    let magnitude =
      abs(exponent) == 0.5 ? base.squareRoot() : abs(exponent) == 2 ? base * base : base
    return exponent < 0 ? 1 / magnitude : magnitude
  }

  /// One scalar, then two.
  private var candidates: [[(scalar: Int, exponent: Double)]] {
    let exponents: [Double] = [1, -1, 2, -2, 0.5, -0.5]
    let single = scalars.indices.flatMap { i in exponents.map { (scalar: i, exponent: $0) } }
    var result = single.map { [$0] }
    for a in single where abs(a.exponent) >= 1 {
      for b in single where b.scalar > a.scalar && abs(b.exponent) >= 1 { result.append([a, b]) }
    }
    return result
  }
}

/// A constant times powers of names, as text: `2/N`.
struct Factor {
  private let constant: Double
  private let powers: [(name: String, exponent: Double)]

  init(_ constant: Double, _ powers: [(name: String, exponent: Double)]) {
    self.constant = constant
    self.powers = powers
  }

  var text: String {
    var above = powers.filter { $0.exponent > 0 }.map { Self.text($0.name, $0.exponent) }
    var below = powers.filter { $0.exponent < 0 }.map { Self.text($0.name, -$0.exponent) }
    let (numerator, denominator, name) = Self.parts(of: abs(constant))
    if let name { above.insert(name, at: 0) }
    if numerator != "1" || above.isEmpty { above.insert(numerator, at: 0) }
    if denominator != 1 { below.insert("\(denominator)", at: 0) }
    let sign = constant < 0 ? "-" : ""
    let top = above.joined(separator: "*")
    if below.isEmpty { return sign + top }
    let bottom = below.joined(separator: "*")
    return sign + top + "/" + (below.count > 1 ? "(\(bottom))" : bottom)
  }

  private static func text(_ name: String, _ exponent: Double) -> String {
    exponent == 0.5 ? "sqrt(\(name))" : exponent == 2 ? "\(name)^2" : name
  }

  /// A fraction, perhaps of a well-known number; otherwise the decimals.
  private static func parts(of value: Double) -> (String, Int, name: String?) {
    let known: [(Double, String?)] = [
      (1, nil), (.pi, "pi"), (2.0.squareRoot(), "sqrt(2)"), (2.302585092994046, "log(10)"),
      (0.6931471805599453, "log(2)"), (Double.pi.squareRoot(), "sqrt(pi)"),
    ]
    for (number, name) in known {
      for denominator in 1...24 {
        let numerator = (value / number * Double(denominator)).rounded()
        guard numerator >= 1, numerator <= 1000 else { continue }
        let fraction = numerator / Double(denominator) * number
        if abs(fraction - value) <= 1e-6 * value { return ("\(Int(numerator))", denominator, name) }
      }
    }
    return ("\((value * 1e6).rounded() / 1e6)", 1, nil)
  }
}
