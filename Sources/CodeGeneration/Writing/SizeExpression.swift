import ExpressionCore

/// Sizes in the syntax of a language, which differ in how they divide exactly.
struct SizeNotation: Sendable {
  /// An exact quotient.
  let divided: @Sendable (_ numerator: CodeExpression, _ denominator: Int) -> CodeExpression

  static let slash = SizeNotation { .times($0, "/", CodeExpression(String($1))) }
  static let doubleSlash = SizeNotation { .times($0, "//", CodeExpression(String($1))) }

  func expression(_ dim: Dim) -> CodeExpression {
    switch dim {
    case .literal(let n): return CodeExpression(String(n), n < 0 ? .unary : .postfix)
    case .name(let name): return CodeExpression(name)
    case .polynomial(let p):
      var denominator = 1
      for term in p.terms {
        if case .rational(_, let q) = term.coefficient { denominator = max(denominator, q) }
      }
      var sum: CodeExpression?
      for term in p.terms {
        let (text, isNegative) = Self.term(term, denominator)
        if let known = sum {
          sum = isNegative ? known - text : known + text
        } else {
          sum = isNegative ? -text : text
        }
      }
      let whole = sum ?? CodeExpression("0")
      return denominator == 1 ? whole : divided(whole, denominator)
    }
  }

  private static func term(
    _ term: DimPolynomial.Term, _ denominator: Int
  ) -> (text: CodeExpression, isNegative: Bool) {
    let coefficient = (term.coefficient * Number(denominator)).integer ?? 1
    var product: CodeExpression? =
      abs(coefficient) != 1 || term.factors.isEmpty
      ? CodeExpression(String(abs(coefficient))) : nil
    for factor in term.factors {
      for _ in 0..<factor.exponent {
        let name = CodeExpression(factor.name)
        product = product.map { .times($0, "*", name) } ?? name
      }
    }
    return (product ?? CodeExpression("1"), coefficient < 0)
  }
}
