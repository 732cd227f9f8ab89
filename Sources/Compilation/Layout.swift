import Evaluation
import ExpressionCore

extension Program {
  /// How the entries of an input lie in the caller's memory; without one they are doubles, column by
  /// column.
  public struct Layout: Hashable, Sendable {
    /// Whether rows are contiguous.
    public var isRowMajor: Bool
    /// Whether entries are floats, also in a program of doubles.
    public var isSinglePrecision: Bool

    public init(isRowMajor: Bool = false, isSinglePrecision: Bool = false) {
      self.isRowMajor = isRowMajor
      self.isSinglePrecision = isSinglePrecision
    }
  }
}

extension MappedArray {
  /// What `Program.Options.layouts` takes for the array.
  public var layout: Program.Layout {
    Program.Layout(isRowMajor: isRowMajor, isSinglePrecision: isSinglePrecision)
  }
}

extension Elementary {
  /// A variable from the memory where it lies: samples in contiguous rows are the columns of what is
  /// stored.
  mutating func input(
    _ variable: Variable, at position: Int, _ shape: Shape, _ rows: Int, _ columns: Int
  ) -> Int {
    let layout = layouts[variable.name] ?? Program.Layout()
    let isTransposed = layout.isRowMajor && rows > 1 && columns > 1
    let stored = isTransposed ? (shape.transposed, columns, rows) : (shape, rows, columns)
    let value = builder.add(.input(position), [], stored.0, stored.1, stored.2)
    return isTransposed ? builder.transposed(value) : value
  }
}
