import ExpressionCore

/// Numbers as text: exact where a short decimal is, so that reading back gives the same number.
public enum NumberText {
  /// A literal as a number; nil where it exceeds what a double holds.
  static func number(_ text: String) -> Number? {
    if let exact = exactDecimal(text) { return exact }
    let complete = text.hasPrefix(".") ? "0" + text : text
    guard let value = Double(complete), value.isFinite else { return nil }
    return .real(value)
  }

  /// The exact fraction where digits and exponent are few.
  private static func exactDecimal(_ text: String) -> Number? {
    var digits = 0
    var value = 0
    var scale = 0
    var sawDot = false
    var exponent: Int?
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      if Lexer.isDigit(byte) {
        if value > 0 || byte != UInt8(ascii: "0") { digits += 1 }
        guard digits <= 18 else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        if sawDot { scale += 1 }
      } else if byte == UInt8(ascii: ".") {
        sawDot = true
      } else {
        exponent = Int(String(decoding: bytes, as: UTF8.self))
        guard exponent != nil else { return nil }
        break
      }
    }
    guard abs(exponent ?? 0) < 1000 else { return value == 0 ? .zero : nil }
    let power = (exponent ?? 0) - scale
    guard value != 0 else { return .zero }
    guard abs(power) <= 18 else { return nil }
    var tens = 1
    for _ in 0..<abs(power) { tens *= 10 }
    if power < 0 { return Number(value, over: tens) }
    let (product, overflow) = value.multipliedReportingOverflow(by: tens)
    // Of so many digits an integer is real, however it is written.
    return overflow || product >= 1_000_000_000_000_000_000 ? nil : Number(product)
  }

  /// The number without its sign: an integer, a decimal, or a fraction `p/q` where no short decimal
  /// is exact.
  public static func magnitude(_ number: Number) -> String {
    switch number.magnitude {
    case .rational(let p, 1): return String(p)
    case .rational(let p, let q): return decimal(p, q) ?? "\(p)/\(q)"
    case .real(let x):
      if x.isNaN { return "0/0" }
      if x.isInfinite { return "1/0" }
      let text = "\(x)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
  }

  /// `p/q` as a decimal of at most 12 places.
  private static func decimal(_ p: Int, _ q: Int) -> String? {
    var scale = 1
    var places = 0
    while places < 12, scale % q != 0 {
      scale *= 10
      places += 1
    }
    guard scale % q == 0 else { return nil }
    let (scaled, overflow) = p.multipliedReportingOverflow(by: scale / q)
    guard !overflow, scaled < 1_000_000_000_000_000 else { return nil }
    let digits = String(scaled)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
