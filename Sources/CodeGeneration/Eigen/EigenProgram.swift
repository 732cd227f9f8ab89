import ExpressionCore
import Planning

extension Eigen {
  static let reserved: Set<String> = [
    "alignas", "alignof", "and", "asm", "auto", "bool", "break", "case", "catch", "char", "class",
    "concept", "const", "constexpr", "continue", "decltype", "default", "delete", "do", "double",
    "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if",
    "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "nullptr",
    "operator", "or", "private", "protected", "public", "register", "requires", "return", "short",
    "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "true", "try",
    "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "while", "xor", "std", "Eigen", "detail", "derived", "Result", "require",
    // Macros of the standard headers.
    "I", "NAN", "INFINITY", "EOF", "NULL", "assert", "errno",
  ]

  /// A header.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let name = request.functionName
    let (request, identifiers) = request.prepared(
      reserved: Self.reserved, legal: Identifiers.ascii)
    let statements = try Statements(
      request.listing, self, identifiers: identifiers, outputNames: request.outputNames,
      widest: 64)
    let arguments = Arguments(request.listing)
    var needs = statements.needs
    let test = try request.sample.map { sample throws(UnsupportedOperation) in
      try EigenSelfTest(
        name: name, request: request, arguments: arguments, sample: sample,
        identifiers: identifiers
      ).functions()
    }
    if let test { needs.formUnion(test.needs) }
    let helpers = needs.helpers
    var lines = comment(request) + (test == nil ? ["#pragma once"] : []) + [""]
    let headers =
      ["algorithm", "cmath", "stdexcept", "string", "vector"]
      + (test == nil ? [] : EigenSelfTest.headers)
    lines += headers.sorted().map { "#include <\($0)>" } + ["", "#include <Eigen/Dense>"]
    lines += needs.importLines
    lines += ["", "namespace derived {", ""]
    lines += ["namespace detail {", ""] + Self.requirement.split(separator: "\n").map(String.init)
    for helper in helpers {
      lines += [""] + helper.source.split(separator: "\n").map(String.init)
    }
    lines += ["", "}  // namespace detail", ""]
    lines.append("struct Result {")
    for (name, output) in zip(request.outputNames, request.listing.outputs) {
      let shape = request.listing.nodes[output.node].shape
      lines.append("  // \(sizeText(shape)): \(output.formula)")
      lines.append("  \(Self.type(shape)) \(name);")
    }
    lines += ["};", ""]
    lines += documentation(arguments)
    lines.append("inline Result \(name)(")
    let parameters =
      arguments.variables.map { variable in
        let type = Self.type(variable.shape)
        return variable.shape.isScalar
          ? "double \(variable.name)" : "const \(type)& \(variable.name)"
      } + arguments.free.map { "Eigen::Index \($0)" }
    lines.append("    \(parameters.joined(separator: ", "))) {")
    for variable in arguments.variables { lines += sizes(of: variable, arguments) }
    for variable in arguments.variables { lines += checks(variable, arguments).map { "  " + $0 } }
    for assignment in statements.assignments {
      lines.append("  \(declaration(assignment, request.listing));")
    }
    lines.append("  return {\(request.outputNames.joined(separator: ", "))};")
    lines += ["}", ""] + (test?.own ?? []) + ["}  // namespace derived"] + (test?.main ?? [])
    return BracketLayout(comment: "// ").lines(lines).joined(separator: "\n") + "\n"
  }

  private static let requirement = """
    inline void require(bool fits, const char* name, const std::string& expected) {
      if (!fits) throw std::invalid_argument(std::string(name) + ": expected size " + expected);
    }
    """

  private func comment(_ request: ProgramRequest) -> [String] {
    ([request.summary, ""] + request.sourceLines).map { $0.isEmpty ? "//" : "// " + $0 }
  }

  private func documentation(_ arguments: Arguments) -> [String] {
    var lines = arguments.variables.map { variable in
      let words = variable.structureWords
      return "\(variable.name): \(sizeText(variable.shape))\(words.isEmpty ? "" : ", " + words)"
    }
    lines += arguments.free.map { "\($0): a size" }
    lines.append("Throws std::invalid_argument where a size is wrong.")
    return lines.map { "// " + $0 }
  }

  private func sizeText(_ shape: Shape) -> String {
    shape.isScalar
      ? "a number"
      : [shape.rows, shape.columns].map { SizeNotation.slash.expression($0).text }
        .joined(separator: " x ")
  }

  private func declaration(_ assignment: Statements.Assignment, _ listing: Listing) -> String {
    let node = listing.nodes[assignment.node]
    let type =
      switch node.operation {
      case .factor(.cholesky): "Eigen::LLT<Eigen::MatrixXd>"
      case .factor(.lu): "Eigen::PartialPivLU<Eigen::MatrixXd>"
      default: Self.type(node.shape)
      }
    return "const \(type) \(assignment.name) = \(assignment.expression.text)"
  }

  /// The sizes that an argument gives; all are read before any is checked.
  private func sizes(of variable: Variable, _ arguments: Arguments) -> [String] {
    arguments.bindings.filter { $0.variable == variable }.map {
      let count = "\(variable.name).\($0.axis == 0 ? "rows" : "cols")()"
      return "  [[maybe_unused]] const Eigen::Index \($0.name) = \(count);"
    }
  }

  private func checks(_ variable: Variable, _ arguments: Arguments) -> [String] {
    guard !variable.shape.isScalar else { return [] }
    let name = variable.name
    var conditions: [String] = []
    let dims = [variable.shape.rows, variable.shape.columns]
    for (axis, dim) in dims.enumerated() {
      let text = SizeNotation.slash.expression(dim)
      let own = axis == 0 ? "\(name).rows()" : "\(name).cols()"
      let isGiven = dim.isOne && !variable.shape.isMatrix
      if !arguments.isBound(variable, axis: axis), !isGiven {
        conditions.append("\(own) == \(text.text(.multiplicative))")
      }
    }
    guard !conditions.isEmpty else { return [] }
    let expected = dims.map { "std::to_string(\(SizeNotation.slash.expression($0).text))" }
    return [
      "detail::require(\(conditions.joined(separator: " && ")), \"\(name)\",",
      "    \(expected.joined(separator: " + \" x \" + ")));",
    ]
  }
}
