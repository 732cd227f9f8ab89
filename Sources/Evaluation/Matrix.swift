/// A dense matrix of doubles, stored column by column, so that `vec` is its storage.
///
/// A scalar is 1×1, a vector n×1, a row 1×n.
@frozen
public struct Matrix: Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  @usableFromInline var storage: [Double]

  /// The entries column by column: always `rows * columns` of them.
  @inlinable public var values: [Double] { storage }
  /// The number of entries.
  @inlinable public var count: Int { storage.count }
  @inlinable public var isSquare: Bool { rows == columns }
  @inlinable public var isScalar: Bool { rows == 1 && columns == 1 }
  public var size: MatrixSize { MatrixSize(rows, columns) }

  @usableFromInline init(_ rows: Int, _ columns: Int, storage: [Double]) {
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// The matrix with the given entries, column by column; nil unless there are `rows * columns`.
  public init?(rows: Int, columns: Int, values: [Double]) {
    guard rows >= 0, columns >= 0 else { return nil }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, values.count == count else { return nil }
    self.init(rows, columns, storage: values)
  }

  /// The matrix whose rows are given; nil where they differ in length.
  public init?(rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == columns }) else { return nil }
    self.init(rows: rows.count, columns: columns) { rows[$0][$1] }
  }

  public init(rows: Int, columns: Int, repeating value: Double) {
    self.init(rows, columns, storage: Array(repeating: value, count: rows * columns))
  }

  /// The matrix with the entry `entry(i, j)` in row `i` and column `j`, counted from 0.
  @inlinable
  public init(rows: Int, columns: Int, entry: (Int, Int) -> Double) {
    let storage = [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      var position = 0
      for j in 0..<columns {
        for i in 0..<rows {
          buffer.initializeElement(at: position, to: entry(i, j))
          position += 1
        }
      }
      count = position
    }
    self.init(rows, columns, storage: storage)
  }

  /// A 1×1 matrix.
  public init(_ scalar: Double) { self.init(1, 1, storage: [scalar]) }
  /// An n×1 matrix.
  public init(column: [Double]) { self.init(column.count, 1, storage: column) }
  /// A 1×n matrix.
  public init(row: [Double]) { self.init(1, row.count, storage: row) }

  public static func zeros(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, repeating: 0)
  }

  public static func identity(_ n: Int) -> Matrix {
    var result = zeros(n, n)
    for i in 0..<n { result.storage[i * n + i] = 1 }
    return result
  }

  /// The entry in row `i` and column `j`, counted from 0.
  @inlinable
  public subscript(_ i: Int, _ j: Int) -> Double {
    get { storage[i + j * rows] }
    set { storage[i + j * rows] = newValue }
  }

  /// The entry at a position of `vec`, counted from 0.
  @inlinable
  public subscript(_ position: Int) -> Double {
    get { storage[position] }
    set { storage[position] = newValue }
  }

  /// The value of a 1×1 matrix, otherwise nil.
  public var scalar: Double? { isScalar ? storage[0] : nil }
  /// The entries row by row.
  public var rowMajorValues: [Double] { transposed.storage }
  public var allFinite: Bool { storage.allSatisfy(\.isFinite) }

  /// The storage, for loops that must not check bounds.
  @inlinable
  public func withUnsafeValues<R, E: Error>(
    _ body: (UnsafeBufferPointer<Double>) throws(E) -> R
  ) throws(E) -> R {
    try storage.withUnsafeBufferPointer(body)
  }

  /// The storage, for loops that must not check bounds.
  @inlinable
  public mutating func withUnsafeMutableValues<R>(
    _ body: (UnsafeMutableBufferPointer<Double>) -> R
  ) -> R {
    storage.withUnsafeMutableBufferPointer { body($0) }
  }

  /// The matrix whose entries are written by `body`, which must fill all of them.
  @inlinable
  static func build(
    _ rows: Int, _ columns: Int, _ body: (UnsafeMutableBufferPointer<Double>) -> Void
  ) -> Matrix {
    let storage = [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      body(buffer)
      count = rows * columns
    }
    return Matrix(rows, columns, storage: storage)
  }
}

/// The number of rows and of columns of a matrix.
public struct MatrixSize: Hashable, Sendable, CustomStringConvertible {
  public let rows: Int
  public let columns: Int

  public init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  public var description: String { "\(rows)×\(columns)" }
}

extension Matrix: CustomStringConvertible {
  /// `[1.0, 2.0; 3.0, 4.0]`, valid input of the language.
  public var description: String {
    let lines = (0..<rows).map { i in
      (0..<columns).map { j in "\(self[i, j])" }.joined(separator: ", ")
    }
    return "[" + lines.joined(separator: "; ") + "]"
  }
}
