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
