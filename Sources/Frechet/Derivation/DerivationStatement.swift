/// One equation of a derivation as its author wrote it: `df = 2*r'*dr`, or `= 2*r'*A*dx`.
struct DerivationStatement {
  /// Of the text, counted from 1.
  let line: Int
  /// What stands on the left; nil of a further step of a chain.
  let left: String?
  let right: String

  /// The equation on one line.
  var text: String { left.map { "\($0) = \(right)" } ?? "= \(right)" }
}

extension DerivationStatement {
  /// The statements of a text: one a line or several with semicolons, each a chain `a = b = c`.
  ///
  /// `#` begins a comment. A line that begins or ends with an operator, or in a bracket, is one with
  /// the line beside it; one without `=` is a further step.
  static func all(in text: String) -> [DerivationStatement] {
    var statements: [DerivationStatement] = []
    // What stands on one line is counted by semicolons.
    let isOneLine = !text.contains(where: \.isNewline)
    for (index, (line, text)) in pieces(of: text).enumerated() {
      let line = isOneLine ? index + 1 : line
      var sides = split(text, at: "=").map(\.trimmed)
      if sides.count == 1 { sides.insert("", at: 0) }
      for (place, right) in sides.enumerated().dropFirst() {
        let left = place == 1 && !sides[0].isEmpty ? sides[0] : nil
        statements.append(DerivationStatement(line: line, left: left, right: right))
      }
    }
    return statements
  }

  private static let operators: Set<Character> = ["+", "-", "−", "*", "/", "⊗", "⊙", "\\", "·"]

  /// What stands between line feeds and semicolons, lines that belong together joined.
  private static func pieces(of text: String) -> [(line: Int, text: String)] {
    var pieces: [(line: Int, text: String)] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      for piece in split(String(line.prefix { $0 != "#" }), at: ";") {
        let text = cleaned(piece)
        guard let first = text.first else { continue }
        let isJoined =
          pieces.last.map { last in
            operators.contains(first) || last.text.last.map(operators.contains) ?? false
              || depth(of: last.text) > 0
          } ?? false
        if isJoined, !split(text, at: "=").dropFirst().isEmpty, operators.contains(first) {
          pieces.append((index + 1, text))
        } else if isJoined, let last = pieces.popLast() {
          pieces.append((last.line, last.text + " " + text))
        } else {
          pieces.append((index + 1, text))
        }
      }
    }
    return pieces
  }

  /// Without what typesetting and prose leave around an equation.
  private static func cleaned(_ text: String) -> String {
    var text = text.trimmed
    if text.hasPrefix("&") { text = String(text.dropFirst()).trimmed }
    for arrow in ["=>", "⇒", "⟹", "∴"] where text.hasPrefix(arrow) {
      text = String(text.dropFirst(arrow.count)).trimmed
    }
    while let last = text.last, last == "," || last == "." {
      text = String(text.dropLast()).trimmed
    }
    return text
  }

  private static func depth(of text: String) -> Int {
    text.reduce(0) { depth, character in
      "([".contains(character) ? depth + 1 : ")]".contains(character) ? depth - 1 : depth
    }
  }

  /// The parts between occurrences of a character outside brackets; `:=` and `&=` are `=`.
  private static func split(_ text: String, at separator: Character) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if character == separator, depth <= 0 {
        if separator == "=", let last = parts.last?.last, last == ":" || last == "&" {
          parts[parts.count - 1].removeLast()
        }
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}
