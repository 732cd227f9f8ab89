import Frechet
import Testing

/// The derivative of each primitive by each operand, against difference quotients.
@Suite struct EveryPrimitiveTests {
  /// What has no derivative rule. The list only ever shrinks: whoever adds a rule takes it off.
  static let undifferentiated: Set<Primitive> = []

  @Test func theUndifferentiatedAreListed() {
    let without = Primitive.allCases.filter { !$0.hasDerivative }
    #expect(Set(without) == Self.undifferentiated)
  }

  @Test(arguments: Primitive.allCases)
  func hasSamples(primitive: Primitive) throws {
    #expect(!primitive.samples.inputs.isEmpty)
    for sample in primitive.samples.inputs.map({ Sample(primitive, $0) }) {
      let uses = try sample.typed().nodes.contains { $0.operation == .primitive(primitive) }
      let isReplaced = [.sinm, .cosm].contains(primitive)
      #expect(uses || isReplaced, "\(sample.testDescription)")
    }
  }

  @Test(arguments: Primitive.refusals)
  func refusesWrongShapes(sample: Sample) {
    #expect(throws: Diagnostics.self) { try sample.typed() }
  }

  @Test(arguments: Primitive.samples.filter { undifferentiated.contains($0.primitive) })
  func saysThatThereIsNoDerivative(sample: Sample) throws {
    let request = DerivativeRequest(
      sample.text, wrt: [try sample.typed().variables[0].name], declarations: sample.declarations)
    #expect(throws: FrechetError.self) { try request.answer() }
  }

  @Test(arguments: Primitive.samples.filter { $0.primitive.hasDerivative })
  func gradientOfALinearFunctional(sample: Sample) throws {
    try sample.checkFunctional(order: 1)
  }

  @Test(arguments: Primitive.samples.filter { $0.primitive.hasDerivative })
  func hessianOfALinearFunctional(sample: Sample) throws {
    try sample.checkFunctional(order: 2)
  }

  @Test(arguments: Primitive.samples.filter { $0.primitive.hasDerivative })
  func jacobian(sample: Sample) throws {
    try sample.check(.auto)
  }

  @Test(arguments: Primitive.samples.filter { $0.primitive.hasDerivative })
  func differential(sample: Sample) throws {
    try sample.check(.differential)
  }
}

extension Sample {
  /// Verifies the derivative of the sample itself by each of its variables.
  func check(_ form: Form) throws {
    var options = DerivativeOptions()
    options.form = form
    try verify(text, by: typed().variables.map(\.name), declarations, options)
  }

  /// Verifies the derivatives of `tr(Ω'*F)`, with Ω of the shape of the sample F.
  func checkFunctional(order: Int) throws {
    let input = try typed()
    let names = input.variables.map(\.name)
    let isScalar = input.nodes[input.result].shape.isScalar
    var options = DerivativeOptions()
    options.order = order
    try verify(isScalar ? text : "tr(Ω'*(\(text)))", by: names, declarations, options)
  }

  private func verify(
    _ text: String, by names: [String], _ declarations: [String], _ options: DerivativeOptions
  ) throws {
    let request = DerivativeRequest(
      text, wrt: names, declarations: declarations, options: options, timeLimit: 120)
    for report in try request.answer() {
      let claim = "\(text) by \(report.wrt): \(report.derivative.inputText)"
      let verification = try #require(report.verification)
      #expect(verification.passed, "\(claim): \(String(describing: verification.failure))")
      #expect(!report.derivative.latex.isEmpty && !report.derivative.unicode.isEmpty)
    }
  }
}
