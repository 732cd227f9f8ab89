import Frechet
import Testing

/// A Hessian or Jacobian of an input.
struct DerivativeCase: Sendable, CustomStringConvertible {
  let input: String
  let wrt: String
  let secondWrt: String?
  let declarations: [String]
  /// A word of the operator's structure.
  let structure: String

  init(
    _ input: String, _ wrt: String, _ secondWrt: String? = nil, _ declarations: [String] = [],
    _ structure: String = ""
  ) {
    self.input = input
    self.wrt = wrt
    self.secondWrt = secondWrt
    self.declarations = declarations
    self.structure = structure
  }

  var description: String { secondWrt.map { "\(input) by \(wrt), \($0)" } ?? "\(input) by \(wrt)" }

  /// Random matrices for the variables, such that all values exist, as the verification takes them.
  func point() throws -> RandomPoint {
    let typed = try Language.elaborate(input, declarations: declarations)
    var points = RandomPoints([typed], seed: 11)
    let next = points.next()
    return try #require(next)
  }

  /// The formula evaluated without any structure.
  func matrix(_ order: Int, at point: RandomPoint) throws -> Matrix {
    var options = DerivativeOptions()
    options.order = order
    let wrt = [self.wrt] + (secondWrt.map { [$0] } ?? [])
    let reports = try DerivativeRequest(
      input, wrt: wrt, declarations: declarations, options: options, verify: false
    ).answer()
    let report = try #require(reports.first { $0.wrt == self.wrt && $0.secondWrt == secondWrt })
    let typed = try Language.elaborate(input, declarations: declarations)
    let formula = try Language.elaborate(report.derivative.inputText, in: typed)
    return try Evaluator(formula).evaluate(point.values, sizes: point.sizes).result
  }

  static let hessians = [
    DerivativeCase("norm2(A*X - B)^2/2", "X", nil, [], "I("),
    DerivativeCase("norm2(X - U*V')^2/2", "U", nil, [], "⊗ I("),
    DerivativeCase("norm2(X - U*V')^2/2", "U", "V", [], "⊗"),
    DerivativeCase("logdet(X)", "X", nil, [], "inverse"),
    DerivativeCase("tr(inv(X))", "X", nil, [], "inverse"),
    DerivativeCase("tr(A*X*B*X')", "X", nil, ["X: matrix(m,n)"], "⊗"),
    DerivativeCase("tr(A*X*B*X')", "X", nil, ["A: spd(m)", "B: spd(n)"], "⊗"),
    DerivativeCase("norm2(X*X' - S)^2", "X", nil, [], "⊗"),
    DerivativeCase("tr(X'*A*X) + c*norm2(X)^2", "X", nil, ["A: spd(m)"], "I("),
    DerivativeCase("norm2(A*X + X*B - C)^2", "X"),
    DerivativeCase("sum(exp(A*X*B))", "X", nil, [], "diagonal"),
    DerivativeCase("norm2(tanh(W*X + b))^2", "W", nil, ["b: vector(m)"], "diagonal"),
    DerivativeCase("sum(X.^4)", "X", nil, [], "diagonal"),
    DerivativeCase("tr(A*X)^2", "X"),
    DerivativeCase("log(1 + norm2(X)^2)", "X", nil, [], "I("),
    DerivativeCase("logsumexp(x) + x'*x", "x", nil, [], "diagonal"),
    DerivativeCase("sum(log(1 + exp(-y.*(X*w)))) + c/2*norm2(w)^2", "w", nil, [], "diagonal"),
    DerivativeCase("tr(A*X*B*X'*C*X)", "X"),
    DerivativeCase("-sum(log(b - A*x))", "x", nil, ["b: vector(m)"], "diagonal"),
    DerivativeCase("logdet(A + diag(x))", "x"),
    DerivativeCase("1/(x'*x)", "x"),
    DerivativeCase("norm2(x)", "x"),
    DerivativeCase("det(X)", "X"),
    DerivativeCase("sum(softmax(X*W,2).*Y)", "W"),
    DerivativeCase("logdet(A*X*X'*A' + eye)", "X"),
    DerivativeCase("y'*inv(X)*z", "X"),
    DerivativeCase("x'*A*x", "x"),
    DerivativeCase("x'*x", "x", nil, [], "I("),
    DerivativeCase("a^3", "a"),
    DerivativeCase("a*x'*x", "a", "x"),
    DerivativeCase("x'*A*y", "x", "y"),
  ]

