import ExpressionCore

extension LaTeXPrinter {
  func glue(_ left: Piece, _ right: Piece) -> String {
    if right.starts == .digit { return " \\cdot " }
    if right.starts == .fraction, left.ends == .digit { return " \\cdot " }
    if right.starts == .call { return " " }
    if right.starts == .differential { return " \\, " }
    if right.starts == .bracket || left.ends == .bracket {
      return left.ends == .call ? " \\, " : " "
    }
    if left.ends == .call || right.starts == .letterCall { return " \\, " }
    if left.ends == .differential { return " \\, " }
    if left.ends == .word || right.starts == .word { return " \\, " }
    return " "
  }

  func parenthesized(_ piece: Piece) -> Piece {
    delimited("(", [signed(piece)], ")", piece.extent, tall: piece.tall)
  }

  /// Texts, separated by commas, between delimiters that grow with them.
  func delimited(
    _ open: String, _ texts: [String], _ close: String, _ extent: Extent, tall: Bool
  ) -> Piece {
    let text = texts.joined(separator: ", ")
    let space = open.hasPrefix("\\") ? " " : ""
    return Piece(
      tall ? "\\left\(open)\(space)\(text) \\right\(close)" : "\(open)\(space)\(text)\(close)",
      .atom, extent, edge: .bracket, tall: tall)
  }

  func raised(_ piece: Piece, to script: String) -> Piece {
    let fits = piece.level == .atom && piece.raisable && !piece.negative && piece.chain == nil
    var result = fits ? piece : parenthesized(piece)
    result.text += "^{\(script)}"
    result.raisable = false
    return result
  }

  func fraction(_ numerator: Piece, _ denominator: Piece) -> Piece {
    Piece(
      "\\frac{\(signed(numerator))}{\(signed(denominator))}", .chain, numerator.extent,
      edge: .fraction, tall: true)
  }

  /// Fractions inside fractions and scripts are written with a slash, once they are small.
  ///
  /// What is divided: a scalar as a whole, or by a number in front of it; of an array only the scalars before it, as in
  /// `\frac{1}{N} \mathbf{X}^{\top} \mathbf{y}`, unless it is a symbol: `\frac{\mathbf{x}}{r}`.
  func quotient(_ chain: Chain, by divisor: Piece, depth: Int) -> Chain {
    let simple = divisor.level == .atom && chain.body.count + chain.numerator.count == 1
    if depth > 1 || (depth == 1 && simple), chain.extent.isScalar {
      return slash(chain, divisor)
    }
    var result = chain
    if divisor.negative { result.negative.toggle() }
    var below = divisor
    below.negative = false
    if chain.denominator.isEmpty {
      if chain.extent.isScalar {
        // A number under something long goes in front: `\frac{1}{2} \mathbf{x}^{\top} \mathbf{x}`.
        let all = result.numerator + result.body
        let isLong = all.contains { $0.level != .atom || $0.ends != .symbol && $0.ends != .digit }
        let stays = below.starts == .digit && below.level == .atom && (isLong || chain.hasArrays)
        let above = stays ? all.prefix { $0.starts == .digit && $0.level == .atom } : all[...]
        result.numerator = Array(above)
        result.body = Array(all.dropFirst(above.count))
      } else if result.numerator.isEmpty {
        let scalars = result.body.prefix { $0.extent.isScalar }
        result.body.removeFirst(scalars.count)
        result.numerator = Array(scalars)
        if scalars.isEmpty, result.body.count == 1, result.body[0].starts == .symbol,
          result.body[0].level == .atom, below.starts != .digit
        {
          swap(&result.numerator, &result.body)
        }
      }
    }
    if let inner = below.chain, inner.denominator.isEmpty {
      result.denominator += inner.numerator + inner.body
    } else {
      result.denominator.append(below)
    }
    return result
  }

  private func slash(_ chain: Chain, _ divisor: Piece) -> Chain {
    var above = finish(chain)
    let negative = above.negative != divisor.negative
    above.negative = false
    var below = divisor
    below.negative = false
    if above.level == .sum || above.level == .loose { above = parenthesized(above) }
    if below.level < .atom { below = parenthesized(below) }
    var result = Piece(
      "\(above.text)/\(below.text)", .slash, .scalar, tall: above.tall || below.tall)
    result.negative = negative
    result.raisable = false
    return Chain(result)
  }
}
