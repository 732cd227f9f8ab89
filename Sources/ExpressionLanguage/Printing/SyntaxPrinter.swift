import ExpressionCore

extension Syntax: CustomStringConvertible {
  /// The tree as input of the language: as few parentheses as reading it back needs, and those
  /// that a reader expects around a power under a transpose.
  public var description: String { SyntaxPrinter.text(of: self) }
}

/// Writes trees of any depth; the work is kept on a stack of its own.
public enum SyntaxPrinter {
  /// Where a subtree stands: what it may be without parentheses.
  private enum Place {
    /// A whole statement, argument or block.
    case whole
    case firstTerm, term
    case firstFactor, factor
    /// After a minus sign.
    case negated
    /// Under a power or a transpose.
    case base
    case exponent
  }

  private enum Work {
    case text(String)
    case tree(Syntax, Place)
  }

  public static func text(of syntax: Syntax) -> String {
    var output = ""
    var stack = [Work.tree(syntax, .whole)]
    while let work = stack.popLast() {
      switch work {
      case .text(let text): output += text
      case .tree(let tree, let place):
        let tree = withLeadingSign(tree)
        let parts = parts(of: tree)
        if needsParentheses(tree.kind, in: place) {
          stack.append(.text(")"))
          stack += parts.reversed()
          stack.append(.text("("))
        } else {
          stack += parts.reversed()
        }
      }
    }
    return output
  }

  /// `-2*x` reads back as the negative of `2*x`, and needs parentheses where that does.
  private static func withLeadingSign(_ tree: Syntax) -> Syntax {
    guard case .product(let first, let rest) = tree.kind, !rest.isEmpty,
      case .number(let number) = first.kind, number.isNegative,
      !NumberText.magnitude(number).contains("/")
    else { return tree }
    return Syntax(.negate(Syntax(.product(Syntax(.number(number.magnitude)), rest))))
  }

  private static func needsParentheses(_ kind: Syntax.Kind, in place: Place) -> Bool {
    switch kind {
    case .name, .call, .blocks: false
    case .number(let number): needsParentheses(number, in: place)
    case .transpose: place == .exponent
    case .power, .elementwisePower: place == .base || place == .exponent
    case .negate(let operand):
      switch place {
      case .whole, .firstTerm: false
      case .exponent: !isPlainNumber(operand)
      case .term, .firstFactor, .factor, .negated, .base: true
      }
    case .product: place == .firstFactor || place == .factor || place == .base || place == .exponent
    case .sum: place != .whole
    }
  }

  private static func needsParentheses(_ number: Number, in place: Place) -> Bool {
    let isFraction = NumberText.magnitude(number).contains("/")
    switch place {
    case .whole, .firstTerm: return false
    case .firstFactor: return isFraction
    case .exponent: return isFraction
    case .base: return isFraction || number.isNegative
    case .term: return number.isNegative
    case .negated: return number.isNegative
    case .factor: return isFraction || number.isNegative
    }
  }

  private static func isPlainNumber(_ syntax: Syntax) -> Bool {
    guard case .number(let number) = syntax.kind else { return false }
    return !number.isNegative && !NumberText.magnitude(number).contains("/")
  }

  private static func parts(of tree: Syntax) -> [Work] {
    switch tree.kind {
    case .number(let number):
      return [.text((number.isNegative ? "-" : "") + NumberText.magnitude(number))]
    case .name(let name): return [.text(name)]
    case .negate(let x): return [.text("-"), .tree(x, .negated)]
    case .transpose(let x): return [.tree(x, .base), .text("'")]
    case .power(let x, let y): return [.tree(x, .base), .text("^"), .tree(y, .exponent)]
    case .elementwisePower(let x, let y):
      return [.tree(x, .base), .text(".^"), .tree(y, .exponent)]
    case .sum(let first, let rest):
      guard !rest.isEmpty else { return [.tree(first, .whole)] }
      return [.tree(first, .firstTerm)]
        + rest.flatMap { [.text($0.negative ? " - " : " + "), .tree($0.term, .term)] }
    case .product(let first, let rest):
      guard !rest.isEmpty else { return [.tree(first, .whole)] }
      return [.tree(first, .firstFactor)]
        + rest.flatMap { [.text(spelling($0.operation)), .tree($0.factor, .factor)] }
    case .call(let name, let arguments):
      return [.text(name + "(")] + separated(arguments, by: ",") + [.text(")")]
    case .blocks(let rows):
      var parts = [Work.text("[")]
      for (index, row) in rows.enumerated() {
        if index > 0 { parts.append(.text("; ")) }
        parts += separated(row, by: ", ")
      }
      return parts + [.text("]")]
    }
  }

  private static func separated(_ items: [Syntax], by separator: String) -> [Work] {
    var parts: [Work] = []
    for (index, item) in items.enumerated() {
      if index > 0 { parts.append(.text(separator)) }
      parts.append(.tree(item, .whole))
    }
    return parts
  }

  private static func spelling(_ operation: Syntax.Multiplication) -> String {
    operation == .kronecker ? " ⊗ " : operation.rawValue
  }
}
