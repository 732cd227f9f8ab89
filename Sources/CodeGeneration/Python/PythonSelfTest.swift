import ExpressionCore
import Planning

/// The checks behind a Python program: against central differences, and of its time.
struct PythonSelfTest {
  let function: PythonFunction
  let sample: ProgramSample
  /// The arguments of a call, given arrays of NumPy.
  let callArguments: String
  /// What comes before the data, such as the choice of a precision.
  let preparation: [String]
  /// Statements that let the library differentiate the value, and give `automatic`.
  let automatic: [String]
  /// Statements that define `run`, the call that is timed.
  let timed: [String]

  private var variables: [Variable] { function.arguments.variables }
  private var roles: [Listing.Role] { function.request.listing.outputs.map(\.role) }

  func add(to module: inout PythonModule) {
    let request = function.request
    guard request.selfTest || request.benchmark else { return }
    module.use(import: "import numpy as np")
    var main = ["if __name__ == \"__main__\":"]
    if request.selfTest {
      module.use(import: "import sys")
      module.add(testDefinition)
      main.append("    sys.exit(test())")
    }
    if request.benchmark {
      module.use(import: "import statistics")
      module.use(import: "import time")
      module.add(benchmarkDefinition)
      main.insert("    benchmark()", at: 1)
    }
    module.add(main)
  }

  // MARK: Data

  private func sizes(_ size: (String) -> Int) -> [String] {
    let names = function.request.listing.dimensionNames
    guard !names.isEmpty else { return [] }
    let values = names.map { String(size(function.original(of: $0) ?? $0)) }
    return ["\(names.joined(separator: ", ")) = \(values.joined(separator: ", "))"]
  }

  /// Random arguments in the structure that was declared.
  private var draws: [String] { variables.flatMap { draw($0) } }

  /// Whether the first data do: entries were drawn as they come.
  private var isDefinedEverywhere: Bool {
    sample.draws.values.allSatisfy { if case .normal = $0 { true } else { false } }
  }

  /// A direction that is an argument becomes one in which its variable may move.
  private var structuredDirections: [String] {
    wrt.flatMap { variable in
      directionOfProduct(function.original(of: variable.name) ?? variable.name)
        .map { tangent(variable, $0) } ?? []
    }
  }

  /// A direction made tangent to the space of a variable.
  private func tangent(_ variable: Variable, _ direction: String) -> [String] {
    let x = variable.name
    guard variable.type == .orthogonal || variable.type == .stiefel else {
      return projection(variable, direction)
    }
    return [
      "\(direction) = \(direction) - \(x) @ (\(x).T @ \(direction) + \(direction).T @ \(x)) / 2"
    ]
  }

  private func draw(_ variable: Variable) -> [String] {
    let name = variable.name
    let draw = sample.draws[function.original(of: name) ?? name] ?? .normal
    var lines = ["\(name) = \(entries(variable, draw))"]
    if variable.sign != .any { lines[0] = "\(name) = np.abs(\(entries(variable, draw)))" }
    let isSquare = variable.shape.isMatrix && variable.shape.rows == variable.shape.columns
    if isSquare, draw == .dominant || draw == .dominantSmall {
      lines.append(
        "\(name) = \(name) / len(\(name)) / 2 + np.diag(2 + 0.3 * np.arange(len(\(name))))")
    }
    switch variable.type {
    case .spd, .psd:
      lines.append("\(name) = \(name) @ \(name).T / len(\(name)) + 0.5 * np.eye(len(\(name)))")
    case .orthogonal, .stiefel: lines.append("\(name) = np.linalg.qr(\(name))[0]")
    case .simplex:
      lines.append("\(name) = (0.2 + np.abs(\(name))) / np.sum(0.2 + np.abs(\(name)))")
    case .stochastic:
      lines.append("\(name) = 0.2 + np.abs(\(name))")
      lines.append("\(name) = \(name) / \(name).sum(axis=1, keepdims=True)")
    case .scalar, .vector, .row, .matrix, .symmetric, .skew, .diagonal, .lower, .upper:
      lines += projection(variable, name)
    }
    return lines
  }

  private func entries(_ variable: Variable, _ draw: ProgramSample.Draw) -> String {
    let size = variable.shape.isScalar ? "" : sizeText(variable.shape)
    switch draw {
    case .normal: return "rng.standard_normal(\(size))"
    case .positive, .dominant:
      return "rng.uniform(\((["0.3", "2"] + optional(size)).joined(separator: ", ")))"
    case .unitInterval:
      return "rng.uniform(\((["0.1", "0.9"] + optional(size)).joined(separator: ", ")))"
    case .small, .dominantSmall: return "0.1 * rng.standard_normal(\(size))"
    }
  }

  private func optional(_ size: String) -> [String] { size.isEmpty ? [] : [size] }

  private func sizeText(_ shape: Shape) -> String {
    shape.isMatrix ? PythonFunction.tuple(shape) : PythonNumbers.expression(shape.count).text
  }

