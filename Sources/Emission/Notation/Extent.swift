import ExpressionCore

/// What notation needs to know of a shape: which of its two sides are 1.
///
/// It tells a scalar from a vector, a row and a matrix, and an inner product `xᵀy` from an outer
/// one. A size that is unknown is taken not to be 1, as the language does.
public struct Extent: Hashable, Sendable {
  public let oneRow: Bool
  public let oneColumn: Bool

  public init(oneRow: Bool, oneColumn: Bool) {
    self.oneRow = oneRow
    self.oneColumn = oneColumn
  }

  public init(_ shape: Shape) {
    self.init(oneRow: shape.rows.isOne, oneColumn: shape.columns.isOne)
  }

  public static let scalar = Extent(oneRow: true, oneColumn: true)
  public static let vector = Extent(oneRow: false, oneColumn: true)
  public static let row = Extent(oneRow: true, oneColumn: false)
  public static let matrix = Extent(oneRow: false, oneColumn: false)

  public var isScalar: Bool { oneRow && oneColumn }
  public var isMatrix: Bool { !oneRow && !oneColumn }
  public var transposed: Extent { Extent(oneRow: oneColumn, oneColumn: oneRow) }

  /// The extent of a sum or an elementwise product, in which operands spread.
  func spread(over other: Extent) -> Extent {
    Extent(oneRow: oneRow && other.oneRow, oneColumn: oneColumn && other.oneColumn)
  }

  /// The extent of a product: a scalar scales, anything else is the matrix product.
  func times(_ other: Extent) -> Extent {
    if isScalar { return other }
    if other.isScalar { return self }
    return Extent(oneRow: oneRow, oneColumn: other.oneColumn)
  }
}
