/// A size as the language writes it: `3`, `n`, `m*n`, `m + 2`.
public struct RandomSize: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ text: String) { description = text }
  init(_ value: Int) { description = String(value) }

  static let one = RandomSize(1)

  var literal: Int? { Int(description) }
  var isOne: Bool { literal == 1 }

  static func * (a: RandomSize, b: RandomSize) -> RandomSize {
    if a.isOne { return b }
    if b.isOne { return a }
    if let x = a.literal, let y = b.literal { return RandomSize(x * y) }
    return RandomSize("\(a.factor)*\(b.factor)")
  }

  static func + (a: RandomSize, b: RandomSize) -> RandomSize {
    if let x = a.literal, let y = b.literal { return RandomSize(x + y) }
    return RandomSize("\(a) + \(b)")
  }

  private var factor: String { description.contains(" ") ? "(\(description))" : description }

  /// Whether a declaration may have it: an integer or a name.
  var isPlain: Bool { description.allSatisfy { $0.isLetter || $0.isNumber } }
}

public struct RandomShape: Hashable, Sendable {
  public let rows: RandomSize
  public let columns: RandomSize

  init(_ rows: RandomSize, _ columns: RandomSize) {
    self.rows = rows
    self.columns = columns
  }

  static let scalar = RandomShape(.one, .one)

  var isScalar: Bool { rows.isOne && columns.isOne }
  var isVector: Bool { columns.isOne && !rows.isOne }
  var isRow: Bool { rows.isOne && !columns.isOne }
  var isMatrix: Bool { !rows.isOne && !columns.isOne }
  var isSquare: Bool { rows == columns }
  var isPlain: Bool { rows.isPlain && columns.isPlain }

  /// The names of dimensions in it.
  var names: Set<String> {
    Set([rows, columns].filter { $0.isPlain && $0.literal == nil }.map(\.description))
  }

  /// As a declaration without structure.
  var plainType: String {
    if isScalar { return "scalar" }
    if isVector { return "vector(\(rows))" }
    if isRow { return "row(\(columns))" }
    return "matrix(\(rows),\(columns))"
  }

  var transposed: RandomShape { RandomShape(columns, rows) }
}
