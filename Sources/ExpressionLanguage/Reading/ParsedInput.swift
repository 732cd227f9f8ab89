import ExpressionCore

/// A text as statements: declarations, definitions and expressions, in order.
public struct ParsedInput: Sendable {
  /// `A: positive symmetric(n)`.
  public struct Declaration: Sendable {
    public let name: String
    public let nameRange: Range<Int>
    public let sign: EntrySign
    public let type: StructureType
    /// The sizes as they were written; empty where they were left out.
    public let sizes: [Syntax]
    public let range: Range<Int>
  }

  public struct Definition: Sendable {
    public let name: String
    public let nameRange: Range<Int>
    public let value: Syntax
  }

  /// `p < n`, of two sizes.
  public struct Assumption: Sendable {
    public let left: Syntax
    public let relation: SizeRelation
    public let right: Syntax
    public let range: Range<Int>
  }

  public enum Statement: Sendable {
    case declaration(Declaration)
    case assumption(Assumption)
    case definition(Definition)
    case expression(Syntax)
  }

  public let source: String
  public let statements: [Statement]

  public var declarations: [Declaration] {
    statements.compactMap { if case .declaration(let d) = $0 { d } else { nil } }
  }

  public var assumptions: [Assumption] {
    statements.compactMap { if case .assumption(let a) = $0 { a } else { nil } }
  }

  public var definitions: [Definition] {
    statements.compactMap { if case .definition(let d) = $0 { d } else { nil } }
  }

  /// The last expression.
  public var result: Syntax? {
    for statement in statements.reversed() {
      if case .expression(let syntax) = statement { return syntax }
    }
    return nil
  }

  public init(_ source: String) throws(Diagnostics) {
    let tokens = try Lexer.tokens(of: source)
    var parser = Parser(tokens: tokens, source: source)
    do {
      statements = try parser.statements()
    } catch {
      throw Diagnostics(
        Diagnostic(error.problem, in: source, at: error.range, suggestion: error.suggestion))
    }
    self.source = source
  }
}

/// `<`, `<=`, `>` or `>=`.
public struct SizeRelation: Hashable, Sendable {
  public let isLess: Bool
  public let isStrict: Bool
}
