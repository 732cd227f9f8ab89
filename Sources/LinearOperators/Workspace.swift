import Evaluation

/// What work with an operator may take, and what it took.
///
/// Every matrix that is formed on the way is reserved here, so that a limit is an error before
/// memory is taken, and a test can tell which matrices were formed.
public struct Workspace: Sendable {
  /// The most entries that a matrix may have.
  public var maximumEntries: Int
  /// The largest order of a system that is solved as a dense one where no structure helps.
  public var maximumDenseOrder: Int
  /// The multiplications of numbers so far.
  public private(set) var multiplications = 0.0
  /// The entries of the largest matrix formed so far.
  public private(set) var largestEntries = 0

  public init(maximumEntries: Int = 1 << 28, maximumDenseOrder: Int = 5_000) {
    self.maximumEntries = maximumEntries
    self.maximumDenseOrder = maximumDenseOrder
  }

  /// Throws `tooLarge` where a matrix would have too many entries.
  mutating func reserve(_ rows: Int, _ columns: Int) throws(LinearOperatorError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= maximumEntries else {
      throw .tooLarge(MatrixSize(rows, columns), limit: maximumEntries)
    }
    largestEntries = max(largestEntries, count)
  }

  /// Counts `m*k*n` multiplications.
  mutating func count(_ m: Int, _ k: Int, _ n: Int = 1) {
    multiplications += Double(m) * Double(k) * Double(n)
  }

  /// `A*B` of matrices that fit.
  mutating func product(_ a: Matrix, _ b: Matrix) throws(LinearOperatorError) -> Matrix {
    try reserve(a.rows, b.columns)
    count(a.rows, a.columns, b.columns)
    return a.times(b)
  }
}
