import Evaluation
import ExpressionCore

/// A program that computes a derivative, such as a user's own function.
///
/// It throws `FrechetError.implementation` where it has no result, and `FrechetError.callLimit`
/// where it takes too long.
public typealias Implementation =
  @Sendable (ImplementationArguments) throws(FrechetError) -> ImplementationResult

/// What a program is called with.
public struct ImplementationArguments: Sendable {
  /// The variables of the input, by name.
  public let variables: [Variable]
  /// The matrix of each.
  public let values: [String: Matrix]
  /// The names of dimensions.
  public let sizes: [String: Int]
}

/// What a program computes.
public struct ImplementationResult: Sendable {
  public let matrix: Matrix
  /// Whether it is a mere list of numbers, or a number, that is neither a row nor a column.
  public let isUnoriented: Bool
  /// Whether it was computed with 24 bits.
  public let isSinglePrecision: Bool

  public init(_ matrix: Matrix, isUnoriented: Bool = false, isSinglePrecision: Bool = false) {
    self.matrix = matrix
    self.isUnoriented = isUnoriented
    self.isSinglePrecision = isSinglePrecision
  }

  /// The matrix in the shape that is expected, where nothing but the orientation is open.
  func oriented(like expected: Matrix) -> Matrix {
    guard isUnoriented, matrix.count == expected.count, expected.rows == 1 || expected.columns == 1
    else { return matrix }
    return Matrix(rows: expected.rows, columns: expected.columns, values: matrix.values) ?? matrix
  }
}
