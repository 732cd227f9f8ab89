import Frechet
import Testing

/// Second order of everything that has a gradient.
@Suite struct SecondOrderTests {
  /// Rows that a debug build spends seconds on.
  static let slow: Set<String> = ["001-deep-network", "001-eigenvector-pull", "001-matrix-t-U"]

  static let rows = Corpus.derivatives.filter {
    $0.order == 1 && $0.kind == "gradient" && !slow.contains($0.id)
  }

  private static func reports(on row: CorpusRow) throws -> [DerivativeReport] {
    var options = row.derivativeOptions
    options.order = 2
    return try DerivativeRequest(
      row.input, wrt: [try #require(row.wrt)], declarations: row.declare, options: options,
      timeLimit: 60
    ).answer()
  }

  /// Each is verified; nearly all are matrices, most of them without a Kronecker product.
  @Test func everyGradientHasAHessian() async throws {
    var forms: [Form: Int] = [:]
    try await withThrowingTaskGroup(of: [Form].self) { group in
      for row in Self.rows {
        group.addTask {
          try Self.reports(on: row).map { report in
            #expect(
              report.verification?.passed == true, "\(row.id): \(report.derivative.inputText)")
            return report.form
          }
        }
      }
      for try await found in group { for form in found { forms[form, default: 0] += 1 } }
    }
    #expect(forms.values.reduce(0, +) == Self.rows.count)
    #expect(forms[.matrix, default: 0] >= 105, "\(forms)")
    #expect(forms[.operator, default: 0] <= 5, "\(forms)")
    #expect(forms[.index] == nil)
  }

  /// The Hessian of a scalar is symmetric (Schwarz), and one sees it.
  @Test(arguments: [
    "sum(log(1 + exp(-y.*(X*w))))", "norm2(X*w - y)", "log(1 + w'*X'*X*w)",
    "sum(logsumexp(X*w)) - y'*X*w", "(w'*X'*y)^2", "1/(w'*w)",
  ])
  func theSymmetryShows(input: String) throws {
    var options = DerivativeOptions()
    options.order = 2
    let report = try #require(
      try DerivativeRequest(input, wrt: ["w"], options: options).answer().first)
    let graph = Graph()
    let hessian = Lowering(
      try typed(report.derivative.inputText, in: try typed(input)), into: graph)
    #expect(graph.transpose(hessian.result) == hessian.result, "\(report.derivative.text)")
  }

  /// Every form of one Hessian, each verified.
  @Test(arguments: [
    (Form.auto, Form.kronecker, "2*sym(kron(B,A'))"), (.kronecker, .kronecker, "2*sym(kron(B,A'))"),
    (.operator, .operator, "A*V*B + A'*V*B'"),
    (.differential, .differential, "tr(((A*dX*B)' + B*dX'*A)*dX)"),
    (.index, .index, "A[i,k]*B[l,j] + A[k,i]*B[j,l]"),
  ])
  func everyFormIsThere(form: Form, expected: Form, text: String) throws {
    let report = try Self.report("tr(A*X*B*X')", "X", ["X: matrix(m,n)"], form)
    #expect(report.form == expected)
    #expect(report.derivative.text == text)
    #expect(report.verification?.passed == true)
  }

  /// The Riemannian Hessian of the embedded metric, and projections onto linear spaces.
  @Test(arguments: [
    ("orthogonal(n)", nil), ("stiefel(n,p)", nil), ("symmetric(n)", "sym(A*V*B + B*V*A)"),
    ("skew(n)", "skew(A*V*B + B*V*A)"), ("diagonal(n)", "diag(diag(A*V*B + A'*V*B'))"),
    ("lower(n)", "tril(A*V*B + A'*V*B')"), ("upper(n)", "triu(A*V*B + A'*V*B')"),
  ])
  func structureIsFollowed(type: String, text: String?) throws {
    let report = try Self.report("tr(A*Q*B*Q')", "Q", ["Q: \(type)"], .operator)
    #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
    if let text { #expect(report.derivative.text == text) }
  }

  /// A matrix has a second differential too.
  @Test func whatIsNoScalarHasASecondDifferential() throws {
    let report = try Self.report("x*x'", "x", [], .differential)
    #expect(report.derivative.text == "2*dx*dx'")
    #expect(report.verification?.passed == true)
  }

  private static func report(
    _ input: String, _ wrt: String, _ declarations: [String], _ form: Form
  ) throws -> DerivativeReport {
    var options = DerivativeOptions()
    options.order = 2
    options.form = form
    let request = DerivativeRequest(
      input, wrt: [wrt], declarations: declarations, options: options, timeLimit: 60)
    return try #require(try request.answer().first)
  }
}
