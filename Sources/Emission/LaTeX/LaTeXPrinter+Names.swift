import ExpressionCore

extension LaTeXPrinter {
  /// A name: bold where it is an array, Greek spelled, digits and parts after `_` below.
  ///
  /// `W1` is `\mathbf{W}_{1}`, `mu` of a vector `\boldsymbol{\mu}`, `dX` is `\mathrm{d}\mathbf{X}`.
  public func name(_ name: String) -> String {
    if let variable = scope.variable(ofDifferential: name) {
      return "\\mathrm{d}" + self.name(variable)
    }
    return symbol(name, bold: !scope.extent(of: name).isScalar)
  }

  func symbol(_ name: String, bold: Bool) -> String {
    let parts = NameParts(name)
    var text = letters(parts.base, bold: bold)
    for accent in parts.accents {
      let wide = parts.base.count > 1 && GreekLetter.latex(parts.base) == nil
      text = "\\\(Self.accent(accent, wide: wide)){\(text)}"
    }
    guard !parts.subscripts.isEmpty else { return text }
    return text + "_{" + parts.subscripts.map(Self.subscript).joined(separator: ",") + "}"
  }

  private static func accent(_ name: String, wide: Bool) -> String {
    guard wide else { return name }
    return name == "bar" ? "overline" : "wide" + name
  }

  private func letters(_ base: String, bold: Bool) -> String {
    if let greek = GreekLetter.latex(base) { return bold ? "\\boldsymbol{\(greek)}" : greek }
    let plain = base.map { Self.character($0) }.joined()
    if base.allSatisfy({ $0.isASCII }) {
      if bold { return "\\mathbf{\(plain)}" }
      return base.count == 1 ? plain : "\\mathit{\(plain)}"
    }
    return bold ? "\\boldsymbol{\(plain)}" : plain
  }

  private static func character(_ character: Character) -> String {
    if let greek = GreekLetter.latex(String(character)) { return greek + " " }
    if character == "_" { return "\\_" }
    return character.isASCII ? String(character) : "\\text{\(character)}"
  }

  static func `subscript`(_ part: String) -> String {
    if let greek = GreekLetter.latex(part) { return greek }
    if part.allSatisfy({ $0.isNumber && $0.isASCII }) || part.count == 1 {
      return part.map { character($0) }.joined()
    }
    return "\\mathrm{" + part.map { character($0) }.joined() + "}"
  }

  /// A dimension, its names in italics: `m n`, `\tfrac{1}{2} n`.
  public func dimension(_ dimension: Dim) -> String {
    switch dimension {
    case .literal(let n): return String(n)
    case .name(let name): return symbol(name, bold: false)
    case .polynomial(let polynomial):
      var text = ""
      for term in polynomial.terms {
        let magnitude = term.coefficient.magnitude
        let factors = term.factors.map { factor in
          symbol(factor.name, bold: false)
            + (factor.exponent == 1 ? "" : "^{\(factor.exponent)}")
        }.joined(separator: " ")
        let sign = term.coefficient.isNegative ? "-" : text.isEmpty ? "" : "+"
        let coefficient = Self.coefficient(magnitude, alone: term.factors.isEmpty)
        text += (text.isEmpty ? sign : " \(sign) ") + coefficient + factors
      }
      return text
    }
  }

  private static func coefficient(_ magnitude: Number, alone: Bool) -> String {
    if magnitude.isOne, !alone { return "" }
    switch NumberNotation(magnitude) {
    case .plain(let digits): return digits
    case .fraction(let p, let q): return "\\tfrac{\(p)}{\(q)}"
    case .scientific(let mantissa, let exponent): return "\(mantissa) \\cdot 10^{\(exponent)}"
    }
  }
}
