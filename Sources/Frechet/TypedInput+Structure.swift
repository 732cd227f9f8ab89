import Evaluation
import ExpressionCore
import ExpressionLanguage

extension TypedInput {
  /// A note for each variable whose data do not have the structure that is declared: derivatives
  /// rely on it.
  func structureNotes(_ data: [String: Matrix]) -> [String] {
    variables.compactMap { variable in
      guard let matrix = data[variable.name],
        let (i, j) = variable.type.violation(in: matrix)
      else { return nil }
      let (row, column) = (i + 1, j + 1)
      let entries =
        i == j
        ? "entry (\(row),\(column)) is \(matrix[i, j])"
        : "entries (\(row),\(column)) and (\(column),\(row)) are \(matrix[i, j]) and "
          + "\(matrix[j, i])"
      return "\(variable.name): declared \(variable.type), but \(entries)"
    }
  }
}

extension StructureType {
  /// Entries may differ from the structure by this much of the largest one.
  private static let tolerance = 1e-12

  /// The first entry that breaks the structure of a square matrix.
  fileprivate func violation(in matrix: Matrix) -> (Int, Int)? {
    guard let defect = entryDefect, matrix.isSquare else { return nil }
    let limit = Self.tolerance * matrix.maxMagnitude
    for j in 0..<matrix.columns {
      for i in j..<matrix.rows where defect(matrix[i, j], matrix[j, i], i == j) > limit {
        return (i, j)
      }
    }
    return nil
  }

  /// How far an entry below or on the diagonal, and its mirror image, are from the structure.
  private var entryDefect: ((Double, Double, Bool) -> Double)? {
    switch self {
    case .symmetric, .spd, .psd: { a, b, _ in (a - b).magnitude }
    case .skew: { a, b, _ in (a + b).magnitude }
    case .diagonal: { a, b, isDiagonal in isDiagonal ? 0 : max(a.magnitude, b.magnitude) }
    case .lower: { _, b, isDiagonal in isDiagonal ? 0 : b.magnitude }
    case .upper: { a, _, isDiagonal in isDiagonal ? 0 : a.magnitude }
    case .scalar, .vector, .row, .matrix, .orthogonal, .stiefel, .simplex, .stochastic: nil
    }
  }
}