  static let jacobians = [
    DerivativeCase("A*X*B", "X", nil, [], "⊗"),
    DerivativeCase("X'", "X", nil, [], "permutation"),
    DerivativeCase("inv(X)", "X", nil, [], "inverse"),
    DerivativeCase("softmax(x)", "x", nil, [], "diagonal"),
    DerivativeCase("tanh(W*x + b)", "W", nil, ["b: vector(m)"]),
    DerivativeCase("tanh(W*x + b)", "x", nil, ["b: vector(m)"]),
    DerivativeCase("diag(x)", "x", nil, [], "khatrirao"),
    DerivativeCase("A*diag(x)*B", "x", nil, [], "khatrirao"),
    DerivativeCase("diag(A*X*B)", "X", nil, ["A: matrix(m,n)", "B: matrix(p,m)"], "khatrirao"),
    DerivativeCase("kron(A,X)", "X"),
    DerivativeCase("X*X'", "X"),
    DerivativeCase("sylvester(A,B,X)", "X", nil, [], "inverse"),
    DerivativeCase("vech(X)", "X"),
    DerivativeCase("tril(X)", "X", nil, [], "diagonal"),
    DerivativeCase("[A*x; x]", "x"),
    DerivativeCase("khatrirao(A,X)", "X"),
    DerivativeCase("x.^2", "x", nil, [], "diagonal"),
    DerivativeCase("exp(X)", "X", nil, [], "diagonal"),
    DerivativeCase("x'*x", "x"),
    DerivativeCase("a*A", "a"),
    DerivativeCase("X*W + b", "b", nil, ["b: row(k)"]),
  ]

  /// Without a matrix form.
  static let maps = [
    DerivativeCase("tr(expm(X))", "X"), DerivativeCase("tr(A*logm(S))", "S", nil, ["S: spd(n)"]),
    DerivativeCase("tr(A*expm(X)*B)", "X", "A"),
  ]
}

