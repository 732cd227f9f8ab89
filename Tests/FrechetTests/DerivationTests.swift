import Frechet
import Testing

/// Derivations line by line, over the whole corpus.
@Suite struct DerivationTests {
  /// Rows where single rules do not reach the answer and the engine's differential is shown as one
  /// step. The list only ever shrinks.
  static let coarse: Set<String> = []

  @Test(arguments: Corpus.derivatives + Corpus.textbook)
  func everyLineIsEqualToTheOneBefore(row: CorpusRow) throws {
    let (derivative, input) = try row.worked()
    let worked = WorkedDerivation(of: derivative, in: input)
    #expect(worked.refuted == 0 && worked.undecided == 0)
    let stated = worked.lines.count { line in
      !line.isPremise(of: derivative)
    }
    #expect(worked.compared == stated - 1, "\(worked.compared) of \(stated) compared")
    #expect(worked.lines.last?.value.body === derivative.result.body)
    #expect(worked.isComplete == !Self.coarse.contains(row.id))
    #expect(worked.shortened().count <= 12)
    // The name beside a line leads to the page of the rule.
    for rule in worked.lines.flatMap(\.rules) {
      #expect(rule.page != nil && RulePage.find(rule.name) != nil, "\(rule.name)")
    }
  }
}

extension DerivationTests {
  /// A textbook identity takes three to eight lines.
  @Test(arguments: [
    ("x'*A*x", "x", []), ("tr(X'*A*X)", "X", []), ("norm2(A*x - b)^2", "x", ["b: vector(m)"]),
    ("a'*x", "x", ["a: vector(n)"]), ("logdet(X)", "X", []), ("tr(A*inv(X))", "X", []),
    ("-logdet(S)/2 - (x - mu)'*inv(S)*(x - mu)/2", "S", ["S: spd(n)"]),
    ("sum(log(1 + exp(-y.*(X*w)))) + c/2*norm2(w)^2", "w", []),
    ("logdet(A + X*B*X')", "X", ["X: matrix(m,n)"]),
    ("v'*S*v - c*(v'*v - 1)", "v", ["S: symmetric(n)"]),
    ("Z = X*W + b; P = softmax(Z,2); -sum(Y.*log(P))", "W", ["b: row(k)"]),
    ("softmax(x)", "x", []), ("inv(X)", "X", []), ("tr(A*X*B)", "X", []),
  ])
  func aTextbookIdentityIsShort(input: String, wrt: String, declare: [String]) throws {
    let request = DerivativeRequest(input, wrt: [wrt], declarations: declare, steps: .short)
    let report = try #require(try request.answer().first)
    let derivation = try #require(report.derivation)
    #expect((3...8).contains(derivation.steps.count))
    #expect(derivation.steps.last?.formula.text == report.derivative.text)
    #expect(derivation.steps.allSatisfy { !$0.rule.isEmpty })
    let all = DerivativeRequest(input, wrt: [wrt], declarations: declare, steps: .all)
    let unfolded = try #require(try all.answer().first?.derivation)
    #expect(unfolded.steps.count >= derivation.steps.count)
  }

  /// The moves of the most usual derivations, in their order.
  @Test(arguments: [
    (
      "x'*A*x", "x",
      [
        "take the differential", "product rule", "a scalar equals its transpose", "collect",
        "identify the gradient",
      ]
    ),
    (
      "tr(A*inv(X))", "X",
      [
        "take the differential", "differential of the inverse", "cyclic permutation",
        "identify the gradient", "simplify",
      ]
    ),
    (
      "tanh(A*x)", "x",
      [
        "take the differential", "chain rule through tanh",
        "elementwise product as diagonal matrix", "identify the Jacobian",
      ]
    ),
  ])
  func theMovesAreThoseOfATeacher(input: String, wrt: String, rules: [String]) throws {
    let request = DerivativeRequest(input, wrt: [wrt], steps: .short)
    let derivation = try #require(try request.answer().first?.derivation)
    #expect(derivation.steps.map(\.rule) == rules)
  }

  /// Where `dx` is a name of the input, no line uses it for something else.
  @Test func aNameThatIsTakenIsLeftAlone() throws {
    let request = DerivativeRequest("dx'*x", wrt: ["x"], steps: .short)
    let derivation = try #require(try request.answer().first?.derivation)
    #expect(derivation.steps.map(\.formula.text) == ["dx"])
  }

  /// Each layer has one line, whatever their number.
  @Test func aDeepNetworkTakesOneLineALayer() throws {
    let layers = (1...12).map { "h\($0) = tanh(W*h\($0 - 1))" }.joined(separator: "; ")
    let request = DerivativeRequest(
      "h0 = x; \(layers); sum(h12)", wrt: ["x"], verify: false, steps: .short)
    let derivation = try #require(try request.answer().first?.derivation)
    let through = derivation.steps.filter { $0.rule.hasPrefix("through h") }
    #expect(through.count == 12)
  }

  @Test func aThirdDerivativeHasNoSteps() throws {
    var options = DerivativeOptions()
    options.order = 3
    let request = DerivativeRequest("sum(x.^4)", wrt: ["x"], options: options, steps: .short)
    #expect(throws: FrechetError.self) { try request.answer() }
  }

  /// What is too large to follow is derived in one step.
  @Test func aLargeInputHasAShortDerivation() throws {
    let text = (1...400).map { "sum(x.^\($0))" }.joined(separator: " + ")
    let request = DerivativeRequest(text, wrt: ["x"], verify: false, steps: .short)
    let derivation = try #require(try request.answer().first?.derivation)
    #expect(derivation.steps.map(\.rule) == ["rules of differentials", "identify the gradient"])
  }
}

extension CorpusRow {
  func worked() throws -> (Derivative, TypedInput) {
    let input = try typed(input, declare)
    let derivatives = try derive(input, wrt: [try #require(wrt)], options: derivativeOptions)
    return (try #require(derivatives.first), input)
  }
}

extension Syntax {
  fileprivate var isZero: Bool {
    switch kind {
    case .number(let value): value.isZero
    case .call(let name, _): name == "zeros"
    case .name, .negate, .transpose, .sum, .product, .power, .elementwisePower, .blocks: false
    }
  }
}
