import ExpressionCore
import Planning

extension JAX {
  /// A module of the asked function and, where rules are given, of the value as a function that
  /// JAX differentiates by them.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    var module = PythonModule(imports: ["import jax", "import jax.numpy as jnp"])
    module.use(.jaxFloats)
    let function = try PythonFunction(request, self, name: request.functionName)
    switch request.rules {
    case nil: add(function, to: &module)
    case .gradients(let listing, let second):
      let rules = try gradientRules(listing, second, function, request)
      if listing != nil { add(function, to: &module) }
      add(rules.gradients, decorated: !rules.along.isEmpty, to: &module)
      addRules(rules, to: &module)
    case .pushforwards(let value, let pushforwards):
      add(function, to: &module)
      try addRule(of: value, by: pushforwards, request, to: &module)
    case .pullback:
      throw UnsupportedOperation(
        target: target, operation: "pullback", hint: "JAX is given a pushforward")
    }
    if let sample = request.sample {
      try selfTest(function, request, sample).add(to: &module)
    }
    return module.text
  }

  private func selfTest(
    _ function: PythonFunction, _ request: ProgramRequest, _ sample: ProgramSample
  ) -> PythonSelfTest<JAX> {
    let parameters = function.parameters
    let call = parameters.joined(separator: ", ")
    var automatic: [String] = []
    if case .gradients = request.rules {
      let places = function.gradients.compactMap { parameters.firstIndex(of: $0.variable) }
      let list = places.map(String.init).joined(separator: ", ") + (places.count == 1 ? "," : "")
      automatic = ["automatic = jax.grad(value, (\(list)))(\(call))"]
    }
    let free = function.arguments.free.indices.map {
      String(function.arguments.variables.count + $0)
    }
    let fixed = free.isEmpty ? "" : ", static_argnums=(\(free.joined(separator: ", ")),)"
    return PythonSelfTest(
      function: function, arrays: self, sample: sample, automatic: automatic,
      compilation: ["compiled = jax.jit(\(function.name)\(fixed))"],
      timed: "jax.block_until_ready(compiled(\(call)))")
  }

  private func add(
    _ function: PythonFunction, decorated: Bool = false, to module: inout PythonModule
  ) {
    module.use(function.needs)
    module.add(
      (decorated ? decorator(function) : [])
        + function.definition(conversions: [function.conversion(by: "_floats")]))
  }

  // MARK: Scalar values

  /// Tangents of the gradients by formulas, and `value`, whose derivative along tangents is their
  /// inner product with the gradients.
  private func addRules(_ rules: GradientRules, to module: inout PythonModule) {
    let gradients = rules.gradients
    let wrt = gradients.gradients.map(\.variable)
    if !rules.along.isEmpty {
      module.add(rules.along)
      addRule(gradients, wrt: wrt, secondOrderRule(rules), to: &module)
    }
    let parameters = gradients.parameters.joined(separator: ", ")
    module.add(
      decorator(gradients) + [
        "def value(\(parameters)):",
        "    \"\"\"The value, which JAX differentiates by the gradients of `\(gradients.name)`.\"\"\"",
        "    return \(gradients.call)[0]",
      ])
    var lines =
      (rules.reason.map { "Their own derivatives are JAX's: \($0)." }).map {
        PythonLayout.comment($0, indent: 4)
      } ?? []
    lines += primalCall(gradients)
    lines += ["    tangent = jnp.zeros_like(value)"]
    for (variable, output) in gradients.gradients {
      lines += [
        "    if not isinstance(d\(variable), SymbolicZero):",
        "        tangent += jnp.vdot(\(output), d\(variable))",
      ]
    }
    let named = NamedFunction(name: "value", arguments: gradients.arguments)
    addRule(named, wrt: wrt, lines + ["    return value, tangent"], to: &module)
  }

  private func primalCall(_ gradients: PythonFunction) -> [String] {
    let call =
      "\(gradients.name)(\((["*primals"] + gradients.arguments.free).joined(separator: ", ")))"
    return PythonLayout.lines(
      "\(gradients.outputs.joined(separator: ", ")) = \(call)", indent: 4)
  }

  /// Outputs and their tangents.
  private func secondOrderRule(_ rules: GradientRules) -> [String] {
    let gradients = rules.gradients
    let outputs = gradients.outputs.joined(separator: ", ")
    var lines = ["    \(gradients.arguments.tuple) = _floats(*primals)"]
    lines += PythonLayout.lines("\(outputs) = \(gradients.call)", indent: 4)
    lines += gradients.outputs.map { "    d_\($0) = jnp.zeros_like(\($0))" }
    for (variable, output) in gradients.gradients {
      guard let rule = rules.along.first(where: { $0.variable == variable }) else { continue }
      let arguments = gradients.arguments(of: rule.function, direction: "d\(variable)")
      let call = "\(rule.function.name)(\(arguments.joined(separator: ", ")))"
      lines += [
        "    if not isinstance(d\(variable), SymbolicZero):",
        "        d_value += jnp.vdot(\(output), d\(variable))",
      ]
      let moved = rule.rows.map { row in
        "d_" + (gradients.gradients.first { $0.variable == row }?.output ?? row)
      }
      if rule.function.outputs.count == 1, let row = moved.first {
        lines += PythonLayout.lines("\(row) += \(call)", indent: 8)
      } else {
        let products = rule.function.outputs
        lines += PythonLayout.lines("\(products.joined(separator: ", ")) = \(call)", indent: 8)
        lines += zip(moved, products).map { "        \($0) += \($1)" }
      }
    }
    let tangents = gradients.outputs.map { "d_" + $0 }.joined(separator: ", ")
    return lines + PythonLayout.lines("return (\(outputs)), (\(tangents))", indent: 4)
  }

  // MARK: Other values

  /// `value`, whose derivative along tangents is the sum of those along each.
  private func addRule(
    of value: Listing, by pushforwards: [(variable: String, listing: Listing)],
    _ request: ProgramRequest, to module: inout PythonModule
  ) throws(UnsupportedOperation) {
    let used = value.usedVariables.map(\.name)
    let value = try PythonFunction(request.with(value), self, name: "value")
    module.use(value.needs)
    module.add(
      decorator(value)
        + value.definition(
          conversions: [value.conversion(by: "_floats")],
          sentence: "The value, which JAX differentiates by formulas."))
    var lines = PythonLayout.comment(
      "Linear in the tangents; derivatives of higher order are JAX's.", indent: 4)
    lines += [
      "    \(value.arguments.tuple) = _floats(*primals)",
      "    result = \(value.call)",
      "    tangent = jnp.zeros_like(result)",
    ]
    var names: [String] = []
    for (variable, listing) in pushforwards {
      let name = value.identifier(of: variable)
      names.append(name)
      let rule = try PythonFunction(
        request.with(listing), self,
        name: pushforwards.count == 1 ? "_jvp" : "_jvp_\(Identifiers.ascii(variable))",
        keeping: used + listing.directions)
      module.use(rule.needs)
      module.add(rule.privateDefinition("The derivative of the value along a direction."))
      let arguments = value.arguments(of: rule, direction: "d\(name)")
      lines += ["    if not isinstance(d\(name), SymbolicZero):"]
      lines += PythonLayout.lines(
        "tangent += \(rule.name)(\(arguments.joined(separator: ", ")))", indent: 8)
    }
    addRule(value, wrt: names, lines + ["    return result, tangent"], to: &module)
  }

  // MARK: Rules

  private func decorator(_ function: PythonFunction) -> [String] {
    let count = function.arguments.variables.count
    let places = function.arguments.free.indices.map { String(count + $0) }
    return places.isEmpty
      ? ["@jax.custom_jvp"]
      : [
        "@functools.partial(jax.custom_jvp, nondiff_argnums=(\(places.joined(separator: ", ")),))"
      ]
  }

  private func addRule(
    _ function: PythonFunction, wrt: [String], _ body: [String], to module: inout PythonModule
  ) {
    addRule(
      NamedFunction(name: function.name, arguments: function.arguments), wrt: wrt, body,
      to: &module)
  }

  /// The rule; a derivative by another argument than those asked for is refused.
  private func addRule(
    _ function: NamedFunction, wrt: [String], _ body: [String], to module: inout PythonModule
  ) {
    module.use(import: "import functools")
    module.use(import: "from jax.custom_derivatives import SymbolicZero")
    let names = function.arguments.variables.map(\.name)
    let tangents = names.map { "d" + $0 }.joined(separator: ", ")
    let parameters = (function.arguments.free + ["primals", "tangents"]).joined(separator: ", ")
    let rule = function.name.hasPrefix("_") ? function.name : "_" + function.name
    var lines = [
      "@functools.partial(\(function.name).defjvp, symbolic_zeros=True)",
      "def \(rule)_jvp(\(parameters)):",
      "    \(names.count == 1 ? "(\(tangents),)" : tangents) = tangents",
    ]
    for name in names where !wrt.contains(name) {
      lines += ["    if not isinstance(d\(name), SymbolicZero):"]
      lines += PythonLayout.lines(
        "raise NotImplementedError(\"\(function.name): there is no derivative with respect to \(name)\")",
        indent: 8)
    }
    module.add(lines + body)
  }
}

/// A function that a rule is for.
private struct NamedFunction {
  let name: String
  let arguments: Arguments
}
