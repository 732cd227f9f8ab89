import Frechet
import RandomExpressions
import Testing

/// Hessians and Jacobians of random inputs as operators, against their formulas evaluated without
/// any structure. The seeds are fixed.
@Suite struct RandomOperatorTests {
  @Test(arguments: 0..<3)
  func anOperatorIsItsFormula(batch: Int) throws {
    var compared = 0
    for seed in 0..<14 {
      let input = TermGenerator.input(seed: UInt64(7000 + 14 * batch + seed), largest: 8)
      if try agrees(input) { compared += 1 }
    }
    #expect(compared > 8)
  }

  /// False where there is nothing to compare: no point with a value, or no matrix form.
  private func agrees(_ input: RandomInput) throws -> Bool {
    let declarations = input.declarationTexts
    let typed = try Language.elaborate(input.text, declarations: declarations)
    var points = RandomPoints([typed], seed: 3)
    guard let point = points.next() else { return false }
    let x: DerivativeOperator
    do {
      x =
        typed.nodes[typed.result].shape.isScalar
        ? try HessianRequest(
          input.text, wrt: input.wrt, data: point.values, declarations: declarations
        ).answer()
        : try JacobianRequest(
          input.text, wrt: input.wrt, data: point.values, declarations: declarations
        ).answer()
    } catch {
      // The formula may need an inverse that there is not, though the derivative exists.
      #expect(error.description.contains("singular"), "\(input.command): \(error)")
      return false
    }
    guard x.form != .operator else { return false }
    let formula = try Language.elaborate(x.text, in: typed)
    var options = EvaluationOptions()
    options.tracksMagnitude = true
    let evaluation = try Evaluator(formula, options: options)
      .evaluate(point.values, sizes: point.sizes)
    let value = evaluation.result
    let matrix = value.size == x.linearOperator.size ? value : turned(value, x.linearOperator)
    // What is zero in exact arithmetic is what is left of the numbers that cancelled.
    let scale = max(matrix.frobeniusNorm, 1e-6 * evaluation.largestMagnitude)
    guard scale.isFinite else { return false }
    #expect(
      try x.materialise().subtracting(matrix).frobeniusNorm <= 1e-9 * scale, "\(input.command)")
    var random = RandomMatrices(seed: 4)
    let v = random.matrix(x.columnSize.rows, x.columnSize.columns)
    let product = try Matrix(column: x.apply(to: v).values)
    #expect(
      product.subtracting(matrix.times(Matrix(column: v.values))).frobeniusNorm <= 1e-8 * scale,
      "\(input.command)")
    guard matrix.isSquare else { return true }
    let diagonal = Matrix(column: (0..<matrix.rows).map { matrix[$0, $0] })
    #expect(
      try x.linearOperator.diagonal().subtracting(diagonal).frobeniusNorm <= 1e-9 * scale,
      "\(input.command)")
    try solves(x, matrix, scale, input)
    return true
  }

  /// A gradient is a row of the Jacobian, a derivative by a scalar its column.
  private func turned(_ value: Matrix, _ x: LinearOperator) -> Matrix {
    x.rows == 1 ? Matrix(row: value.values) : Matrix(column: value.values)
  }

  private func solves(
    _ x: DerivativeOperator, _ matrix: Matrix, _ scale: Double, _ input: RandomInput
  ) throws {
    let condition = try LUFactorization(matrix).reciprocalCondition
    guard condition > 1e-8, matrix.frobeniusNorm == scale else { return }
    var random = RandomMatrices(seed: 5)
    let b = random.matrix(matrix.rows, 1)
    let solution = try x.linearOperator.solve(b)
    #expect(matrix.times(solution).difference(from: b) < 1e-13 / condition, "\(input.command)")
  }
}
