import Evaluation
import ExpressionLanguage
import Frechet
import Testing
import Verification

@testable import Compilation

/// What declarations say of matrices makes plans cheaper.
@Suite("Structure in plans")
struct StructureTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let input: String
    let declarations: [String]
    let sizes: [String: Int]
    /// Operations that the plan has, and some that it has not.
    let with: [String]
    var without: [String] = []
    var tasks: [CompilationRequest.Task] = [.value]
    var testDescription: String { input }
  }

  static let rows = [
    Row(
      input: "L\\x", declarations: ["L: lower(n)"], sizes: ["n": 40], with: ["trsm N"],
      without: ["getrf"]),
    Row(
      input: "L'\\X", declarations: ["L: lower(n)", "X: matrix(n,m)"], sizes: ["n": 40, "m": 3],
      with: ["trsm T"],
      without: ["getrf", "copy"]),
    Row(
      input: "inv(U)*X*inv(U')", declarations: ["U: upper(n)", "X: symmetric(n)"],
      sizes: ["n": 40], with: ["trsm"], without: ["getrf", "trtri"]),
    Row(
      input: "inv(L)", declarations: ["L: lower(n)"], sizes: ["n": 5], with: ["trtri"],
      without: ["getrf", "getri"]),
    Row(
      input: "logdet(L) + norm2(L\\x)^2", declarations: ["L: lower(n)"], sizes: ["n": 5],
      with: ["logdet", "trsm"], without: ["getrf"], tasks: [.value, .gradient("x")]),
    Row(
      input: "tr(X'*inv(L*L')*X) + logdet(L*L')",
      declarations: ["L: lower(n)", "X: matrix(n,m)"], sizes: ["n": 20, "m": 3],
      with: ["trsm N", "trsm T"], without: ["getrf", "syrk", "potrf"],
      tasks: [.value, .gradient("X")]),
    Row(
      input: "inv(L*L')", declarations: ["L: lower(n)"], sizes: ["n": 5],
      with: ["trtri", "trsm T"], without: ["getrf"]),
    Row(
      input: "X'*inv(S)*X", declarations: ["S: spd(n)", "X: matrix(n,m)"],
      sizes: ["n": 40, "m": 7], with: ["trsm N", "syrk TN"], without: ["potrs"]),
    Row(
      input: "3*X*inv(S)*X'", declarations: ["S: spd(n)", "X: matrix(m,n)"],
      sizes: ["n": 40, "m": 7], with: ["trsm N", "syrk TN"], without: ["potrs"]),
    Row(
      input: "tr(X'*inv(S)*X)", declarations: ["S: spd(n)", "X: matrix(n,m)"],
      sizes: ["n": 40, "m": 7], with: ["trsm N"], without: ["potrs"]),
    Row(
      input: "tr(X'*inv(S)*X)", declarations: ["S: spd(n)", "X: matrix(n,m)"],
      sizes: ["n": 40, "m": 7], with: ["potrs"], without: ["trsm"],
      tasks: [.value, .gradient("X")]),
    Row(
      input: "tr(X'*inv(S)*Y)",
      declarations: ["S: spd(n)", "X: matrix(n,m)", "Y: matrix(n,m)"],
      sizes: ["n": 40, "m": 7], with: ["potrs"], without: ["trsm"]),
    Row(
      input: "inv(D)*X + D*X", declarations: ["D: diagonal(n)", "X: matrix(n,m)"],
      sizes: ["n": 40, "m": 7], with: ["divide by diagonal"], without: ["getrf", "gemm"]),
    Row(
      input: "inv(D)", declarations: ["D: diagonal(n)"], sizes: ["n": 6],
      with: ["invert diagonal"], without: ["getrf"]),
    Row(
      input: "L*X", declarations: ["L: lower(n)", "X: matrix(n,m)"], sizes: ["n": 100, "m": 70],
      with: ["trmm left N"], without: ["gemm"]),
    Row(
      input: "3*X*L'", declarations: ["L: lower(n)", "X: matrix(m,n)"],
      sizes: ["n": 100, "m": 70], with: ["trmm right T"], without: ["gemm"]),
    Row(
      input: "U'*X'", declarations: ["U: upper(n)", "X: matrix(m,n)"], sizes: ["n": 70, "m": 130],
      with: ["trmm left T"], without: ["gemm"]),
    Row(
      input: "L*x - 2*L'*x", declarations: ["L: lower(n)"], sizes: ["n": 75], with: ["gemv"]),
    Row(input: "L*x", declarations: ["L: lower(n)"], sizes: ["n": 300], with: ["trmv N"]),
    Row(input: "L'*x", declarations: ["L: lower(n)"], sizes: ["n": 300], with: ["trmv T"]),
    Row(input: "U*x", declarations: ["U: upper(n)"], sizes: ["n": 300], with: ["trmv N"]),
    Row(input: "x'*U", declarations: ["U: upper(n)"], sizes: ["n": 300], with: ["trmv T"]),
    Row(
      input: "x'*S*x", declarations: ["S: symmetric(n)"], sizes: ["n": 300], with: ["symv"],
      without: ["gemv"], tasks: [.value, .gradient("x")]),
    Row(
      input: "X*S*X'", declarations: ["S: symmetric(n)", "X: matrix(m,n)"],
      sizes: ["n": 20, "m": 200], with: ["gemm NN", "syrk NT"]),
    Row(
      input: "X'*diag(w)*X", declarations: ["X: matrix(m,n)"], sizes: ["m": 20, "n": 150],
      with: ["syrk TN"], without: ["copy"]),
    Row(
      input: "X*diag(w)*X'", declarations: ["X: matrix(m,n)"], sizes: ["m": 150, "n": 20],
      with: ["syrk NT"], without: ["copy"]),
    Row(
      input: "X'*X", declarations: ["X: matrix(m,n)"], sizes: ["m": 20, "n": 150],
      with: ["syrk TN"]),
    Row(
      input: "chol(S)\\x", declarations: ["S: spd(n)"], sizes: ["n": 12],
      with: ["potrf", "trsm N"], without: ["getrf", "evaluate"]),
    Row(
      input: "chol(X'*X + eye(n))", declarations: ["X: matrix(m,n)"], sizes: ["m": 20, "n": 12],
      with: ["potrf"], without: ["evaluate"]),
    Row(
      input: "x'*inv(S)*x", declarations: ["S: spd(n)"], sizes: ["n": 12],
      with: ["potrf", "potrs"], without: ["potri"], tasks: [.value, .gradient("x")]),
    Row(
      input: "logdet(S) + tr(inv(S)*A)", declarations: ["S: spd(n)", "A: matrix(n,n)"],
      sizes: ["n": 12], with: ["potrf", "potri"], without: ["getrf"],
      tasks: [.value, .gradient("S")]),
  ]

  @Test("cheaper operations, with the values of the evaluator", arguments: rows)
  func structure(row: Row) throws {
    let request = CompilationRequest(
      row.input, tasks: row.tasks, sizes: row.sizes, declarations: row.declarations)
    let compiled = try request.answer()
    let plan = compiled.program.planText
    let words = plan.split(separator: "\n").map { $0.trimmingPrefix(while: { $0 == " " }) }
    for name in row.with { #expect(words.contains { $0.hasPrefix(name) }, "\(name):\n\(plan)") }
    for name in row.without {
      #expect(!words.contains { $0.hasPrefix(name) }, "\(name):\n\(plan)")
    }
    let typed = try Language.elaborate(row.input, declarations: row.declarations)
    var points = RandomPoints([typed], sizes: row.sizes, seed: 11)
    let next = points.next()
    let point = try #require(next)
    let results = try compiled.program(point.values)
    for (formula, result) in zip(compiled.formulas, results) {
      let expected = try point.value(of: Language.elaborate(formula, in: typed)).result
      #expect(relativeDistance(result, expected) < 1e-10, "\(formula)")
    }
  }

  @Test("a zero on the diagonal is an error that names the expression")
  func singular() throws {
    for (input, declaration) in [
      ("L\\x", "L: lower(n)"), ("inv(L)", "L: upper(n)"), ("logdet(L)", "L: lower(n)"),
      ("inv(L)*x", "L: diagonal(n)"),
    ] {
      let request = CompilationRequest(
        input, tasks: [.value], sizes: ["n": 3], declarations: [declaration, "x: vector(n)"])
      let program = try request.answer().program
      let data = [
        "L": Matrix(rows: 3, columns: 3) { $0 == $1 && $0 != 1 ? 2 : 0 },
        "x": Matrix(column: [1, 2, 3]),
      ].filter { name, _ in program.inputs.contains { $0.name == name } }
      do throws(EvaluationError) {
        Issue.record("\(input): \(try program(data))")
      } catch {
        #expect(error.description.contains("singular; pivot 2 is 0.0"), "\(error)")
      }
    }
  }
}
