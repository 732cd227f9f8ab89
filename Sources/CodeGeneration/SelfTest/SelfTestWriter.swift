import ExpressionCore
import Planning

/// How the steps of a test are written in one language.
protocol SelfTestWriter {
  associatedtype Expressions: ExpressionWriter

  var request: ProgramRequest { get }
  var arguments: Arguments { get }
  var sample: ProgramSample { get }
  /// Those of the program.
  var identifiers: Identifiers { get }

  /// The writer of formulas of some names.
  func expressions(of names: [String]) -> Expressions
  /// Longer formulas are split.
  var widest: Int { get }

  /// A statement that draws entries by `rng`.
  func draw(_ name: String, _ shape: Shape, _ distribution: SelfTest.Distribution) -> String
  func assignment(_ name: String, _ value: CodeExpression, _ shape: Shape) -> String
  /// The program called with values for its variables.
  func call(_ name: String, _ values: [CodeExpression]) -> [String]
  /// An output of a call.
  func result(of call: String, _ place: Int) -> String
  func comparison(_ output: String, _ slope: CodeExpression, _ product: CodeExpression) -> String
  func remark(_ text: String) -> String
  /// Statements with names of their own.
  func block(_ comment: String, _ statements: [String]) -> [String]
}

/// A test as statements of a language, for the functions that it puts around them.
struct WrittenSelfTest {
  /// Draws the arguments.
  let sample: [String]
  /// Calls the program at them.
  let baseCall: [String]
  /// Compares, given the outputs there.
  let checks: [String]
  let stepSize: String
  /// The names of the sizes of the arguments.
  let sizes: [String]
  let needs: Needs
}

/// A size with its value.
typealias TestSize = (name: String, value: Int)

extension SelfTestWriter {
  /// Nil where no check and no measurement is asked for.
  func written() throws(UnsupportedOperation) -> WrittenSelfTest? {
    guard request.selfTest || request.benchmark else { return nil }
    let test = SelfTest(request, arguments, sample, identifiers)
    var context = TestContext(arguments: arguments, identifiers: identifiers)
    let sample = try statements(test.sample, &context)
    let baseCall = try statements([.call(SelfTest.base, moving: [:])], &context)
    var checks: [String] = []
    for block in test.blocks {
      checks += self.block(block.comment, try statements(block.steps, &context))
    }
    return WrittenSelfTest(
      sample: sample, baseCall: baseCall, checks: checks, stepSize: test.stepSize,
      sizes: arguments.sizeNames, needs: context.needs)
  }

  /// The arguments that are drawn.
  var names: String { arguments.variables.map(\.name).joined(separator: ", ") }

  /// The sizes at which the program is compared with differences.
  func testSizes(_ written: WrittenSelfTest) -> [TestSize] {
    written.sizes.map { ($0, sample.sizes[identifiers.original($0) ?? $0] ?? 3) }
  }

  /// The sizes at which it is measured.
  func benchmarkSizes(_ written: WrittenSelfTest) -> [TestSize] {
    written.sizes.map { ($0, request.benchmarkSize(of: identifiers.original($0) ?? $0)) }
  }

  private func statements(
    _ steps: [SelfTest.Step], _ context: inout TestContext
  ) throws(UnsupportedOperation) -> [String] {
    var lines: [String] = []
    for step in steps {
      switch step {
      case .draw(let name, let shape, let distribution):
        lines.append(draw(name, shape, distribution))
      case .assign(let name, let formula):
        _ = try write([formula], names: [name], &context, &lines)
      case .call(let name, let moving):
        let names = context.arguments.variables.map(\.name)
        let moved = names.filter { moving[$0] != nil }
        let values = try write(moved.compactMap { moving[$0] }, names: [], &context, &lines)
        let byName = Dictionary(uniqueKeysWithValues: zip(moved, values))
        lines += call(name, names.map { byName[$0] ?? CodeExpression($0) })
      case .compare(let output, let slope, let product):
        let values = try write([slope, product], names: [], &context, &lines)
        lines.append(comparison(output, values[0], values[1]))
      case .remark(let text): lines.append(remark(text))
      }
    }
    return lines
  }

  /// The formulas, after assignments to the given names and of parts that are long.
  private func write(
    _ formulas: [TestFormula], names: [String], _ context: inout TestContext,
    _ lines: inout [String]
  ) throws(UnsupportedOperation) -> [CodeExpression] {
    let listing = Listing(formulas) { result(of: $0, $1) }
    let statements = try Statements(
      listing, expressions(of: listing.variables.map(\.name)), identifiers: context.identifiers,
      outputNames: names, widest: widest)
    context.identifiers = statements.identifiers
    context.needs.formUnion(statements.needs)
    for assignment in statements.assignments {
      lines.append(
        self.assignment(
          assignment.name, assignment.expression, listing.nodes[assignment.node].shape))
    }
    return statements.results
  }
}

/// What is known while statements are written.
private struct TestContext {
  let arguments: Arguments
  var identifiers: Identifiers
  var needs = Needs()
}

extension Arguments {
  /// The sizes that the shapes of the arguments name, and those that are arguments.
  fileprivate var sizeNames: [String] {
    var names: [String] = []
    for variable in variables {
      for name in variable.shape.rows.names + variable.shape.columns.names
      where !names.contains(name) {
        names.append(name)
      }
    }
    return names + free.filter { !names.contains($0) }
  }
}

extension ProgramRequest {
  /// The size of a dimension in a measurement: that which was asked for, otherwise the largest of
  /// a few at which no array is large.
  fileprivate func benchmarkSize(of dimension: String) -> Int {
    if let size = sizes[dimension] { return size }
    let limit = 4_000_000
    for size in [100, 50, 20, 10] {
      let isSmall = listing.nodes.allSatisfy { node in
        let count = node.shape.count.value { sizes[$0] ?? size }
        return (count ?? 0) <= limit
      }
      if isSmall { return size }
    }
    return 5
  }
}
