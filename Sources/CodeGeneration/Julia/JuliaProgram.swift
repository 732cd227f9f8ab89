import ExpressionCore
import Planning

extension Julia {
  static let reserved: Set<String> = [
    "baremodule", "begin", "break", "catch", "const", "continue", "do", "else", "elseif", "end",
    "export", "false", "finally", "for", "function", "global", "if", "import", "in", "isa", "let",
    "local", "macro", "module", "quote", "return", "struct", "true", "try", "using", "where",
    "while", "abstract", "mutable", "primitive", "type",
    // Names that the programs use.
    "I", "π", "pi", "Symmetric", "Diagonal", "Matrix", "vec", "dot", "exp", "log", "sum", "det",
    "tr", "inv", "diag", "kron", "norm", "size", "value", "pullback", "objective", "cotangent",
    "cholesky", "lu", "first", "last", "only", "fill", "zeros", "ones", "abs2", "pull_back",
    "slope",
  ]

  /// A file of the asked function and of the value alone, with its rule of ChainRules.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let asked = try JuliaFunction(request, self, name: request.functionName)
    var needs = asked.needs
    var functions = [asked]
    var rule: [String] = []
    switch request.rules {
    case nil, .pushforwards: break
    case .gradients(let listing, _):
      var gradients = asked
      if let listing {
        let own = request.with(listing)
        let isSame = own.functionName == request.functionName
        gradients = try JuliaFunction(
          own, self, name: (isSame ? "plain_" : "") + own.functionName)
        functions.append(gradients)
      }
      rule = self.rule(by: gradients)
    case .pullback(let value, let pullback, _):
      let kept = value.usedVariables.map(\.name) + (pullback.variables.last.map { [$0.name] } ?? [])
      let objective = try JuliaFunction(request.with(value), self, name: "objective")
      let pullback = try JuliaFunction(
        request.with(pullback), self, name: "pull_back", keeping: kept,
        sentence: "The gradients of the inner product of the value with another array.")
      functions += [objective, pullback]
      rule = self.rule(of: objective, by: pullback)
    }
    for function in functions.dropFirst() { needs.formUnion(function.needs) }
    let test = try request.sample.map { sample throws(UnsupportedOperation) in
      try JuliaSelfTest(
        name: asked.name, request: asked.request, arguments: asked.arguments, sample: sample,
        identifiers: asked.identifiers
      ).functions()
    }
    if let test { needs.formUnion(test.needs) }
    if !rule.isEmpty { needs.use("using ChainRulesCore") }
    needs.use("using LinearAlgebra")
    var lines = needs.importLines
    for helper in needs.helpers {
      lines += [""] + helper.source.split(separator: "\n").map(String.init)
    }
    for function in functions { lines += [""] + function.lines }
    lines += rule + (test?.lines ?? [])
    let layout = BracketLayout(width: 92, closesAlone: true, comment: "# ")
    return layout.lines(lines).joined(separator: "\n") + "\n"
  }

  // MARK: Rules

  /// `objective` is the value alone; its pullback scales the gradients.
  private func rule(by gradients: JuliaFunction) -> [String] {
    let parameters = gradients.parameters
    let results = gradients.request.outputNames.joined(separator: ", ")
    let tangents = tangents(gradients) { "slope * \($0)" }
    return [
      "", "\"The value alone, with a rule of ChainRules.\"",
      "objective(\(parameters)) = first(\(gradients.call))", "",
      "function ChainRulesCore.rrule(::typeof(objective), \(parameters))",
      "    \(results) = \(gradients.call)",
      "    function pullback(cotangent)",
      "        slope = unthunk(cotangent)",
      "        return (NoTangent(), \(tangents.joined(separator: ", ")))",
      "    end",
      "    return value, pullback",
      "end",
    ]
  }

  /// The cotangent is pulled back by a formula.
  private func rule(of objective: JuliaFunction, by pullback: JuliaFunction) -> [String] {
    let gradients = pullback.gradients.map(\.output).joined(separator: ", ")
    let own = objective.arguments.variables.map(\.name) + objective.arguments.free
    let values = pullback.arguments.variables.map(\.name) + pullback.arguments.free
    let arguments = values.map { name in
      let original = pullback.identifiers.original(name) ?? name
      let known = objective.identifiers.variable(original)
      return own.contains(known) ? known : "unthunk(cotangent)"
    }
    let known = Dictionary(
      pullback.gradients.map {
        (pullback.identifiers.original($0.variable) ?? $0.variable, $0.output)
      }, uniquingKeysWith: { a, _ in a })
    let tangents =
      objective.arguments.variables.map { variable in
        known[objective.identifiers.original(variable.name) ?? variable.name]
          ?? Self.missing(variable.name)
      } + objective.arguments.free.map { _ in "NoTangent()" }
    return [
      "",
      "function ChainRulesCore.rrule(::typeof(objective), \(objective.parameters))",
      "    function pullback(cotangent)",
      "        \(gradients) = pull_back(\(arguments.joined(separator: ", ")))",
      "        return (NoTangent(), \(tangents.joined(separator: ", ")))",
      "    end",
      "    return \(objective.call), pullback",
      "end",
    ]
  }

  private func tangents(_ function: JuliaFunction, _ text: (String) -> String) -> [String] {
    let outputs = Dictionary(
      function.gradients.map { ($0.variable, $0.output) }, uniquingKeysWith: { a, _ in a })
    return function.arguments.variables.map { variable in
      outputs[variable.name].map(text) ?? Self.missing(variable.name)
    } + function.arguments.free.map { _ in "NoTangent()" }
  }

  private static func missing(_ variable: String) -> String {
    "@not_implemented(\"the derivative with respect to \(variable)\")"
  }
}

