import ExpressionCore

extension UnicodePrinter {
  /// Letters stand side by side; words are kept apart, and a dot keeps apart what would else read
  /// as one number, one name or a call.
  func glue(_ left: Piece, _ right: Piece) -> String {
    if right.starts == .digit { return "·" }
    if left.ends == .root { return "·" }
    if right.starts == .bracket { return left.ends == .word ? "·" : "" }
    if left.ends == .bracket { return right.starts == .symbol ? "" : " " }
    if left.ends == .digit { return right.starts == .call ? " " : "" }
    if left.text == "d" { return " " }
    if left.ends == .symbol, right.starts == .symbol || right.starts == .root { return "" }
    return " "
  }

  func parenthesized(_ piece: Piece) -> Piece {
    Piece("(\(signed(piece)))", .atom, piece.extent, edge: .bracket)
  }

  func raised(_ piece: Piece, to script: String) -> Piece {
    let fits = piece.level == .atom && piece.raisable && !piece.negative && piece.chain == nil
    var result = fits ? piece : parenthesized(piece)
    result.text += script
    result.raisable = false
    if script.hasSuffix(")") || script.hasPrefix("^") { result.ends = .word }
    return result
  }

  func fraction(_ numerator: Piece, _ denominator: Piece) -> Piece {
    let above = numerator.level < .chain ? parenthesized(numerator) : numerator
    let below = denominator.level < .atom ? parenthesized(denominator) : denominator
    return Piece("\(signed(above))/\(signed(below))", .slash, above.extent)
  }

  /// `a/b`, with a product in front where there is one; what follows puts it in parentheses.
  func quotient(_ chain: Chain, by divisor: Piece, depth: Int) -> Chain {
    var above = finish(chain)
    let negative = above.negative != divisor.negative
    above.negative = false
    var below = divisor
    below.negative = false
    var result = fraction(above, below)
    result.negative = negative
    result.extent = chain.extent
    result.raisable = false
    return Chain(result)
  }
}
