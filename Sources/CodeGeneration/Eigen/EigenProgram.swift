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
    "while", "xor", "std", "Eigen", "detail", "derived", "Result", "Scalar", "MatrixX",
    "VectorX", "RowVectorX",
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
    let checks = arguments.variables.flatMap { self.checks($0, arguments) }
    let helpers = (checks.isEmpty ? [] : [Self.requirement]) + needs.helpers.map(\.source)
    var lines: [String] = []
    if !helpers.isEmpty {
      let sources = helpers.map { $0.split(separator: "\n").map(String.init) }
      lines += ["namespace detail {", ""] + sources.joined(separator: [""])
      lines += ["", "}  // namespace detail", ""]
    }
    lines += ["template <typename Scalar>", "struct Result {"]
    for (name, output) in zip(request.outputNames, request.listing.outputs) {
      let shape = request.listing.nodes[output.node].shape
      lines.append("  // \(sizeText(shape)): \(output.formula)")
      lines.append("  \(Self.type(shape)) \(name);")
    }
    lines += ["};", ""]
    lines += documentation(arguments, throws: !checks.isEmpty)
    // Only from arrays is the type deduced.
    let hasArrays = arguments.variables.contains { !$0.shape.isScalar }
    lines.append("template <typename Scalar\(hasArrays ? "" : " = double")>")
    let parameters =
      arguments.variables.map { variable in
        let type = Self.type(variable.shape)
        return variable.shape.isScalar
          ? "std::common_type_t<Scalar> \(variable.name)" : "const \(type)& \(variable.name)"
      } + arguments.free.map { "Eigen::Index \($0)" }
    lines.append("Result<Scalar> \(name)(\(parameters.joined(separator: ", "))) {")
    let body =
      checks + statements.assignments.map { "\(declaration($0, request.listing));" }
    // All sizes are read before any is checked.
    for binding in arguments.bindings(usedIn: body) {
      let count = "\(binding.variable.name).\(binding.axis == 0 ? "rows" : "cols")()"
      lines.append("  const Eigen::Index \(binding.name) = \(count);")
    }
    lines += body.map { "  " + $0 }
    lines.append("  return {\(request.outputNames.joined(separator: ", "))};")
    lines += ["}", ""] + (test?.own ?? []) + ["}  // namespace derived"] + (test?.main ?? [])
    let head = comment(request) + (test == nil ? ["#pragma once"] : []) + [""]
    let all = head + preamble(lines.joined(separator: "\n"), needs) + lines
    return BracketLayout(comment: "// ").lines(all).joined(separator: "\n") + "\n"
  }

  /// What the text of a program uses of the standard library and of Eigen.
  private func preamble(_ text: String, _ needs: Needs) -> [String] {
    let headers = Self.headers.filter { _, words in
      words.contains { text.contains("std::" + $0) }
    }
    let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") })
    let own = ["MatrixX", "RowVectorX", "VectorX"].filter { words.contains(Substring($0)) }
    return headers.map { "#include <\($0.header)>" }
      + (headers.isEmpty ? [] : [""]) + ["#include <Eigen/Dense>"] + needs.importLines
      + ["", "namespace derived {", ""] + own.map { "using Eigen::\($0);" }
      + (own.isEmpty ? [] : [""])
  }

  /// The headers of the standard library with what the programs use of them.
  private static let headers: [(header: String, words: [String])] = [
    ("algorithm", ["max(", "min(", "max({", "nth_element("]), ("chrono", ["chrono::"]),
    (
      "cmath",
      [
        "abs(", "acos(", "asin(", "atan(", "cos(", "cosh(", "erf(", "erfc(", "exp(", "expm1(",
        "isfinite(", "lgamma(", "log(", "log10(", "log1p(", "log2(", "pow(", "sin(", "sinh(",
        "sqrt(", "tan(", "tanh(", "tgamma(",
      ]
    ), ("complex", ["complex<"]), ("cstdio", ["printf(", "puts("]), ("limits", ["numeric_limits"]),
    ("optional", ["optional<", "nullopt"]), ("random", ["mt19937_64"]),
    ("stdexcept", ["invalid_argument"]), ("string", ["string", "to_string("]),
    ("tuple", ["tuple<"]), ("type_traits", ["common_type_t"]), ("utility", ["pair<"]),
    ("vector", ["vector<"]),
  ]

  private static let requirement = """
    // Throws where a matrix does not have the size that it should.
    template <typename Derived>
    void require_size(
        const Eigen::EigenBase<Derived>& a, const char* name, Eigen::Index rows, Eigen::Index cols) {
      if (a.rows() == rows && a.cols() == cols) return;
      const auto text = [](Eigen::Index m, Eigen::Index n) {
        return std::to_string(m) + " x " + std::to_string(n);
      };
      throw std::invalid_argument(std::string(name) + ": expected size " + text(rows, cols)
          + ", got " + text(a.rows(), a.cols()));
    }
    """

  private func comment(_ request: ProgramRequest) -> [String] {
    ([request.summary, ""] + request.sourceLines).map { $0.isEmpty ? "//" : "// " + $0 }
  }

  private func documentation(_ arguments: Arguments, throws: Bool) -> [String] {
    var lines = arguments.variables.map { variable in
      let words = variable.structureWords
      return "\(variable.name): \(sizeText(variable.shape))\(words.isEmpty ? "" : ", " + words)"
    }
    lines += arguments.free.map { "\($0): a size" }
    if `throws` { lines.append("Throws std::invalid_argument where a size is wrong.") }
    return lines.map { "// " + $0 }
  }

  private func sizeText(_ shape: Shape) -> String {
    shape.isScalar
      ? "a number"
      : [shape.rows, shape.columns].map { SizeNotation.slash.expression($0).text }
        .joined(separator: " x ")
  }

  private func declaration(_ assignment: Statements.Assignment, _ listing: Listing) -> String {
    if assignment.isOfParts {
      return "const auto [\(assignment.name)] = \(assignment.expression.text)"
    }
    let node = listing.nodes[assignment.node]
    if case .factor(let kind) = node.operation {
      // Of an expression, whose own type of matrix may be another.
      let (type, text) = (Self.type(kind), assignment.expression.text)
      return "const \(type) \(assignment.name)\(text.dropFirst(type.count))"
    }
    let type = Self.type(node.shape)
    let value = assignment.expression.argument(of: type) ?? assignment.expression.text
    return "const \(type) \(assignment.name) = \(value)"
  }

  private func checks(_ variable: Variable, _ arguments: Arguments) -> [String] {
    let shape = variable.shape
    let dims = [shape.rows, shape.columns]
    // A vector has one column by its type.
    let isGiven = dims.indices.map {
      arguments.isBound(variable, axis: $0) || (dims[$0].isOne && !shape.isMatrix)
    }
    guard !shape.isScalar, isGiven.contains(false) else { return [] }
    let sizes = dims.map { size($0) }.joined(separator: ", ")
    return ["detail::require_size(\(variable.name), \"\(variable.name)\", \(sizes));"]
  }
}

extension CodeExpression {
  /// What a call that all of it is, is given: a declaration of the type converts as well.
  fileprivate func argument(of function: String) -> String? {
    guard text.hasPrefix(function + "("), text.hasSuffix(")") else { return nil }
    let inner = text.dropFirst(function.count + 1).dropLast()
    var depth = 0
    for character in inner {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth < 0 { return nil }
    }
    return String(inner)
  }
}
