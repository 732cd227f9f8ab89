import ExpressionCore
import ExpressionLanguage

/// A reader of the language's expressions, just large enough for the tables of these tests.
struct SmallParser {
  private var rest: Substring

  private init(_ text: String) { rest = Substring(text.filter { $0 != " " }) }

  /// The tree of an expression.
  static func parse(_ text: String) -> Syntax {
    var parser = SmallParser(text)
    let tree = parser.sum()
    precondition(parser.rest.isEmpty, "\(text): not read from “\(parser.rest)” on")
    return tree
  }

  /// The definitions of an input and its last expression.
  static func parseInput(_ text: String) -> (definitions: [(String, Syntax)], body: Syntax) {
    let pieces = text.split(separator: ";").reduce(into: [String]()) { result, piece in
      let isOpen = result.last.map { $0.count { $0 == "[" } > $0.count { $0 == "]" } } ?? false
      if isOpen, let last = result.popLast() {
        result.append(last + ";" + piece)
      } else {
        result.append(String(piece))
      }
    }
    let definitions = pieces.dropLast().map { piece in
      let sides = piece.split(separator: "=", maxSplits: 1).map(String.init)
      return (sides[0].filter { $0 != " " }, parse(sides[1]))
    }
    return (definitions, parse(pieces.last ?? ""))
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard rest.hasPrefix(symbol) else { return false }
    rest.removeFirst(symbol.count)
    return true
  }

  private mutating func sum() -> Syntax {
    let first = product()
    var terms: [(negative: Bool, term: Syntax)] = []
    while true {
      if take("+") {
        terms.append((false, product()))
      } else if take("-") {
        terms.append((true, product()))
      } else {
        return terms.isEmpty ? first : Syntax(.sum(first, terms))
      }
    }
  }

  private mutating func product() -> Syntax {
    let first = unary()
    var factors: [(operation: Syntax.Multiplication, factor: Syntax)] = []
    next: while true {
      if rest.hasPrefix(".^") { break }
      for operation in Syntax.Multiplication.allCases where take(operation.rawValue) {
        factors.append((operation, unary()))
        continue next
      }
      break
    }
    return factors.isEmpty ? first : Syntax(.product(first, factors))
  }

  private mutating func unary() -> Syntax {
    if take("-") { return Syntax(.negate(unary())) }
    var result = atom()
    while true {
      if take("'") {
        result = Syntax(.transpose(result))
      } else if take(".^") {
        result = Syntax(.elementwisePower(result, exponent()))
      } else if take("^") {
        result = Syntax(.power(result, exponent()))
      } else {
        return result
      }
    }
  }

  private mutating func exponent() -> Syntax { take("-") ? Syntax(.negate(atom())) : atom() }

  private mutating func atom() -> Syntax {
    if take("(") {
      let inner = sum()
      precondition(take(")"))
      return inner
    }
    if take("[") { return blocks() }
    if let first = rest.first, first.isNumber {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      // `2.*x` is `2 .* x`.
      let number = digits.last == "." ? digits.dropLast() : digits
      rest.removeFirst(number.count)
      if let integer = Int(number) { return Syntax(.number(Number(integer))) }
      let places = number.drop { $0 != "." }.count - 1
      let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
      return Syntax(.number(Number(Int(number.filter { $0 != "." }) ?? 0, over: scale)))
    }
    let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    precondition(!name.isEmpty, "a name is missing before “\(rest)”")
    rest.removeFirst(name.count)
    guard take("(") else { return Syntax(.name(name)) }
    var arguments: [Syntax] = []
    while !take(")") {
      arguments.append(sum())
      _ = take(",")
    }
    return Syntax(.call(name, arguments))
  }

  private mutating func blocks() -> Syntax {
    var rows: [[Syntax]] = [[]]
    while !take("]") {
      rows[rows.count - 1].append(sum())
      if take(";") { rows.append([]) } else { _ = take(",") }
    }
    return Syntax(.blocks(rows))
  }
}
