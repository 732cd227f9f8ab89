import Evaluation
import LinearOperators
import Testing

/// Every structure against the matrix that it stands for, at sizes 1 to 6.
@Suite struct OperatorTests {
  @Test(arguments: OperatorCase.all, 1...6)
  func itIsItsMatrix(_ row: OperatorCase, _ n: Int) throws {
    let (x, matrix) = try row.make(n)
    var random = RandomMatrices(seed: n)
    let v = random.matrix(x.columns, 3)
    let u = random.matrix(x.rows, 2)
    #expect(x.size == matrix.size)
    #expect(try x.materialise().difference(from: matrix) < 1e-12)
    #expect(try x.apply(to: v).difference(from: matrix.times(v)) < 1e-12)
    #expect(
      try x.transposed.apply(to: u).difference(from: matrix.transposedTimes(u)) < 1e-12)
    #expect(try x.transposed.materialise().difference(from: matrix.transposed) < 1e-12)
    #expect(throws: LinearOperatorError.self) { try x.apply(to: Matrix.zeros(x.columns + 1, 1)) }
  }

  @Test(arguments: OperatorCase.all, 1...6)
  func theDiagonalIsThatOfTheMatrix(_ row: OperatorCase, _ n: Int) throws {
    let (x, matrix) = try row.make(n)
    guard x.isSquare else {
      #expect(throws: LinearOperatorError.notSquare(x.size)) { try x.diagonal() }
      return
    }
    let diagonal = Matrix(column: (0..<matrix.rows).map { matrix[$0, $0] })
    let scale = max(matrix.maxMagnitude, 1e-300)
    #expect(try x.diagonal().subtracting(diagonal).maxMagnitude <= 1e-13 * scale)
  }

  @Test(arguments: OperatorCase.all, 1...6)
  func aSolutionSolves(_ row: OperatorCase, _ n: Int) throws {
    let (x, matrix) = try row.make(n)
    var random = RandomMatrices(seed: 77 * n)
    let b = random.matrix(x.rows, 2)
    guard x.isSquare, row.isRegular else {
      #expect(throws: LinearOperatorError.self) { try x.solve(b) }
      return
    }
    let factorization = try x.factorized()
    let condition = try LUFactorization(matrix).reciprocalCondition
    let tolerance = 1e-13 / max(condition, 1e-10)
    let solution = try factorization.solve(b)
    #expect(try x.apply(to: solution).difference(from: b) < tolerance)
    #expect(solution.difference(from: try matrix.solving(b)) < tolerance)
    let transposed = try factorization.transposed.solve(b)
    #expect(matrix.transposedTimes(transposed).difference(from: b) < tolerance)
    if let method = row.method, n > 1 {
      #expect(factorization.method.contains(method), "\(factorization.method)")
    }
  }
}
