import ExpressionCore
import ExpressionLanguage

extension UnicodePrinter {
  func call(_ name: String, _ arguments: [Syntax], depth: Int) -> Piece {
    if let inner = inverseOfTranspose(Primitive.called(name, arguments), arguments) {
      return inverseTransposed(piece(inner, depth: depth))
    }
    let operands = arguments.map { piece($0, depth: depth) }
    guard let primitive = Primitive.called(name, arguments) else {
      // `d(…)` of a derivation: a differential has the shape of its operand.
      return function(name, operands, name == "d" ? operands.first?.extent ?? .scalar : .scalar)
    }
    let extents = operands.map(\.extent)
    var extent = Extent.result(of: primitive, extents, sizes: arguments)
    if primitive == .diag, extents.first == .matrix { extent = .vector }
    var result = layout(primitive, name, arguments, operands, extent, depth: depth)
    result.extent = extent
    return result
  }

  private func layout(
    _ primitive: Primitive, _ name: String, _ arguments: [Syntax], _ operands: [Piece],
    _ extent: Extent, depth: Int
  ) -> Piece {
    let form = primitive.notation.unicode
    guard let first = operands.first else {
      if case .constant(let symbol) = form { return Piece(symbol, .atom, extent) }
      return function(name, [], extent)
    }
    switch form {
    case .infix:
      return operands.count == 2
        ? loose(first, primitive, operands[1]) : function(name, operands, extent)
    case .function(let name):
      return function(name, operands, extent)
    case .superscript(let script):
      return raised(first, to: script)
    case .norm(let index):
      return norm(index, primitive, arguments, operands)
    case .delimited(let open, let close):
      let inside = operands.map(signed).joined(separator: ", ")
      return Piece("\(open)\(inside)\(close)", .atom, extent, edge: .word)
    case .radical:
      let isLetter = first.level == .atom && first.starts == .symbol && first.raisable
      let inside = isLetter && !first.negative ? first.text : parenthesized(first).text
      var root = Piece("√\(inside)", .atom, extent, edge: .root)
      root.raisable = false
      return root
    case .logDeterminant(let log, let det):
      let isLetter = first.level == .atom && first.starts == .symbol && !first.negative
      var result = Piece(
        "\(log)|\(det) \(isLetter ? first.text : parenthesized(first).text)|", .atom, extent,
        edge: .call)
      result.raisable = false
      return result
    case .constant(let symbol):
      guard operands.count == 1, let size = UnicodeScript.subscript(signed(first)) else {
        return function(name, operands, extent)
      }
      return Piece(symbol + size, .atom, extent)
    case .subscripted(let before, let after):
      let positions = operands.dropFirst().map(signed).joined(separator: ",")
      let array = first.level == .atom && !first.negative ? first : parenthesized(first)
      var result = array
      result.text += "[\(before)\(positions)\(after)]"
      result.ends = .word
      return result
    case .operation, .blocks, .indexed, .ordered, .onesProduct, .filled, .multipleOfOnes,
      .unitVector:
      return function(name, operands, extent)
    }
  }

  private func function(_ name: String, _ operands: [Piece], _ extent: Extent) -> Piece {
    let inside = operands.map(signed).joined(separator: ", ")
    return Piece("\(name)(\(inside))", .atom, extent, edge: .call)
  }

  private func norm(
    _ index: NormIndex, _ primitive: Primitive, _ arguments: [Syntax], _ operands: [Piece]
  ) -> Piece {
    let inside = signed(operands[0])
    let isMatrix = operands[0].extent.isMatrix
    let below: String?
    switch index {
    case .entrywise("∞"): below = "_∞"
    case .entrywise(let text): below = UnicodeScript.subscript(text)
    case .euclidean: below = isMatrix ? "_F" : "₂"
    case .frobenius: below = "_F"
    case .spectral(let text): below = UnicodeScript.subscript(text) ?? "_\(text)"
    case .argument: below = operands.count > 1 ? UnicodeScript.subscript(signed(operands[1])) : nil
    }
    let isEntrywise =
      switch index {
      case .entrywise, .argument: true
      case .euclidean, .frobenius, .spectral: false
      }
    guard let below, !(isEntrywise && isMatrix) else {
      return function(primitive.rawValue, operands, .scalar)
    }
    return Piece("‖\(inside)‖\(below)", .atom, .scalar, edge: .word)
  }
}
