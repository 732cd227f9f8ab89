import Differentiation
import Evaluation
import LinearOperators

/// The Hessian of a function of several variables at given data, as one linear map: it takes a
/// matrix for each variable to a matrix for each variable.
///
/// It is symmetric, of blocks `∂²f/∂x∂y`, each in a structure of its own.
public struct JointHessian: Sendable {
  /// The variables, in the order of the blocks.
  public let variables: [String]
  /// The operator on the columns `vec` of all variables, one below the other.
  public let linearOperator: LinearOperator
  /// What makes a number less certain than it looks.
  public let notes: [String]
  private let sizes: [MatrixSize]
  private let blocks: [[DerivativeOperator]]

  init(
    _ variables: [String], _ sizes: [MatrixSize], _ blocks: [[DerivativeOperator]],
    notes: [String]
  ) throws(FrechetError) {
    self.variables = variables
    self.sizes = sizes
    self.blocks = blocks
    self.notes = notes
    linearOperator = try FrechetError.attempt { () throws(LinearOperatorError) in
      try .blocks(blocks.map { $0.map(\.linearOperator) })
    }
  }

  /// The block with rows by one variable and columns by another, or nil for other names.
  public func block(_ rows: String, _ columns: String) -> DerivativeOperator? {
    guard let i = variables.firstIndex(of: rows), let j = variables.firstIndex(of: columns) else {
      return nil
    }
    return blocks[i][j]
  }

  /// The derivative of all gradients along a direction, which has a matrix of the size of each
  /// variable. Throws `evaluation` where one is missing or has another size.
  public func apply(to direction: [String: Matrix]) throws(FrechetError) -> [String: Matrix] {
    let column = try stacked(direction, "apply")
    return parted(
      try FrechetError.attempt { () throws(LinearOperatorError) in
        try linearOperator.apply(to: column)
      })
  }

  /// The whole matrix, with respect to `vec` of all variables in their order. Throws `sizeLimit`,
  /// before memory is taken, where it would have more entries than allowed.
  public func materialise(maximumEntries: Int = 1 << 28) throws(FrechetError) -> Matrix {
    try FrechetError.attempt { () throws(LinearOperatorError) in
      try linearOperator.materialise(maximumEntries: maximumEntries)
    }
  }

  /// The second derivatives by each entry of each variable.
  public func diagonal() throws(FrechetError) -> [String: Matrix] {
    parted(
      try FrechetError.attempt { () throws(LinearOperatorError) in
        try linearOperator.diagonal()
      })
  }

  /// The direction along which the gradients change by B: Newton's step in all variables together
  /// where B is minus the gradients.
  ///
  /// Where a block on the diagonal has a structure that shortens a solve, it is eliminated, and a
  /// dense system of the order of the other variables remains (the Schur complement). Throws as
  /// `DerivativeOperator.solve` does.
  public func solve(_ b: [String: Matrix]) throws(FrechetError) -> [String: Matrix] {
    let column = try stacked(b, "solve")
    return parted(
      try FrechetError.attempt { () throws(LinearOperatorError) in
        try linearOperator.solve(column)
      })
  }

  /// The same by products only, for a positive definite Hessian (see
  /// `LinearOperator.conjugateGradients`).
  public func conjugateGradients(
    _ b: [String: Matrix], tolerance: Double = 1e-10, maximumIterations: Int? = nil
  ) throws(FrechetError) -> (
    solution: [String: Matrix], iterations: Int, relativeResidual: Double
  ) {
    let column = try stacked(b, "conjugateGradients")
    let solved = try FrechetError.attempt { () throws(LinearOperatorError) in
      try linearOperator.conjugateGradients(
        column, tolerance: tolerance, maximumIterations: maximumIterations)
    }
    return (parted(solved.solution), solved.iterations, solved.relativeResidual)
  }

  // MARK: Columns

  private func stacked(
    _ matrices: [String: Matrix], _ operation: String
  ) throws(FrechetError) -> Matrix {
    if let other = matrices.keys.sorted().first(where: { !variables.contains($0) }) {
      throw .evaluation(
        "\(operation): \(other) is none of the variables \(variables.joined(separator: ", "))")
    }
    var values: [Double] = []
    for (name, size) in zip(variables, sizes) {
      guard let matrix = matrices[name] else {
        throw .evaluation("\(operation): a \(size) matrix for \(name) is missing")
      }
      guard matrix.size == size else {
        throw .evaluation(
          "\(operation): for \(name) a \(size) matrix is expected, the value is \(matrix.size)")
      }
      values += matrix.values
    }
    return Matrix(column: values)
  }

  private func parted(_ column: Matrix) -> [String: Matrix] {
    var result: [String: Matrix] = [:]
    var start = 0
    for (name, size) in zip(variables, sizes) {
      let part = Array(column.values[start..<(start + size.count)])
      result[name] = Matrix(rows: size.rows, columns: size.columns, values: part)
      start += size.count
    }
    return result
  }
}
