import Evaluation

/// A linear map between columns of numbers, kept in the structure that it came in.
///
/// It takes n×1 columns to m×1 columns (`vec` of a matrix, where matrices are meant), and is not
/// written out as an m×n matrix unless `materialise()` asks for it.
public struct LinearOperator: Sendable {
  /// The length of results.
  public let rows: Int
  /// The length of arguments.
  public let columns: Int
  let structure: Structure

  indirect enum Structure: Sendable {
    case zero
    case scaledIdentity(Double)
    case diagonal([Double])
    case dense(Matrix)
    case selection(Selection)
    /// A number times an operator into which it does not go.
    case scaled(Double, LinearOperator)
    case kronecker(LinearOperator, LinearOperator)
    /// Columnwise: column j is `a_j ⊗ b_j`; or the transpose of that.
    case khatriRao(LinearOperator, LinearOperator, isTransposed: Bool)
    /// At least two terms, none of them a sum.
    case sum([LinearOperator])
    /// At least two factors, none of them a product.
    case product([LinearOperator])
    case blocks([[LinearOperator]])
    case inverse(OperatorFactorization)
    case map(LinearMap)
  }

  init(_ rows: Int, _ columns: Int, _ structure: Structure) {
    self.rows = rows
    self.columns = columns
    self.structure = structure
  }

  public var size: MatrixSize { MatrixSize(rows, columns) }
  public var isSquare: Bool { rows == columns }

  var isIdentity: Bool {
    if case .scaledIdentity(let c) = structure { c == 1 } else { false }
  }

  /// The matrix where the operator is one.
  var matrix: Matrix? {
    if case .dense(let matrix) = structure { matrix } else { nil }
  }

  /// The operator without the number before it, and that number.
  var splitCoefficient: (Double, LinearOperator) {
    if case .scaled(let c, let body) = structure { (c, body) } else { (1, self) }
  }

  /// Whether both are one and the same diagonal or dense matrix; false may also mean "unknown".
  func isEqual(to other: LinearOperator) -> Bool {
    guard size == other.size else { return false }
    switch (structure, other.structure) {
    case (.zero, .zero): return true
    case (.scaledIdentity(let a), .scaledIdentity(let b)): return a == b
    case (.diagonal(let a), .diagonal(let b)): return a == b
    case (.dense(let a), .dense(let b)): return a == b
    case (.selection(let a), .selection(let b)): return a == b
    case _: return false
    }
  }

  /// The transpose.
  public var transposed: LinearOperator {
    switch structure {
    case .zero: LinearOperator(columns, rows, .zero)
    case .scaledIdentity, .diagonal: self
    case .dense(let matrix): LinearOperator(columns, rows, .dense(matrix.transposed))
    case .selection(let selection): LinearOperator(columns, rows, .selection(selection.transposed))
    case .scaled(let c, let x): LinearOperator(columns, rows, .scaled(c, x.transposed))
    case .kronecker(let a, let b):
      LinearOperator(columns, rows, .kronecker(a.transposed, b.transposed))
    case .khatriRao(let a, let b, let isTransposed):
      LinearOperator(columns, rows, .khatriRao(a, b, isTransposed: !isTransposed))
    case .sum(let terms): LinearOperator(columns, rows, .sum(terms.map(\.transposed)))
    case .product(let factors):
      LinearOperator(columns, rows, .product(factors.reversed().map(\.transposed)))
    case .blocks(let grid):
      LinearOperator(
        columns, rows,
        .blocks(grid[0].indices.map { j in grid.map { $0[j].transposed } }))
    case .inverse(let factorization):
      LinearOperator(columns, rows, .inverse(factorization.transposed))
    case .map(let map): LinearOperator(columns, rows, .map(map.transposed))
    }
  }
}
