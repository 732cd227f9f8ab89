import ExpressionCore
import Planning

extension JAX {
  /// A module of the asked function and, where rules are given, of the value as a function that
  /// JAX differentiates by them.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    var module = PythonModule(imports: ["import jax", "import jax.numpy as jnp"])
    module.use(.jaxFloats)
    let function = try PythonFunction(request, self, name: request.functionName)
    add(function, to: &module)
    switch request.rules {
    case nil: break
    case .gradients(let listing):
      var gradients = function
      if let listing {
        let request = request.with(listing)
        // With other conventions the function that was asked for has the name.
        let name = request.functionName
        gradients = try PythonFunction(
          request, self, name: name == function.name ? "_plain_" + name : name)
        add(gradients, to: &module)
      }
      addRule(by: gradients, to: &module)
    case .pushforwards(let value, let pushforwards):
      let used = value.usedVariables.map(\.name)
      let value = try PythonFunction(request.with(value), self, name: "value")
      var rules: [(variable: String, function: PythonFunction)] = []
      for (variable, listing) in pushforwards {
        let name = pushforwards.count == 1 ? "_jvp" : "_jvp_\(Identifiers.ascii(variable))"
        let rule = try PythonFunction(
          request.with(listing), self, name: name, keeping: used + listing.directions)
        rules.append((variable, rule))
      }
      addRule(of: value, by: rules, to: &module)
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

  private func add(_ function: PythonFunction, to module: inout PythonModule) {
    module.use(function.needs)
    module.add(function.definition(conversions: [function.conversion(by: "_floats")]))
  }

  /// `value`, whose derivative along tangents is their inner product with the gradients.
  private func addRule(by gradients: PythonFunction, to module: inout PythonModule) {
    let parameters = gradients.parameters.joined(separator: ", ")
    module.add(
      decorator(gradients) + [
        "def value(\(parameters)):",
        "    \"\"\"The value, which JAX differentiates by the gradients of `\(gradients.name)`.\"\"\"",
        "    return \(gradients.call)[0]",
      ])
    let names = gradients.gradients.map { ($0.variable, $0.output) }
    let outputs = gradients.outputs.joined(separator: ", ")
    let call =
      "\(gradients.name)(\((["*primals"] + gradients.arguments.free).joined(separator: ", ")))"
    var lines = PythonLayout.lines("\(outputs) = \(call)", indent: 4)
    lines += ["    tangent = jnp.zeros_like(value)"]
    for (variable, output) in names {
      lines += [
        "    if not isinstance(d\(variable), SymbolicZero):",
        "        tangent += jnp.vdot(\(output), d\(variable))",
      ]
    }
    addRule(gradients, wrt: names.map(\.0), lines + ["    return value, tangent"], to: &module)
  }

  /// `value`, whose derivative along tangents is the sum of those along each.
  private func addRule(
    of value: PythonFunction, by rules: [(variable: String, function: PythonFunction)],
    to module: inout PythonModule
  ) {
    module.use(value.needs)
    module.add(
      decorator(value)
        + value.definition(
          conversions: [value.conversion(by: "_floats")],
          sentence: "The value, which JAX differentiates by formulas."))
    for (_, rule) in rules {
      module.use(rule.needs)
      module.add(rule.privateDefinition("The derivative of the value along a direction."))
    }
    var lines = [
      "    \(value.arguments.tuple) = _floats(*primals)",
      "    result = \(value.call)",
      "    tangent = jnp.zeros_like(result)",
    ]
    var names: [String] = []
    for (variable, rule) in rules {
      let name = value.identifier(of: variable)
      names.append(name)
      let arguments = value.arguments(of: rule, direction: "d\(name)")
      lines += ["    if not isinstance(d\(name), SymbolicZero):"]
      lines += PythonLayout.lines(
        "tangent += \(rule.name)(\(arguments.joined(separator: ", ")))", indent: 8)
    }
    addRule(value, wrt: names, lines + ["    return result, tangent"], to: &module)
  }

  private func decorator(_ function: PythonFunction) -> [String] {
    let count = function.arguments.variables.count
    let places = function.arguments.free.indices.map { String(count + $0) }
    return places.isEmpty
      ? ["@jax.custom_jvp"]
      : [
        "@functools.partial(jax.custom_jvp, nondiff_argnums=(\(places.joined(separator: ", ")),))"
      ]
  }

  /// The rule; a derivative by another argument than those asked for is refused.
  private func addRule(
    _ function: PythonFunction, wrt: [String], _ body: [String], to module: inout PythonModule
  ) {
    module.use(import: "import functools")
    module.use(import: "from jax.custom_derivatives import SymbolicZero")
    let names = function.arguments.variables.map(\.name)
    let tangents = names.map { "d" + $0 }.joined(separator: ", ")
    let parameters = (function.arguments.free + ["primals", "tangents"]).joined(separator: ", ")
    var lines = [
      "@functools.partial(value.defjvp, symbolic_zeros=True)",
      "def _value_jvp(\(parameters)):",
      "    \(names.count == 1 ? "(\(tangents),)" : tangents) = tangents",
    ]
    for name in names where !wrt.contains(name) {
      lines += ["    if not isinstance(d\(name), SymbolicZero):"]
      lines += PythonLayout.lines(
        "raise NotImplementedError(\"value: there is no derivative with respect to \(name)\")",
        indent: 8)
    }
    module.add(lines + body)
  }
}
