import ExpressionCore
import Planning

/// A listing as a Python function.
struct PythonFunction {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let needs: Needs
  let identifiers: Identifiers
  /// Whether the shape of an array is a tuple, and prints as one.
  private let hasTupleShapes: Bool
  /// The names of variables and sizes as their author wrote them.
  private let originals: [String]
  /// The statements between the checks and the return.
  private let body: [String]
  private var listing: Listing { request.listing }

  static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
    // Names that the programs use.
    "np", "jnp", "jax", "torch", "F", "scipy", "math", "functools", "sys", "time", "float", "int",
    "abs", "sum", "tuple", "isinstance", "expit", "ndtr", "erf", "erfc", "gammaln", "digamma",
    "polygamma", "logsumexp", "softmax", "log_softmax", "value", "SymbolicZero", "primals",
    "tangents", "tangent", "ctx", "cotangent", "inputs", "output", "name", "size", "automatic",
    "times", "statistics", "compiled", "start", "moving",
  ]

  /// - Parameter kept: variables that the function takes even where nothing uses them, by their
  ///   names in the input.
  init(
    _ request: ProgramRequest, _ writer: some PythonArrays, name: String,
    keeping kept: [String] = []
  ) throws(UnsupportedOperation) {
    originals = request.listing.variables.map(\.name) + request.listing.dimensionNames
    let (request, identifiers) = request.prepared(
      reserved: Self.keywords, legal: Identifiers.ascii)
    self.name = name
    self.identifiers = identifiers
    hasTupleShapes = writer.target != .torch
    self.request = request
    arguments = Arguments(request.listing, keeping: Set(kept.map { identifiers.variable($0) }))
    var writer = writer
    writer.like = arguments.variables.first?.name ?? ""
    let statements = try Statements(
      request.listing, writer, identifiers: identifiers, outputNames: request.outputNames)
    needs = statements.needs
    let variables = Set(arguments.variables.map(\.name))
    let outputs = Set(request.outputNames)
    body = statements.assignments.map { assignment in
      var expression = assignment.expression
      if outputs.contains(assignment.name) {
        if expression.isConstant {
          expression = writer.array(expression)
        } else if variables.contains(expression.text) || outputs.contains(expression.text) {
          expression = writer.copied(expression)
        }
      }
      return "\(assignment.name) = \(expression.text)"
    }
  }

  var outputs: [String] { request.outputNames }
  /// The names of the variables, then of sizes that no variable has.
  var parameters: [String] { arguments.variables.map(\.name) + arguments.free }
  var call: String { "\(name)(\(parameters.joined(separator: ", ")))" }

  /// The gradients by the names of their variables.
  var gradients: [(variable: String, output: String)] {
    zip(request.listing.outputs, outputs).compactMap { output, name in
      if case .gradient(let x) = output.role { (identifier(of: x), name) } else { nil }
    }
  }

  /// What the program calls a variable.
  func identifier(of variable: String) -> String { identifiers.variable(variable) }

  /// What another function of the same variables is called with here; what is no variable of this
  /// one is the direction.
  func arguments(of other: PythonFunction, direction: String) -> [String] {
    let own = Dictionary(
      originals.map { (other.identifier(of: $0), identifier(of: $0)) },
      uniquingKeysWith: { a, _ in a })
    return other.parameters.map { own[$0] ?? direction }
  }

  /// The arguments made arrays of one type by a helper.
  func conversion(by helper: String) -> String {
    let names = arguments.variables.map(\.name).joined(separator: ", ")
    return "\(arguments.tuple) = \(helper)(\(names))"
  }

  // MARK: Text

  /// The documented function, which checks its arguments.
  func definition(conversions: [String], sentence: String? = nil) -> [String] {
    var lines = sentence.map { ["    \"\"\"\($0)\"\"\""] } ?? docstring
    for statement in conversions { lines += PythonLayout.lines(statement, indent: 4) }
    let checks = arguments.variables.flatMap { shapeCheck($0) }
    let used = Set(arguments.bindings(usedIn: checks + statements).map(\.name))
    // A shape may depend on sizes that later arguments give.
    var known = Set(arguments.free)
    var postponed: [String] = []
    for variable in arguments.variables {
      lines += sizeChecks(variable) { used.contains($0) }
      known.formUnion(arguments.bindings.filter { $0.variable == variable }.map(\.name))
      let needed = variable.shape.rows.names + variable.shape.columns.names
      if known.isSuperset(of: needed) {
        lines += shapeCheck(variable)
      } else {
        postponed += shapeCheck(variable)
      }
    }
    return header + lines + postponed + statements
  }

  /// A function for the others, whose arguments have been checked.
  func privateDefinition(_ sentence: String) -> [String] {
    let statements = statements
    let used = Set(arguments.bindings(usedIn: statements).map(\.name))
    var lines = ["    \"\"\"\(sentence)\"\"\""]
    for variable in arguments.variables {
      lines += PythonLayout.indented(bindings(variable) { used.contains($0) })
    }
    return header + lines + statements
  }

  private var header: [String] {
    PythonLayout.lines("def \(call):", indent: 0)
  }

  private var statements: [String] {
    var statements = body
    if outputs.count == 1, let last = statements.last, last.hasPrefix(outputs[0] + " = ") {
      statements[statements.count - 1] = "return \(last.dropFirst(outputs[0].count + 3))"
    } else {
      statements.append("return \(outputs.joined(separator: ", "))")
    }
    return statements.flatMap { PythonLayout.lines($0, indent: 4) }
  }

  private var docstring: [String] {
    var lines = PythonLayout.filled(request.summary, indent: 8)
    lines.append("")
    for line in request.sourceLines {
      lines += PythonLayout.filled(line, indent: 4, hanging: 4)
    }
    lines += ["", "Parameters", "----------"]
    for variable in arguments.variables {
      lines.append("\(variable.name) : \(description(of: variable))")
    }
    for name in arguments.free { lines.append("\(name) : int") }
    lines += ["", "Returns", "-------"]
    for (name, output) in zip(outputs, listing.outputs) {
      lines.append("\(name) : \(Self.description(of: listing.nodes[output.node].shape))")
      lines += PythonLayout.filled(output.formula, indent: 8, hanging: 4).map { "    " + $0 }
    }
    lines[0] = (lines.contains { $0.contains("\\") } ? "r\"\"\"" : "\"\"\"") + lines[0]
    return PythonLayout.indented(lines + ["\"\"\""])
  }

  private func description(of variable: Variable) -> String {
    let kind = variable.structureWords
    return Self.description(of: variable.shape) + (kind.isEmpty ? "" : ", \(kind)")
  }

  private static func description(of shape: Shape) -> String {
    shape.isScalar ? "scalar" : "array, shape \(tuple(shape))"
  }

  /// `(m, n)`, `(n,)`.
  static func tuple(_ shape: Shape) -> String {
    func text(_ dim: Dim) -> String { PythonNumbers.expression(dim).text }
    if shape.isScalar { return "()" }
    return shape.isMatrix
      ? "(\(text(shape.rows)), \(text(shape.columns)))" : "(\(text(shape.count)),)"
  }

  // MARK: Checks

  /// The sizes that an argument gives.
  private func bindings(
    _ variable: Variable, where isUsed: (String) -> Bool = { _ in true }
  ) -> [String] {
    let (name, shape) = (variable.name, variable.shape)
    let dims = shape.isMatrix ? [shape.rows, shape.columns] : [shape.count]
    let axes = shape.isMatrix ? [0, 1] : [shape.isRow ? 1 : 0]
    let bound = axes.map { arguments.isBound(variable, axis: $0) }
    let sizes = dims.map { PythonNumbers.expression($0).text }
    if bound == [true, true], sizes.allSatisfy(isUsed) {
      return ["\(sizes[0]), \(sizes[1]) = \(name).shape"]
    }
    return bound.indices.filter { bound[$0] && isUsed(sizes[$0]) }.map {
      "\(sizes[$0]) = \(name).shape[\($0)]"
    }
  }

  /// The sizes that an argument gives, after a check that it has them.
  private func sizeChecks(
    _ variable: Variable, where isUsed: (String) -> Bool
  ) -> [String] {
    guard !bindings(variable).isEmpty else { return [] }
    let sizes = bindings(variable, where: isUsed)
    let isMatrix = variable.shape.isMatrix
    let condition = "\(variable.name).ndim != \(isMatrix ? 2 : 1)"
    return check(variable, condition, isMatrix ? "a matrix" : "a vector")
      + PythonLayout.indented(sizes)
  }

  /// The check of the sizes that other arguments give.
  private func shapeCheck(_ variable: Variable) -> [String] {
    let shape = variable.shape
    let axes = shape.isMatrix ? [0, 1] : [shape.isRow ? 1 : 0]
    guard shape.isScalar || axes.contains(where: { !arguments.isBound(variable, axis: $0) }) else {
      return []
    }
    let tuple = Self.tuple(shape)
    return check(
      variable, "\(variable.name).shape != \(tuple)",
      shape.isScalar ? "a scalar" : "shape {\(tuple)}")
  }

  private func check(
    _ variable: Variable, _ condition: String, _ expected: String
  ) -> [String] {
    let name = variable.name
    let shape = hasTupleShapes ? "\(name).shape" : "tuple(\(name).shape)"
    return ["    if \(condition):"]
      + PythonLayout.lines(
        "raise ValueError(f\"\(name): expected \(expected), got shape {\(shape)}\")", indent: 8)
  }
}

extension Arguments {
  /// The names of the variables as the left-hand side of an assignment.
  var tuple: String {
    let names = variables.map(\.name)
    return names.count == 1 ? "(\(names[0]),)" : names.joined(separator: ", ")
  }
}
