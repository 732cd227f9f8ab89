import ExpressionCore
import Planning

/// The checks behind a Swift function, and the type that runs them as the program.
struct SwiftSelfTest: SelfTestWriter {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let sample: ProgramSample
  let identifiers: Identifiers

  // MARK: Statements

  var widest: Int { 56 }

  func expressions(of names: [String]) -> SwiftTarget { SwiftTarget() }

  func draw(_ name: String, _ shape: Shape, _ distribution: SelfTest.Distribution) -> String {
    let sizes = [shape.rows, shape.columns].map { SizeNotation.slash.expression($0).text }
      .joined(separator: ", ")
    switch distribution {
    case .normal(1): return "let \(name) = rng.normal(\(sizes))"
    case .normal(let scale):
      return "let \(name) = rng.normal(\(sizes)).scaled(by: \(scale))"
    case .uniform(let low, let high):
      return "let \(name) = rng.uniform(\(sizes), from: \(low), to: \(high))"
    }
  }

  func assignment(_ name: String, _ value: CodeExpression, _ shape: Shape) -> String {
    "let \(name) = try \(value.text)"
  }

  func call(_ name: String, _ values: [CodeExpression]) -> [String] {
    let all =
      zip(arguments.variables, values).map { variable, value in
        "\(variable.name): "
          + (variable.shape.isScalar ? "number(\(value.text))" : value.text)
      } + arguments.free.map { "\($0): \($0)" }
    return ["let \(name) = try \(self.name)(\(all.joined(separator: ", ")))"]
  }

  func result(of call: String, _ place: Int) -> String {
    let field = "\(call).\(request.outputNames[place])"
    return isScalar(place) ? "Matrix(\(field))" : field
  }

  private func isScalar(_ place: Int) -> Bool {
    request.listing.nodes[request.listing.outputs[place].node].shape.isScalar
  }

  func comparison(
    _ output: String, _ slope: CodeExpression, _ product: CodeExpression
  ) -> String {
    "try errors.append((\"\(output)\", relativeError(\(slope.text), \(product.text))))"
  }

  func remark(_ text: String) -> String { "print(\"\(text)\")" }

  func block(_ comment: String, _ statements: [String]) -> [String] {
    ["// \(comment)", "do {"] + statements.map { "  " + $0 } + ["}"]
  }

  // MARK: Functions

  /// The type whose `main` is the program.
  func program() throws(UnsupportedOperation) -> [String] {
    guard let written = try written() else { return [] }
    let count = arguments.variables.count
    let types = Array(repeating: "Matrix", count: count).joined(separator: ", ")
    let sizes = ["_ rng: inout RandomMatrices"] + written.sizes.map { "_ \($0): Int" }
    var lines = function(
      "sample(\(sizes.joined(separator: ", "))) throws -> \(count == 1 ? types : "(\(types))")",
      "Random arguments as they were declared.",
      written.sample + ["return \(tuple)"])
    var calls: [String] = []
    if request.benchmark {
      lines += [""] + benchmark(written)
      calls.append("try benchmark()")
    }
    if request.selfTest {
      lines += [""] + tests(written)
      calls.append("exit(try test() ? 0 : 1)")
    }
    return ["", "@main", "enum SelfTest {", "  static func main() throws {"]
      + calls.map { "    " + $0 } + ["  }", ""] + lines.map { $0.isEmpty ? "" : "  " + $0 } + ["}"]
  }

  /// The arguments as a tuple, which one alone is not.
  private var tuple: String { arguments.variables.count == 1 ? names : "(\(names))" }

  private func function(_ head: String, _ comment: String, _ body: [String]) -> [String] {
    ["/// \(comment)", "static func \(head) {"] + body.map { $0.isEmpty ? "" : "  " + $0 } + ["}"]
  }

  private func data(
    _ written: WrittenSelfTest, seed: String, _ sizes: [TestSize]
  ) -> [String] {
    ["var rng = RandomMatrices(seed: \(seed))"]
      + sizes.map { "let \($0.name) = \($0.value)" }
      + ["let \(tuple) = try sample(\((["&rng"] + written.sizes).joined(separator: ", ")))"]
  }

  private func tests(_ written: WrittenSelfTest) -> [String] {
    let outputs = request.outputNames.indices.map { result(of: SelfTest.base, $0) }
    let differences =
      data(written, seed: "seed", testSizes(written)) + written.baseCall + [
        "guard [\(outputs.joined(separator: ", "))].allSatisfy(\\.allFinite) else { return nil }",
        "var errors: [(name: String, size: Double)] = []",
        "let step: Matrix = \(written.stepSize)",
      ] + written.checks + ["return errors"]
    return function(
      "relativeError(_ a: Matrix, _ b: Matrix) throws -> Double",
      "The difference, relative to the larger of the two.",
      ["try number(norm2(a - b)) / max(number(norm2(a)), number(norm2(b)), 1e-3)"])
      + [""]
      + function(
        "differences(_ seed: UInt64) throws -> [(name: String, size: Double)]?",
        "How far the derivatives are from differences; nothing outside of the domain.",
        differences)
      + [""]
      + function(
        "test() throws -> Bool", "Compares the derivatives with central differences.", Self.test)
  }

  private static let test = """
    for seed in 0..<100 {
      guard let errors = try differences(UInt64(seed)) else { continue }
      for (name, size) in errors { print("\\(name): relative error \\(size)") }
      let passed = errors.allSatisfy { $0.size < \(SelfTest.tolerance) }
      print(passed ? "passed" : "FAILED")
      return passed
    }
    print("FAILED: no random data are in the domain")
    return false
    """.split(separator: "\n").map(String.init)

  private func benchmark(_ written: WrittenSelfTest) -> [String] {
    let call = self.call("result", arguments.variables.map { CodeExpression($0.name) })
      .map { $0.replacingResult }
    return function(
      "benchmark() throws", "Prints the median time of a call.",
      data(written, seed: "0", benchmarkSizes(written)) + [
        "var times: [Duration] = []",
        "for _ in 0..<21 {",
        "  let time = try ContinuousClock().measure {",
      ] + call.map { "    " + $0 } + [
        "  }",
        "  times.append(time)",
        "}",
        "let median = times.dropFirst().sorted()[10]",
        "print(\"\(name): \\(median), median of 20 calls\")",
      ])
  }
}

extension String {
  /// The call of an assignment without what it assigns to.
  fileprivate var replacingResult: String {
    "_ = " + dropFirst("let result = ".count)
  }
}
