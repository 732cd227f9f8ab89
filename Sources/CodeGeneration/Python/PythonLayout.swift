/// Lines of Python no wider than Black allows, broken as Black breaks them.
enum PythonLayout {
  static let width = 88

  static func indented(_ lines: [String], by depth: Int = 1) -> [String] {
    lines.map { $0.isEmpty ? "" : String(repeating: "    ", count: depth) + $0 }
  }

  /// A statement at an indentation, in as many lines as it needs.
  static func lines(_ statement: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    guard indent + statement.count > width else { return [margin + statement] }
    let text = Scan(statement)
    if statement.hasPrefix("def "), let group = text.longestGroup {
      return wrapped(group, prefix: "", suffix: "", indent)
    }
    for keyword in ["return ", "raise "] where statement.hasPrefix(keyword) {
      return broken(String(statement.dropFirst(keyword.count)), keyword, "", indent)
    }
    if let place = text.places(of: [" = "]).first {
      let end = statement.index(place, offsetBy: 3)
      return broken(String(statement[end...]), String(statement[..<end]), "", indent)
    }
    return broken(statement, "", "", indent)
  }

  /// Words in lines, the later ones indented further.
  static func filled(_ text: String, indent: Int, hanging: Int = 0) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let margin = indent + (lines.isEmpty ? 0 : hanging)
      if !line.isEmpty, margin + line.count + 1 + word.count > width {
        lines.append(line)
        line = String(word)
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    lines.append(line)
    return lines.enumerated().map { $0 == 0 ? $1 : String(repeating: " ", count: hanging) + $1 }
  }

  /// A comment in as many lines as it needs.
  static func comment(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    return filled(text, indent: indent + 2).map { margin + "# " + $0 }
  }

  /// Whether a binary operator stands outside of brackets.
  static func hasOperator(_ signs: [String], _ expression: String) -> Bool {
    !Scan(expression).places(of: signs.map { " \($0) " }).isEmpty
  }

  // MARK: Expressions

  private static func broken(
    _ expression: String, _ prefix: String, _ suffix: String, _ indent: Int
  ) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let whole = margin + prefix + expression + suffix
    if whole.count <= width { return [whole] }
    let text = Scan(expression)
    let isTuple = !text.places(of: [", "]).isEmpty
    if !isTuple, text.operatorPlaces.isEmpty {
      guard let group = text.longestGroup else { return [whole] }
      return wrapped(group, prefix: prefix, suffix: suffix, indent)
    }
    guard prefix.isEmpty || prefix.last == "(" || suffix == "," || isOperator(prefix) else {
      return wrapped(("(", expression, ")"), prefix: prefix, suffix: suffix, indent)
    }
    return operands(expression, prefix, suffix, indent)
  }

  private static func isOperator(_ prefix: String) -> Bool {
    ["+ ", "- ", "* ", "/ ", "@ ", "// "].contains(prefix)
  }

  /// Each operand on its own line, its operator before it.
  private static func operands(
    _ expression: String, _ prefix: String, _ suffix: String, _ indent: Int
  ) -> [String] {
    let places = Scan(expression).operatorPlaces
    var lines: [String] = []
    var start = expression.startIndex
    var sign = prefix
    for place in places + [expression.endIndex] {
      let isLast = place == expression.endIndex
      lines += broken(String(expression[start..<place]), sign, isLast ? suffix : "", indent)
      guard !isLast else { break }
      let afterSpace = expression.index(after: place)
      let end = expression[afterSpace...].firstIndex(of: " ") ?? afterSpace
      start = expression.index(after: end)
      sign = String(expression[afterSpace..<start])
    }
    return lines
  }

  private static func wrapped(
    _ group: (head: String, inner: String, tail: String), prefix: String, suffix: String,
    _ indent: Int
  ) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines = [margin + prefix + group.head]
    let inner = indent + 4
    if inner + group.inner.count <= width {
      lines.append(String(repeating: " ", count: inner) + group.inner)
    } else {
      let parts = Scan(group.inner).parts
      if parts.count > 1 {
        for part in parts { lines += broken(part, "", ",", inner) }
      } else {
        lines += broken(group.inner, "", "", inner)
      }
    }
    return lines + [margin + group.tail + suffix]
  }
}

/// The places of a line of Python that are outside of brackets and quotes.
private struct Scan {
  let text: String
  /// Indices at depth 0.
  private var outer: [String.Index] = []
  /// Bracketed groups at depth 0: from the opening to the closing bracket.
  private var groups: [(String.Index, String.Index)] = []

  init(_ text: String) {
    self.text = text
    var depth = 0
    var opening = text.startIndex
    var isQuoted = false
    for index in text.indices {
      let character = text[index]
      if character == "\"" { isQuoted.toggle() }
      if isQuoted { continue }
      if "([{".contains(character) {
        if depth == 0 { opening = index }
        depth += 1
      } else if ")]}".contains(character) {
        depth -= 1
        if depth == 0 { groups.append((opening, index)) }
      } else if depth == 0 {
        outer.append(index)
      }
    }
  }

  func places(of separators: [String]) -> [String.Index] {
    outer.filter { index in separators.contains { text[index...].hasPrefix($0) } }
  }

  /// Where the loosest operators stand.
  var operatorPlaces: [String.Index] {
    let sums = places(of: [" + ", " - "])
    return sums.isEmpty ? places(of: [" * ", " / ", " @ ", " // "]) : sums
  }

  /// The longest bracketed part, with what is before and behind it, brackets included.
  var longestGroup: (head: String, inner: String, tail: String)? {
    let longest = groups.max {
      text.distance(from: $0.0, to: $0.1) < text.distance(from: $1.0, to: $1.1)
    }
    guard let (start, end) = longest else { return nil }
    return (
      String(text[...start]), String(text[text.index(after: start)..<end]), String(text[end...])
    )
  }

  /// What commas separate.
  var parts: [String] {
    var result: [String] = []
    var start = text.startIndex
    for place in places(of: [", "]) {
      result.append(String(text[start..<place]))
      start = text.index(place, offsetBy: 2)
    }
    return result + [String(text[start...])]
  }
}
