import Frechet
import Testing

/// Derivatives of order 2 and above as maps of directions.
@Suite struct HigherDerivativeTests {
  struct Case: Sendable, CustomStringConvertible {
    let input: String
    let along: [String]
    let gradient: String?
    let declarations: [String]

    init(
      _ input: String, _ along: [String], gradient: String? = nil, _ declarations: [String] = []
    ) {
      self.input = input
      self.along = along
      self.gradient = gradient
      self.declarations = declarations
    }

    var description: String { "\(input) along \(along), gradient \(gradient ?? "none")" }

    func report() throws -> HigherDerivativeReport {
      try HigherDerivativeRequest(
        input, along: along, gradient: gradient, declarations: declarations
      ).answer()
    }
  }

  static let cases = [
    Case("x'*A*x", ["x"]), Case("x'*A*x", ["x", "x"]), Case("x'*A*x", ["x", "x", "x"]),
    Case("x'*A*x", ["x"], gradient: "x"), Case("x'*A*y", ["x", "y"]),
    Case("x'*A*y", ["x", "y", "A"]), Case("x'*A*y", ["x", "A"], gradient: "y"),
    Case("sum(x.^4)", ["x", "x", "x", "x"]), Case("sum(x.^4)", ["x", "x"], gradient: "x"),
    Case("logdet(X)", ["X", "X", "X"]), Case("logdet(X)", ["X", "X"], gradient: "X"),
    Case("inv(X)", ["X", "X"]), Case("inv(X)", ["X", "X", "X"]),
    Case("logsumexp(x)", ["x", "x", "x"]), Case("logsumexp(x)", ["x", "x"], gradient: "x"),
    Case("tr(S^4)", ["S", "S"], gradient: "S", ["S: spd(n)"]),
    Case("tr(inv(S)*A)", ["S", "S", "S"], ["S: symmetric(n)"]),
    Case("sum(log(1 + exp(-y.*(X*w))))", ["w", "w"], gradient: "w"),
    Case("tanh(W*x + b)", ["W", "x"], ["b: vector(m)"]),
    Case("norm2(X - U*V')^2", ["U", "V"]), Case("norm2(X - U*V')^2", ["U", "V"], gradient: "V"),
    Case("a^5", ["a", "a", "a"]), Case("exp(a*x)", ["a", "x"]),
    Case("1/(x'*x)", ["x", "x"], gradient: "x"), Case("A*X*B", ["X", "X"]),
    Case("tr(expm(X))", ["X", "X"], gradient: "X"), Case("softmax(x)", ["x", "x"]),
    Case("det(X)", ["X", "X", "X"]), Case("x'*x", ["x", "x"], gradient: "x"),
  ]

  @Test(arguments: cases)
  func eachOrderIsTheDerivativeOfTheOneBelow(_ row: Case) throws {
    let report = try row.report()
    #expect(report.verification?.passed == true, "\(report.derivative.inputText)")
    #expect(report.order == row.along.count + (row.gradient == nil ? 0 : 1))
    #expect(report.directions.map(\.variable) == row.along)
  }

  /// Linear in each direction, and the same where two directions of one variable are exchanged.
  @Test(arguments: cases)
  func itIsMultilinearAndSymmetric(_ row: Case) throws {
    let report = try row.report()
    let input = try typed(row.input, row.declarations)
    let directions = report.directions.map { direction in
      let like = input.variables.first { $0.name == direction.variable }
      return Variable(
        name: direction.name, shape: like?.shape ?? .scalar, type: like.map(\.type) ?? .matrix)
    }
    let formula = try typed(report.derivative.inputText, in: input, extra: directions)
    var points = RandomPoints([input, formula], seed: 5)
    let next = points.next()
    let point = try #require(next)
    let value = try point.value(of: formula).result
    let scale = max(value.frobeniusNorm, 1)
    for (i, one) in report.directions.enumerated() {
      let v = try #require(point.values[one.name])
      var moved = point
      moved.values[one.name] = v.scaled(by: -2.5)
      let scaled = try moved.value(of: formula).result
      #expect(scaled.subtracting(value.scaled(by: -2.5)).frobeniusNorm < 1e-9 * scale)
      for other in report.directions[(i + 1)...] where other.variable == one.variable {
        let w = try #require(point.values[other.name])
        moved.values[one.name] = w
        moved.values[other.name] = v
        let exchanged = try moved.value(of: formula).result
        #expect(exchanged.subtracting(value).frobeniusNorm < 1e-9 * scale)
        moved = point
      }
    }
  }

