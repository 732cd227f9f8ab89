import ExpressionCore

/// Cuts UTF-8 bytes into tokens in one pass.
struct Lexer {
  let bytes: [UInt8]
  private(set) var position = 0
  private(set) var tokens: [Token] = []

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func tokens(of source: String) throws(Diagnostics) -> [Token] {
    var lexer = Lexer(Array(source.utf8))
    do {
      while lexer.position < lexer.bytes.count { try lexer.step() }
    } catch {
      throw Diagnostics(
        Diagnostic(error.problem, in: source, at: error.range, suggestion: error.suggestion))
    }
    let end = lexer.bytes.count
    lexer.tokens.append(Token(kind: .end, range: end..<end))
    return lexer.tokens
  }

  private mutating func step() throws(ReadingError) {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): emit(.newline, 1)
    case UInt8(ascii: "#"): skipComment()
    case UInt8(ascii: "("): emit(.open, 1)
    case UInt8(ascii: ")"): emit(.close, 1)
    case UInt8(ascii: "["): emit(.openBracket, 1)
    case UInt8(ascii: "]"): emit(.closeBracket, 1)
    case UInt8(ascii: ","): emit(.comma, 1)
    case UInt8(ascii: ";"): emit(.semicolon, 1)
    case UInt8(ascii: ":"): emit(.colon, 1)
    case UInt8(ascii: "="): emit(.equals, 1)
    case UInt8(ascii: "<"), UInt8(ascii: ">"): relation(isLess: byte == UInt8(ascii: "<"))
    case UInt8(ascii: "+"): emit(.plus, 1)
    case UInt8(ascii: "-"): emit(.minus, 1)
    case UInt8(ascii: "'"): emit(.transpose, 1)
    case UInt8(ascii: "/"): emit(.multiplication(.divide), 1)
    case UInt8(ascii: "^"): emit(.power, 1)
    case UInt8(ascii: "*"):
      if byte == self.byte(after: 1) {
        throw ReadingError(foreign: "**", at: position..<position + 2, "Write a power as x^2.")
      }
      emit(.multiplication(.times), 1)
    case UInt8(ascii: "\\"):
      if let error = latexHabit() { throw error }
      emit(.multiplication(.leftDivide), 1)
    case UInt8(ascii: "."): try dot()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): name()
    case 0x80...: try nonASCII()
    default: throw unexpected(Character(UnicodeScalar(byte)), length: 1)
    }
  }

  func byte(after offset: Int) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  mutating func emit(_ kind: Token.Kind, _ length: Int) {
    tokens.append(Token(kind: kind, range: position..<position + length))
    position += length
  }

  private mutating func relation(isLess: Bool) {
    let isStrict = byte(after: 1) != UInt8(ascii: "=")
    let relation = SizeRelation(isLess: isLess, isStrict: isStrict)
    emit(.relation(relation), isStrict ? 1 : 2)
  }

  private mutating func skipComment() {
    while position < bytes.count, bytes[position] != 10, bytes[position] != 13 { position += 1 }
  }

  private mutating func dot() throws(ReadingError) {
    switch byte(after: 1) {
    case UInt8(ascii: "*"): emit(.multiplication(.hadamard), 2)
    case UInt8(ascii: "/"): emit(.multiplication(.elementwiseDivide), 2)
    case UInt8(ascii: "^"): emit(.elementwisePower, 2)
    case UInt8(ascii: "'"): emit(.transpose, 2)
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): try number()
    case .some(let next) where Self.startsName(next): throw attributeHabit()
    default: throw unexpected(".", length: 1)
    }
  }

  // MARK: Names and numbers

  static func startsName(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  static func continuesName(_ byte: UInt8) -> Bool {
    startsName(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func name() {
    var end = position
    while end < bytes.count {
      if Self.continuesName(bytes[end]) {
        end += 1
      } else if let (scalar, length) = Self.scalar(in: bytes, at: end), Self.isGreekLetter(scalar) {
        end += length
      } else {
        break
      }
    }
    emit(.name(text(position..<end)), end - position)
  }

  private mutating func number() throws(ReadingError) {
    let start = position
    var end = position
    while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
    // The dot of `2.*x` and of `2.'` belongs to the operator.
    if end < bytes.count, bytes[end] == UInt8(ascii: "."), !isOperatorDot(at: end) {
      end += 1
      while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
    }
    if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
      var digits = end + 1
      if digits < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[digits]) {
        digits += 1
      }
      if digits < bytes.count, Self.isDigit(bytes[digits]) {
        end = digits
        while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
      }
    }
    guard let number = NumberText.number(text(start..<end)) else {
      let shown = end - start > 24 ? text(start..<start + 24) + "…" : text(start..<end)
      throw ReadingError(.numberOutOfRange(shown), at: start..<end)
    }
    emit(.number(number), end - start)
  }

  private func isOperatorDot(at index: Int) -> Bool {
    guard index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    return next == UInt8(ascii: "*") || next == UInt8(ascii: "/") || next == UInt8(ascii: "^")
      || next == UInt8(ascii: "'") || (Self.startsName(next) && next | 0x20 != UInt8(ascii: "e"))
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  // MARK: Beyond ASCII

  private mutating func nonASCII() throws(ReadingError) {
    guard let (scalar, length) = Self.scalar(in: bytes, at: position) else {
      throw ReadingError(.invalidUTF8, at: position..<position + 1)
    }
    if Self.isGreekLetter(scalar) { return name() }
    if Self.superscript(scalar) != nil || scalar == "⁻" || scalar == "⁺" {
      return try superscripts()
    }
    switch scalar {
    case "ᵀ", "⊤", "⊺": emit(.transpose, length)
    case "⊙": emit(.multiplication(.hadamard), length)
    case "⊘": emit(.multiplication(.elementwiseDivide), length)
    case "⊗": emit(.multiplication(.kronecker), length)
    case "·", "⋅": emit(.multiplication(.times), length)
    case "−": emit(.minus, length)
    case "≤", "≥":
      emit(.relation(SizeRelation(isLess: scalar == "≤", isStrict: false)), length)
    case "\u{A0}", "\u{2002}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}", "\u{FEFF}":
      position += length
    default: throw unexpected(Character(scalar), length: length)
    }
  }

  private mutating func superscripts() throws(ReadingError) {
    let start = position
    var end = position
    var sign = 1
    var value: Int?
    while let (scalar, length) = Self.scalar(in: bytes, at: end) {
      if end == start, scalar == "⁻" || scalar == "⁺" {
        sign = scalar == "⁻" ? -1 : 1
      } else if let digit = Self.superscript(scalar) {
        guard (value ?? 0) < 100_000_000 else {
          throw ReadingError(.numberOutOfRange(text(start..<end)), at: start..<end)
        }
        value = (value ?? 0) * 10 + digit
      } else if scalar == "ᵀ" || scalar == "⊤", end > start, value == nil, sign < 0 {
        // X⁻ᵀ is the transposed inverse.
        tokens.append(Token(kind: .superscript(-1), range: start..<end))
        position = end
        return emit(.transpose, length)
      } else {
        break
      }
      end += length
    }
    guard let value else {
      throw ReadingError(
        .unexpectedCharacter(text(start..<end)), at: start..<end,
        suggestion: "Write a power as x^2.")
    }
    emit(.superscript(sign * value), end - start)
  }

  private static func superscript(_ scalar: Unicode.Scalar) -> Int? {
    switch scalar {
    case "⁰": 0
    case "¹": 1
    case "²": 2
    case "³": 3
    case "⁴"..."⁹": Int(scalar.value) - 0x2070
    default: nil
    }
  }

  static func isGreekLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x370...0x3FF).contains(scalar.value) && scalar.properties.isAlphabetic
  }

  /// The scalar at an offset and its length; nil where the bytes are no valid UTF-8.
  static func scalar(in bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
    guard index < bytes.count else { return nil }
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
    guard length > 0, first < 0xF5, index + length <= bytes.count else { return nil }
    var value = UInt32(first) & (0xFF >> UInt32(length + 1))
    for next in bytes[index + 1..<index + length] {
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    let least: [UInt32] = [0, 0, 0x80, 0x800, 0x10000]
    guard value >= least[length], let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }
}
