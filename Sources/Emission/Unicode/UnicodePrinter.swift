import ExpressionCore
import ExpressionLanguage

/// Writes expressions for terminals, in Unicode: `(A + Aᵀ)x`, `Xᵀ(Xw − y)/N`, `‖x‖₂`.
///
/// It is for reading; the text that can be fed back is the language itself.
public struct UnicodePrinter: Typesetter {
  public let scope: NameScope
  let minus = "−"
  let inverseScript = "⁻¹"
  let inverseTransposeScript = "⁻ᵀ"

  public init(scope: NameScope = NameScope()) {
    self.scope = scope
  }

  public init(shapes: [String: Shape]) {
    self.init(scope: NameScope(shapes: shapes))
  }

  /// A name with its Greek letters and what stands below: `θ₁`.
  public static func name(_ name: String) -> String { UnicodeScript.name(name) }

  /// The expression on one line.
  public func print(_ syntax: Syntax) -> String { signed(piece(syntax, depth: 0)) }

  /// The printer for text in which a name is defined as well.
  public func defining(_ name: String, as value: Syntax) -> UnicodePrinter {
    UnicodePrinter(scope: scope.adding(name, piece(value, depth: 0).extent))
  }

  func symbol(_ primitive: Primitive) -> String {
    switch primitive.notation.unicode {
    case .operation(let symbol), .infix(let symbol): symbol
    case .function(let name), .indexed(let name, _), .ordered(let name): name
    case .superscript(let script): script
    case .norm, .delimited, .radical, .logDeterminant, .onesProduct, .constant, .filled,
      .multipleOfOnes, .unitVector, .subscripted, .blocks:
      primitive.rawValue
    }
  }

  func piece(_ syntax: Syntax, depth: Int) -> Piece {
    let syntax = syntax.asOperator
    switch syntax.kind {
    case .number(let number):
      return self.number(number)
    case .name(let name):
      return leaf(name)
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
      return blocks(rows, depth: depth)
    }
  }

  private func number(_ number: Number) -> Piece {
    var piece: Piece
    switch NumberNotation(number.magnitude) {
    case .plain(let digits):
      piece = Piece(digits, .atom, .scalar, edge: .digit)
    case .fraction(let p, let q):
      piece = Piece("\(p)/\(q)", .slash, .scalar, edge: .digit)
    case .scientific(let mantissa, let exponent):
      let power = "10" + (UnicodeScript.superscript(String(exponent)) ?? "^\(exponent)")
      piece = Piece((mantissa == "1" ? "" : "\(mantissa)·") + power, .chain, .scalar, edge: .digit)
    }
    piece.negative = number.isNegative
    return piece
  }

  private func leaf(_ name: String) -> Piece {
    if name == "eye" { return Piece("I", .atom, .matrix) }
    let extent = scope.extent(of: name)
    if let variable = scope.variable(ofDifferential: name) {
      var piece = Piece("d" + UnicodeScript.name(variable), .atom, extent, edge: .differential)
      piece.raisable = false
      return piece
    }
    let text = UnicodeScript.name(name)
    let isLetter = text.prefix { $0.isLetter && !UnicodeScript.isScript($0) }.count == 1
    return Piece(text, .atom, extent, edge: isLetter && !text.contains("_") ? .symbol : .word)
  }

  private func transposed(_ operand: Syntax, depth: Int) -> Piece {
    if case .call(let name, let arguments) = operand.kind, arguments.count == 1,
      Primitive.called(name, arguments) == .inv
    {
      return inverseTransposed(piece(arguments[0], depth: depth))
    }
    let inner = piece(operand, depth: depth)
    var result =
      inner.ends == .differential && inner.level == .atom && !inner.negative
      ? Piece("\(inner.text)ᵀ", .atom, inner.extent, edge: .differential)
      : raised(inner, to: "ᵀ")
    result.extent = result.extent.transposed
    return result
  }

  private func blocks(_ rows: [[Syntax]], depth: Int) -> Piece {
    let cells = rows.map { $0.map { piece($0, depth: depth) } }
    let body = cells.map { $0.map(signed).joined(separator: ", ") }.joined(separator: "; ")
    let extent = Extent(
      oneRow: cells.count == 1 && cells.joined().allSatisfy(\.extent.oneRow),
      oneColumn: cells.allSatisfy { $0.count == 1 && $0.allSatisfy(\.extent.oneColumn) })
    return Piece("[\(body)]", .atom, extent, edge: .word)
  }

  /// An exponent in raised characters, or `^(…)` where Unicode has none.
  private func script(_ syntax: Syntax) -> String {
    let exponent = piece(syntax, depth: 1)
    let text = signed(exponent)
    if let script = UnicodeScript.superscript(text.replacing("−", with: "-")) { return script }
    let bare = exponent.level == .atom && !exponent.negative
    return bare ? "^\(text)" : "^(\(text))"
  }
}
