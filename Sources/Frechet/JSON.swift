/// A JSON value whose objects keep the order of their keys.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Not a number and the infinities are written as `null`: JSON has no spelling for them.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// The value as text: on one line where it fits in `width` columns, otherwise one member a line.
  public func text(width: Int = 100) -> String {
    var result = ""
    write(to: &result, indent: 0, width: width)
    return result
  }

  private func write(to result: inout String, indent: Int, width: Int) {
    let line = oneLine
    if indent + line.utf8.count <= width {
      result += line
      return
    }
    let margin = String(repeating: " ", count: indent + 2)
    switch self {
    case .null, .bool, .integer, .number, .string:
      result += line
    case .array(let elements):
      result += "[\n"
      for (index, element) in elements.enumerated() {
        result += margin
        element.write(to: &result, indent: indent + 2, width: width)
        result += index + 1 < elements.count ? ",\n" : "\n"
      }
      result += String(repeating: " ", count: indent) + "]"
    case .object(let members):
      result += "{\n"
      for (index, member) in members.enumerated() {
        result += margin + Self.quoted(member.key) + ": "
        member.value.write(to: &result, indent: indent + 2, width: width)
        result += index + 1 < members.count ? ",\n" : "\n"
      }
      result += String(repeating: " ", count: indent) + "}"
    }
  }

  private var oneLine: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.quoted(value)
    case .array(let elements): "[" + elements.map(\.oneLine).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ": " + $0.value.oneLine }.joined(separator: ", ")
        + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSON {
  static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
}
