import Foundation
import Frechet
import Testing

/// Programs that compute derivatives: here each evaluates an expression.
@Suite struct ImplementationTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let input: String
    let declare: [String]
    let wrt: String
    let program: String
    let diagnosis: Diagnosis?
    let options: DerivativeOptions

    init(
      _ input: String, _ wrt: String, _ program: String, _ diagnosis: Diagnosis? = nil,
      declare: [String] = [], _ change: (inout DerivativeOptions) -> Void = { _ in }
    ) {
      self.input = input
      self.declare = declare
      self.wrt = wrt
      self.program = program
      self.diagnosis = diagnosis
      var options = DerivativeOptions()
      change(&options)
      self.options = options
    }

    var testDescription: String { "\(input) by \(wrt): \(program)" }

    func request() -> ImplementationRequest {
      ImplementationRequest(
        input, wrt: wrt, declarations: declare, options: options
      ) { [program] arguments throws(FrechetError) in
        let declarations = arguments.variables.map { "\($0.name): \(ImplementationTests.type($0))" }
        let used = try ShapesRequest(program, declarations: declarations).answer().variables
        let names = Set(used.map(\.name))
        let report = try EvaluationRequest(
          program, data: arguments.values.filter { names.contains($0.key) },
          declarations: declarations.filter { names.contains(String($0.prefix { $0 != ":" })) }
        ).answer()
        return ImplementationResult(report.value)
      }
    }
  }

  private static func type(_ variable: Variable) -> String {
    variable.shape.isScalar
      ? "scalar" : "matrix(\(variable.shape.rows),\(variable.shape.columns))"
  }

  static let rows = [
    Row("x'*A*x", "x", "(A + A')*x"),
    Row("x'*A*x", "x", "2*A*x", .assumedSymmetric),
    Row("x'*A*x", "x", "A*x", .missingTerm),
    Row("x'*A*x", "x", "-(A + A')*x", .sign),
    Row("x'*A*x", "x", "x'*(A + A')", .transposed),
    Row("x'*A*x", "x", "A + A'", .shape),
    Row("x'*A*x", "x", "A + A'") { $0.order = 2 },
    Row("x'*A*x", "x", "2*A", .assumedSymmetric) { $0.order = 2 },
    Row("tanh(A*x)", "x", "diag(1 - tanh(A*x).^2)*A"),
    Row("tanh(A*x)", "x", "A'*diag(1 - tanh(A*x).^2)", .transposed),
    Row("tr(A*B*X)", "X", "A'*B'", .order, declare: ["A: matrix(n,n)", "B: matrix(n,n)"]),
    Row("norm2(x)^4", "x", "4*x", .factor),
    Row("logdet(S)", "S", "inv(S)", declare: ["S: spd(n)"]),
    Row("logdet(S)", "S", "inv(S)", .convention, declare: ["S: spd(n)"]) {
      $0.symmetric = .entries
    },
    Row("norm1(x)", "x", "ones(n,1)", .domain, declare: ["x: vector(n)"]),
    Row("sum(exp(a*x))", "a", "x'*exp(a*x)"),
  ]

  @Test(arguments: rows) func theVerdictIsRight(row: Row) throws {
    let report = try row.request().answer()
    #expect(report.verdict.finding?.diagnosis == row.diagnosis, "\(report.text(in: .ascii))")
    #expect(report.isCorrect == (report.relativeError < 1e-7))
  }

  /// The remainder's order tells right from wrong without knowing the derivative.
  @Test(arguments: rows) func theOrderTells(row: Row) throws {
    let report = try row.request().answer()
    let remainder = try #require(report.remainder)
    if let order = remainder.derivative.order { #expect(abs(order - 2) < 0.1) }
    guard let order = remainder.implementation?.order else { return }
    #expect(abs(order - (row.diagnosis == nil ? 2 : 1)) < 0.15 || row.diagnosis == .convention)
  }

  @Test func aMissingMeanIsNamedByItsSize() throws {
    var request = Row(
      "norm2(X*w - y)^2/m", "w", "2*X'*(X*w - y)", declare: ["X: matrix(m,n)"]
    ).request()
    request.sizes = ["m": 7, "n": 3]
    let report = try request.answer()
    #expect(report.points.allSatisfy { $0.sizes == ["m": 7, "n": 3] })
    let detail = report.verdict.finding?.detail
    #expect(detail == "The derivative is 1/7 (1/m with m = 7) times the result.")
  }

  @Test func theDataAreThePoint() throws {
    var request = Row("x'*A*x", "x", "2*A*x").request()
    let symmetric = try #require(Matrix(rows: [[2, 1], [1, 3]]))
    request.data = ["A": symmetric, "x": Matrix(column: [1, 2])]
    let report = try request.answer()
    #expect(report.isCorrect && report.points.count == 1)
  }

  @Test(arguments: [(false, 1e-5), (true, 1e-5), (true, 1e-3), (false, 1e-9)])
  func thePrecisionDecidesTheTolerance(isSingle: Bool, error: Double) throws {
    var request = Row("x'*A*x", "x", "(A + A')*x").request()
    let exact = request.implementation
    request.implementation = { arguments throws(FrechetError) in
      let matrix = try exact(arguments).matrix.scaled(by: 1 + error)
      return ImplementationResult(matrix, isSinglePrecision: isSingle)
    }
    #expect(try request.answer().isCorrect == (error < (isSingle ? 1e-4 : 1e-7)))
  }

  @Test func theReportIsJSON() throws {
    let report = try Row("x'*A*x", "x", "2*A*x").request().answer()
    let json = try JSONSerialization.jsonObject(with: Data(report.json.text().utf8))
    let members = try #require(json as? [String: Any])
    #expect(members["diagnosis"] as? String == "assumed-symmetric")
    let remainder = try #require(members["remainder"] as? [String: Any])
    let own = try #require(remainder["implementation"] as? [String: Any])
    #expect(abs(try #require(own["order"] as? Double) - 1) < 0.1)
    #expect((own["steps"] as? [Double])?.count == 6)
  }
}