  /// A matrix made one of a linear structure.
  private func projection(_ variable: Variable, _ name: String) -> [String] {
    switch variable.type {
    case .symmetric, .spd, .psd: ["\(name) = (\(name) + \(name).T) / 2"]
    case .skew: ["\(name) = (\(name) - \(name).T) / 2"]
    case .diagonal: ["\(name) = np.diag(np.diag(\(name)))"]
    case .lower: ["\(name) = np.tril(\(name))"]
    case .upper: ["\(name) = np.triu(\(name))"]
    case .scalar, .vector, .row, .matrix, .orthogonal, .stiefel, .simplex, .stochastic: []
    }
  }

  // MARK: Test

  private var testDefinition: [String] {
    let arguments = function.parameters.joined(separator: ", ")
    let outputs = (["_"] + function.outputs.dropFirst()).joined(separator: ", ")
    var lines =
      preparation + sizes { sample.sizes[$0] ?? 3 } + [
        "",
        "def call(\(arguments)):",
        "    results = \(function.name)(\(callArguments))",
        "    return [np.asarray(a) for a in results]",
        "",
      ]
    if isDefinedEverywhere {
      lines += ["rng = np.random.default_rng(0)"] + draws + structuredDirections
      lines.append("\(outputs) = call(\(arguments))")
    } else {
      lines.append("for seed in range(100):  # until the data are in the domain")
      lines += PythonLayout.indented(
        ["rng = np.random.default_rng(seed)"] + draws + structuredDirections + [
          "with np.errstate(all=\"ignore\"):",
          "    results = call(\(arguments))",
          "if all(np.isfinite(a).all() for a in results):",
          "    break",
        ])
      lines += ["", "\(outputs) = results"]
    }
    lines += ["errors = {}", "step = 1e-5"]
    for variable in wrt { lines += checks(variable) }
    if !automatic.isEmpty, hasPlainGradients {
      let gradients = function.gradients.map(\.output)
      lines += [""] + automatic
      for (place, gradient) in gradients.enumerated() {
        lines.append(
          "errors[\"automatic \(gradient)\"] = error(np.asarray(automatic[\(place)]), \(gradient))")
      }
    }
    lines += [
      "",
      "for name, size in errors.items():",
      "    print(f\"{name}: relative error {size:.1e}\")",
      "return 0 if all(size < 1e-5 for size in errors.values()) else 1",
    ]
    let helpers =
      [
        "def error(a, b):",
        "    a, b = np.ravel(a), np.ravel(b)",
        "    return np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max(), 1e-3)",
      ] + (lines.first == "" ? [] : [""])
    return [
      "def test():", "    \"\"\"Compares the derivatives with central differences.\"\"\"", "",
    ]
      + (helpers + lines).flatMap { line in
        line.isEmpty
          ? [""]
          : PythonLayout.lines(
            String(line.drop { $0 == " " }), indent: 4 + line.prefix { $0 == " " }.count)
      }
  }

  /// Whether the gradients are those that automatic differentiation gives.
  private var hasPlainGradients: Bool {
    !sample.transposesGradients
      && wrt.allSatisfy { variable in
        sample.pairings[function.original(of: variable.name) ?? variable.name] ?? .euclidean
          == .euclidean
      }
  }

  /// The variables of differentiation, in order.
  private var wrt: [Variable] {
    variables.filter { variable in
      roles.contains { $0.movesWith(function.original(of: variable.name) ?? variable.name) }
    }
  }

  private func checks(_ variable: Variable) -> [String] {
    let x = variable.name
    let original = function.original(of: x) ?? x
    let bends = variable.type == .orthogonal || variable.type == .stiefel
    var lines = [""]
    let direction = directionOfProduct(original) ?? "d\(x)"
    if direction == "d\(x)" {
      let size = variable.shape.isScalar ? "" : sizeText(variable.shape)
      lines.append("d\(x) = rng.standard_normal(\(size))")
      lines += tangent(variable, "d\(x)")
    }
    func moved(_ sign: String) -> String {
      let point = "\(x) \(sign) step * \(direction)"
      let new = bends ? "retracted(\(point))" : point
      return function.parameters.map { $0 == x ? new : $0 }.joined(separator: ", ")
    }
    if bends {
      lines += [
        "", "def retracted(a):", "    q, r = np.linalg.qr(a)",
        "    return q * np.sign(np.diag(r))", "",
      ]
    }
    lines += ["above = call(\(moved("+")))", "below = call(\(moved("-")))"]
    lines.append("slope = \(slope(0))")
    for (place, (role, name)) in zip(roles, function.outputs).enumerated() {
      lines += comparison(role, name, place, variable, original, direction)
    }
    return lines
  }

  /// The central difference of an output.
  private func slope(_ output: Int) -> String {
    "(above[\(output)] - below[\(output)]) / (2 * step)"
  }

