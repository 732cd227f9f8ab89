import ExpressionCore
import Planning

extension SwiftTarget {
  static let reserved: Set<String> = [
    "actor", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default",
    "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "Self",
    "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while", "await", "async", "Any", "Type", "Matrix", "Derivatives",
    "require", "number", "Double", "Int",
  ]

  /// A source file with one function.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let name = Self.camelCased(request.functionName)
    let (request, identifiers) = request.prepared(
      reserved: Self.reserved.union([name]), legal: Identifiers.ascii)
    let statements = try Statements(
      request.listing, self, identifiers: identifiers, outputNames: request.outputNames,
      widest: 56)
    let arguments = Arguments(request.listing)
    var lines = (request.selfTest ? ["import Foundation"] : []) + ["import MatrixNotation", ""]
    lines += ["/// The results of `\(name)`.", "public struct Derivatives: Sendable {"]
    for (output, word) in zip(request.listing.outputs, request.outputNames) {
      let shape = request.listing.nodes[output.node].shape
      lines.append("  /// \(shapeText(shape)): `\(output.formula)`")
      lines.append("  public let \(word): \(shape.isScalar ? "Double" : "Matrix")")
    }
    lines += ["}", ""] + documentation(request, arguments)
    let parameters =
      arguments.variables.map {
        "\($0.name): \($0.shape.isScalar ? "Double" : "Matrix")"
      } + arguments.free.map { "\($0): Int" }
    lines.append(
      "public func \(name)(\(parameters.joined(separator: ", "))) throws -> Derivatives {")
    for variable in arguments.variables { lines += sizes(of: variable, arguments) }
    for variable in arguments.variables { lines += checks(variable, arguments) }
    for assignment in statements.assignments {
      let attempt = assignment.expression.text.contains(where: { "(+-*/".contains($0) })
      lines.append(
        "  let \(assignment.name) = \(attempt ? "try " : "")\(assignment.expression.text)")
    }
    let results = zip(request.listing.outputs, request.outputNames).map { output, word in
      let isScalar = request.listing.nodes[output.node].shape.isScalar
      return "\(word): \(isScalar ? "try number(\(word))" : word)"
    }
    lines += ["  return Derivatives(\(results.joined(separator: ", ")))", "}"]
    if let sample = request.sample {
      lines += try SwiftSelfTest(
        name: name, request: request, arguments: arguments, sample: sample,
        identifiers: identifiers
      ).program()
    }
    let layout = BracketLayout(indent: "  ", closesAlone: true, comment: "// ")
    return layout.lines(lines).joined(separator: "\n") + "\n"
  }

  /// `value_and_grad` as `valueAndGrad`.
  private static func camelCased(_ name: String) -> String {
    let words = name.split(separator: "_")
    return words.enumerated().map { index, word in
      index == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }

  private func shapeText(_ shape: Shape) -> String {
    shape.isScalar
      ? "a number"
      : "\(SizeNotation.slash.expression(shape.rows).text)×"
        + SizeNotation.slash.expression(shape.columns).text
  }

  private func documentation(_ request: ProgramRequest, _ arguments: Arguments) -> [String] {
    var lines = [request.summary, ""]
    lines += ["`f = \(request.source.split(separator: "\n").joined(separator: "; "))`", ""]
    lines.append("- Parameters:")
    for variable in arguments.variables {
      let words = variable.structureWords
      lines.append(
        "  - \(variable.name): \(shapeText(variable.shape))\(words.isEmpty ? "" : ", " + words).")
    }
    lines += arguments.free.map { "  - \($0): a size." }
    lines += ["- Throws: where a size is wrong, or where a matrix cannot be factored."]
    return lines.map { $0.isEmpty ? "///" : "/// " + $0 }
  }

  /// The sizes that an argument gives; all are read before any is checked.
  private func sizes(of variable: Variable, _ arguments: Arguments) -> [String] {
    arguments.bindings.filter { $0.variable == variable }.map {
      "  let \($0.name) = \(variable.name).\($0.axis == 0 ? "rows" : "columns")"
    }
  }

  private func checks(_ variable: Variable, _ arguments: Arguments) -> [String] {
    let name = variable.name
    guard !variable.shape.isScalar else { return ["  let \(name) = Matrix(\(name))"] }
    guard !arguments.isWhollyBound(variable) else { return [] }
    let sizes = [variable.shape.rows, variable.shape.columns].map {
      SizeNotation.slash.expression($0).text
    }
    return ["  try require(\(name), \"\(name)\", \(sizes.joined(separator: ", ")))"]
  }
}
