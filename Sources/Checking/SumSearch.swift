import ExpressionCore
import ExpressionLanguage

/// The trees in which some terms of a sum have the other sign, or are left out.
enum SumSearch {
  private static let mostTerms = 6

  /// Some terms of one sum with the other sign, or one minus less.
  static func signs(of tree: Syntax, limit: Int) -> [Variant] {
    Variant.all(of: tree, limit: limit) { part in
      switch part.kind {
      case .negate(let operand):
        return [Variant(operand, "-\(SyntaxPrinter.text(of: operand)) has the wrong sign")]
      case .sum(let first, let rest):
        let terms = terms(first, rest)
        return subsets(of: terms.count).map { chosen in
          let new = terms.enumerated().map {
            (negative: $1.negative != chosen.contains($0), term: $1.term)
          }
          return Variant(sum(new), wrongSign(chosen.map { terms[$0].term }))
        }
      case .number, .name, .transpose, .product, .power, .elementwisePower, .call, .blocks:
        return []
      }
    }
  }

  /// Some terms of one sum left out, and put aside as the remainder; then those of two sums.
  static func omissions(of tree: Syntax, limit: Int) -> [Variant] {
    Variant.all(of: tree, limit: limit) { part in
      guard let terms = sum(in: part) else { return [] }
      return subsets(of: terms.count).filter { $0.count < terms.count }.map { chosen in
        let kept = terms.indices.filter { !chosen.contains($0) }.map { terms[$0] }
        let rest = sum(kept)
        var isNumber = false
        if case .number = rest.kind { isNumber = true }
        return Variant(
          rest, remainder: sum(chosen.map { terms[$0] }), "", leavesNumber: isNumber)
      }
    }
  }

  /// The terms of a sum, or of a function that is one.
  private static func sum(in tree: Syntax) -> [SignedTerm]? {
    switch tree.kind {
    case .sum(let first, let rest): return terms(first, rest)
    case .call(let name, let arguments):
      guard let x = arguments.first, name == "sym" || name == "skew" else { return nil }
      func half(_ part: Syntax) -> Syntax {
        Syntax(.product(part, [(.divide, Syntax(.number(Number(2))))]))
      }
      return [(false, half(x)), (name == "skew", half(Syntax(.transpose(x))))]
    case .number, .name, .negate, .transpose, .product, .power, .elementwisePower, .blocks:
      return nil
    }
  }

  private typealias SignedTerm = (negative: Bool, term: Syntax)

  private static func terms(
    _ first: Syntax, _ rest: [(negative: Bool, term: Syntax)]
  ) -> [SignedTerm] {
    if case .negate(let term) = first.kind { return [(true, term)] + rest }
    return [(false, first)] + rest
  }

  private static func sum(_ terms: [SignedTerm]) -> Syntax {
    let first = terms[0].negative ? Syntax(.negate(terms[0].term)) : terms[0].term
    return terms.count == 1 ? first : Syntax(.sum(first, Array(terms.dropFirst())))
  }

  /// The smallest first; of many terms each one alone.
  private static func subsets(of count: Int) -> [[Int]] {
    guard count <= mostTerms else { return (0..<count).map { [$0] } }
    return (1..<(1 << count)).sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
      .map { mask in (0..<count).filter { mask >> $0 & 1 == 1 } }
  }

  private static func wrongSign(_ terms: [Syntax]) -> String {
    let texts = terms.map { SyntaxPrinter.text(of: $0) }.joined(separator: " and ")
    return "\(texts) \(terms.count == 1 ? "has" : "have") the wrong sign"
  }
}
