import Frechet
import Testing

/// Inverses and determinants of low-rank updates where sizes are assumed to be smaller.
@Suite struct SizeAssumptionTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let input: String
    let wrt: String
    let declarations: [String]
    let answer: String

    init(_ input: String, _ wrt: String, _ declarations: [String], is answer: String) {
      self.input = input
      self.wrt = wrt
      self.declarations = declarations
      self.answer = answer
    }

    var testDescription: String { "\(input) by \(wrt)" }
  }

  private static let u = "U: matrix(n,p)"
  private static let a = "A: matrix(m,n)"

  static let rows = [
    Row("logdet(eye(n) + U*V')", "U", [u, "p < n"], is: "V*inv(U'*V + eye(p))"),
    Row("logdet(eye(n) + U*V')", "U", ["n > p"], is: "V*inv(U'*V + eye(p))"),
    Row("p < n; logdet(eye(n) + U*V')", "V", [u], is: "U*inv(V'*U + eye(p))"),
    Row(
      "x'*inv(eye(n) + U*U')*x", "x", [u, "p < n"],
      is: "2*(x - U*inv(U'*U + eye(p))*U'*x)"),
    Row(
      "x'*inv(c*eye(n) + y*y')*x", "x", ["x: vector(n)", "1 < n"],
      is: "2*(x - (x'*y)*y/(c + y'*y))/c"),
    Row(
      "tr(B*inv(A'*A + c*eye(n))*A')", "B", [a, "m < n"], is: "inv(A*A' + c*eye(m))*A"),
    Row(
      "b'*inv(A'*A + c*eye(n))*A'*y", "y", [a, "b: vector(n)", "y: vector(m)", "m < n"],
      is: "inv(A*A' + c*eye(m))*A*b"),
    Row(
      "tr(B*inv(inv(P) + H'*inv(R)*H))", "B",
      ["P: spd(n)", "R: spd(m)", "H: matrix(m,n)", "m < n"],
      is: "P - P*H'*inv(H*P*H' + R)*H*P"),
    Row("nucnorm(X)", "X", ["X: matrix(m,n)", "m < n"], is: "svdu(X)*svdv(X)'"),
    Row("logdet(eye(n) + U*V')", "U", [u], is: "inv(V*U' + eye(n))*V"),
  ]

  @Test(arguments: rows)
  func theAnswerIsSmall(row: Row) throws {
    let report = try Case(row.input, row.wrt, row.declarations).report()
    #expect(report.derivative.inputText == row.answer)
    #expect(report.verification?.passed == true)
  }

  /// Shapes follow: the thin decomposition of a matrix that is wide by assumption.
  @Test func decompositionsOfWideMatrices() throws {
    for input in ["tr(B*svdu(X))", "tr(B*svdv(X))", "sum(pinv(X)*y)", "sum(qrr(X))"] {
      let report = try Case(input, "X", ["X: matrix(m,n)", "m < n"]).report()
      #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
    }
  }

  /// Of a matrix of named sizes the thin decomposition is that of a tall one, unless sizes say else.
  @Test(arguments: [
    (["X: matrix(m,n)"], true), (["X: matrix(m,n)", "m < n"], false),
    (["X: matrix(m,n)", "n < m"], false), (["X: matrix(5,3)"], false),
    (["X: matrix(3,5)"], false),
  ])
  func theDomainNamesTheShape(declarations: [String], isAssumed: Bool) throws {
    let report = try Case("tr(B*svdv(X))", "X", declarations).report()
    #expect(report.domain.contains { $0.contains("m ≥ n") } == isAssumed, "\(report.domain)")
    #expect(report.verification?.passed == true)
  }

  @Test(arguments: [
    (["p < n", "n < p"], "n < p: contradicts p < n"),
    (["p < n", "n <= p"], "n ≤ p: contradicts p < n"),
    (["p < n", "n < 5", "7 < p"], "7 < p: contradicts"),
    (["5 < 3"], "5 < 3: cannot hold"), (["n < n"], "n < n: cannot hold"),
    (["q < n"], "q: not a size of the input. The sizes of the input are n, p"),
    (["U < n"], "U: not a size of the input"), (["p < n/2.5"], "not a size of the input"),
    (["p <"], "expected an expression"), (["p"], "not a declaration"),
    (["p < n < 3"], "< is misplaced"),
  ])
  func badAssumptionsAreRefused(assumptions: [String], reason: String) {
    let request = DerivativeRequest(
      "logdet(eye(n) + U*V')", wrt: ["U"], declarations: [Self.u] + assumptions)
    let error = #expect(throws: FrechetError.self) { try request.answer() }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func dataThatBreakAnAssumptionAreRefused() {
    let tall = Matrix(rows: 2, columns: 3) { Double($0 + $1) }
    let request = EvaluationRequest(
      "sum(U)", data: ["U": tall], quantities: [], declarations: [Self.u, "p < n"])
    let error = #expect(throws: FrechetError.self) { try request.answer() }
    #expect(error?.description.contains("p < n: assumed, but p is 3 and n is 2") == true)
  }

  @Test func orderIsTransitive() {
    let order = SizeOrder([
      SizeOrder.Relation("p", "n", isStrict: true), SizeOrder.Relation("n", "m", isStrict: false),
      SizeOrder.Relation("m", 7, isStrict: true), SizeOrder.Relation(9, "k", isStrict: false),
    ])
    #expect(order.isLess("p", "m") && order.isLess("p", 7) && order.isLess("p", "k"))
    #expect(!order.isLess("n", "m") && !order.isLess("m", "p") && order.isLess(2, 3))
    #expect(order.contradiction == nil)
  }
}
