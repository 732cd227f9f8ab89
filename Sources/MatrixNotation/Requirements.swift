import Evaluation

/// A matrix that a function was given has the wrong size.
public struct WrongSize: Error, Hashable, CustomStringConvertible {
  public let name: String
  public let expected: MatrixSize
  public let got: MatrixSize

  public var description: String { "\(name): expected a \(expected) matrix, got \(got)" }
}

/// Throws where a matrix does not have the size that it should.
public func require(
  _ matrix: Matrix, _ name: String, _ rows: Int, _ columns: Int
) throws(WrongSize) {
  let expected = MatrixSize(rows, columns)
  if matrix.size != expected { throw WrongSize(name: name, expected: expected, got: matrix.size) }
}

/// The number in a 1×1 matrix.
public func number(_ matrix: Matrix) throws(WrongSize) -> Double {
  guard let value = matrix.scalar else {
    throw WrongSize(name: "number", expected: MatrixSize(1, 1), got: matrix.size)
  }
  return value
}
