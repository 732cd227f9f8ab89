import Evaluation
import ExpressionLanguage
import Frechet
import Testing
import Verification

@testable import Compilation

/// What a matrix is made of shows in the plan, and the numbers are those of the evaluator.
@Suite("Diagonals and low rank in programs")
struct DiagonalTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    var declarations: [String] = []
    let wrt: String
    /// What the plan has, and has not.
    var has: [String] = []
    var hasNot: [String] = []
    /// The flops of the plan, at most.
    var operations = Int.max
    /// Of a Jacobian, where the input is no scalar.
    var isJacobian = false
    var testDescription: String { text }
  }

  static let sizes = ["n": 60, "m": 30, "p": 3]

  static let diagonals = [
    Row(
      text: "x/norm2(x)", declarations: ["x: vector(n)"], wrt: "x", has: ["add to diagonal"],
      hasNot: ["syrk", "gemm"], isJacobian: true),
    Row(
      text: "softmax(x)", declarations: ["x: vector(n)"], wrt: "x", has: ["add to diagonal"],
      hasNot: ["syrk", "gemm"], isJacobian: true),
    Row(text: "sum(x)*x - x", declarations: ["x: vector(n)"], wrt: "x", isJacobian: true),
    Row(text: "x - sum(x)*x", declarations: ["x: vector(n)"], wrt: "x", isJacobian: true),
    Row(
      text: "tr((X*X' + c*eye(n) - diag(d))*S)", declarations: ["d: vector(n)", "X: matrix(n,m)"],
      wrt: "X"),
    Row(
      text: "logdet(3*(X*X' + diag(d)) - Y*Y'/2 + eye(n)/c)",
      declarations: [
        "d: positive vector(n)", "Y: matrix(n,m)", "X: matrix(n,m)",
        "c: positive scalar",
      ],
      wrt: "Y", has: ["add to diagonal"]),
    Row(
      text: "sum(sin(diag(2*A*B')) + diag(A'*exp(B))'*y + sqrt(diag(A*exp(B))))",
      declarations: ["A: positive matrix(n,n)", "B: positive matrix(n,n)", "y: vector(n)"],
      wrt: "y", hasNot: ["gemm"], operations: 60 * 60 * 20),
    Row(
      text: "tr(inv(2*eye(n) + S - 2*(diag(d) - eye(n)))*S)",
      declarations: ["d: vector(n)", "S: spd(n)"], wrt: "d"),
  ]

  static let lowRank = [
    Row(
      text: "logdet(W*W' + c*eye(n)) + tr(inv(W*W' + c*eye(n))*S)",
      declarations: ["W: matrix(n,p)", "S: symmetric(n)", "c: positive scalar"], wrt: "W",
      operations: 60 * 60 * 60 / 3),
    Row(
      text: "y'*inv(diag(d) + W*W')*y + logdet(diag(d) + W*W')",
      declarations: ["W: matrix(n,p)", "d: positive vector(n)", "y: vector(n)"], wrt: "d",
      operations: 60 * 60 * 15),
    Row(
      text: "log(det(eye(n) + u*v'))",
      declarations: [
        "u: positive vector(n)",
        "v: positive vector(n)",
      ], wrt: "u", operations: 60 * 20),
  ]

  @Test("values and derivatives are the evaluator's", arguments: diagonals + lowRank)
  func structure(row: Row) throws {
    let typed = try Language.elaborate(row.text, declarations: row.declarations)
    var data: [String: Matrix] = [:]
    var generator = SplitMix64(seed: 11)
    for variable in typed.variables {
      let rows = try #require(variable.shape.rows.value { Self.sizes[$0] })
      let columns = try #require(variable.shape.columns.value { Self.sizes[$0] })
      let plain = Matrix(rows: rows, columns: columns) { _, _ in 0.5 + generator.uniform() }
      data[variable.name] =
        rows > 1 && rows == columns
        ? plain.adding(plain.transposed).adding(Matrix.identity(rows).scaled(by: Double(4 * rows)))
        : plain
    }
    let request = CompilationRequest(
      row.text, tasks: [.value, row.isJacobian ? .jacobian(row.wrt) : .gradient(row.wrt)],
      sizes: Self.sizes, declarations: row.declarations)
    let compiled = try request.answer()
    let plan = compiled.program.planText
    for part in row.has { #expect(plan.contains(part), "\(plan)") }
    for part in row.hasNot { #expect(!plan.contains(part), "\(plan)") }
    #expect(compiled.program.operations <= row.operations, "\(plan)")
    // The author's own value, and the derivative without anything known of sizes.
    let results = try compiled.program(data)
    let value = try Evaluator(typed).evaluate(data, sizes: Self.sizes).result
    #expect(relativeDistance(results[0], value) < 1e-10)
    let derivative = DerivativeRequest(
      row.text, wrt: [row.wrt], declarations: row.declarations, verify: false)
    let formula = try #require(try derivative.answer().first).derivative.inputText
    let reference = try Language.elaborate(formula, in: typed)
    let expected = try Evaluator(reference).evaluate(data, sizes: Self.sizes).result
    #expect(relativeDistance(results[1], expected) < 1e-9, "\(plan)")
  }
}
