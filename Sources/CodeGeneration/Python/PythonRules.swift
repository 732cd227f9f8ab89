import ExpressionCore
import Planning

/// A function of the derivatives of gradients along a direction of one variable.
struct AlongFunction {
  /// The variable, as the program calls it.
  let variable: String
  let function: PythonFunction
  /// The variables that the results belong to, in the program's names.
  let rows: [String]
}

extension [AlongFunction] {
  /// A call for directions of all variables: `d` and the variable's name.
  func call(in gradients: PythonFunction) -> String {
    if count == 1, let rule = first {
      let arguments = gradients.arguments(of: rule.function, direction: "d\(rule.variable)")
      return "\(rule.function.name)(\(arguments.joined(separator: ", ")))"
    }
    return "_along(\(parameters(in: gradients).joined(separator: ", ")))"
  }

  private func parameters(in gradients: PythonFunction) -> [String] {
    gradients.arguments.variables.map(\.name) + map { "d\($0.variable)" }
      + gradients.arguments.free
  }

  /// The sum of the derivatives along several directions; nil where one function gives it.
  func sum(in gradients: PythonFunction) -> [String]? {
    guard count > 1, let rows = first?.rows else { return nil }
    let names = map(\.variable).inWords
    var lines = PythonLayout.lines(
      "def _along(\(parameters(in: gradients).joined(separator: ", "))):", indent: 0)
    lines += ["    \"\"\"The derivatives of the gradients along directions of \(names).\"\"\""]
    lines += ["    terms = ("]
    for rule in self { lines += PythonLayout.lines([rule].call(in: gradients) + ",", indent: 8) }
    lines += ["    )"]
    lines.append(
      rows.count == 1
        ? "    return sum(terms)" : "    return tuple(sum(pair) for pair in zip(*terms))")
    return lines
  }
}

/// The functions by which a library differentiates the value and its gradients.
struct GradientRules {
  /// Of value and gradients.
  let gradients: PythonFunction
  /// Empty where the library differentiates the gradients itself.
  let along: [AlongFunction]
  /// Why it does; nil where it need not.
  let reason: String?
}

extension PythonArrays {
  /// The asked function where its gradients are the plain ones, otherwise one of its own.
  func gradientRules(
    _ listing: Listing?, _ second: SecondOrderRules, _ asked: PythonFunction,
    _ request: ProgramRequest
  ) throws(UnsupportedOperation) -> GradientRules {
    var gradients = asked
    if let listing {
      let own = request.with(listing)
      // With other conventions the function that was asked for has the name.
      let name = own.functionName
      gradients = try PythonFunction(own, self, name: name == asked.name ? "_plain_" + name : name)
    }
    return GradientRules(
      gradients: gradients, along: try alongFunctions(second, of: gradients, request),
      reason: second.reason)
  }

  func alongFunctions(
    _ second: SecondOrderRules, of gradients: PythonFunction, _ request: ProgramRequest
  ) throws(UnsupportedOperation) -> [AlongFunction] {
    guard case .along(let directions) = second else { return [] }
    let kept = gradients.request.listing.variables.map(\.name).filter { name in
      gradients.arguments.variables.contains { $0.name == name }
    }.map { gradients.identifiers.original($0) ?? $0 }
    var functions: [AlongFunction] = []
    for direction in directions {
      let variable = gradients.identifier(of: direction.variable)
      let function = try PythonFunction(
        request.with(direction.listing), self,
        name: directions.count == 1 ? "_along" : "_along_" + variable,
        keeping: kept + [direction.direction])
      let rows = direction.listing.outputs.compactMap { output -> String? in
        if case .product(let x, _) = output.role { gradients.identifier(of: x) } else { nil }
      }
      functions.append(AlongFunction(variable: variable, function: function, rows: rows))
    }
    return functions
  }
}

extension SecondOrderRules {
  var reason: String? { if case .none(let reason) = self { reason } else { nil } }
}

extension PythonModule {
  /// Functions of derivatives along directions.
  mutating func add(_ along: [AlongFunction]) {
    for rule in along {
      use(rule.function.needs)
      add(
        rule.function.privateDefinition(
          "The derivatives of the gradients along a direction of \(rule.variable)."))
    }
  }
}
