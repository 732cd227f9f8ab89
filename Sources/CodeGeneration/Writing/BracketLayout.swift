/// Long lines of languages with brackets, broken inside of these: in C++, Swift, Julia, MATLAB.
struct BracketLayout {
  var width = 100
  /// What the lines inside of a bracket are indented by.
  var indent = "    "
  /// What a line ends with where the next one continues it.
  var continuation = ""
  /// Whether a bracket closes on a line of its own.
  var closesAlone = false
  /// The sign before a comment.
  let comment: String

  func lines(_ all: [String]) -> [String] { all.flatMap { lines($0) } }

  func lines(_ line: String) -> [String] {
    let margin = String(line.prefix { $0 == " " })
    let body = line.dropFirst(margin.count)
    guard line.count > width, !body.contains(comment) else { return [line] }
    guard let (start, end) = Self.longestGroup(of: line), end > start else { return [line] }
    let inner = line[line.index(after: start)..<end]
    let head = String(line[...start]) + continuation
    let deeper = margin + indent
    let tail = closesAlone ? "" : String(line[end...])
    let last = closesAlone ? [margin + line[end...]] : []
    if deeper.count + inner.count + tail.count <= width {
      return [head, deeper + inner + tail] + last
    }
    var parts = Self.parts(of: inner)
    for place in parts.indices.dropLast() { parts[place] += "," + continuation }
    parts[parts.count - 1] += tail
    return [head] + parts.flatMap { lines(deeper + $0) } + last
  }

  /// The longest of the outermost bracketed groups.
  private static func longestGroup(of line: String) -> (String.Index, String.Index)? {
    var opening: [String.Index] = []
    var longest: (start: String.Index, end: String.Index)?
    var isQuoted = false
    for index in line.indices {
      let character = line[index]
      if character == "\"" { isQuoted.toggle() }
      if isQuoted { continue }
      if "([{".contains(character) { opening.append(index) }
      if ")]}".contains(character), let start = opening.popLast(), opening.isEmpty {
        let length = line.distance(from: start, to: index)
        let known = longest.map { line.distance(from: $0.start, to: $0.end) } ?? 0
        if length > known { longest = (start, index) }
      }
    }
    return longest
  }

  /// What the outermost commas separate.
  private static func parts(of text: Substring) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted {
        if "([{".contains(character) { depth += 1 }
        if ")]}".contains(character) { depth -= 1 }
        if character == ",", depth == 0 {
          parts.append(part)
          part = ""
          continue
        }
      }
      if !(part.isEmpty && character == " ") { part.append(character) }
    }
    return parts + [part]
  }
}