  private func comparison(
    _ role: Listing.Role, _ name: String, _ place: Int, _ variable: Variable, _ original: String,
    _ direction: String
  ) -> [String] {
    let vec = "np.ravel(\(direction), order=\"F\")"
    func line(_ difference: String, _ product: String) -> [String] {
      ["errors[\"\(name)\"] = error(\(difference), \(product))"]
    }
    switch role {
    case .gradient(original):
      return line("slope", paired(name, variable, direction))
    case .derivative(original): return line("slope", "\(name) * \(direction)")
    case .jacobian(original):
      let matrix =
        sample.transposesJacobians
        ? "np.reshape(\(name), (\(direction).size, -1)).T"
        : "np.reshape(\(name), (-1, \(direction).size))"
      return line("np.ravel(slope, order=\"F\")", "\(matrix) @ \(vec)")
    case .product(original, _):
      return sample.order == 1
        ? line("slope", name) : secondDifference(name, variable, direction: role)
    case .hessian(let rows, original):
      return hessian(name, rows, variable, direction, vec)
    case .value, .gradient, .derivative, .jacobian, .hessian, .product: return []
    }
  }

  /// The rows of a Hessian along a direction of their variable, against the slope of the gradient.
  private func hessian(
    _ name: String, _ rows: String, _ variable: Variable, _ direction: String, _ vec: String
  ) -> [String] {
    let place = roles.firstIndex { if case .gradient(rows) = $0 { true } else { false } }
    guard let place, let row = variables.first(where: { function.original(of: $0.name) == rows }),
      ![.orthogonal, .stiefel].contains(row.type),
      ![.orthogonal, .stiefel].contains(variable.type),
      sample.pairings[rows] ?? .euclidean == .euclidean
    else { return ["print(\"\(name): not checked, since the gradient is that of a manifold\")"] }
    let transposed = sample.transposesGradients && row.shape.isMatrix
    let slope = transposed ? "(\(slope(place))).T" : slope(place)
    let size = row.shape.isScalar ? "" : sizeText(row.shape)
    return ["along = rng.standard_normal(\(size))"] + projection(row, "along") + [
      "slope = np.vdot(along, \(slope))",
      "block = np.reshape(\(name), (np.size(along), -1))",
      "errors[\"\(name)\"] = error(slope, np.ravel(along, order=\"F\") @ block @ \(vec))",
    ]
  }

  /// The derivative of the gradient along a direction, against mixed differences of the value.
  private func secondDifference(
    _ name: String, _ variable: Variable, direction role: Listing.Role
  ) -> [String] {
    guard case .product(_, let direction) = role, variable.type != .orthogonal,
      variable.type != .stiefel, wrt.count == 1
    else { return ["print(\"\(name): not checked\")"] }
    let x = variable.name
    let size = variable.shape.isScalar ? "" : sizeText(variable.shape)
    let call = function.parameters.map { $0 == x ? "moved" : $0 }.joined(separator: ", ")
    let other = function.identifier(of: direction)
    return ["along = rng.standard_normal(\(size))"] + projection(variable, "along") + [
      "total = 0",
      "for first, second in [(1, 1), (1, -1), (-1, 1), (-1, -1)]:",
      "    moved = \(x) + 3e-4 * (first * along + second * \(other))",
      "    total += first * second * call(\(call))[0]",
      "errors[\"\(name)\"] = error(total / 36e-8, np.vdot(along, \(name)))",
    ]
  }

  /// The derivative along a direction that a gradient gives.
  private func paired(_ gradient: String, _ variable: Variable, _ direction: String) -> String {
    let x = variable.name
    let g = sample.transposesGradients && variable.shape.isMatrix ? "\(gradient).T" : gradient
    switch sample.pairings[function.original(of: x) ?? x] ?? .euclidean {
    case .euclidean: return "np.vdot(\(g), \(direction))"
    case .entries: return "np.vdot(np.tril(\(g)), \(direction))"
    case .canonical: return "np.vdot(\(g) - \(x) @ (\(x).T @ \(g)) / 2, \(direction))"
    case .affine:
      return "np.vdot(np.linalg.solve(\(x), np.linalg.solve(\(x), \(g)).T), \(direction))"
    }
  }

  private func directionOfProduct(_ original: String) -> String? {
    for role in roles {
      if case .product(original, let direction) = role, sample.order == 1 {
        return function.identifier(of: direction)
      }
    }
    return nil
  }

  // MARK: Time

  private var benchmarkDefinition: [String] {
    let lines =
      preparation + sizes { function.request.sizes[$0] ?? 100 }
      + ["rng = np.random.default_rng(0)"] + draws + timed + [
        "times = []",
        "for _ in range(21):",
        "    start = time.perf_counter()",
        "    run()",
        "    times.append(time.perf_counter() - start)",
        "median = statistics.median(times[1:])",
        "print(f\"\(function.name): {1e3 * median:.3f} ms\")",
      ]
    return ["def benchmark():", "    \"\"\"Prints the median time of a call.\"\"\""]
      + lines.flatMap { line in
        line.isEmpty
          ? [""]
          : PythonLayout.lines(
            String(line.drop { $0 == " " }), indent: 4 + line.prefix { $0 == " " }.count)
      }
  }
}

extension Listing.Role {
  /// Whether it is checked by moving a variable.
  fileprivate func movesWith(_ variable: String) -> Bool {
    switch self {
    case .value: false
    case .gradient(let x), .derivative(let x), .jacobian(let x), .product(let x, _): x == variable
    case .hessian(_, let y): y == variable
    }
  }
}
