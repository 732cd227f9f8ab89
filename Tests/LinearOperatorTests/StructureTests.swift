import Evaluation
import LinearOperators
import Testing

/// What work with an operator costs: by the multiplications counted and the largest matrix formed.
@Suite struct StructureTests {
  private func limited(_ entries: Int) -> Workspace { Workspace(maximumEntries: entries) }

  /// A diagonal takes vectors and factors, never the matrix.
  @Test(arguments: OperatorCase.all.filter { !$0.name.contains("dense") }, 3...6)
  func theDiagonalFormsNoMatrix(_ row: OperatorCase, _ n: Int) throws {
    let (x, _) = try row.make(n)
    guard x.isSquare, x.rows > 8 * n else { return }
    var workspace = limited(x.rows * x.rows - 1)
    _ = try x.diagonal(in: &workspace)
    #expect(workspace.largestEntries < x.rows * x.rows)
  }

  /// Of factors of order 60 the whole would have 13 million entries.
  @Test func theDiagonalOfLargeStructuresFormsFactorsOnly() throws {
    var random = RandomMatrices(seed: 5)
    let n = 60
    let (a, b) = (random.regular(n), random.regular(n))
    let u = random.matrix(n * n, 2)
    let (p, q) = (try LinearOperator.commutation(n, n), LinearOperator.dense(u))
    let kronecker = try LinearOperator.kronecker(.dense(a), .dense(b))
    let inverses = try LinearOperator.kronecker(
      .inverse(of: .dense(a)), .inverse(of: .dense(b)).transposed)
    let weights = LinearOperator.diagonal(random.positive(n * n))
    let operators = try [
      kronecker, .product([p, kronecker]), .product([kronecker, p]), .product([inverses, p]),
      .product([q, q.transposed]), .sum([kronecker, .product([q, q.transposed])]),
      .sum([kronecker, kronecker.transposed, .identity(n * n)]),
      .product([kronecker, weights, kronecker.transposed]),
      .product([
        .khatriRao(.identity(n), .dense(a)), .khatriRao(.identity(n), .dense(b)).transposed,
      ]),
    ]
    for x in operators {
      var workspace = limited(64 * n * n)
      let diagonal = try x.diagonal(in: &workspace)
      let row = 17 * n + 3
      var unit = Matrix.zeros(n * n, 1)
      unit[row] = 1
      #expect((try x.apply(to: unit)[row] - diagonal[row]).magnitude < 1e-10, "\(x)")
    }
  }

  /// Newton's step for `I ⊗ X'*X`: one factorization of order n, n² multiplications a column.
  @Test(arguments: [10, 40, 160])
  func aKroneckerProductIsSolvedByItsFactors(_ n: Int) throws {
    var random = RandomMatrices(seed: n)
    let m = 2 * n
    let (s, b) = (random.positiveDefinite(n), random.matrix(m * n, 1))
    let x = try LinearOperator.kronecker(.identity(m), .dense(s))
    var workspace = limited(max(n * n, m * n))
    let solution = try x.factorized(in: &workspace).solve(b, in: &workspace)
    #expect(try x.apply(to: solution).difference(from: b) < 1e-12)
    let (one, all) = (Double(n * n * n), Double(m * n * n))
    #expect(workspace.multiplications <= one + 2 * all)
    #expect(workspace.largestEntries <= max(n * n, m * n))
  }

  @Test func aSylvesterEquationIsSolvedByEigenvectors() throws {
    var random = RandomMatrices(seed: 3)
    let n = 40
    let (a, b) = (random.positiveDefinite(n), random.positiveDefinite(n))
    let x = try LinearOperator.sum([
      .kronecker(.identity(n), .dense(a)), .kronecker(.dense(b), .identity(n)),
    ])
    let right = random.matrix(n * n, 1)
    var workspace = limited(n * n)
    let solution = try x.factorized(in: &workspace).solve(right, in: &workspace)
    #expect(try x.apply(to: solution).difference(from: right) < 1e-11)
    #expect(workspace.multiplications < Double(100 * n * n * n))
  }

