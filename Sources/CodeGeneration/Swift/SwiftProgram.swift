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
    "require", "number", "Double", "Int", "Gradients", "result", "slope", "valueWithPullback",
  ]

  /// A source file: the function, and the value as a function that Swift differentiates by it.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let asked = try SwiftFunction(request, self, results: "Derivatives")
    var lines = (request.selfTest ? ["import Foundation"] : []) + ["import MatrixNotation", ""]
    lines += asked.lines
    if case .gradients(let listing, _) = request.rules {
      var gradients = asked
      if let listing {
        let own = request.with(listing)
        let isSame = own.functionName == request.functionName
        gradients = try SwiftFunction(
          own, self, prefix: isSame ? "plain" : "", results: "Gradients")
        lines += [""] + gradients.lines
      }
      lines += derivative(gradients)
    }
    if let sample = request.sample {
      lines += try SwiftSelfTest(
        name: asked.name, request: asked.request, arguments: asked.arguments, sample: sample,
        identifiers: asked.identifiers
      ).program()
    }
    let layout = BracketLayout(indent: "  ", closesAlone: true, comment: "// ")
    return layout.lines(lines).joined(separator: "\n") + "\n"
  }

  /// The value alone, for `gradient(at:of:)`.
  private func derivative(_ gradients: SwiftFunction) -> [String] {
    let arguments = gradients.arguments
    let wrt = arguments.variables.compactMap { variable in
      zip(gradients.request.listing.outputs, gradients.request.outputNames)
        .first {
          gradients.identifiers.original(variable.name).map(Listing.Role.gradient) == $0.0.role
        }
        .map { (variable: variable, output: $0.1) }
    }
    guard !wrt.isEmpty else { return [] }
    let names = arguments.variables.map(\.name) + arguments.free
    let call = "\(gradients.name)(\(names.map { "\($0): \($0)" }.joined(separator: ", ")))"
    let parameters = gradients.parameters
    let list = wrt.map(\.variable.name).joined(separator: ", ")
    let tangents = wrt.map { $0.variable.shape.isScalar ? "Double" : "MatrixTangent" }
    let tuple = tangents.count == 1 ? tangents[0] : "(\(tangents.joined(separator: ", ")))"
    let products = wrt.map {
      $0.variable.shape.isScalar
        ? "slope * result.\($0.output)"
        : "MatrixTangent(result.\($0.output).scaled(by: slope))"
    }
    let none = wrt.map { $0.variable.shape.isScalar ? "Double.nan" : "MatrixTangent.zero" }
    func grouped(_ all: [String]) -> String {
      all.count == 1 ? all[0] : "(\(all.joined(separator: ", ")))"
    }
    return [
      "",
      "#if canImport(_Differentiation)",
      "  import _Differentiation",
      "",
      "  /// The value, not a number where `\(gradients.name)` throws; `gradient(at:of:)` takes its",
      "  /// derivatives from there.",
      "  public func value(\(parameters)) -> Double {",
      "    (try? \(call).value) ?? .nan",
      "  }",
      "",
      "  @derivative(of: value, wrt: \(wrt.count == 1 ? list : "(\(list))"))",
      "  public func valueWithPullback(\(parameters)) -> (",
      "    value: Double, pullback: (Double) -> \(tuple)",
      "  ) {",
      "    guard let result = try? \(call) else {",
      "      return (.nan, { _ in \(grouped(none)) })",
      "    }",
      "    return (result.value, { slope in \(grouped(products)) })",
      "  }",
      "#endif",
    ]
  }
}

/// A listing as a function of Swift, with the type of its results.
struct SwiftFunction {
  let name: String
  let request: ProgramRequest
  let arguments: Arguments
  let identifiers: Identifiers
  private(set) var lines: [String] = []

  /// - Parameters:
  ///   - prefix: a word before the name of the function.
  ///   - results: the name of the type of the results.
  init(
    _ asked: ProgramRequest, _ writer: SwiftTarget, prefix: String = "", results: String
  ) throws(UnsupportedOperation) {
    let words = (prefix.isEmpty ? [] : [prefix]) + [asked.functionName]
    let name = Self.camelCased(words.joined(separator: "_"))
    self.name = name
    let (request, identifiers) = asked.prepared(
      reserved: SwiftTarget.reserved.union([name]), legal: Identifiers.ascii)
    self.request = request
    self.identifiers = identifiers
    let statements = try Statements(
      request.listing, writer, identifiers: identifiers, outputNames: request.outputNames,
      widest: 56)
    arguments = Arguments(request.listing)
    lines = ["/// The results of `\(name)`.", "public struct \(results): Sendable {"]
    for (output, word) in zip(request.listing.outputs, request.outputNames) {
      let shape = request.listing.nodes[output.node].shape
      lines.append("  /// \(shapeText(shape)): `\(output.formula)`")
      lines.append("  public let \(word): \(shape.isScalar ? "Double" : "Matrix")")
    }
    lines += ["}", ""] + documentation
    lines.append("public func \(name)(\(parameters)) throws -> \(results) {")
    var body = arguments.variables.flatMap { checks($0) }
    for assignment in statements.assignments {
      let text = assignment.expression.text
      let attempt = text.contains(where: { "(+-*/".contains($0) }) ? "try " : ""
      // A literal alone would be a number of Swift.
      let type = text.contains(where: \.isLetter) ? "" : ": Matrix"
      body.append("  let \(assignment.name)\(type) = \(attempt)\(text)")
    }
    // All sizes are read before any is checked.
    lines += arguments.bindings(usedIn: body).map {
      "  let \($0.name) = \($0.variable.name).\($0.axis == 0 ? "rows" : "columns")"
    }
    lines += body
    let fields = zip(request.listing.outputs, request.outputNames).map { output, word in
      let isScalar = request.listing.nodes[output.node].shape.isScalar
      return "\(word): \(isScalar ? "try number(\(word))" : word)"
    }
    lines += ["  return \(results)(\(fields.joined(separator: ", ")))", "}"]
  }

  /// The parameters with their types.
  var parameters: String {
    let all =
      arguments.variables.map { "\($0.name): \($0.shape.isScalar ? "Double" : "Matrix")" }
      + arguments.free.map { "\($0): Int" }
    return all.joined(separator: ", ")
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

  private var documentation: [String] {
    var lines = [request.summary, ""]
    lines += ["`\(request.sourceLines.joined(separator: "; "))`", ""]
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

  private func checks(_ variable: Variable) -> [String] {
    let name = variable.name
    guard !variable.shape.isScalar else { return ["  let \(name) = Matrix(\(name))"] }
    guard !arguments.isWhollyBound(variable) else { return [] }
    let sizes = [variable.shape.rows, variable.shape.columns].map {
      SizeNotation.slash.expression($0).text
    }
    return ["  try require(\(name), \"\(name)\", \(sizes.joined(separator: ", ")))"]
  }
}
