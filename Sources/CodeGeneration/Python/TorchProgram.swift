import ExpressionCore
import Planning

extension Torch {
  /// A module of the asked function and, where rules are given, of the value as a function that
  /// autograd differentiates by them.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    var module = PythonModule(imports: ["import torch"])
    module.use(.torchFloats)
    let function = try PythonFunction(request, self, name: request.functionName)
    add(function, to: &module)
    switch request.rules {
    case nil: break
    case .gradients(let listing, let second):
      let rules = try gradientRules(listing, second, function, request)
      if listing != nil { add(rules.gradients, to: &module) }
      addFunction(by: rules, to: &module)
    case .pullback(let value, let pullback, let second):
      let kept = value.usedVariables.map(\.name) + (pullback.variables.last.map { [$0.name] } ?? [])
      let value = try PythonFunction(request.with(value), self, name: "_evaluate")
      let pullback = try PythonFunction(
        request.with(pullback), self, name: "_pull_back", keeping: kept)
      let rules = GradientRules(
        gradients: pullback, along: try alongFunctions(second, of: pullback, request),
        reason: second.reason)
      addFunction(of: value, by: rules, to: &module)
    case .pushforwards:
      throw UnsupportedOperation(
        target: target, operation: "pushforward", hint: "PyTorch is given a pullback")
    }
    if let sample = request.sample {
      try selfTest(function, request, sample).add(to: &module)
    }
    return module.text
  }

  private func selfTest(
    _ function: PythonFunction, _ request: ProgramRequest, _ sample: ProgramSample
  ) -> PythonSelfTest<Torch> {
    let names = function.arguments.variables.map(\.name)
    var automatic: [String] = []
    if case .gradients = request.rules {
      let wrt = function.gradients.map(\.variable)
      automatic = wrt.map { "\($0).requires_grad_()" }
      let list = wrt.joined(separator: ", ") + (wrt.count == 1 ? "," : "")
      let call = (names + function.arguments.free).joined(separator: ", ")
      automatic.append("automatic = torch.autograd.grad(value(\(call)), (\(list)))")
    }
    return PythonSelfTest(
      function: function, arrays: self, sample: sample, automatic: automatic, compilation: [],
      timed: function.call)
  }

  private func add(_ function: PythonFunction, to module: inout PythonModule) {
    module.use(function.needs)
    module.add(function.definition(conversions: [function.conversion(by: "_floats")]))
  }

  /// The gradients are computed with the value, and anew, as functions of their own, where a
  /// second derivative is wanted.
  private func addFunction(by rules: GradientRules, to module: inout PythonModule) {
    let gradients = rules.gradients
    let outputs = gradients.gradients
    addSecondOrder(rules, "_Gradients", "The gradients", then: "[1:]", to: &module)
    let variables = gradients.arguments.variables.map(\.name)
    let parameters = gradients.parameters.joined(separator: ", ")
    let names = outputs.map(\.output)
    let all = names.joined(separator: ", ")
    var lines = [
      "class _Value(torch.autograd.Function):",
      "    generate_vmap_rule = True",
      "",
      "    @staticmethod",
      "    def forward(\(parameters)):",
      "        return \(gradients.call)",
      "",
      "    @staticmethod",
      "    def setup_context(ctx, inputs, output):",
    ]
    lines += refusals(gradients.arguments, wrt: outputs.map(\.variable))
    lines += setup(
      gradients.arguments,
      [
        "        _, \(all) = output",
        "        ctx.mark_non_differentiable(\(all))",
      ], saved: names, forward: true)
    lines += [
      "",
      "    @staticmethod",
      "    def backward(ctx, cotangent, *_):",
    ]
    lines += PythonLayout.lines(
      "\((variables + names).joined(separator: ", ")) = ctx.saved_tensors", indent: 8)
    lines += gradients.arguments.free.map { "        \($0) = ctx.\($0)" }
    lines += ["        if torch.is_grad_enabled():  # for a second derivative"]
    if rules.along.isEmpty {
      let others = Array(repeating: "_", count: gradients.outputs.count - names.count)
      lines += reason(rules, indent: 12)
      lines += PythonLayout.lines(
        "\((others + names).joined(separator: ", ")) = \(gradients.call)", indent: 12)
    } else {
      let unpacked = names.count == 1 ? "(\(all),)" : all
      lines += PythonLayout.lines("\(unpacked) = _Gradients.apply(\(parameters))", indent: 12)
    }
    let result = gradients.parameters.map { parameter in
      outputs.first { $0.variable == parameter }.map { "cotangent * \($0.output)" } ?? "None"
    }
    lines += PythonLayout.lines("return \(result.joined(separator: ", "))", indent: 8)
    lines += ["", "    @staticmethod"]
    let tangents = gradients.parameters.map { "d\($0)" }
    lines += ["    def jvp(ctx, \(tangents.joined(separator: ", "))):"]
    lines.append("        *_, \(all) = ctx.saved_tensors")
    let slope = outputs.map { "(\($0.output) * d\($0.variable)).sum()" }.joined(separator: " + ")
    let nothing = Array(repeating: "None", count: names.count)
    lines += PythonLayout.lines(
      "return \(([slope] + nothing).joined(separator: ", "))", indent: 8)
    module.add(lines)
    addValue(
      gradients,
      "The value, which autograd differentiates by the gradients of `\(gradients.name)`.",
      then: "[0]", to: &module)
  }

  /// The cotangent is pulled back by a formula.
  private func addFunction(
    of value: PythonFunction, by rules: GradientRules, to module: inout PythonModule
  ) {
    let pullback = rules.gradients
    for function in [value, pullback] { module.use(function.needs) }
    module.add(value.privateDefinition("The value alone."))
    module.add(
      pullback.privateDefinition("The gradients of the inner product of the value with another."))
    addSecondOrder(rules, "_Pullback", "The pulled-back cotangent", then: "", to: &module)
    let parameters = value.parameters.joined(separator: ", ")
    let gradients = pullback.gradients
    var lines = [
      "class _Value(torch.autograd.Function):",
      "    generate_vmap_rule = True",
      "",
      "    @staticmethod",
      "    def forward(\(parameters)):",
      "        return \(value.call)",
      "",
      "    @staticmethod",
      "    def setup_context(ctx, inputs, output):",
    ]
    lines += refusals(value.arguments, wrt: gradients.map(\.variable))
    lines += setup(value.arguments, [], saved: [], forward: false)
    lines += ["", "    @staticmethod", "    def backward(ctx, cotangent):"]
    lines.append("        \(value.arguments.tuple) = ctx.saved_tensors")
    lines += value.arguments.free.map { "        \($0) = ctx.\($0)" }
    lines += reason(rules, indent: 8)
    let arguments = value.arguments(of: pullback, direction: "cotangent")
    let names = gradients.map(\.output).joined(separator: ", ")
    let name = rules.along.isEmpty ? pullback.name : "_Pullback.apply"
    lines += PythonLayout.lines(
      "\(names) = \(name)(\(arguments.joined(separator: ", ")))", indent: 8)
    let result = value.parameters.map { parameter in
      gradients.first { $0.variable == parameter }?.output ?? "None"
    }
    lines += PythonLayout.lines("return \(result.joined(separator: ", "))", indent: 8)
    module.add(lines)
    addValue(value, "The value, as autograd differentiates it.", then: "", to: &module)
  }

  /// Why autograd differentiates the gradients operation by operation.
  private func reason(_ rules: GradientRules, indent: Int) -> [String] {
    rules.reason.map {
      PythonLayout.comment(
        "Autograd differentiates these operation by operation: \($0).", indent: indent)
    } ?? []
  }

  /// Gradients as a function whose own derivative is a formula: the cotangents of the gradients
  /// are directions along which these are differentiated.
  private func addSecondOrder(
    _ rules: GradientRules, _ name: String, _ subject: String, then suffix: String,
    to module: inout PythonModule
  ) {
    guard let first = rules.along.first else { return }
    module.add(rules.along)
    let gradients = rules.gradients
    if let sum = rules.along.sum(in: gradients) { module.add(sum) }
    // What is pulled back depends on the cotangent, too.
    let isSymmetric = first.rows == gradients.gradients.map(\.variable)
    let free = gradients.arguments.free
    let parameters = gradients.parameters.joined(separator: ", ")
    let directions = gradients.gradients.map { "d\($0.variable)" }
    var lines = [
      "class \(name)(torch.autograd.Function):",
      "    \"\"\"\(subject), which autograd differentiates by formulas.\"\"\"",
      "",
      "    generate_vmap_rule = True",
      "",
      "    @staticmethod",
      "    def forward(\(parameters)):",
      "        return \(gradients.call)\(suffix)",
      "",
      "    @staticmethod",
      "    def setup_context(ctx, inputs, output):",
    ]
    lines += refusals(gradients.arguments, wrt: first.rows)
    lines += setup(gradients.arguments, [], saved: [], forward: isSymmetric)
    let unpacked =
      ["        \(gradients.arguments.tuple) = ctx.saved_tensors"]
      + free.map { "        \($0) = ctx.\($0)" }
    let call = rules.along.call(in: gradients)
    let rows = first.rows.map { "along_\($0)" }
    lines += ["", "    @staticmethod"]
    lines += ["    def backward(ctx, \(directions.joined(separator: ", "))):"] + unpacked
    lines += PythonLayout.lines("\(rows.joined(separator: ", ")) = \(call)", indent: 8)
    let result = gradients.parameters.map { first.rows.contains($0) ? "along_\($0)" : "None" }
    lines += PythonLayout.lines("return \(result.joined(separator: ", "))", indent: 8)
    if isSymmetric {
      let tangents = gradients.parameters.map { "d\($0)" }
      lines += ["", "    @staticmethod"]
      lines += ["    def jvp(ctx, \(tangents.joined(separator: ", "))):"] + unpacked
      lines += PythonLayout.lines("return \(rows.count == 1 ? "(\(call),)" : call)", indent: 8)
    }
    module.add(lines)
  }

  private func addValue(
    _ function: PythonFunction, _ sentence: String, then suffix: String,
    to module: inout PythonModule
  ) {
    let names = function.arguments.variables.map(\.name).joined(separator: ", ")
    let arguments = (["*_floats(\(names))"] + function.arguments.free).joined(separator: ", ")
    module.add([
      "def value(\(function.parameters.joined(separator: ", "))):",
      "    \"\"\"\(sentence)\"\"\"",
      "    return _Value.apply(\(arguments))\(suffix)",
    ])
  }

  /// A derivative by another argument than those asked for is refused.
  private func refusals(_ arguments: Arguments, wrt: [String]) -> [String] {
    var lines: [String] = []
    for (place, variable) in arguments.variables.enumerated() where !wrt.contains(variable.name) {
      lines += ["        if ctx.needs_input_grad[\(place)]:"]
      lines += PythonLayout.lines(
        "raise NotImplementedError(\"value: there is no derivative with respect to \(variable.name)\")",
        indent: 12)
    }
    return lines
  }

  private func setup(
    _ arguments: Arguments, _ body: [String], saved: [String], forward: Bool
  ) -> [String] {
    var lines = body
    var kept = (["*inputs"] + saved).joined(separator: ", ")
    if !arguments.free.isEmpty {
      let variables = arguments.variables.map(\.name)
      lines.append(
        "        \((variables + arguments.free).joined(separator: ", ")) = inputs")
      kept = (variables + saved).joined(separator: ", ")
    }
    lines.append("        ctx.save_for_backward(\(kept))")
    if forward { lines.append("        ctx.save_for_forward(\(kept))") }
    return lines + arguments.free.map { "        ctx.\($0) = \($0)" }
  }
}
