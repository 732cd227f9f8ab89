import ExpressionCore
import Planning

/// The checks behind a Julia function, which the file runs where it is the program.
struct JuliaSelfTest: SelfTestWriter {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let sample: ProgramSample
  let identifiers: Identifiers

  // MARK: Statements

  var widest: Int { 72 }

  func expressions(of names: [String]) -> Julia { Julia() }

  func draw(_ name: String, _ shape: Shape, _ distribution: SelfTest.Distribution) -> String {
    let dims = shape.isScalar ? [] : shape.isMatrix ? [shape.rows, shape.columns] : [shape.count]
    let sizes = (["rng"] + dims.map { Julia.sizes.expression($0).text }).joined(separator: ", ")
    switch distribution {
    case .normal(1): return "\(name) = randn(\(sizes))"
    case .normal(let scale): return "\(name) = \(scale) * randn(\(sizes))"
    case .uniform(let low, let high):
      let dot = shape.isScalar ? "" : "."
      return "\(name) = \(low) \(dot)+ \(high - low) * rand(\(sizes))"
    }
  }

  func assignment(_ name: String, _ value: CodeExpression, _ shape: Shape) -> String {
    "\(name) = \(value.text)"
  }

  func call(_ name: String, _ values: [CodeExpression]) -> [String] {
    let all = (values.map(\.text) + arguments.free).joined(separator: ", ")
    return ["\(name) = \(self.name)(\(all))"]
  }

  func result(of call: String, _ place: Int) -> String { "\(call)[\(place + 1)]" }

  func comparison(
    _ output: String, _ slope: CodeExpression, _ product: CodeExpression
  ) -> String {
    "push!(errors, \"\(output)\" => relative_error(\(slope.text), \(product.text)))"
  }

  func remark(_ text: String) -> String { "println(\"\(text)\")" }

  func block(_ comment: String, _ statements: [String]) -> [String] {
    ["", "# \(comment)"] + statements
  }

  // MARK: Functions

  /// Functions and the lines that call them, and what they need.
  func functions() throws(UnsupportedOperation) -> (lines: [String], needs: Needs) {
    guard let written = try written() else { return ([], Needs()) }
    var needs = written.needs
    needs.use("using Random")
    var lines = function(
      parameters(written), "Random arguments as they were declared.",
      written.sample + ["return \(names)"])
    var main: [String] = []
    if request.benchmark {
      needs.use("using Statistics")
      lines += benchmark(written)
      main.append("    benchmark()")
    }
    if request.selfTest {
      lines += tests(written)
      main.append("    exit(test())")
    }
    lines += ["", "if abspath(PROGRAM_FILE) == @__FILE__"] + main + ["end"]
    return (lines, needs)
  }

  private func parameters(_ written: WrittenSelfTest) -> String {
    "sample(\((["rng"] + written.sizes).joined(separator: ", ")))"
  }

  private func function(_ head: String, _ comment: String, _ body: [String]) -> [String] {
    ["", "\"\(comment)\"", "function \(head)"] + body.map { $0.isEmpty ? "" : "    " + $0 }
      + ["end"]
  }

  private func data(
    _ written: WrittenSelfTest, seed: String, _ sizes: [TestSize]
  ) -> [String] {
    ["rng = Xoshiro(\(seed))"]
      + sizes.map { "\($0.name) = \($0.value)" }
      + ["\(names) = \(parameters(written))"]
  }

  private func tests(_ written: WrittenSelfTest) -> [String] {
    let differences =
      data(written, seed: "seed", testSizes(written)) + written.baseCall + [
        "all(a -> all(isfinite, a), base) || return nothing",
        "errors = Pair{String,Float64}[]",
        "step = \(written.stepSize)",
      ] + written.checks + ["return errors"]
    return [
      "", "\"The difference, relative to the larger of the two.\"",
      "relative_error(a, b) = norm(a - b) / max(norm(a), norm(b), 1e-3)",
    ]
      + function(
        "differences(seed)",
        "How far the derivatives are from differences; nothing outside of the domain.",
        differences)
      + function(
        "test()", "Compares the derivatives with central differences. Returns the exit status.",
        Self.test)
  }

  private static let test = [
    "for seed in 0:99",
    "    errors = differences(seed)",
    "    isnothing(errors) && continue",
    "    for (name, deviation) in errors",
    "        println(\"$name: relative error $(round(deviation; sigdigits = 2))\")",
    "    end",
    "    passed = all(<(\(SelfTest.tolerance)), last.(errors))",
    "    println(passed ? \"passed\" : \"FAILED\")",
    "    return passed ? 0 : 1",
    "end",
    "println(\"FAILED: no random data are in the domain\")",
    "return 1",
  ]

  private func benchmark(_ written: WrittenSelfTest) -> [String] {
    let all = (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
    return function(
      "benchmark()", "Prints the median time of a call.",
      data(written, seed: "0", benchmarkSizes(written)) + [
        "times = [@elapsed(\(name)(\(all))) for _ in 1:21]",
        "println(\"\(name): $(1e3 * median(times[2:end])) ms, median of 20 calls\")",
      ])
  }
}
