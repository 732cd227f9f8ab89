import ExpressionCore
import Planning

/// The checks behind a function of Eigen, and the `main` that runs them.
struct EigenSelfTest: SelfTestWriter {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let sample: ProgramSample
  let identifiers: Identifiers

  // MARK: Statements

  var widest: Int { 64 }

  func expressions(of names: [String]) -> Eigen { Eigen() }

  func draw(_ name: String, _ shape: Shape, _ distribution: SelfTest.Distribution) -> String {
    let sizes = [shape.rows, shape.columns].map { SizeNotation.slash.expression($0).text }
      .joined(separator: ", ")
    let entry = shape.isScalar ? "(0, 0)" : ""
    let drawn =
      switch distribution {
      case .normal(1): "normal(rng, \(sizes))\(entry)"
      case .normal(let scale): "\(scale) * normal(rng, \(sizes))\(entry)"
      case .uniform(let low, let high): "uniform(rng, \(sizes), \(low), \(high))\(entry)"
      }
    return "const \(Eigen.type(shape)) \(name) = \(drawn);"
  }

  func assignment(_ name: String, _ value: CodeExpression, _ shape: Shape) -> String {
    "const \(Eigen.type(shape)) \(name) = \(value.text);"
  }

  func call(_ name: String, _ values: [CodeExpression]) -> [String] {
    let all = (values.map(\.text) + arguments.free).joined(separator: ", ")
    return ["const auto \(name) = \(self.name)<Scalar>(\(all));"]
  }

  func result(of call: String, _ place: Int) -> String { "\(call).\(request.outputNames[place])" }

  func comparison(
    _ output: String, _ slope: CodeExpression, _ product: CodeExpression
  ) -> String {
    "errors.emplace_back(\"\(output)\", relative_error(\(slope.text), \(product.text)));"
  }

  func remark(_ text: String) -> String { "std::puts(\"\(text)\");" }

  func block(_ comment: String, _ statements: [String]) -> [String] {
    ["// \(comment)", "{"] + statements.map { "  " + $0 } + ["}"]
  }

  // MARK: Functions

  /// Functions of the namespace, `main`, and what they need.
  func functions() throws(UnsupportedOperation) -> (own: [String], main: [String], needs: Needs) {
    guard let written = try written() else { return ([], [], Needs()) }
    let types = arguments.variables.map { Eigen.type($0.shape) }.joined(separator: ", ")
    let sizes = written.sizes.map { "[[maybe_unused]] Eigen::Index \($0)" }
    let drawn = written.sample.joined().contains("normal(") ? Self.normal : []
    let uniform = written.sample.joined().contains("uniform(") ? Self.uniform : []
    let needsNormal = drawn.isEmpty && request.selfTest ? Self.normal : drawn
    var lines = ["using Scalar = double;", ""] + needsNormal + uniform
    lines += ["// Random arguments as they were declared."]
    lines += function(
      "std::tuple<\(types)> sample(\((["std::mt19937_64& rng"] + sizes).joined(separator: ", ")))",
      written.sample + ["return {\(names)};"])
    var calls: [String] = []
    if request.benchmark {
      lines += benchmark(written)
      calls.append("derived::benchmark();")
    }
    if request.selfTest {
      lines += tests(written)
      calls.append("return derived::test();")
    } else {
      calls.append("return 0;")
    }
    return (lines, ["", "int main() {"] + calls.map { "  " + $0 } + ["}"], written.needs)
  }

  private func function(_ head: String, _ body: [String]) -> [String] {
    ["inline \(head) {"] + body.map { $0.isEmpty ? "" : "  " + $0 } + ["}", ""]
  }

  private func data(
    _ written: WrittenSelfTest, seed: String, _ sizes: [TestSize]
  ) -> [String] {
    ["std::mt19937_64 rng(\(seed));"]
      + sizes.map { "const Eigen::Index \($0.name) = \($0.value);" }
      + ["const auto [\(names)] = sample(\((["rng"] + written.sizes).joined(separator: ", ")));"]
  }

  private static let normal = """
    // Standard normal entries.
    inline Eigen::MatrixXd normal(std::mt19937_64& rng, Eigen::Index rows, Eigen::Index cols) {
      std::normal_distribution<double> distribution;
      return Eigen::MatrixXd::NullaryExpr(rows, cols, [&] { return distribution(rng); });
    }

    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  private static let uniform = """
    // Entries between two numbers.
    inline Eigen::MatrixXd uniform(
        std::mt19937_64& rng, Eigen::Index rows, Eigen::Index cols, double low, double high) {
      std::uniform_real_distribution<double> distribution(low, high);
      return Eigen::MatrixXd::NullaryExpr(rows, cols, [&] { return distribution(rng); });
    }

    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  private func tests(_ written: WrittenSelfTest) -> [String] {
    let finite = request.outputNames.map { "is_finite(base.\($0))" }.joined(separator: " && ")
    let differences =
      data(written, seed: "seed", testSizes(written)) + written.baseCall + [
        "if (!(\(finite))) return std::nullopt;",
        "Errors errors;",
        "const double step = \(written.stepSize);",
      ] + written.checks + ["return errors;"]
    return Self.comparisons
      + ["// How far the derivatives are from differences; nothing outside of the domain."]
      + function("std::optional<Errors> differences(unsigned seed)", differences)
      + ["// Compares the derivatives with central differences. Returns the exit status."]
      + function("int test()", Self.test)
  }

  private static let comparisons = """
    using Errors = std::vector<std::pair<std::string, double>>;

    inline bool is_finite(double a) { return std::isfinite(a); }
    inline bool is_finite(const Eigen::MatrixXd& a) { return a.allFinite(); }

    // The difference, relative to the larger of the two.
    inline double relative_error(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
      return (a - b).norm() / std::max({a.norm(), b.norm(), 1e-3});
    }
    inline double relative_error(double a, double b) {
      return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-3});
    }

    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  private static let test = """
    for (unsigned seed = 0; seed < 100; ++seed) {
      const auto errors = differences(seed);
      if (!errors) continue;
      bool passed = true;
      for (const auto& [name, error] : *errors) {
        std::printf("%s: relative error %.1e\\n", name.c_str(), error);
        passed = passed && error < \(SelfTest.tolerance);
      }
      std::puts(passed ? "passed" : "FAILED");
      return passed ? 0 : 1;
    }
    std::puts("FAILED: no random data are in the domain");
    return 1;
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  private func benchmark(_ written: WrittenSelfTest) -> [String] {
    let all = (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
    let lines =
      data(written, seed: "0", benchmarkSizes(written))
        + """
        using clock = std::chrono::steady_clock;
        std::vector<double> times;
        for (int trial = 0; trial < 21; ++trial) {
          const auto start = clock::now();
          [[maybe_unused]] const volatile double value = detail::first(\(name)<Scalar>(\(all)).value);
          const std::chrono::duration<double, std::milli> time = clock::now() - start;
          if (trial > 0) times.push_back(time.count());
        }
        std::nth_element(times.begin(), times.begin() + 10, times.end());
        std::printf("\(name): %.4g ms, median of 20 calls\\n", times[10]);
        """.split(separator: "\n").map(String.init)
    return [
      "namespace detail {", "inline double first(double a) { return a; }",
      "inline double first(const Eigen::MatrixXd& a) { return a(0); }", "}  // namespace detail",
      "", "// Prints the median time of a call.",
    ] + function("void benchmark()", lines)
  }
}