@Suite struct DerivativeOperatorTests {
  private func agree(_ x: DerivativeOperator, with matrix: Matrix) throws {
    #expect(x.linearOperator.size == matrix.size)
    let scale = max(matrix.frobeniusNorm, 1e-300)
    #expect(
      try x.materialise().subtracting(matrix).frobeniusNorm < 1e-9 * scale,
      "\(x.text): \(x.linearOperator)")
    var random = RandomMatrices(seed: 1)
    let v = random.matrix(x.columnSize.rows, x.columnSize.columns)
    let product = try x.apply(to: v)
    #expect(product.size == x.rowSize)
    #expect(
      Matrix(column: product.values).subtracting(matrix.times(Matrix(column: v.values)))
        .frobeniusNorm < 1e-9 * scale)
    let u = random.matrix(x.rowSize.rows, x.rowSize.columns)
    let transposed = try x.applyTransposed(to: u)
    #expect(transposed.size == x.columnSize)
    #expect(
      Matrix(column: transposed.values)
        .subtracting(matrix.transposedTimes(Matrix(column: u.values))).frobeniusNorm
        < 1e-9 * scale)
  }

  private func solves(_ x: DerivativeOperator, _ matrix: Matrix) throws {
    guard matrix.isSquare else { return }
    let diagonal = Matrix(column: (0..<matrix.rows).map { matrix[$0, $0] })
    let own = try x.linearOperator.diagonal()
    #expect(
      own.subtracting(diagonal).frobeniusNorm < 1e-9 * max(matrix.frobeniusNorm, 1e-300))
    var random = RandomMatrices(seed: 2)
    let b = random.matrix(x.rowSize.rows, x.rowSize.columns)
    let condition = try LUFactorization(matrix).reciprocalCondition
    guard condition > 1e-9 else { return }
    let solution = try x.solve(b)
    #expect(solution.size == x.columnSize)
    #expect(try x.apply(to: solution).difference(from: b) < 1e-12 / condition)
  }

  @Test(arguments: DerivativeCase.hessians)
  func aHessianIsItsFormula(_ row: DerivativeCase) throws {
    let point = try row.point()
    let x = try HessianRequest(
      row.input, wrt: row.wrt, secondWrt: row.secondWrt, data: point.values,
      declarations: row.declarations
    ).answer()
    let matrix = try row.matrix(2, at: point)
    try agree(x, with: matrix)
    try solves(x, matrix)
    #expect(
      x.linearOperator.description.contains(row.structure), "\(x.linearOperator.description)")
  }

  @Test(arguments: DerivativeCase.jacobians)
  func aJacobianIsItsFormula(_ row: DerivativeCase) throws {
    let point = try row.point()
    let x = try JacobianRequest(
      row.input, wrt: row.wrt, data: point.values, declarations: row.declarations
    ).answer()
    var matrix = try row.matrix(1, at: point)
    if matrix.size != x.linearOperator.size {
      matrix =
        x.linearOperator.rows == 1 ? Matrix(row: matrix.values) : Matrix(column: matrix.values)
    }
    try agree(x, with: matrix)
    try solves(x, matrix)
    #expect(
      x.linearOperator.description.contains(row.structure), "\(x.linearOperator.description)")
  }

  /// Known by products only: symmetric where it must be, and the rest follows from products.
  @Test(arguments: DerivativeCase.maps)
  func whatHasNoMatrixFormIsAMap(_ row: DerivativeCase) throws {
    let point = try row.point()
    let x = try HessianRequest(
      row.input, wrt: row.wrt, secondWrt: row.secondWrt, data: point.values,
      declarations: row.declarations
    ).answer()
    #expect(x.form == .operator)
    let matrix = try x.materialise()
    try agree(x, with: matrix)
    try solves(x, matrix)
    if row.secondWrt == nil { #expect(matrix.difference(from: matrix.transposed) < 1e-9) }
  }

  @Test func aMapWithoutMatrixFormHasATranspose() throws {
    let row = DerivativeCase("expm(X)*B", "X")
    let point = try row.point()
    let x = try JacobianRequest(row.input, wrt: "X", data: point.values).answer()
    #expect(x.form == .operator)
    try agree(x, with: try x.materialise())
  }

  /// 40,000 unknowns: the matrix would take 11.9 GiB, the step takes a system of order 100.
  @Test func newtonsStepOfLeastSquaresIsSmall() throws {
    var random = RandomMatrices(seed: 8)
    let (a, x, b) = (random.matrix(150, 100), random.matrix(100, 400), random.matrix(150, 400))
    let data = ["A": a, "X": x, "B": b]
    let hessian = try HessianRequest("norm2(A*X - B)^2/2", wrt: "X", data: data).answer()
    let gradient = a.transposedTimes(a.times(x).subtracting(b))
    var workspace = Workspace(maximumEntries: 100 * 400)
    let factorization = try hessian.linearOperator.factorized(in: &workspace)
    let step = try factorization.solve(Matrix(column: gradient.values), in: &workspace)
    #expect(workspace.largestEntries == 100 * 400)
    // A'*A, its Cholesky factor, two triangular solves for each column.
    let bound = Double(150 * 100 * 100 + 100 * 100 * 100) + Double(2 * 100 * 100 * 400)
    #expect(workspace.multiplications < bound)
    #expect(try hessian.apply(to: hessian.solve(gradient)).difference(from: gradient) < 1e-10)
    let solution = x.subtracting(try #require(Matrix(rows: 100, columns: 400, values: step.values)))
    let normal = a.transposedTimes(a.times(solution).subtracting(b))
    #expect(normal.frobeniusNorm < 1e-9 * gradient.frobeniusNorm)
    #expect(throws: FrechetError.self) { try hessian.materialise() }
  }

  /// A layer's Hessian in its weights: as many systems of the order of its inputs as it has
  /// outputs.
  @Test func aLayerIsSolvedOutputByOutput() throws {
    var random = RandomMatrices(seed: 21)
    let (outputs, inputs, samples) = (20, 15, 40)
    let data = [
      "W": random.matrix(outputs, inputs), "X": random.matrix(inputs, samples), "c": Matrix(0.1),
    ]
    let hessian = try HessianRequest(
      "sum(softplus(W*X)) + c/2*norm2(W)^2", wrt: "W", data: data
    ).answer()
    var workspace = Workspace(maximumEntries: 20_000, maximumDenseOrder: inputs)
    let factorization = try hessian.linearOperator.factorized(in: &workspace)
    #expect(factorization.method.contains("20 blocks"), "\(factorization.method)")
    #expect(workspace.largestEntries <= outputs * samples)
    let b = random.matrix(outputs, inputs)
    #expect(try hessian.apply(to: hessian.solve(b)).difference(from: b) < 1e-11)
  }

  /// Many rows of data make a long diagonal, never a square matrix.
  @Test func aDiagonalBetweenDataIsNotFormed() throws {
    var random = RandomMatrices(seed: 12)
    let m = 100_000
    let signs = Matrix(column: (0..<m).map { _ in random.number() < 0 ? -1 : 1 })
    let data = ["X": random.matrix(m, 3), "w": random.matrix(3, 1), "y": signs]
    let hessian = try HessianRequest(
      "sum(log(1 + exp(-y.*(X*w))))", wrt: "w", data: data
    ).answer()
    let b = random.matrix(3, 1)
    #expect(try hessian.apply(to: hessian.solve(b)).difference(from: b) < 1e-10)
  }

  @Test(arguments: [
    ("A*x", "x", "the Hessian is that of a scalar"), ("x'*x", "z", "--wrt z: no such variable"),
    ("x'*A*x", "x", "A: no value was given"), ("x'*", "x", "expected an expression"),
  ])
  func whatIsWrongIsSaid(_ input: String, _ wrt: String, _ message: String) {
    let data = ["x": Matrix(column: [1, 2])]
    do {
      _ = try HessianRequest(input, wrt: wrt, data: data).answer()
      Issue.record("an error was expected")
    } catch {
      #expect("\(error)".contains(message), "\(error)")
    }
  }

  @Test func singularSystemsAndWrongSizesAreErrors() throws {
    let data = ["X": Matrix(rows: 1, columns: 2, repeating: 1), "B": Matrix.zeros(1, 3)]
    let x = try HessianRequest(
      "norm2(X*W - B)^2", wrt: "W", data: data.merging(["W": Matrix.zeros(2, 3)]) { $1 }
    ).answer()
    do {
      _ = try x.solve(Matrix.zeros(2, 3))
      Issue.record("an error was expected")
    } catch {
      #expect(error.description.contains("is singular"), "\(error)")
    }
    do {
      _ = try x.apply(to: Matrix.zeros(3, 2))
      Issue.record("an error was expected")
    } catch {
      #expect(error.description == "apply: a 2×3 matrix is expected, the value is 3×2")
    }
  }
}
