import Curvature
import Emission
import ExpressionCore
import ExpressionLanguage

/// Writes the statements of an argument in each notation.
struct StatementWriter {
  typealias Statement = ConvexityReport.Statement

  let input: TypedInput
  let scope: NameScope

  init(_ input: TypedInput, form: CurvatureForm?) {
    self.input = input
    var scope = NameScope(input)
    for definition in form?.spelling.definitions ?? [] where !scope.isDeclared(definition.name) {
      // The names of definitions tell scalars and vectors from matrices.
      let isMatrix = definition.name.first?.isUppercase ?? false
      scope = scope.adding(definition.name, isMatrix ? .matrix : .vector)
    }
    self.scope = scope
  }

  private init(_ input: TypedInput, scope: NameScope) {
    self.input = input
    self.scope = scope
  }

  // MARK: Formulas and relations

  private func formula(_ tree: Syntax) -> Statement {
    Statement(
      text: Parts.text(tree), unicode: UnicodePrinter(scope: scope).print(tree),
      latex: LaTeXPrinter(scope: scope).print(tree))
  }

  private func number(_ value: Number) -> Statement { formula(Syntax(.number(value))) }

  private func related(_ left: Statement, _ symbol: Symbol, _ right: Statement) -> Statement {
    Statement(
      text: "\(left.text) \(symbol.ascii) \(right.text)",
      unicode: "\(left.unicode) \(symbol.unicode) \(right.unicode)",
      latex: "\(left.latex) \(symbol.latex) \(right.latex)")
  }

  private struct Symbol {
    let ascii: String
    let unicode: String
    let latex: String

    static let less = Symbol(ascii: "<", unicode: "<", latex: "<")
    static let atMost = Symbol(ascii: "<=", unicode: "≤", latex: "\\le")
    static let greater = Symbol(ascii: ">", unicode: ">", latex: ">")
    static let atLeast = Symbol(ascii: ">=", unicode: "≥", latex: "\\ge")
    static let equal = Symbol(ascii: "=", unicode: "=", latex: "=")
  }

  private func compared(
    _ subject: Statement, lower: StatedBound?, upper: StatedBound?
  ) -> Statement {
    if let lower, let upper {
      if lower.value == upper.value { return related(subject, .equal, number(lower.value)) }
      let left = related(number(lower.value), lower.isStrict ? .less : .atMost, subject)
      return related(left, upper.isStrict ? .less : .atMost, number(upper.value))
    }
    if let lower {
      return related(subject, lower.isStrict ? .greater : .atLeast, number(lower.value))
    }
    if let upper {
      return related(subject, upper.isStrict ? .less : .atMost, number(upper.value))
    }
    return subject
  }

  private func definite(_ subject: Statement, isStrict: Bool) -> Statement {
    Statement(
      text: "\(subject.text) is positive \(isStrict ? "definite" : "semidefinite")",
      unicode: "\(subject.unicode) \(isStrict ? "≻" : "⪰") 0",
      latex: "\(subject.latex) \(isStrict ? "\\succ" : "\\succeq") 0")
  }

  // MARK: Steps

  func statement(_ step: ArgumentStep, plain: Bool = false) -> Statement {
    let subject = formula(plain ? step.plainSubject : step.subject)
    switch step.relation {
    case .entries(let lower, let upper): return compared(subject, lower: lower, upper: upper)
    case .semidefinite(let isStrict): return definite(subject, isStrict: isStrict)
    case .bends(let vexity):
      let words = " is \(vexity.rawValue)"
      return Statement(
        text: subject.text + words, unicode: subject.unicode + words,
        latex: subject.latex + " \\text{\(words)}")
    }
  }

  func step(_ step: ArgumentStep) -> ConvexityReport.Step {
    ConvexityReport.Step(
      statement: statement(step), rule: words(step.rule.words(isStrict: step.isStrict)),
      source: step.rule.source)
  }

  /// The facts that the argument rests on, and the rule that it ends with.
  func reason(_ steps: [ArgumentStep], conditions: [Statement]) -> Statement? {
    let rules = steps.filter { !$0.isFact }
    guard let last = rules.last(where: { $0.rule != .signs }) ?? rules.last ?? steps.last else {
      return nil
    }
    let facts = steps.filter(\.isFact).map { statement($0, plain: true) }
      .filter { $0.text.count <= 60 && !conditions.contains($0) }
    let end = rules.isEmpty ? [] : [words(last.rule.words(isStrict: last.isStrict))]
    let parts = [joined(Array(facts.prefix(3)), ", ")].compactMap { $0 } + end
    return joined(parts, "; ") ?? statement(last, plain: true)
  }

