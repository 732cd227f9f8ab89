/// The shape `rows × columns` of a matrix; a scalar is 1×1, a vector n×1, a row 1×n.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  public var rows: Dim
  public var columns: Dim

  public init(_ rows: Dim, _ columns: Dim) {
    self.rows = rows
    self.columns = columns
  }

  public static let scalar = Shape(1, 1)

  @inlinable public var isScalar: Bool { rows.isOne && columns.isOne }
  /// A column that is not a scalar.
  @inlinable public var isVector: Bool { columns.isOne && !rows.isOne }
  /// A row that is not a scalar.
  @inlinable public var isRow: Bool { rows.isOne && !columns.isOne }
  public var isSquare: Bool { rows == columns }
  public var transposed: Shape { Shape(columns, rows) }
  /// The number of entries.
  public var count: Dim { rows * columns }
  public var description: String { "\(rows)×\(columns)" }
}
