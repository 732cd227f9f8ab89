import Evaluation

/// Random matrices; the same seed gives the same ones.
public struct RandomMatrices: Sendable {
  private var generator: SplitMix64

  public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// Standard normal entries.
  public mutating func normal(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
  }

  /// Entries between two numbers.
  public mutating func uniform(
    _ rows: Int, _ columns: Int, from low: Double, to high: Double
  ) -> Matrix {
    Matrix(rows: rows, columns: columns) { _, _ in low + (high - low) * generator.uniform() }
  }
}
