import Frechet
import Testing

/// The pages of rules: every equation holds, and every rule of a derivation has a page.
@Suite struct RulePageTests {
  static let equations = RulePage.all.flatMap { page in
    page.equations.map { Statement(page: page, equation: $0) }
  }

  struct Statement: Sendable, CustomTestStringConvertible {
    let page: RulePage
    let equation: RulePage.Equation

    var testDescription: String { "\(page.name): \(equation.left) = \(equation.right)" }

    /// The input on the left, without the `d(…)` around it.
    var operation: String? {
      equation.left.hasPrefix("d(") ? String(equation.left.dropFirst(2).dropLast()) : nil
    }
  }

  @Test(arguments: equations)
  func bothSidesHaveOneValue(statement: Statement) throws {
    let varying = statement.page.varying
    let source = statement.operation ?? statement.equation.left
    let input = try typed(source, statement.page.declarations)
    let used = varying.filter { name in input.variables.contains { $0.name == name } }
    let extra = try used.map { name in
      let variable = try #require(input.variables.first { $0.name == name })
      let type: StructureType = [.spd, .symmetric].contains(variable.type) ? .symmetric : .matrix
      return Variable(
        name: "d" + name, shape: variable.shape,
        type: variable.shape.columns.isOne ? .vector : type)
    }
    let right = try typed(statement.equation.right, in: input, extra: extra)
    guard statement.operation != nil else {
      #expect(try largestDifference(input, right) < 1e-8)
      return
    }
    // The differential is the sum of the differentials by each variable.
    var options = DerivativeOptions()
    options.form = .differential
    let parts = try derive(input, wrt: used, options: options).map { derivative -> String in
      let names = derivative.result.definitions.map { "\($0.name) = \($0.value)" }
      #expect(names.isEmpty || used.count == 1)
      return (names + ["\(derivative.result.body)"]).joined(separator: "; ")
    }
    let left = try typed(parts.joined(separator: " + "), in: input, extra: extra)
    #expect(try largestDifference(left, right) < 1e-8)
  }

  @Test func namesAreUnique() {
    #expect(Set(RulePage.all.map(\.name)).count == RulePage.all.count)
  }

  @Test(arguments: RulePage.all.map(\.name))
  func everyPageIsComplete(name: String) throws {
    let report = try RuleReport(name)
    #expect(!report.page.reason.isEmpty && !report.page.source.isEmpty)
    #expect(report.page.equations.isEmpty != (report.page.statement == nil))
    let text = report.text(in: .ascii)
    #expect(text.hasPrefix(name + "\n"))
    #expect(text.split(separator: "\n").count >= 4)
  }

  @Test(arguments: RulePage.all.compactMap { page in page.example.map { (page.name, $0) } })
  func theExampleUsesTheRule(
    name: String, example: (input: String, declare: [String], wrt: String)
  ) throws {
    let input = try typed(example.input, example.declare)
    var options = DerivativeOptions()
    options.order = name == "identify the Hessian" ? 2 : 1
    let derivative = try #require(
      try derive(input, wrt: [example.wrt], options: options).first)
    let rules = WorkedDerivation(of: derivative, in: input).lines.flatMap(\.rules)
    #expect(rules.contains { $0.page?.name == name }, "\(rules.map(\.name))")
  }

  @Test(arguments: [
    ("logdet", "differential of the log-determinant"), ("Product Rule", "product rule"),
    ("cyclic", "cyclic permutation"), ("sum is linear", "linear operations"),
    ("chain rule through tanh", "chain rule through tanh"), ("through Z", "through a layer"),
    ("chain rule through log(1 + exp(t))", "chain rule"), ("adjoint of diag", "adjoint"),
  ])
  func aRuleIsFound(text: String, name: String) {
    #expect(RulePage.find(text)?.name == name)
  }

  @Test(arguments: [("prodct rule", "product rule"), ("trace", "trace trick")])
  func whatIsNotFoundIsGuessed(text: String, name: String) {
    #expect(RulePage.find(text) == nil)
    #expect(RulePage.suggestions(for: text).contains(name))
  }
}
