import ExpressionCore
import Planning

/// The checks behind a MATLAB function, which it runs where it is called without arguments.
struct MATLABSelfTest: SelfTestWriter {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let sample: ProgramSample
  let identifiers: Identifiers

  private var outputCount: Int { request.listing.outputs.count }

  // MARK: Statements

  var widest: Int { 72 }

  func expressions(of names: [String]) -> MATLAB { MATLAB() }

  func draw(_ name: String, _ shape: Shape, _ distribution: SelfTest.Distribution) -> String {
    let sizes = [shape.rows, shape.columns].map { SizeNotation.slash.expression($0).text }
      .joined(separator: ", ")
    switch distribution {
    case .normal(1): return "\(name) = randn(\(sizes));"
    case .normal(let scale): return "\(name) = \(scale) * randn(\(sizes));"
    case .uniform(let low, let high):
      return "\(name) = \(low) + \(high - low) * rand(\(sizes));"
    }
  }

  func assignment(_ name: String, _ value: CodeExpression, _ shape: Shape) -> String {
    "\(name) = \(value.text);"
  }

  func call(_ name: String, _ values: [CodeExpression]) -> [String] {
    let all = (values.map(\.text) + arguments.free).joined(separator: ", ")
    return ["[\(name){1:\(outputCount)}] = \(self.name)(\(all));"]
  }

  func result(of call: String, _ place: Int) -> String { "\(call){\(place + 1)}" }

  func comparison(
    _ output: String, _ slope: CodeExpression, _ product: CodeExpression
  ) -> String {
    "errors(end + 1, :) = {'\(output)', relative_error_(\(slope.text), \(product.text))};"
  }

  func remark(_ text: String) -> String { "disp('\(text)');" }

  func block(_ comment: String, _ statements: [String]) -> [String] {
    ["", "% \(comment)"] + statements
  }

  // MARK: Functions

  /// What the function does where it is called without arguments.
  var dispatch: [String] {
    let calls =
      (request.selfTest ? ["test_();"] : []) + (request.benchmark ? ["benchmark_();"] : [])
    guard !calls.isEmpty else { return [] }
    return ["if nargin == 0"] + calls.map { "  " + $0 } + ["  return;", "end"]
  }

  /// Local functions, and what they need.
  func functions() throws(UnsupportedOperation) -> (texts: [String], needs: Needs) {
    guard let written = try written() else { return ([], Needs()) }
    var texts = [
      function(
        "[\(names)] = sample_(\(written.sizes.joined(separator: ", ")))",
        "Random arguments as they were declared.", written.sample)
    ]
    if request.selfTest { texts += tests(written) }
    if request.benchmark { texts.append(benchmark(written)) }
    return (texts, written.needs)
  }

  private func function(_ head: String, _ comment: String, _ body: [String]) -> String {
    let lines = ["% \(comment)"] + body
    return (["function \(head)"] + lines.map { $0.isEmpty ? "" : "  " + $0 } + ["end"])
      .joined(separator: "\n")
  }

  private func data(
    _ written: WrittenSelfTest, seed: String, _ sizes: [TestSize]
  ) -> [String] {
    ["rng(\(seed));"]
      + sizes.map { "\($0.name) = \($0.value);" }
      + ["[\(names)] = sample_(\(written.sizes.joined(separator: ", ")));"]
  }

  private func tests(_ written: WrittenSelfTest) -> [String] {
    let differences =
      data(written, seed: "seed", testSizes(written)) + written.baseCall + [
        "errors = {};",
        "if ~all(cellfun(@(a) all(isfinite(a(:))), base))",
        "  return;",
        "end",
        "step = \(written.stepSize);",
      ] + written.checks
    return [
      function(
        "e = relative_error_(a, b)", "The difference, relative to the larger of the two.",
        ["e = norm(a - b, 'fro') / max([norm(a, 'fro'), norm(b, 'fro'), 1e-3]);"]),
      function(
        "errors = differences_(seed)",
        "How far the derivatives are from differences; nothing outside of the domain.",
        differences),
      function("test_()", "Compares the derivatives with central differences.", Self.test),
    ]
  }

  private static let test = [
    "errors = {};",
    "for seed = 0:99",
    "  errors = differences_(seed);",
    "  if ~isempty(errors)",
    "    break;",
    "  end",
    "end",
    "if isempty(errors)",
    "  error('test: FAILED, no random data are in the domain');",
    "end",
    "for trial = 1:size(errors, 1)",
    "  fprintf('%s: relative error %.1e\\n', errors{trial, :});",
    "end",
    "if ~all([errors{:, 2}] < \(SelfTest.tolerance))",
    "  error('test: FAILED');",
    "end",
    "disp('passed');",
  ]

  private func benchmark(_ written: WrittenSelfTest) -> String {
    let outputs = request.outputNames.joined(separator: ", ")
    let all = (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
    return function(
      "benchmark_()", "Prints the median time of a call.",
      data(written, seed: "0", benchmarkSizes(written)) + [
        "times = zeros(1, 21);",
        "for trial = 1:21",
        "  tic;",
        "  [\(outputs)] = \(name)(\(all)); %#ok<ASGLU>",
        "  times(trial) = toc;",
        "end",
        "fprintf('\(name): %.4g ms, median of 20 calls\\n', 1e3 * median(times(2:end)));",
      ])
  }
}
