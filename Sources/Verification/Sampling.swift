import Evaluation
import ExpressionCore

/// How the entries of a random variable are drawn: domains differ (`log(x)`, `asin(x)`,
/// `log(1-x'*x)`), so that several ways are tried.
public enum Strategy: CaseIterable, Sendable {
  /// Standard normal, away from 0.
  case normal
  /// In (0.3, 2).
  case positive
  /// In (0.1, 0.9).
  case unitInterval
  /// Normal, a tenth of the size.
  case small
  /// Square matrices near `2*I`, others positive.
  case dominant
  /// Square matrices near `2*I`, others small.
  case dominantSmall

  fileprivate func entry(_ generator: inout SplitMix64) -> Double {
    switch self {
    case .normal:
      let z = generator.normal()
      return z + (z < 0 ? -0.15 : 0.15)
    case .positive, .dominant: return 0.3 + 1.7 * generator.uniform()
    case .unitInterval: return 0.1 + 0.8 * generator.uniform()
    case .small, .dominantSmall:
      let z = generator.normal()
      return 0.1 * (z + (z < 0 ? -0.15 : 0.15))
    }
  }

  fileprivate var isDominant: Bool { self == .dominant || self == .dominantSmall }
}

/// Random values of variables that respect what was declared of them.
enum Sampling {
  static func normalMatrix(
    _ rows: Int, _ columns: Int, using generator: inout SplitMix64
  ) -> Matrix {
    Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
  }

  /// A value of the variable, in general position.
  static func value(
    of variable: Variable, _ rows: Int, _ columns: Int, _ strategy: Strategy,
    using generator: inout SplitMix64
  ) -> Matrix {
    let signed = variable.sign != .any
    var x = Matrix(rows: rows, columns: columns) { _, _ in
      let value = strategy.entry(&generator)
      return signed ? value.magnitude : value
    }
    if strategy.isDominant, rows == columns, rows > 1 {
      x = Matrix(rows: rows, columns: columns) { i, j in
        x[i, j] / Double(2 * rows) + (i == j ? 2 + 0.3 * Double(i) : 0)
      }
    }
    switch variable.type {
    case .scalar, .vector, .row, .matrix: return x
    case .symmetric: return x.symmetricPart
    case .skew: return x.skewPart
    case .diagonal: return x.masked { $0 == $1 }
    case .lower: return x.masked { $0 >= $1 }
    case .upper: return x.masked { $0 <= $1 }
    case .spd, .psd: return positiveDefinite(x)
    case .orthogonal, .stiefel: return orthonormal(rows, columns, using: &generator)
    case .simplex: return normalizedRows(x.transposed).transposed
    case .stochastic: return normalizedRows(x)
    }
  }

  /// `X*X'/n + I/2`.
  private static func positiveDefinite(_ x: Matrix) -> Matrix {
    let square = x.timesTransposed(of: x).scaled(by: 1 / Double(max(x.rows, 1)))
    return square.adding(Matrix.identity(x.rows), times: 0.5).symmetricPart
  }

  private static func orthonormal(
    _ rows: Int, _ columns: Int, using generator: inout SplitMix64
  ) -> Matrix {
    let normal = normalMatrix(rows, columns, using: &generator)
    guard let q = try? normal.qr().q, q.columns == columns else { return normal }
    // R has a positive diagonal: a random sign of the first column reaches both determinants.
    let sign = generator.uniform() < 0.5 ? -1.0 : 1.0
    return Matrix(rows: rows, columns: columns) { $1 == 0 ? sign * q[$0, 0] : q[$0, $1] }
  }

  private static func normalizedRows(_ x: Matrix) -> Matrix {
    let positive = x.map { 0.2 + $0.magnitude }
    let totals = (0..<x.rows).map { i in
      (0..<x.columns).reduce(0) { $0 + positive[i, $1] }
    }
    return Matrix(rows: x.rows, columns: x.columns) { positive[$0, $1] / totals[$0] }
  }
}

extension Matrix {
  /// The matrix with zeros where `keeps(i, j)` is false.
  func masked(_ keeps: (Int, Int) -> Bool) -> Matrix {
    Matrix(rows: rows, columns: columns) { keeps($0, $1) ? self[$0, $1] : 0 }
  }
}
