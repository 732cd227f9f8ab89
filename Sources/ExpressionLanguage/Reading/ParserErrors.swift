/// What the parser says of a token that does not fit.
extension Parser {
  func text(_ range: Range<Int>) -> String {
    String(
      decoding: Array(source.utf8.dropFirst(range.lowerBound).prefix(range.count)), as: UTF8.self)
  }

  func shown(_ token: Token) -> String {
    switch token.kind {
    case .end: "the end"
    case .newline: "the end of the line"
    case .number, .name, .plus, .minus, .multiplication, .power, .elementwisePower, .transpose,
      .superscript, .open, .close, .openBracket, .closeBracket, .comma, .semicolon, .colon, .equals,
      .relation:
      text(token.range)
    }
  }

  func expected(_ current: Token, in top: Int) -> ReadingError {
    if current.kind == .end, let open = unclosed() { return open }
    if top == 0, current.kind == .close || current.kind == .closeBracket {
      return ReadingError(.unexpectedClosing(shown(current)), at: current.range)
    }
    return ReadingError(.expectedExpression(found: shown(current)), at: current.range)
  }

  func mismatch(_ current: Token, in top: Int) -> ReadingError {
    if current.kind == .end, let open = unclosed() { return open }
    if case .call = frames[top].opening, current.kind == .semicolon {
      return ReadingError(
        .misplaced(";"), at: current.range, suggestion: "Arguments are separated by ,.")
    }
    if current.kind == .comma {
      return ReadingError(
        .misplaced(","), at: current.range, suggestion: "Blocks are written in brackets: [A, B].")
    }
    return ReadingError(.misplaced(shown(current)), at: current.range)
  }

  func unclosed() -> ReadingError? {
    guard frames.count > 1, let frame = frames.last else { return nil }
    switch frame.opening {
    case .statement: return nil
    case .group: return ReadingError(.unclosed("("), at: frame.range)
    case .call(let name): return ReadingError(.unclosed("\(name)("), at: frame.range)
    case .blocks: return ReadingError(.unclosed("["), at: frame.range)
    }
  }

  func missingOperator(before current: Token, in top: Int) -> ReadingError {
    let left = frames[top].last?.range ?? current.range
    let whole = left.lowerBound..<current.range.upperBound
    let (l, r) = (Excerpt.short(text(left)), shown(current))
    if case .blocks = frames[top].opening {
      return ReadingError(
        .missingOperator(left: l, right: r), at: whole,
        suggestion: "Blocks of a row are separated by , as in [a, b].")
    }
    let written = current.kind == .open || current.kind == .openBracket ? "\(l)*\(r)…" : "\(l)*\(r)"
    return ReadingError(
      .missingOperator(left: l, right: r), at: whole, suggestion: "Write a product as \(written).")
  }
}
