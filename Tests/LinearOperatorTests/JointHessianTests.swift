import Frechet
import Testing

/// A function of several variables, and a word of how its joint Hessian is solved with.
struct JointCase: Sendable, CustomStringConvertible {
  let input: String
  let wrt: [String]
  var declarations: [String] = []
  var method: String?

  var description: String { "\(input) by \(wrt.joined(separator: ", "))" }

  static let all = [
    JointCase(
      input: "norm2(X - U*V')^2/2 + c/2*(norm2(U)^2 + norm2(V)^2)", wrt: ["U", "V"],
      declarations: ["c: positive scalar"], method: "Schur complement"),
    JointCase(
      input: "norm2(X*w + b - y)^2/2 + w'*w", wrt: ["w", "b"], declarations: ["y: vector(m)"]),
    JointCase(input: "sum(exp(x)) + sum(exp(y)) + (x'*y)^2", wrt: ["x", "y"], method: "Schur"),
    JointCase(input: "x'*A*y + y'*B*z + sum(x.^4)", wrt: ["x", "y", "z"]),
    JointCase(
      input: "norm2(tanh(X*W + b) - Y)^2", wrt: ["W", "b"], declarations: ["b: row(k)"]),
    JointCase(input: "sum(exp(x)) + y'*y", wrt: ["y", "x"], method: "blocks"),
    JointCase(
      input: "logdet(S) + (x - y)'*inv(S)*(x - y)", wrt: ["S", "y"], declarations: ["S: spd(n)"]),
    // Without a matrix form.
    JointCase(input: "tr(A*expm(X)) + norm2(X*y)^2", wrt: ["X", "y"]),
    JointCase(input: "a^3*x'*x + exp(a)", wrt: ["a", "x"], method: "Schur complement"),
    JointCase(input: "x'*A*x", wrt: ["x"]),
  ]
}

