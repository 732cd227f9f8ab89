import ExpressionCore

/// A piece of text as a tree: what the parser reads and what the engine spells its answers in.
///
/// Runs of `+`/`-` and of the multiplicative operators are flat, so that a sum of ten thousand
/// terms is one level deep.
public final class Syntax: Sendable {
  public enum Kind: Sendable {
    case number(Number)
    case name(String)
    case negate(Syntax)
    case transpose(Syntax)
    /// The first term, then each further one with its sign: `a - b + c`.
    case sum(Syntax, [(negative: Bool, term: Syntax)])
    /// The first factor, then each further one with its operator, left to right.
    case product(Syntax, [(operation: Multiplication, factor: Syntax)])
    case power(Syntax, Syntax)
    case elementwisePower(Syntax, Syntax)
    /// A function by the name that is written.
    case call(String, [Syntax])
    case blocks([[Syntax]])
  }

  public enum Multiplication: String, Sendable, CaseIterable {
    case times = "*"
    case divide = "/"
    case leftDivide = "\\"
    case hadamard = ".*"
    case elementwiseDivide = "./"
    case kronecker = "⊗"
  }

  public let kind: Kind
  /// UTF-8 offsets in the input, where the tree was read from one.
  public let range: Range<Int>?
  /// Operators + calls + names and numbers; a transpose counts 1, parentheses 0.
  public let size: Int
  /// Levels of nesting.
  public let depth: Int

  public init(_ kind: Kind, range: Range<Int>? = nil) {
    self.kind = kind
    self.range = range
    let operands = Self.operands(of: kind)
    var size = Self.operatorCount(of: kind)
    var depth = 0
    for operand in operands {
      size = size.addingReportingOverflow(operand.size).overflow ? .max / 2 : size + operand.size
      depth = max(depth, operand.depth)
    }
    self.size = min(size, .max / 2)
    self.depth = depth + 1
  }

  public var operands: [Syntax] { Self.operands(of: kind) }

  private static func operands(of kind: Kind) -> [Syntax] {
    switch kind {
    case .number, .name: []
    case .negate(let x), .transpose(let x): [x]
    case .sum(let first, let rest): [first] + rest.map(\.term)
    case .product(let first, let rest): [first] + rest.map(\.factor)
    case .power(let x, let y), .elementwisePower(let x, let y): [x, y]
    case .call(_, let arguments): arguments
    case .blocks(let rows): rows.flatMap { $0 }
    }
  }

  private static func operatorCount(of kind: Kind) -> Int {
    switch kind {
    case .number, .name, .negate, .transpose, .power, .elementwisePower, .call: 1
    case .sum(_, let rest): rest.count
    case .product(_, let rest): rest.count
    // The brackets count once, separators not at all: `[1, 0; 2, -1]` has size 6.
    case .blocks: 1
    }
  }
}
