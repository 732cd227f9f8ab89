/// The text of an expression and how tightly its outermost operator binds.
struct CodeExpression: Hashable, Sendable {
  enum Precedence: Int, Comparable, Sendable {
    case additive, multiplicative, unary, power, postfix

    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
  }

  let text: String
  let precedence: Precedence
  /// Whether it is a number of the language itself, known without any argument that is an array.
  let isConstant: Bool

  init(_ text: String, _ precedence: Precedence = .postfix, isConstant: Bool = false) {
    self.text = text
    self.precedence = precedence
    self.isConstant = isConstant
  }

  /// The text for a place that needs at least this precedence.
  func text(_ least: Precedence) -> String { precedence < least ? "(\(text))" : text }

  /// What can be called on or indexed.
  var primary: String { text(.postfix) }

  static func + (a: CodeExpression, b: CodeExpression) -> CodeExpression {
    CodeExpression(
      "\(a.text(.additive)) + \(b.text(.multiplicative))", .additive,
      isConstant: a.isConstant && b.isConstant)
  }

  static func - (a: CodeExpression, b: CodeExpression) -> CodeExpression {
    CodeExpression(
      "\(a.text(.additive)) - \(b.text(.multiplicative))", .additive,
      isConstant: a.isConstant && b.isConstant)
  }

  static prefix func - (a: CodeExpression) -> CodeExpression {
    CodeExpression("-\(a.text(.unary))", .unary, isConstant: a.isConstant)
  }

  /// A left-associative operator of the level of `*`.
  static func times(_ a: CodeExpression, _ sign: String, _ b: CodeExpression) -> CodeExpression {
    CodeExpression(
      "\(a.text(.multiplicative)) \(sign) \(b.text(.unary))", .multiplicative,
      isConstant: a.isConstant && b.isConstant)
  }

  static func call(_ function: String, _ arguments: [String]) -> CodeExpression {
    CodeExpression("\(function)(\(arguments.joined(separator: ", ")))")
  }

  static func call(_ function: String, _ arguments: CodeExpression...) -> CodeExpression {
    call(function, arguments.map(\.text))
  }

  /// A method or an index after it: `X.T`, `x[0]`.
  func then(_ suffix: String) -> CodeExpression { CodeExpression(primary + suffix) }

  /// What a method at its end is called on; nil where no such method ends all of it: `A * x.T` is
  /// no transpose.
  func without(_ suffix: String) -> CodeExpression? {
    guard precedence == .postfix, text.hasSuffix(suffix) else { return nil }
    return CodeExpression(String(text.dropLast(suffix.count)))
  }
}