  /// The map, paired with a direction, is that of the next order.
  @Test(arguments: [("logdet(X)", "X"), ("logsumexp(x)", "x"), ("x'*A*x", "x"), ("1/(x'*x)", "x")])
  func theGradientIsTheMapWithAnOpenArgument(_ input: String, _ x: String) throws {
    let open = try HigherDerivativeRequest(input, along: [x, x], gradient: x).answer()
    let closed = try HigherDerivativeRequest(input, along: [x, x, x]).answer()
    let own = try typed(input)
    let shape = try #require(own.variables.first { $0.name == x }).shape
    let directions = ["V1", "V2", "V3"].map { Variable(name: $0, shape: shape, type: .matrix) }
    let text = open.derivative.definitions.map { "\($0.name) = \($0.text)" }
    let paired = (text + ["sum((\(open.derivative.text)).*V3)"]).joined(separator: "; ")
    #expect(
      try largestDifference(
        typed(paired, in: own, extra: directions),
        typed(closed.derivative.inputText, in: own, extra: directions)) < 1e-9)
  }

  @Test(arguments: [
    ("a^5", 3, "60*a^2"), ("exp(a*x)", 2, "exp(a*x).*x.^2"), ("sin(a)", 4, "sin(a)"),
    ("1/a", 8, "40320/a^9"), ("a^2", 3, "0"),
  ])
  func byAScalarItIsAFormula(_ input: String, _ order: Int, _ expected: String) throws {
    var options = DerivativeOptions()
    options.order = order
    let report = try #require(
      try DerivativeRequest(input, wrt: ["a"], options: options).answer().first)
    #expect(report.derivative.text == expected)
    #expect(report.form == .matrix && report.directions.isEmpty)
    #expect(!report.failedVerification)
  }

  @Test func theRequestOfDerivativesGivesTheMap() throws {
    var options = DerivativeOptions()
    options.order = 3
    let report = try #require(
      try DerivativeRequest("x'*A*x*sum(x)", wrt: ["x"], options: options).answer().first)
    #expect(report.form == .operator && report.directions == ["V1", "V2"])
    #expect(!report.failedVerification)
    let text = TextReport([report], style: .ascii).text
    #expect(text.contains("d3f/dx3: V1, V2 -> "))
    #expect(text.contains("(n x 1, third derivative, operator form, denominator layout)"))
    #expect(report.json.text().contains("\"directions\": [\"V1\", \"V2\"]"))
    #expect(LaTeXReport([report]).text.contains("\\mathbf{V}_{1}, \\mathbf{V}_{2} \\mapsto &"))
  }

  @Test(arguments: [
    ("x'*x", ["x"], 9, Form.auto, "--order 9: only orders from 1 to 8"),
    ("x'*x", ["x"], 1_000_000, .auto, "--order 1000000"), ("x'*x", ["x"], 0, .auto, "--order 0"),
    ("x'*x", ["x"], .min, .auto, "--order -9223372036854775808"),
    ("x'*A*y", ["x", "y"], 3, .auto, "--order 3: one variable at a time"),
    ("x'*x", ["x"], 3, .kronecker, "--form kronecker"), ("x'*x", ["z"], 3, .auto, "--wrt z"),
    ("A*x", ["x"], 2, .auto, "--form operator"),
  ])
  func whatCannotBeAskedForIsAnError(
    _ input: String, _ wrt: [String], _ order: Int, _ form: Form, _ message: String
  ) {
    var options = DerivativeOptions()
    options.order = order
    options.form = form
    do {
      _ = try DerivativeRequest(input, wrt: wrt, options: options).answer()
      Issue.record("an error was expected")
    } catch {
      #expect(error.description.contains(message), "\(error)")
    }
  }

  @Test func aGradientNeedsAScalar() {
    #expect(throws: FrechetError.self) {
      try HigherDerivativeRequest("A*x", along: ["x"], gradient: "x").answer()
    }
  }

  /// The direction of an operator does not take the name of a variable.
  @Test(arguments: [
    ("norm2(X - U*V')^2", "U", 1), ("norm2(X - U*V')^2", "U", 2), ("tr(expm(V))", "V", 2),
    ("norm2(V*W*H*D*T)^2", "W", 1), ("V = x*x'; sum(V.^2)", "x", 2),
  ])
  func theDirectionHasAFreeName(_ input: String, _ wrt: String, _ order: Int) throws {
    var options = DerivativeOptions()
    options.order = order
    options.form = .operator
    let report = try #require(
      try DerivativeRequest(input, wrt: [wrt], options: options).answer().first)
    #expect(!report.failedVerification, "\(report.derivative.inputText)")
    let name = try #require(report.directions.first)
    #expect(!report.variables.contains { $0.name == name })
  }
}
