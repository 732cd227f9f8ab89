/// Spellings of Python, NumPy and LaTeX that people bring along, and what they mean here.
extension Lexer {
  private static let modules: Set<String> = [
    "np", "numpy", "jnp", "jax", "torch", "tf", "math", "scipy", "linalg", "sp",
  ]

  /// Attributes that name a function of this language by another name.
  private static let attributes = [
    "inverse": "inv", "log_softmax": "logsoftmax", "slogdet": "logdet", "norm": "norm2",
    "power": "square", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "flatten": "vec",
    "eye": "eye", "maximum": "max", "minimum": "min", "multiply": "max", "cholesky": "chol",
  ]

  /// `X.T`, `X.dot(Y)`, `X.sum()`, `np.log(X)`: the position is at the dot.
  func attributeHabit() -> ReadingError {
    var end = position + 1
    while end < bytes.count, Lexer.continuesName(bytes[end]) { end += 1 }
    let attribute = text(position + 1..<end)
    let before = tokens.last
    let start = before.map { $0.range.upperBound == position ? $0.range.lowerBound : position }
    let range = (start ?? position)..<end
    let object = text(range.lowerBound..<position)
    let spelling = text(range)
    let function = Self.attributes[attribute] ?? attribute
    let means: String
    if Self.modules.contains(object) {
      means = Self.modules.contains(attribute) ? "Leave \(spelling) out." : "Write \(function)(…)."
    } else if attribute == "T" || attribute == "t" || attribute == "mT" || attribute == "H" {
      means = "Write the transpose as \(object)'."
    } else if attribute == "dot" || attribute == "matmul" || attribute == "mm" {
      means = "Write a product as \(object)*Y."
    } else {
      means = "Write \(function)(\(object.isEmpty || object == ")" ? "…" : object))."
    }
    return ReadingError(foreign: spelling, at: range, means)
  }

  private static let commands = [
    "top": "Write the transpose as X'.", "intercal": "Write the transpose as X'.",
    "transpose": "Write the transpose as X'.", "frac": "Write a fraction as (a)/(b).",
    "dfrac": "Write a fraction as (a)/(b).", "tfrac": "Write a fraction as (a)/(b).",
    "cdot": "Write a product as A*B.", "times": "Write a product as A*B.",
    "odot": "Write the elementwise product as A.*B.",
    "circ": "Write the elementwise product as A.*B.",
    "oslash": "Write the elementwise quotient as A./B.",
    "otimes": "Write the Kronecker product as kron(A,B).",
    "left": "Write plain parentheses.", "right": "Write plain parentheses.",
    "mathbf": "Write the plain name.", "boldsymbol": "Write the plain name.",
    "bm": "Write the plain name.", "mathrm": "Write the plain name.",
    "text": "Write the plain name.", "operatorname": "Write the plain name.",
    "Vert": "Write a norm as norm2(x).", "lVert": "Write a norm as norm2(x).",
    "rVert": "Write a norm as norm2(x).", "|": "Write a norm as norm2(x).",
    "quad": "Leave it out.", "sum": "Write sum(x).", "prod": "Write prod(x).",
  ]

  /// A LaTeX command; nil where the backslash may be a left division.
  func latexHabit() -> ReadingError? {
    var end = position + 1
    while end < bytes.count, Lexer.startsName(bytes[end]) { end += 1 }
    let command = text(position + 1..<end)
    guard !command.isEmpty else { return nil }
    let range = position..<end
    if let means = Self.commands[command], !afterOperand || !Self.isFunctionHere(command) {
      return ReadingError(foreign: "\\" + command, at: range, means)
    }
    if afterOperand { return nil }
    return ReadingError(foreign: "\\" + command, at: range, "Write \(command).")
  }

  private static func isFunctionHere(_ name: String) -> Bool { FunctionTable.contains(name) }

  private var afterOperand: Bool {
    switch tokens.last?.kind {
    case .number, .name, .transpose, .superscript, .close, .closeBracket: true
    case .plus, .minus, .multiplication, .power, .elementwisePower, .open, .openBracket, .comma,
      .semicolon, .newline, .colon, .equals, .relation, .end, nil:
      false
    }
  }

  /// A character that begins nothing, with what it usually stands for.
  func unexpected(_ character: Character, length: Int) -> ReadingError {
    let meaning: String? =
      switch character {
      case "@": "Write a product as A*B."
      case "{", "}": "Write parentheses."
      case "|": "Write abs(x), norm2(x) or det(X)."
      case "‖", "∥": "Write norm2(x)."
      case "√": "Write sqrt(x)."
      case "×", "∗": "Write a product as A*B."
      case "∘": "Write the elementwise product as A.*B."
      case "÷": "Write a quotient as a/b."
      case "–", "—": "Write a minus sign as -."
      case "′", "’", "‘", "`", "´": "Write the transpose as X'."
      case "%", "!", "\"": "A comment begins with #."
      case "$", "&": "Leave it out."
      case "†", "⁺": "Write the pseudoinverse as pinv(X)."
      case "∑": "Write sum(x)."
      case "∏": "Write prod(x)."
      case "_": "A name begins with a letter."
      default: nil
      }
    let shown = character.unicodeScalars.first.map { scalar in
      scalar.value < 32 || scalar.value == 127 || scalar.properties.generalCategory == .format
        ? "U+" + String(repeating: "0", count: max(0, 4 - String(scalar.value, radix: 16).count))
          + String(scalar.value, radix: 16).uppercased() : String(character)
    }
    return ReadingError(
      .unexpectedCharacter(shown ?? ""), at: position..<position + length, suggestion: meaning)
  }
}
