import ExpressionCore
import Planning

extension MATLAB {
  static let reserved: Set<String> = [
    "break", "case", "catch", "classdef", "continue", "else", "elseif", "end", "for", "function",
    "global", "if", "otherwise", "parfor", "persistent", "return", "spmd", "switch", "try", "while",
    "pi", "i", "j", "e", "Inf", "NaN", "eps", "ans", "do", "until", "unwind_protect",
    // Functions that the programs call.
    "abs", "chol", "cross", "det", "diag", "double", "eig", "erf", "erfc", "error", "exp", "expm",
    "expm1", "eye", "gammaln", "imag", "inv", "isequal", "kron", "log", "log1p", "logm", "max",
    "mean", "min", "norm", "ones", "pinv", "prod", "psi", "real", "repmat", "reshape", "sign",
    "size", "sort", "sqrt", "sqrtm", "sum", "svd", "sylvester", "trace", "tril", "triu", "true",
    "zeros",
  ]

  /// A function file, its helpers behind it.
  func program(_ request: ProgramRequest) throws(UnsupportedOperation) -> String {
    let name = request.functionName
    let (request, identifiers) = request.prepared(
      reserved: Self.reserved, legal: Identifiers.ascii)
    let statements = try Statements(
      request.listing, self, identifiers: identifiers, outputNames: request.outputNames)
    let arguments = Arguments(request.listing)
    let outputs = request.outputNames.joined(separator: ", ")
    let parameters = (arguments.variables.map(\.name) + arguments.free).joined(separator: ", ")
    var lines = ["function [\(outputs)] = \(name)(\(parameters))"]
    lines += documentation(request, arguments).map { $0.isEmpty ? "%" : "% " + $0 }
    let test = request.sample.map {
      MATLABSelfTest(
        name: name, request: request, arguments: arguments, sample: $0, identifiers: identifiers)
    }
    lines += test?.dispatch ?? []
    var body = arguments.variables.flatMap { checks($0, arguments) }
    body += statements.assignments.map {
      "\($0.isOfParts ? "[\($0.name)]" : $0.name) = \($0.expression.text);"
    }
    // All sizes are read before any is checked.
    lines += arguments.bindings(usedIn: body).map {
      "\($0.name) = size(\($0.variable.name), \($0.axis + 1));"
    }
    lines += body
    let layout = BracketLayout(indent: "  ", continuation: " ...", comment: "% ")
    lines = [lines[0]] + lines.dropFirst().map { "  " + $0 } + ["end"]
    var text = layout.lines(lines).joined(separator: "\n") + "\n"
    var needs = statements.needs
    if let (functions, further) = try test?.functions() {
      needs.formUnion(further)
      for function in functions {
        let lines = function.split(separator: "\n", omittingEmptySubsequences: false)
        text += "\n" + layout.lines(lines.map(String.init)).joined(separator: "\n") + "\n"
      }
    }
    for helper in needs.helpers { text += "\n" + helper.source + "\n" }
    return text
  }

  private func documentation(_ request: ProgramRequest, _ arguments: Arguments) -> [String] {
    var lines =
      [request.summary, ""] + request.sourceLines + [""]
    for variable in arguments.variables {
      let words = variable.structureWords
      let size = variable.shape.isScalar ? "scalar" : sizeText(variable.shape)
      lines.append("\(variable.name): \(size)\(words.isEmpty ? "" : ", " + words)")
    }
    lines += arguments.free.map { "\($0): a size" }
    lines.append("")
    for (name, output) in zip(request.outputNames, request.listing.outputs) {
      let shape = request.listing.nodes[output.node].shape
      lines.append("\(name): \(shape.isScalar ? "scalar" : sizeText(shape)), \(output.formula)")
    }
    return lines
  }

  private func sizeText(_ shape: Shape) -> String {
    let sizes = [shape.rows, shape.columns].map { SizeNotation.slash.expression($0).text }
    return sizes.joined(separator: " x ")
  }

  private func checks(_ variable: Variable, _ arguments: Arguments) -> [String] {
    let name = variable.name
    guard !arguments.isWhollyBound(variable) else { return [] }
    let expected = [variable.shape.rows, variable.shape.columns].map {
      SizeNotation.slash.expression($0).text
    }.joined(separator: ", ")
    return [
      "if ~isequal(size(\(name)), [\(expected)])",
      "  error('\(name): expected size %d x %d, got %d x %d.', \(expected), size(\(name)));",
      "end",
    ]
  }
}
