import CKernels
import Evaluation
import Frechet
import Testing

/// The factorizations that programs make without LAPACK.
@Suite("Own factorizations")
struct FactorTests {
  private static func random(_ n: Int, _ columns: Int) -> Matrix {
    var generator = SplitMix64(seed: UInt64(n))
    return Matrix(rows: n, columns: columns) { _, _ in generator.normal() }
  }

  /// ‖A*X − B‖ ≤ c(n) ε ‖A‖ ‖X‖ (Higham, Accuracy and Stability, theorem 9.4).
  private func solves(_ a: Matrix, _ x: [Double], _ b: Matrix) -> Bool {
    guard let x = Matrix(rows: b.rows, columns: b.columns, values: x) else { return false }
    let residual = a.times(x).subtracting(b).frobeniusNorm
    return residual <= 1e-14 * Double(a.rows) * a.frobeniusNorm * x.frobeniusNorm
  }

  @Test("solve with small residuals", arguments: [1, 2, 3, 7, 16, 33, 70])
  func residuals(n: Int) throws {
    let a = Self.random(n, n)
    let b = Self.random(n, 3)
    var factors = a.values
    var pivots = [Int32](repeating: 0, count: n)
    fk_lu(Int64(n), &factors, &pivots)
    var x = b.values
    fk_lu_solve(Int64(n), 3, factors, pivots, 0, &x)
    #expect(solves(a, x, b))
    x = b.values
    fk_lu_solve(Int64(n), 3, factors, pivots, 1, &x)
    #expect(solves(a.transposed, x, b))
    let reference = try LUFactorization(a)
    let size = (0..<n).reduce(1.0) { $0 * factors[$1 * (n + 1)] }
    let negatives = pivots.indices.count { Int(pivots[$0]) != $0 + 1 }
    let determinant = negatives.isMultiple(of: 2) ? size : -size
    #expect(
      (determinant - reference.determinant).magnitude <= 1e-11 * reference.determinant.magnitude)

    let s = a.timesTransposed(of: a).adding(Matrix.identity(n))
    factors = s.values
    #expect(fk_cholesky(Int64(n), &factors) == 0)
    x = b.values
    fk_cholesky_solve(Int64(n), 3, factors, &x)
    #expect(solves(s, x, b))
  }

  @Test("say which pivot is not positive, and leave zeros of a singular matrix")
  func failures() {
    var indefinite: [Double] = [4, 2, 2, 1]
    #expect(fk_cholesky(2, &indefinite) == 2)
    var negative: [Double] = [-1]
    #expect(fk_cholesky(1, &negative) == 1)
    var singular: [Double] = [1, 2, 2, 4]
    var pivots: [Int32] = [0, 0]
    fk_lu(2, &singular, &pivots)
    #expect(singular[3] == 0 && pivots == [2, 2])
  }
}
