import ExpressionCore
import ExpressionLanguage

/// Writes expressions in the notation of textbooks, as LaTeX.
///
/// Vectors are bold lower case, matrices bold capitals, scalars italic; the text is the body of a
/// formula, without `$`, and needs only the packages `amsmath` and `amssymb` (or KaTeX).
public struct LaTeXPrinter: Typesetter {
  public let scope: NameScope
  /// Names of the author that are Greek letters: no function is written with them.
  let letters: Set<String>
  let minus = "-"
  let inverseScript = "-1"
  let inverseTransposeScript = "-\\top"

  public init(scope: NameScope = NameScope()) {
    self.scope = scope
    letters = []
  }

  public init(shapes: [String: Shape]) {
    self.init(scope: NameScope(shapes: shapes))
  }

  private init(scope: NameScope, letters: Set<String>) {
    self.scope = scope
    self.letters = letters
  }

  /// The expression as the body of a formula.
  public func print(_ syntax: Syntax) -> String {
    let printer = LaTeXPrinter(scope: scope, letters: letters.union(Self.letters(in: syntax)))
    return printer.signed(printer.piece(syntax, depth: 0))
  }

  /// The extent of an expression.
  public func extent(of syntax: Syntax) -> Extent { piece(syntax, depth: 0).extent }

  /// The printer for text in which a name is defined as well.
  public func defining(_ name: String, as value: Syntax) -> LaTeXPrinter {
    LaTeXPrinter(scope: scope.adding(name, extent(of: value)), letters: letters)
  }

  /// The Greek letters among the names of a tree, without their scripts.
  private static func letters(in syntax: Syntax) -> Set<String> {
    var found: Set<String> = []
    var stack = [syntax]
    while let next = stack.popLast() {
      if let name = next.bareName, let latex = GreekLetter.latex(NameParts(name).base) {
        found.insert(latex)
      }
      stack += next.operands
    }
    return found
  }

  func symbol(_ primitive: Primitive) -> String {
    switch primitive.notation.latex {
    case .operation(let symbol), .infix(let symbol): symbol
    case .function(let name), .indexed(let name, _), .ordered(let name): name
    case .superscript(let script): script
    case .norm, .delimited, .radical, .logDeterminant, .onesProduct, .constant, .filled,
      .multipleOfOnes, .unitVector, .subscripted, .blocks:
      ""
    }
  }

  func piece(_ syntax: Syntax, depth: Int) -> Piece {
    let syntax = syntax.asOperator
    switch syntax.kind {
    case .number(let number):
      return self.number(number, depth: depth)
    case .name(let name):
      return self.leaf(name)
    case .negate(let operand):
      return negated(piece(operand, depth: depth))
    case .transpose(let operand):
      return transposed(operand, depth: depth)
    case .sum(let first, let rest):
      return sum(first, rest, depth: depth)
    case .product(let first, let rest):
      return product(first, rest, depth: depth)
    case .power(let base, let exponent):
      return raised(piece(base, depth: depth), to: script(exponent))
    case .elementwisePower(let base, let exponent):
      let base = piece(base, depth: depth)
      let power = script(exponent)
      return raised(base, to: base.extent.isScalar ? power : symbol(.elementwisePower) + power)
    case .call(let name, let arguments):
      return call(name, arguments, depth: depth)
    case .blocks(let rows):
      return blocks(rows)
    }
  }

  /// An exponent: fractions in it are written with a slash.
  func script(_ syntax: Syntax) -> String { signed(piece(syntax, depth: Self.scriptDepth)) }

  static let scriptDepth = 8

  private func leaf(_ name: String) -> Piece {
    if name == "eye" { return Piece(symbolOfEye, .atom, .matrix) }
    let extent = scope.extent(of: name)
    var piece = Piece(self.name(name), .atom, extent)
    if scope.variable(ofDifferential: name) != nil {
      piece.starts = .differential
      piece.ends = .differential
      piece.raisable = false
    } else if NameParts(name).base.count > 1,
      GreekLetter.latex(NameParts(name).base) == nil
    {
      piece.starts = .word
      piece.ends = .word
    }
    return piece
  }

  private var symbolOfEye: String {
    if case .constant(let symbol) = Primitive.eye.notation.latex { symbol } else { "" }
  }

  private func number(_ number: Number, depth: Int) -> Piece {
    var piece: Piece
    switch NumberNotation(number.magnitude) {
    case .plain(let digits):
      piece = Piece(digits, .atom, .scalar, edge: .digit)
    case .fraction(let p, let q):
      let (p, q) = (
        Piece(String(p), .atom, .scalar, edge: .digit),
        Piece(String(q), .atom, .scalar, edge: .digit)
      )
      piece = finish(quotient(Chain(p), by: q, depth: depth))
    case .scientific(let mantissa, let exponent):
      let text = (mantissa == "1" ? "" : "\(mantissa) \\cdot ") + "10^{\(exponent)}"
      piece = Piece(text, .chain, .scalar, edge: .digit)
      piece.raisable = false
    }
    piece.negative = number.isNegative
    return piece
  }

  private func transposed(_ operand: Syntax, depth: Int) -> Piece {
    if case .call(let name, let arguments) = operand.kind, arguments.count == 1,
      Primitive.called(name, arguments) == .inv
    {
      return inverseTransposed(self.piece(arguments[0], depth: depth))
    }
    let inner = self.piece(operand, depth: depth)
    var piece =
      inner.ends == .differential && inner.level == .atom && !inner.negative
      ? Piece("\(inner.text)^{\\top}", .atom, inner.extent, edge: .differential)
      : raised(inner, to: "\\top")
    piece.raisable = false
    piece.extent = inner.extent.transposed
    return piece
  }

  private func blocks(_ rows: [[Syntax]]) -> Piece {
    let cells = rows.map { $0.map { piece($0, depth: 1) } }
    let body = cells.map { $0.map(signed).joined(separator: " & ") }.joined(separator: " \\\\ ")
    let extent = Extent(
      oneRow: cells.count == 1 && cells.joined().allSatisfy(\.extent.oneRow),
      oneColumn: cells.allSatisfy { $0.count == 1 && $0.allSatisfy(\.extent.oneColumn) })
    return Piece(
      "\\begin{bmatrix} \(body) \\end{bmatrix}", .atom, extent, edge: .bracket, tall: true)
  }
}
