import ExpressionCore
import ExpressionLanguage

/// The trees in which a product lacks one of its factors.
enum ProductSearch {
  /// Each factor of a product left out; the change is the factor. Numbers stay: they are constant
  /// factors of the whole.
  static func omissions(of tree: Syntax, limit: Int) -> [Variant] {
    Variant.all(of: tree, limit: limit) { part in
      guard case .product(let first, let rest) = part.kind else { return [] }
      let factors = [(operation: nil, factor: first)] + rest.map { ($0.operation, $0.factor) }
      return factors.indices.compactMap { place in
        if case .number = factors[place].factor.kind { return nil }
        let text = SyntaxPrinter.text(of: factor(factors[place]))
        return without(place, factors).map { Variant($0, text) }
      }
    }
  }

  /// Powers whose exponent is one less or one more. A square is a product with a factor more.
  static func exponents(of tree: Syntax, limit: Int) -> [Variant] {
    Variant.all(of: tree, limit: limit) { part in
      var powers: [Syntax] = []
      switch part.kind {
      case .power(let base, let exponent):
        powers = neighbours(exponent).map { $0.map { Syntax(.power(base, $0)) } ?? base }
      case .elementwisePower(let base, let exponent):
        powers = neighbours(exponent).map { $0.map { Syntax(.elementwisePower(base, $0)) } ?? base }
      case .number, .name, .negate, .transpose, .sum, .product, .call, .blocks: break
      }
      let text = SyntaxPrinter.text(of: part)
      return powers.map { Variant($0, "\(SyntaxPrinter.text(of: $0)) instead of \(text)") }
    }
  }

  /// The numbers beside an exponent; nil for 1.
  private static func neighbours(_ exponent: Syntax) -> [Syntax?] {
    let sign: Double
    let number: Number
    switch exponent.kind {
    case .number(let value): (sign, number) = (1, value)
    case .negate(let operand):
      guard case .number(let value) = operand.kind else { return [] }
      (sign, number) = (-1, value)
    case .name, .transpose, .sum, .product, .power, .elementwisePower, .call, .blocks: return []
    }
    guard let value = Int(exactly: sign * number.double), value.magnitude < 100 else { return [] }
    return [value - 1, value + 1].filter { $0 != 0 }.map { other in
      if other == 1 { return nil }
      let literal = Syntax(.number(Number(Int(other.magnitude))))
      return other < 0 ? Syntax(.negate(literal)) : literal
    }
  }

  private typealias Factor = (operation: Syntax.Multiplication?, factor: Syntax)

  private static func without(_ place: Int, _ factors: [Factor]) -> Syntax? {
    var rest = factors
    rest.remove(at: place)
    // What follows the first factor takes its place, unless it is a divisor.
    guard let head = rest.first, head.operation?.isMultiplication ?? true else { return nil }
    let tail = rest.dropFirst().compactMap { entry in entry.operation.map { ($0, entry.factor) } }
    return tail.isEmpty ? head.factor : Syntax(.product(head.factor, tail))
  }

  private static func factor(_ factor: Factor) -> Syntax {
    guard let operation = factor.operation, !operation.isMultiplication else {
      return factor.factor
    }
    return Syntax(.product(Syntax(.number(Number(1))), [(operation, factor.factor)]))
  }
}

extension Syntax.Multiplication {
  fileprivate var isMultiplication: Bool {
    switch self {
    case .times, .hadamard, .kronecker: true
    case .divide, .leftDivide, .elementwiseDivide: false
    }
  }
}
