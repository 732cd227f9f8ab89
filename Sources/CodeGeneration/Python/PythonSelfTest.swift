import ExpressionCore
import Planning

/// The checks behind a Python program: against differences, and of its time.
struct PythonSelfTest<Arrays: TestableArrays>: SelfTestWriter {
  let function: PythonFunction
  let arrays: Arrays
  let sample: ProgramSample
  /// Lines that have the library differentiate the value, and give its gradients as `automatic`.
  let automatic: [String]
  /// Lines before the calls that are timed.
  let compilation: [String]
  /// The call that is timed.
  let timed: String

  var request: ProgramRequest { function.request }
  var arguments: Arguments { function.arguments }
  var identifiers: Identifiers { function.identifiers }

  // MARK: Statements

  var widest: Int { 72 }

  func expressions(of names: [String]) -> Arrays {
    var writer = arrays
    writer.like = names.first ?? ""
    return writer
  }

  func draw(_ name: String, _ shape: Shape, _ distribution: SelfTest.Distribution) -> String {
    "\(name) = \(arrays.drawn(shape.isScalar ? "()" : PythonFunction.tuple(shape), distribution))"
  }

  func assignment(_ name: String, _ value: CodeExpression, _ shape: Shape) -> String {
    "\(name) = \(value.text)"
  }

  func call(_ name: String, _ values: [CodeExpression]) -> [String] {
    let arguments = values.map(\.text) + function.arguments.free
    return ["\(name) = \(function.name)(\(arguments.joined(separator: ", ")))"]
  }

  func result(of call: String, _ place: Int) -> String { "\(call)[\(place)]" }

  func comparison(
    _ output: String, _ slope: CodeExpression, _ product: CodeExpression
  ) -> String {
    "errors[\"\(output)\"] = relative_error(\(slope.text), \(product.text))"
  }

  func remark(_ text: String) -> String { "print(\"\(text)\")" }

  func block(_ comment: String, _ statements: [String]) -> [String] {
    ["", "# \(comment)"] + statements
  }

  // MARK: Functions

  func add(to module: inout PythonModule) throws(UnsupportedOperation) {
    guard let written = try written() else { return }
    module.use(written.needs)
    for line in arrays.testImports { module.use(import: line) }
    module.add(sampleDefinition(written))
    var main = ["if __name__ == \"__main__\":"]
    if request.selfTest {
      module.use(import: "import sys")
      module.add(errorDefinition)
      module.add(differencesDefinition(written))
      module.add(Self.testDefinition)
      main.append("    sys.exit(test())")
    }
    if request.benchmark {
      module.use(import: "import statistics")
      module.use(import: "import time")
      module.add(benchmarkDefinition(written))
      main.insert("    benchmark()", at: 1)
    }
    module.add(main)
  }

  private func definition(_ head: String, _ sentence: String, _ body: [String]) -> [String] {
    let lines = body.flatMap { line in
      line.isEmpty
        ? [""]
        : PythonLayout.lines(
          String(line.drop { $0 == " " }), indent: 4 + line.prefix { $0 == " " }.count)
    }
    return ["def \(head):", "    \"\"\"\(sentence)\"\"\""] + lines
  }

  private func sampleDefinition(_ written: WrittenSelfTest) -> [String] {
    let parameters = (["rng"] + written.sizes).joined(separator: ", ")
    return definition(
      "sample(\(parameters))", "Random arguments as they were declared.",
      written.sample + ["return \(names)"])
  }

  /// The sizes, the generator and the arguments.
  private func data(
    _ written: WrittenSelfTest, seed: String, _ sizes: [TestSize]
  ) -> [String] {
    var lines: [String] = []
    if !sizes.isEmpty {
      let values = sizes.map { String($0.value) }
      lines.append(
        "\(written.sizes.joined(separator: ", ")) = \(values.joined(separator: ", "))")
    }
    let arguments = (["rng"] + written.sizes).joined(separator: ", ")
    return arrays.testPreparation + lines
      + ["rng = \(arrays.generator(seed))", "\(names) = sample(\(arguments))"]
  }

  private var errorDefinition: [String] {
    let norm = "\(arrays.module).linalg.norm"
    return definition(
      "relative_error(a, b)", "The difference, relative to the larger of the two.",
      ["return float(\(norm)(a - b)) / max(float(\(norm)(a)), float(\(norm)(b)), 1e-3)"])
  }

