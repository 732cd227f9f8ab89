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
      addFunction(by: gradients, to: &module)
    case .pullback(let value, let pullback):
      let kept = value.usedVariables.map(\.name) + (pullback.variables.last.map { [$0.name] } ?? [])
      let value = try PythonFunction(request.with(value), self, name: "_evaluate")
      let pullback = try PythonFunction(
        request.with(pullback), self, name: "_pull_back", keeping: kept)
      addFunction(of: value, by: pullback, to: &module)
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

  /// The gradients are computed with the value, and anew by differentiable operations where a
  /// second derivative is wanted.
  private func addFunction(by gradients: PythonFunction, to module: inout PythonModule) {
    let variables = gradients.arguments.variables.map(\.name)
    let parameters = gradients.parameters.joined(separator: ", ")
    let outputs = gradients.gradients
    let names = outputs.map(\.output)
    let all = names.joined(separator: ", ")
    let others = Array(repeating: "_", count: gradients.outputs.count - names.count)
    let unpacked = (others + names).joined(separator: ", ")
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
      ], saved: names)
    lines += [
      "",
      "    @staticmethod",
      "    def backward(ctx, cotangent, *_):",
    ]
    lines += PythonLayout.lines(
      "\((variables + names).joined(separator: ", ")) = ctx.saved_tensors", indent: 8)
    lines += gradients.arguments.free.map { "        \($0) = ctx.\($0)" }
    lines += ["        if torch.is_grad_enabled():  # for a second derivative"]
    lines += PythonLayout.lines("\(unpacked) = \(gradients.call)", indent: 12)
    let result = gradients.parameters.map { parameter in
      outputs.first { $0.variable == parameter }.map { "cotangent * \($0.output)" } ?? "None"
    }
    lines += PythonLayout.lines("return \(result.joined(separator: ", "))", indent: 8)
    module.add(lines)
    addValue(
      gradients,
      "The value, which autograd differentiates by the gradients of `\(gradients.name)`.",
      then: "[0]", to: &module)
  }

  /// The cotangent is pulled back by a formula.
  private func addFunction(
    of value: PythonFunction, by pullback: PythonFunction, to module: inout PythonModule
  ) {
    for function in [value, pullback] { module.use(function.needs) }
    module.add(value.privateDefinition("The value alone."))
    module.add(
      pullback.privateDefinition("The gradients of the inner product of the value with another."))
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
    lines += setup(value.arguments, [], saved: [])
    lines += ["", "    @staticmethod", "    def backward(ctx, cotangent):"]
    lines.append("        \(value.arguments.tuple) = ctx.saved_tensors")
    lines += value.arguments.free.map { "        \($0) = ctx.\($0)" }
    let arguments = value.arguments(of: pullback, direction: "cotangent")
    let names = gradients.map(\.output).joined(separator: ", ")
    lines += PythonLayout.lines(
      "\(names) = \(pullback.name)(\(arguments.joined(separator: ", ")))", indent: 8)
    let result = value.parameters.map { parameter in
      gradients.first { $0.variable == parameter }?.output ?? "None"
    }
    lines += PythonLayout.lines("return \(result.joined(separator: ", "))", indent: 8)
    module.add(lines)
    addValue(value, "The value, as autograd differentiates it.", then: "", to: &module)
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

  private func setup(_ arguments: Arguments, _ body: [String], saved: [String]) -> [String] {
    var lines = body
    if arguments.free.isEmpty {
      lines.append(
        "        ctx.save_for_backward(\((["*inputs"] + saved).joined(separator: ", ")))")
    } else {
      let variables = arguments.variables.map(\.name)
      lines.append(
        "        \((variables + arguments.free).joined(separator: ", ")) = inputs")
      lines.append("        ctx.save_for_backward(\((variables + saved).joined(separator: ", ")))")
      lines += arguments.free.map { "        ctx.\($0) = \($0)" }
    }
    return lines
  }
}