@Suite struct JointHessianTests {
  /// Column by column, from the derivative of all gradients along each unit.
  private func dense(
    _ row: JointCase, _ data: [String: Matrix], _ sizes: [String: Int]
  ) throws -> Matrix {
    let typed = try Language.elaborate(row.input, declarations: row.declarations)
    var options = DerivativeOptions()
    options.order = 2
    options.form = .operator
    options.unstructured = true
    let reports = try DerivativeRequest(
      row.input, wrt: row.wrt, declarations: row.declarations, options: options, verify: false
    ).answer()
    func product(_ x: String, _ y: String, _ v: Matrix) throws -> [Double] {
      let report = try #require(reports.first { $0.wrt == x && ($0.secondWrt ?? x) == y })
      let direction = try #require(report.directions.first)
      let shape = try #require(typed.variables.first { $0.name == y }?.shape)
      let formula = try Language.elaborate(
        report.derivative.inputText, in: typed,
        extra: [Variable(name: direction, shape: shape, type: .matrix)])
      var values = data
      values[direction] = v
      return try Evaluator(formula).evaluate(values, sizes: sizes).result.values
    }
    var columns: [[Double]] = []
    for y in row.wrt {
      let size = try #require(data[y]?.size)
      for place in 0..<(size.rows * size.columns) {
        let unit = Matrix(rows: size.rows, columns: size.columns) {
          $0 + $1 * size.rows == place ? 1 : 0
        }
        columns.append(try row.wrt.flatMap { try product($0, y, unit) })
      }
    }
    return try #require(
      Matrix(rows: columns[0].count, columns: columns.count, values: columns.flatMap { $0 }))
  }

  @Test(arguments: JointCase.all)
  func itIsTheMatrixOfAllSecondDerivatives(_ row: JointCase) throws {
    let typed = try Language.elaborate(row.input, declarations: row.declarations)
    var points = RandomPoints([typed], seed: 5)
    let next = points.next()
    let point = try #require(next)
    let joint = try JointHessianRequest(
      row.input, wrt: row.wrt, data: point.values, declarations: row.declarations
    ).answer()
    let matrix = try dense(row, point.values, point.sizes)
    let scale = max(matrix.frobeniusNorm, 1e-300)
    #expect(try joint.materialise().subtracting(matrix).frobeniusNorm < 1e-9 * scale)
    #expect(matrix.subtracting(matrix.transposed).frobeniusNorm < 1e-9 * scale)
    var random = RandomMatrices(seed: 3)
    var direction: [String: Matrix] = [:]
    for name in row.wrt {
      let size = try #require(point.values[name]?.size)
      direction[name] = random.matrix(size.rows, size.columns)
    }
    func stacked(_ parts: [String: Matrix]) -> Matrix {
      Matrix(column: row.wrt.flatMap { parts[$0]?.values ?? [] })
    }
    let product = try joint.apply(to: direction)
    for name in row.wrt { #expect(product[name]?.size == point.values[name]?.size) }
    #expect(
      stacked(product).subtracting(matrix.times(stacked(direction))).frobeniusNorm < 1e-9 * scale)
    let diagonal = Matrix(column: (0..<matrix.rows).map { matrix[$0, $0] })
    #expect(
      stacked(try joint.diagonal()).subtracting(diagonal).frobeniusNorm < 1e-9 * scale)
    for x in row.wrt {
      for y in row.wrt {
        let block = try #require(joint.block(x, y))
        let mirror = try #require(joint.block(y, x))
        #expect(
          try block.materialise().subtracting(mirror.materialise().transposed).frobeniusNorm
            < 1e-9 * scale)
      }
    }
    let condition = try LUFactorization(matrix).reciprocalCondition
    guard condition > 1e-9 else { return }
    let solution = try joint.solve(direction)
    #expect(
      stacked(try joint.apply(to: solution)).difference(from: stacked(direction))
        < 1e-12 / condition)
    if let method = row.method {
      #expect(try joint.linearOperator.factorized().method.contains(method))
    }
  }

  /// 30,000 unknowns of one factor are eliminated row by row; a system of the order of the other
  /// one remains.
  @Test func theLargeFactorIsEliminated() throws {
    var random = RandomMatrices(seed: 4)
    let (m, n, p) = (10_000, 6, 3)
    let data = [
      "X": random.matrix(m, n), "U": random.matrix(m, p), "V": random.matrix(n, p),
      "c": Matrix(50.0),
    ]
    let joint = try JointHessianRequest(
      "norm2(X - U*V')^2/2 + c/2*(norm2(U)^2 + norm2(V)^2)", wrt: ["V", "U"], data: data
    ).answer()
    var workspace = Workspace(maximumEntries: m * p * n * p, maximumDenseOrder: n * p)
    let factorization = try joint.linearOperator.factorized(in: &workspace)
    #expect(factorization.method.contains("Schur complement"))
    let b = ["U": random.matrix(m, p), "V": random.matrix(n, p)]
    let back = try joint.apply(to: joint.solve(b))
    for (name, right) in b { #expect(try #require(back[name]).difference(from: right) < 1e-9) }
  }

  /// By products only.
  @Test func conjugateGradientsDoTheSame() throws {
    var random = RandomMatrices(seed: 6)
    let data = [
      "X": random.matrix(8, 3), "w": random.matrix(3, 1), "b": Matrix(0.5),
      "y": random.matrix(8, 1),
    ]
    let joint = try JointHessianRequest(
      "norm2(X*w + b - y)^2/2 + w'*w", wrt: ["w", "b"], data: data, declarations: ["y: vector(m)"]
    ).answer()
    let right = ["w": random.matrix(3, 1), "b": Matrix(1.0)]
    let solved = try joint.conjugateGradients(right)
    let direct = try joint.solve(right)
    for name in ["w", "b"] {
      #expect(
        try #require(solved.solution[name]).difference(from: try #require(direct[name])) < 1e-8)
    }
    #expect(solved.iterations <= 8)
  }

  @Test func whatIsWrongIsSaid() throws {
    let data = ["x": Matrix(column: [1, 2]), "y": Matrix(column: [3, 4])]
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { _ = try JointHessianRequest("x'*y", wrt: [], data: data).answer() }
        .contains("--wrt"))
    #expect(
      message { _ = try JointHessianRequest("x'*y", wrt: ["x", "x"], data: data).answer() }
        == "wrt: x is named twice; each variable of a joint Hessian stands there once.")
    let joint = try JointHessianRequest("(x'*y)^2", wrt: ["x", "y"], data: data).answer()
    #expect(
      message { _ = try joint.apply(to: ["x": Matrix(1.0), "y": Matrix(1.0)]) }
        == "apply: for x a 2×1 matrix is expected, the value is 1×1")
    #expect(
      message { _ = try joint.solve(["x": Matrix(column: [1, 2])]) }
        == "solve: a 2×1 matrix for y is missing")
    #expect(
      message { _ = try joint.apply(to: ["z": Matrix(1.0)]) }
        == "apply: z is none of the variables x, y")
  }
}