  private func differencesDefinition(_ written: WrittenSelfTest) -> [String] {
    var lines = data(written, seed: "seed", testSizes(written)) + written.baseCall
    lines += [
      "if not all(\(arrays.module).isfinite(a).all() for a in base):",
      "    return None",
      "errors = {}",
      "step = \(written.stepSize)",
    ]
    lines += written.checks
    if !automatic.isEmpty, hasPlainGradients {
      lines += ["", "# What the library makes of the value."] + automatic
      for (place, gradient) in function.gradients.map(\.output).enumerated() {
        guard let output = function.outputs.firstIndex(of: gradient) else { continue }
        lines.append(
          "errors[\"automatic \(gradient)\"] = relative_error(automatic[\(place)], base[\(output)])"
        )
      }
    }
    return definition(
      "differences(seed)",
      "How far the derivatives are from differences; None outside of the domain.",
      lines + ["return errors"])
  }

  private static var testDefinition: [String] {
    [
      "def test():",
      "    \"\"\"Compares the derivatives with central differences. Returns the exit status.\"\"\"",
      "    for seed in range(100):",
      "        errors = differences(seed)",
      "        if errors is not None:",
      "            break",
      "    else:",
      "        print(\"FAILED: no random data are in the domain\")",
      "        return 1",
      "    for name, size in errors.items():",
      "        print(f\"{name}: relative error {size:.1e}\")",
      "    passed = all(size < \(SelfTest.tolerance) for size in errors.values())",
      "    print(\"passed\" if passed else \"FAILED\")",
      "    return 0 if passed else 1",
    ]
  }

  /// Whether the gradients are those that automatic differentiation gives.
  private var hasPlainGradients: Bool {
    !sample.transposesGradients
      && function.gradients.allSatisfy { gradient in
        let name = function.identifiers.original(gradient.variable) ?? gradient.variable
        return sample.pairings[name] ?? .euclidean == .euclidean
      }
  }

  private func benchmarkDefinition(_ written: WrittenSelfTest) -> [String] {
    let lines =
      data(written, seed: "0", benchmarkSizes(written))
      + compilation + [
        "times = []",
        "for _ in range(21):",
        "    start = time.perf_counter()",
        "    \(timed)",
        "    times.append(time.perf_counter() - start)",
        "median = statistics.median(times[1:])",
        "print(f\"\(function.name): {1e3 * median:.4g} ms, median of 20 calls\")",
      ]
    return definition("benchmark()", "Prints the median time of a call.", lines)
  }
}

/// Arrays that a test draws and compares.
protocol TestableArrays: PythonArrays {
  var testImports: [String] { get }
  /// Statements before the data, such as the choice of a precision.
  var testPreparation: [String] { get }
  func generator(_ seed: String) -> String
  /// An array of a shape, drawn by `rng`.
  func drawn(_ shape: String, _ distribution: SelfTest.Distribution) -> String
}

extension NumPy: TestableArrays {
  var testImports: [String] { [] }
  var testPreparation: [String] { [] }
  func generator(_ seed: String) -> String { "np.random.default_rng(\(seed))" }

  func drawn(_ shape: String, _ distribution: SelfTest.Distribution) -> String {
    switch distribution {
    case .normal(1): return "rng.standard_normal(\(shape))"
    case .normal(let scale): return "\(scale) * rng.standard_normal(\(shape))"
    case .uniform(let low, let high): return "rng.uniform(\(low), \(high), \(shape))"
    }
  }
}

extension JAX: TestableArrays {
  var testImports: [String] { ["import numpy as np"] }
  var testPreparation: [String] { ["jax.config.update(\"jax_enable_x64\", True)"] }
  func generator(_ seed: String) -> String { NumPy().generator(seed) }

  func drawn(_ shape: String, _ distribution: SelfTest.Distribution) -> String {
    "jnp.asarray(\(NumPy().drawn(shape, distribution)))"
  }
}

extension Torch: TestableArrays {
  var testImports: [String] { [] }
  var testPreparation: [String] { [] }
  func generator(_ seed: String) -> String { "torch.Generator().manual_seed(\(seed))" }

  func drawn(_ shape: String, _ distribution: SelfTest.Distribution) -> String {
    let type = "dtype=torch.float64"
    switch distribution {
    case .normal(1): return "torch.randn(\(shape), generator=rng, \(type))"
    case .normal(let scale): return "\(scale) * torch.randn(\(shape), generator=rng, \(type))"
    case .uniform(let low, let high):
      return "torch.empty(\(shape), \(type)).uniform_(\(low), \(high), generator=rng)"
    }
  }
}