/// A listing as a documented function of Julia, which checks its arguments.
struct JuliaFunction {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let identifiers: Identifiers
  let needs: Needs
  private(set) var lines: [String] = []

  /// - Parameters:
  ///   - kept: variables that the function takes even where nothing uses them, by their names in
  ///     the input.
  ///   - sentence: what it computes, where that is not the value and derivatives.
  init(
    _ asked: ProgramRequest, _ writer: Julia, name: String, keeping kept: [String] = [],
    sentence: String? = nil
  ) throws(UnsupportedOperation) {
    self.name = name
    let (request, identifiers) = asked.prepared(
      reserved: Julia.reserved, legal: Identifiers.ascii)
    self.request = request
    self.identifiers = identifiers
    arguments = Arguments(request.listing, keeping: Set(kept.map { identifiers.variable($0) }))
    let statements = try Statements(
      request.listing, writer, identifiers: identifiers, outputNames: request.outputNames)
    needs = statements.needs
    lines = documentation(sentence) + ["function \(call)"]
    var body = arguments.variables.flatMap { checks($0) }
    body += statements.assignments.map { "\($0.name) = \($0.expression.text)" }
    // All sizes are read before any is checked.
    lines += arguments.bindings(usedIn: body).map {
      let position = $0.variable.shape.isMatrix ? $0.axis + 1 : 1
      return "    \($0.name) = size(\($0.variable.name), \(position))"
    }
    lines += body.map { "    " + $0 }
    lines += ["    return \(request.outputNames.joined(separator: ", "))", "end"]
  }

  var parameters: String {
    (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
  }

  var call: String { "\(name)(\(parameters))" }

  /// The gradients by the names of their variables here.
  var gradients: [(variable: String, output: String)] {
    zip(request.listing.outputs, request.outputNames).compactMap { output, name in
      if case .gradient(let x) = output.role { (identifiers.variable(x), name) } else { nil }
    }
  }

  private func documentation(_ sentence: String?) -> [String] {
    var lines = ["\"\"\"", "    \(call)", "", sentence ?? request.summary, ""]
    lines += ["`\(request.sourceLines.joined(separator: "; "))`", ""]
    for variable in arguments.variables {
      let words = variable.structureWords
      lines.append(
        "- `\(variable.name)`: \(kind(variable.shape))\(words.isEmpty ? "" : ", " + words)")
    }
    lines += arguments.free.map { "- `\($0)`: a size" } + ["", "Returns", ""]
    for (name, output) in zip(request.outputNames, request.listing.outputs) {
      lines.append(
        "- `\(name)`: \(kind(request.listing.nodes[output.node].shape)), `\(output.formula)`")
    }
    return lines.map { $0.replacingDollars } + ["\"\"\""]
  }

  private func kind(_ shape: Shape) -> String {
    if shape.isScalar { return "a number" }
    let size = Julia.sizes
    return shape.isMatrix
      ? "\(size.expression(shape.rows).text)×\(size.expression(shape.columns).text)"
      : "a vector of length \(size.expression(shape.count).text)"
  }

  private func checks(_ variable: Variable) -> [String] {
    let (name, shape) = (variable.name, variable.shape)
    guard !shape.isScalar else { return [] }
    let dims = shape.isMatrix ? [shape.rows, shape.columns] : [shape.count]
    let axes = shape.isMatrix ? [0, 1] : [shape.isVector ? 0 : 1]
    guard axes.contains(where: { !arguments.isBound(variable, axis: $0) }) else { return [] }
    let expected = dims.map { Julia.sizes.expression($0).text }.joined(separator: ", ")
    let tuple = dims.count == 1 ? "(\(expected),)" : "(\(expected))"
    return [
      "size(\(name)) == \(tuple) ||",
      "    throw(DimensionMismatch(\"\(name): expected size $(\(tuple)), got $(size(\(name)))\"))",
    ]
  }
}

extension String {
  /// A dollar or a backslash in a string of Julia stands for something else.
  fileprivate var replacingDollars: String {
    var result = ""
    for character in self {
      if character == "$" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
