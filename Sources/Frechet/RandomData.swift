import Evaluation
import ExpressionCore
import Verification

/// Random matrices that have the structure of a declaration, of any size.
enum RandomData {
  static func matrix(
    _ rows: Int, _ columns: Int, _ type: StructureType, _ sign: EntrySign,
    using generator: inout SplitMix64
  ) -> Matrix {
    let plain = entries(rows, columns, sign, using: &generator)
    let scale = 1 / Double(rows).squareRoot()
    switch type {
    case .scalar, .vector, .row, .matrix: return plain
    case .symmetric: return plain.symmetricPart
    case .skew: return plain.skewPart
    case .diagonal:
      return Matrix(rows: rows, columns: columns) { $0 == $1 ? 1 + plain[$0, $1].magnitude : 0 }
    case .lower: return Matrix(rows: rows, columns: columns) { $0 >= $1 ? plain[$0, $1] : 0 }
    case .upper: return Matrix(rows: rows, columns: columns) { $0 <= $1 ? plain[$0, $1] : 0 }
    case .spd, .psd:
      let factor = plain.scaled(by: scale)
      let square = factor.timesTransposed(of: factor)
      return Matrix(rows: rows, columns: columns) { square[$0, $1] + ($0 == $1 ? 1 : 0) }
    case .orthogonal, .stiefel:
      return (try? plain.qr().q) ?? plain
    case .simplex:
      let total = plain.values.reduce(0) { $0 + $1.magnitude }
      return plain.map { $0.magnitude / total }
    case .stochastic:
      let totals = (0..<rows).map { i in
        (0..<columns).reduce(0) { $0 + plain[i, $1].magnitude }
      }
      return Matrix(rows: rows, columns: columns) { plain[$0, $1].magnitude / totals[$0] }
    }
  }

  private static func entries(
    _ rows: Int, _ columns: Int, _ sign: EntrySign, using generator: inout SplitMix64
  ) -> Matrix {
    Matrix(rows: rows, columns: columns) { _, _ in
      switch sign {
      case .any: generator.normal()
      case .nonnegative, .positive: generator.uniform() + 0.1
      }
    }
  }
}
