import ExpressionCore

/// A word of the input and where it stands.
struct Token: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case number(Number)
    case name(String)
    case plus, minus
    case multiplication(Syntax.Multiplication)
    case power, elementwisePower
    case transpose
    /// An integer power written above the line.
    case superscript(Int)
    case open, close, openBracket, closeBracket
    case comma, semicolon, newline, colon, equals
    /// Of two sizes.
    case relation(SizeRelation)
    case end
  }

  let kind: Kind
  let range: Range<Int>
}
