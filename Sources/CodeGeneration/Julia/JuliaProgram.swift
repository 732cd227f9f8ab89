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
    "cholesky", "lu", "first", "last", "only", "fill", "zeros", "ones", "abs2",
  ]

  /// A file of one function and its rule of ChainRules.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let name = request.functionName
    let (request, identifiers) = request.prepared(
      reserved: Self.reserved, legal: Identifiers.ascii)
    let statements = try Statements(
      request.listing, self, identifiers: identifiers, outputNames: request.outputNames)
    let arguments = Arguments(request.listing)
    let parameters = (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
    var needs = statements.needs
    let test = try request.sample.map { sample throws(UnsupportedOperation) in
      try JuliaSelfTest(
        name: name, request: request, arguments: arguments, sample: sample,
        identifiers: identifiers
      ).functions()
    }
    if let test { needs.formUnion(test.needs) }
    var lines = ["using ChainRulesCore", "using LinearAlgebra"]
    lines += needs.importLines
    for helper in needs.helpers {
      lines += [""] + helper.source.split(separator: "\n").map(String.init)
    }
    lines += [""] + documentation(request, arguments, "\(name)(\(parameters))")
    lines.append("function \(name)(\(parameters))")
    for variable in arguments.variables { lines += sizes(of: variable, arguments) }
    for variable in arguments.variables { lines += checks(variable, arguments).map { "    " + $0 } }
    lines += statements.assignments.map { "    \($0.name) = \($0.expression.text)" }
    lines += ["    return \(request.outputNames.joined(separator: ", "))", "end"]
    lines += rule(request, arguments, name)
    lines += test?.lines ?? []
    let layout = BracketLayout(width: 92, closesAlone: true, comment: "# ")
    return layout.lines(lines).joined(separator: "\n") + "\n"
  }

  private func documentation(
    _ request: ProgramRequest, _ arguments: Arguments, _ call: String
  ) -> [String] {
    var lines = ["\"\"\"", "    \(call)", "", request.summary, ""]
    lines += ["`f = \(request.source.replacingNewlines)`", ""]
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
    let size = Self.sizes
    return shape.isMatrix
      ? "\(size.expression(shape.rows).text)×\(size.expression(shape.columns).text)"
      : "a vector of length \(size.expression(shape.count).text)"
  }

  /// The sizes that an argument gives; all are read before any is checked.
  private func sizes(of variable: Variable, _ arguments: Arguments) -> [String] {
    arguments.bindings.filter { $0.variable == variable }.map {
      let position = variable.shape.isMatrix ? $0.axis + 1 : 1
      return "    \($0.name) = size(\(variable.name), \(position))"
    }
  }

  private func checks(_ variable: Variable, _ arguments: Arguments) -> [String] {
    let (name, shape) = (variable.name, variable.shape)
    guard !shape.isScalar else { return [] }
    let dims = shape.isMatrix ? [shape.rows, shape.columns] : [shape.count]
    let axes = shape.isMatrix ? [0, 1] : [shape.isVector ? 0 : 1]
    guard axes.contains(where: { !arguments.isBound(variable, axis: $0) }) else { return [] }
    let expected = dims.map { Self.sizes.expression($0).text }.joined(separator: ", ")
    let tuple = dims.count == 1 ? "(\(expected),)" : "(\(expected))"
    return [
      "size(\(name)) == \(tuple) ||",
      "    throw(DimensionMismatch(\"\(name): expected size $(\(tuple)), got $(size(\(name)))\"))",
    ]
  }

  /// `objective` is the value alone, with its pullback.
  private func rule(
    _ request: ProgramRequest, _ arguments: Arguments, _ name: String
  ) -> [String] {
    var cotangents: [String: String] = [:]
    for (output, word) in zip(request.listing.outputs, request.outputNames) {
      switch output.role {
      case .gradient(let x): cotangents[x] = "cotangent * \(word)"
      case .derivative(let x): cotangents[x] = "dot(\(word), cotangent)"
      case .jacobian(let x):
        let variable = arguments.variables.first { $0.name == x }
        let flat = "\(word)' * vec(cotangent)"
        cotangents[x] =
          variable?.shape.isMatrix == true ? "reshape(\(flat), size(\(x)))" : flat
      case .value, .hessian, .product: break
      }
    }
    guard !cotangents.isEmpty, request.layout == "denominator" else { return [] }
    let names = arguments.variables.map(\.name)
    let parameters = (names + arguments.free).joined(separator: ", ")
    let tangents =
      names.map { cotangents[$0] ?? "@not_implemented(\"the derivative with respect to \($0)\")" }
      + arguments.free.map { _ in "NoTangent()" }
    return [
      "", "\"The value alone, with a rule of ChainRules.\"",
      "objective(\(parameters)) = first(\(name)(\(parameters)))", "",
      "function ChainRulesCore.rrule(::typeof(objective), \(parameters))",
      "    \(request.outputNames.joined(separator: ", ")) = \(name)(\(parameters))",
      "    function pullback(cotangent)",
      "        return (NoTangent(), \(tangents.joined(separator: ", ")))",
      "    end",
      "    return value, pullback",
      "end",
    ]
  }
}

extension String {
  fileprivate var replacingNewlines: String { split(separator: "\n").joined(separator: "; ") }

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
