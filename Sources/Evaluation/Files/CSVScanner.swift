/// Reads the numbers of a text in one pass over its bytes.
struct CSVScanner {
  private(set) var values: [Double] = []
  private(set) var rows = 0
  private(set) var columns = 0
  private var position = 0
  private var line = 1

  private static let newline = UInt8(ascii: "\n")

  /// `buffer` has a zero at `count`.
  mutating func scan(_ buffer: UnsafeBufferPointer<UInt8>, count: Int) throws(FileError) {
    if count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { position = 3 }
    values.reserveCapacity(count / 8)
    while position < count {
      skipBlanks(buffer)
      let byte = buffer[position]
      if position >= count { break }
      if byte == Self.newline {
        position += 1
        line += 1
      } else if byte == UInt8(ascii: "#") {
        skipLine(buffer, count)
      } else {
        try scanRow(buffer, count)
      }
    }
  }

  private mutating func scanRow(
    _ buffer: UnsafeBufferPointer<UInt8>, _ count: Int
  ) throws(FileError) {
    let start = position
    let valuesBefore = values.count
    var fields = 0
    while true {
      let fieldStart = position
      guard let value = number(buffer) else {
        // Only a first line without a single number is a header.
        if rows == 0 && line == 1 && !hasNumber(buffer, from: start, count) {
          values.removeLast(values.count - valuesBefore)
          position = start
          skipLine(buffer, count)
          return
        }
        throw .notANumber(text: field(buffer, count), line: line, column: fields + 1)
      }
      values.append(value)
      fields += 1
      let spaced = skipBlanks(buffer)
      let byte = buffer[position]
      if position >= count || byte == Self.newline { break }
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") {
        position += 1
        skipBlanks(buffer)
        // A separator at the end of a line closes it.
        if position >= count || buffer[position] == Self.newline { break }
      } else if !spaced {
        position = fieldStart
        throw .notANumber(text: field(buffer, count), line: line, column: fields)
      }
    }
    if rows == 0 { columns = fields }
    guard fields == columns else { throw .ragged(line: line, expected: columns, got: fields) }
    rows += 1
  }

  @discardableResult
  private mutating func skipBlanks(_ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = position
    while buffer[position] == 0x20 || buffer[position] == 0x09 || buffer[position] == 0x0D {
      position += 1
    }
    return position > start
  }

  private mutating func skipLine(_ buffer: UnsafeBufferPointer<UInt8>, _ count: Int) {
    while position < count, buffer[position] != Self.newline { position += 1 }
    if position < count { position += 1 }
    line += 1
  }

  /// Whether any field of the line at `start` is a number.
  private func hasNumber(
    _ buffer: UnsafeBufferPointer<UInt8>, from start: Int, _ count: Int
  ) -> Bool {
    var probe = self
    probe.position = start
    while probe.position < count, buffer[probe.position] != Self.newline {
      let before = probe.position
      if probe.number(buffer) != nil { return true }
      probe.position = Swift.max(probe.position, before)
      while probe.position < count, buffer[probe.position] != Self.newline,
        buffer[probe.position] != UInt8(ascii: ","), buffer[probe.position] != UInt8(ascii: ";")
      { probe.position += 1 }
      if probe.position < count, buffer[probe.position] != Self.newline { probe.position += 1 }
      probe.skipBlanks(buffer)
    }
    return false
  }

  /// The text of the field at the position, for an error.
  private func field(_ buffer: UnsafeBufferPointer<UInt8>, _ count: Int) -> String {
    var end = position
    while end < count, buffer[end] != Self.newline, buffer[end] != UInt8(ascii: ","),
      end - position < 40
    { end += 1 }
    return String(decoding: buffer[position..<end], as: UTF8.self)
  }

  /// The number at the position, which moves behind it; nil, unmoved, where there is none.
  ///
  /// Up to 2⁵³ and powers of ten up to 22 are exact, so that one rounding gives the nearest double
  /// (Clinger 1990); the C library reads all others.
  private mutating func number(_ buffer: UnsafeBufferPointer<UInt8>) -> Double? {
    let start = position
    var p = position
    let negative = buffer[p] == UInt8(ascii: "-")
    if negative || buffer[p] == UInt8(ascii: "+") { p += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var fraction = false
    while true {
      let digit = buffer[p] &- UInt8(ascii: "0")
      if digit <= 9 {
        if mantissa > 0 || digit > 0 || fraction { digits += mantissa == 0 && digit == 0 ? 0 : 1 }
        if digits <= 18 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        if fraction { exponent -= 1 }
      } else if buffer[p] == UInt8(ascii: "."), !fraction {
        fraction = true
      } else {
        break
      }
      p += 1
    }
    let signed = negative || buffer[start] == UInt8(ascii: "+")
    let sawDigit = p - start > (signed ? 1 : 0) + (fraction ? 1 : 0)
    let hasExponent = sawDigit && (buffer[p] | 0x20) == UInt8(ascii: "e")
    if sawDigit, !hasExponent, digits <= 18, mantissa <= 1 << 53, exponent >= -22 {
      position = p
      let magnitude = Double(mantissa) / Self.powersOfTen[-exponent]
      return negative ? -magnitude : magnitude
    }
    return library(buffer)
  }

  private mutating func library(_ buffer: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let base = buffer.baseAddress else { return nil }
    let first = buffer[position]
    // The library would skip a line's end.
    if first == Self.newline || first == 0 { return nil }
    let (value, length) = base.advanced(by: position).withMemoryRebound(
      to: CChar.self, capacity: buffer.count - position
    ) { parseWithLibrary($0) }
    guard length > 0 else { return nil }
    // `info` begins with what the library reads as infinity.
    let next = buffer[position + length]
    let ends: [UInt8] = [0, 0x20, 0x09, 0x0D, Self.newline, UInt8(ascii: ","), UInt8(ascii: ";")]
    guard ends.contains(next) else { return nil }
    position += length
    return value
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
