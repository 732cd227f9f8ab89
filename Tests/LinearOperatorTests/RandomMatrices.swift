import Evaluation

/// Matrices with entries that are equally distributed, the same in every run.
struct RandomMatrices {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 0x2545_F491_4F6C_DD1D }

  /// In (-1, 1).
  mutating func number() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / Double(1 << 52) - 1
  }

  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns) { _, _ in number() }
  }

  /// Far from singular.
  mutating func regular(_ n: Int) -> Matrix {
    let noise = matrix(n, n)
    return Matrix(rows: n, columns: n) { noise[$0, $1] / Double(n) + ($0 == $1 ? 2 : 0) }
  }

  mutating func positiveDefinite(_ n: Int) -> Matrix {
    let x = matrix(n, n)
    return Matrix.identity(n).adding(x.timesTransposed(of: x)).symmetricPart
  }

  /// Between 1 and 3.
  mutating func positive(_ n: Int) -> [Double] { (0..<n).map { _ in 2 + number() } }
}

extension Matrix {
  /// `A ⊗ B`, from its definition.
  func kronecker(_ b: Matrix) -> Matrix {
    Matrix(rows: rows * b.rows, columns: columns * b.columns) { i, j in
      self[i / b.rows, j / b.columns] * b[i % b.rows, j % b.columns]
    }
  }

  static func diagonal(_ entries: [Double]) -> Matrix {
    Matrix(rows: entries.count, columns: entries.count) { $0 == $1 ? entries[$0] : 0 }
  }

  /// K with `K*vec(X) = vec(X')` for X m×n, from its definition.
  static func commutation(_ m: Int, _ n: Int) -> Matrix {
    Matrix(rows: m * n, columns: m * n) { row, column in
      let (i, j) = (row / n, row % n)
      return column == j * m + i ? 1 : 0
    }
  }

  /// Relative to the larger of both.
  func difference(from other: Matrix) -> Double {
    guard size == other.size else { return .infinity }
    let larger = max(frobeniusNorm, other.frobeniusNorm, 1e-300)
    return subtracting(other).frobeniusNorm / larger
  }
}
