import ExpressionCore
import Planning

/// A Python module: imports, helpers, and one function with its checks.
struct PythonProgram {
  let request: ProgramRequest
  let statements: Statements
  let arguments: Arguments
  var listing: Listing { request.listing }

  static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
    // Names that the programs use.
    "np", "jnp", "jax", "torch", "scipy", "math", "float", "abs", "expit", "ndtr", "erf", "erfc",
    "gammaln", "digamma", "polygamma", "logsumexp", "softmax", "log_softmax", "like", "rng",
  ]

  init(_ request: ProgramRequest, _ writer: some PythonArrays) throws(UnsupportedOperation) {
    let (request, identifiers) = request.prepared(
      reserved: Self.keywords, legal: Identifiers.ascii)
    self.request = request
    arguments = Arguments(request.listing)
    statements = try Statements(
      request.listing, writer, identifiers: identifiers, outputNames: request.outputNames)
  }

  var parameterList: String {
    (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
  }

  // MARK: Text

  /// The documentation of the function: what it computes and the shapes.
  var docstring: [String] {
    var lines = [
      "\"\"\"\(request.summary)",
      "",
      "f = \(request.source)",
      "",
      "Parameters",
      "----------",
    ]
    for variable in arguments.variables {
      lines.append("\(variable.name) : \(description(of: variable))")
    }
    for name in arguments.free { lines.append("\(name) : int") }
    lines += ["", "Returns", "-------"]
    for (name, output) in zip(request.outputNames, listing.outputs) {
      let shape = listing.nodes[output.node].shape
      lines.append("\(name) : \(shape.isScalar ? "float" : "array, shape \(Self.tuple(shape))")")
      lines.append("    \(output.formula)")
    }
    return lines + ["\"\"\""]
  }

  private func description(of variable: Variable) -> String {
    if variable.shape.isScalar { return "float" }
    let kind = variable.structureWords
    return "array, shape \(Self.tuple(variable.shape))" + (kind.isEmpty ? "" : ", \(kind)")
  }

  /// `(m, n)`, `(n,)`.
  static func tuple(_ shape: Shape) -> String {
    func text(_ dim: Dim) -> String { PythonNumbers.expression(dim).text }
    if shape.isScalar { return "()" }
    return shape.isMatrix
      ? "(\(text(shape.rows)), \(text(shape.columns)))" : "(\(text(shape.count)),)"
  }

  /// The checks of one argument and the sizes that it gives.
  func checks(_ variable: Variable) -> [String] {
    let name = variable.name
    let shape = variable.shape
    guard !shape.isScalar else { return [] }
    var lines: [String] = []
    let bound = [0, 1].map { arguments.isBound(variable, axis: $0) }
    let kind = shape.isMatrix ? "a matrix" : "a vector"
    if bound.contains(true) {
      lines += [
        "if \(name).ndim != \(shape.isMatrix ? 2 : 1):",
        "    raise ValueError(f\"\(name): expected \(kind), got shape {tuple(\(name).shape)}\")",
      ]
      let dims = shape.isMatrix ? [shape.rows, shape.columns] : [shape.count]
      let axes = shape.isMatrix ? [0, 1] : [shape.isVector ? 0 : 1]
      let sizes = dims.map { PythonNumbers.expression($0).text }
      if shape.isMatrix, !bound.contains(false) {
        lines.append("\(sizes[0]), \(sizes[1]) = \(name).shape")
      } else {
        for (position, axis) in axes.enumerated() where bound[axis] {
          lines.append("\(sizes[position]) = \(name).shape[\(position)]")
        }
      }
    }
    let open =
      shape.isMatrix ? bound.contains(false) : !bound[shape.isVector ? 0 : 1]
    if open {
      let tuple = Self.tuple(shape)
      lines += [
        "if \(name).shape != \(tuple):",
        "    raise ValueError(f\"\(name): expected shape {\(tuple)}, got {tuple(\(name).shape)}\")",
      ]
    }
    return lines
  }

  var body: [String] {
    statements.assignments.map { "\($0.name) = \($0.expression.text)" }
      + ["return \(request.outputNames.joined(separator: ", "))"]
  }

  static func indented(_ lines: [String], by depth: Int = 1) -> [String] {
    lines.map { $0.isEmpty ? "" : String(repeating: "    ", count: depth) + $0 }
  }
}