  private func joined(_ parts: [Statement], _ separator: String) -> Statement? {
    guard !parts.isEmpty else { return nil }
    return Statement(
      text: parts.map(\.text).joined(separator: separator),
      unicode: parts.map(\.unicode).joined(separator: separator),
      latex: parts.map(\.latex).joined(separator: separator + "\\; "))
  }

  // MARK: Conditions and obstacles

  func condition(_ condition: DomainCondition) -> Statement {
    let subject = authors(condition.node)
    switch condition.kind {
    case .above(let bound):
      return compared(subject, lower: StatedBound(value: bound, isStrict: true), upper: nil)
    case .below(let bound):
      return compared(subject, lower: nil, upper: StatedBound(value: bound, isStrict: true))
    case .definite: return definite(subject, isStrict: true)
    }
  }

  /// A node in the author's words.
  private func authors(_ node: Int) -> Statement {
    let text = input.text(of: node) ?? "the argument"
    guard let tree = try? ParsedInput(text).result else {
      return Statement(text: text, unicode: text, latex: "\\text{\(text)}")
    }
    return formula(tree)
  }

  func obstacle(_ obstacle: CurvatureObstacle) -> String {
    switch obstacle {
    case .domain(let requirement):
      "its domain, where \(needed(requirement)), is not known to be a convex set"
    case .kink(let primitive):
      "it has no second derivative everywhere" + (primitive.map { " (\($0.rawValue))" } ?? "")
        + ", and no rule of composition applies"
    case .noRule: "no rule tells the sign of its second derivative, and none of composition applies"
    case .limit(let limit): limit.description
    case .graph(let error): error.description
    }
  }

  private func needed(_ requirement: CurvatureObstacle.Requirement) -> String {
    let subject = authors(requirement.node).text
    switch requirement.kind {
    case .positive: return "\(subject) > 0"
    case .invertible: return "\(subject) has an inverse"
    case .nonzero: return "\(subject) is not 0"
    case .definite: return "\(subject) is positive definite"
    case .regular: return "\(subject) is regular"
    }
  }

  // MARK: Words

  /// Words with formulas of the language between backquotes.
  private func words(_ text: String) -> Statement {
    var scope = NameScope()
    for name in ["s", "t", "p", "q", "c", "n"] { scope = scope.adding(name, .scalar) }
    let writer = StatementWriter(input, scope: scope)
    var result = (text: "", unicode: "", latex: "")
    let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
    for (i, piece) in pieces.enumerated() {
      if i % 2 == 1, let tree = try? ParsedInput(String(piece)).result {
        let formula = writer.formula(tree)
        result.text += formula.text
        result.unicode += formula.unicode
        result.latex += formula.latex
      } else if !piece.isEmpty {
        result.text += Self.inASCII(String(piece))
        result.unicode += piece
        result.latex += "\\text{\(Self.inLaTeX(String(piece)))}"
      }
    }
    return Statement(text: result.text, unicode: result.unicode, latex: result.latex)
  }

  private static let relations: [(unicode: Character, ascii: String, latex: String)] = [
    ("⪰", ">=", "\\succeq"), ("≻", ">", "\\succ"), ("≥", ">=", "\\ge"), ("≤", "<=", "\\le"),
  ]

  private static func inASCII(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      result += relations.first { $0.unicode == character }?.ascii ?? String(character)
    }
  }

  private static func inLaTeX(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      result +=
        relations.first { $0.unicode == character }.map { "$\($0.latex)$" }
        ?? String(character)
    }
  }
}

extension ArgumentStep {
  fileprivate var isStrict: Bool {
    switch relation {
    case .semidefinite(let isStrict): isStrict
    case .entries(let lower, _): lower?.isStrict ?? false
    case .bends: false
    }
  }

  /// Whether it rests on nothing before it but what a function or a declaration says.
  fileprivate var isFact: Bool {
    switch rule {
    case .declared, .onTheDomain, .rangeOf, .evenPower: true
    default: false
    }
  }
}

extension TypedInput {
  /// The author's text of a node.
  func text(of node: Int) -> String? {
    guard nodes.indices.contains(node), let range = nodes[node].range else { return nil }
    let bytes = Array(source.utf8)
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    return String(validating: bytes[range], as: UTF8.self)
  }
}