  /// The wide factor first: the other way 10⁸ numbers would lie in between.
  @Test func aKroneckerProductIsAppliedInTheOrderThatLeavesLess() throws {
    var random = RandomMatrices(seed: 2)
    let n = 10_000
    let x = try LinearOperator.kronecker(
      .dense(random.matrix(1, n)), .dense(random.matrix(n, 1)))
    var workspace = limited(n)
    #expect(try x.apply(to: random.matrix(n, 1), in: &workspace).size == MatrixSize(n, 1))
  }

  @Test func woodburySolvesWithoutTheMatrix() throws {
    var random = RandomMatrices(seed: 4)
    let n = 20_000
    let (d, u) = (random.positive(n), random.matrix(n, 3))
    let x = try LinearOperator.sum([
      .diagonal(d), .product([.dense(u), .dense(u.transposed)]),
    ])
    let right = random.matrix(n, 1)
    var workspace = limited(3 * n)
    let solution = try x.factorized(in: &workspace).solve(right, in: &workspace)
    #expect(try x.apply(to: solution).difference(from: right) < 1e-11)
  }

  @Test func whatHasNoStructureIsRefusedAboveTheLimit() throws {
    var random = RandomMatrices(seed: 6)
    let n = 12
    let parts = try (0..<3).map { _ in
      try LinearOperator.kronecker(
        .dense(random.positiveDefinite(n)), .dense(random.positiveDefinite(n)))
    }
    let x = try LinearOperator.sum(parts)
    let b = random.matrix(n * n, 1)
    #expect(
      throws: LinearOperatorError.noStructure(of: x.description, order: n * n, limit: 100)
    ) {
      var workspace = Workspace(maximumDenseOrder: 100)
      _ = try x.factorized(in: &workspace)
    }
    // It is positive definite: products are enough.
    let iterative = try x.conjugateGradients(b, tolerance: 1e-8)
    #expect(iterative.relativeResidual <= 1e-8)
    #expect(try x.apply(to: iterative.solution).difference(from: b) < 1e-7)
  }

  @Test func aMatrixAboveTheLimitIsRefusedBeforeItIsFormed() throws {
    let x = LinearOperator.identity(1 << 30)
    #expect(throws: LinearOperatorError.tooLarge(MatrixSize(1 << 30, 1 << 30), limit: 1 << 28)) {
      try x.materialise()
    }
    #expect(throws: LinearOperatorError.self) {
      try LinearOperator.kronecker(.identity(1 << 40), .identity(1 << 40))
    }
  }
}

@Suite struct ConjugateGradientTests {
  @Test(arguments: 1...6)
  func theySolve(_ n: Int) throws {
    var random = RandomMatrices(seed: n)
    let (a, b) = (random.positiveDefinite(n), random.matrix(n, 2))
    let x = LinearOperator.dense(a)
    let plain = try x.conjugateGradients(b)
    #expect(try x.apply(to: plain.solution).difference(from: b) < 1e-9)
    let better = try x.conjugateGradients(b, preconditionedBy: try x.diagonal())
    #expect(try x.apply(to: better.solution).difference(from: b) < 1e-9)
    #expect(plain.iterations <= 2 * n && better.iterations <= 2 * n)
  }

  @Test func whatIsNotDefiniteIsRefused() throws {
    let x = LinearOperator.diagonal([1, -2, 3])
    let ones = Matrix(rows: 3, columns: 1, repeating: 1)
    #expect(throws: LinearOperatorError.self) { try x.conjugateGradients(ones) }
    #expect(throws: LinearOperatorError.notPositiveDefinite(curvature: -2)) {
      try x.conjugateGradients(ones, preconditionedBy: Matrix(column: [1, -2, 3]))
    }
    #expect(throws: LinearOperatorError.notSquare(MatrixSize(2, 3))) {
      try LinearOperator.zero(2, 3).conjugateGradients(ones)
    }
    #expect(throws: LinearOperatorError.notFinite("the right-hand side")) {
      try x.conjugateGradients(Matrix(column: [1, .nan, 1]))
    }
  }

  @Test func tooFewIterationsAreAnError() throws {
    var random = RandomMatrices(seed: 9)
    let x = LinearOperator.dense(random.positiveDefinite(6))
    #expect(throws: LinearOperatorError.self) {
      try x.conjugateGradients(random.matrix(6, 1), tolerance: 1e-14, maximumIterations: 1)
    }
  }
}
