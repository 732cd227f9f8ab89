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

  /// The Riemannian Hessian of other metrics, measured along their geodesics.
  @Test(arguments: [
    ("tr(A*Q*B*Q')", "Q: orthogonal(n)", Metric.canonical, nil),
    ("tr(A*Q*B*Q')", "Q: stiefel(n,p)", .canonical, nil),
    ("tr(A*Q)", "Q: stiefel(n,p)", .canonical, nil),
    ("sum(exp(Q))", "Q: stiefel(n,p)", .canonical, nil),
    ("logdet(Q)", "Q: spd(n)", .affine, "zeros(n,n)"),
    ("tr(A*inv(Q)) + logdet(Q)", "Q: spd(n)", .affine, "sym(sym(A)*inv(Q)*V)"),
    ("tr(A*Q)^2", "Q: spd(n)", .affine, nil), ("sum(sqrtm(Q))", "Q: spd(n)", .affine, nil),
  ])
  func theMetricIsFollowed(
    input: String, type: String, metric: Metric, text: String?
  ) throws {
    let report = try Self.report(input, "Q", [type], .operator, metric: metric)
    #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
    if let text { #expect(report.derivative.text == text) }
    #expect(report.notes.isEmpty || metric == .affine)
  }

  /// A convention that changes nothing is not passed over in silence.
  @Test(arguments: [
    ("S: spd(n)", Form.auto, Metric.affine, "--form operator gives the Riemannian Hessian"),
    ("S: symmetric(n)", .operator, .affine, "it is one of spd variables, and S is symmetric"),
    ("S: spd(n)", .operator, .canonical, "it is one of orthogonal and stiefel variables"),
  ])
  func aMetricThatDoesNotApplyIsNoted(
    declaration: String, form: Form, metric: Metric, note: String
  ) throws {
    let report = try Self.report("tr(A*S*B*S)", "S", [declaration], form, metric: metric)
    #expect(report.verification?.passed == true)
    #expect(report.notes.contains { $0.contains(note) }, "\(report.notes)")
  }

  /// Of two mixed blocks the second is the transpose of the first, and the text says no more.
  @Test func mixedBlocksAreWrittenOnce() throws {
    var options = DerivativeOptions()
    options.order = 2
    var request = DerivativeRequest("norm2(X - U*V')^2/2", wrt: ["U", "V"], options: options)
    let reports = try request.answer()
    #expect(reports.count == 4)
    let text = TextReport(reports, style: .unicode).text
    #expect(text.contains("∂²f/∂V∂Uᵀ = (∂²f/∂U∂Vᵀ)ᵀ\n"), "\(text)")
    #expect(LaTeXReport(reports).text.contains("\\right)^\\top"))
    request.options.form = .differential
    let differentials = TextReport(try request.answer(), style: .ascii).text
    #expect(differentials.contains("d2f[dU, dV] =") && !differentials.contains("d2f[dV, dU]"))
  }

  /// A matrix has a second differential too.
  @Test func whatIsNoScalarHasASecondDifferential() throws {
    let report = try Self.report("x*x'", "x", [], .differential)
    #expect(report.derivative.text == "2*dx*dx'")
    #expect(report.verification?.passed == true)
  }

  private static func report(
    _ input: String, _ wrt: String, _ declarations: [String], _ form: Form,
    metric: Metric = .euclidean
  ) throws -> DerivativeReport {
    var options = DerivativeOptions()
    options.order = 2
    options.form = form
    options.metric = metric
    let request = DerivativeRequest(
      input, wrt: [wrt], declarations: declarations, options: options, timeLimit: 60)
    return try #require(try request.answer().first)
  }
}
