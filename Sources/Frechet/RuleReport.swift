import Derivations
import Emission
import ExpressionCore
import ExpressionLanguage

/// The page of a rule in every format.
public struct RuleReport: Sendable {
  public let page: RulePage
  private let scope: NameScope

  /// - Parameter name: the name of a rule as it stands beside a line, an alias, or a function.
  public init(_ name: String) throws(FrechetError) {
    guard let page = RulePage.find(name) else {
      let near = RulePage.suggestions(for: name)
      let mend =
        near.isEmpty
        ? "frechet explain lists all of them."
        : "did you mean " + near.map { "\"\($0)\"" }.joined(separator: ", ") + "?"
      throw .input("explain: there is no rule \"\(name)\"; \(mend)")
    }
    self.init(page)
  }

  init(_ page: RulePage) {
    self.page = page
    let names = page.equations.map { "(\($0.right))" }.joined(separator: "; ")
    scope = Self.scope(page, names)
  }

  /// The shapes that declarations and letters give to the names in the statement.
  private static func scope(_ page: RulePage, _ text: String) -> NameScope {
    var shapes: [String: Shape] = [:]
    for declaration in page.declarations {
      guard let typed = try? Language.elaborate("0", declarations: [declaration]) else { continue }
      for variable in typed.variables { shapes[variable.name] = variable.shape }
    }
    return NameScope(shapes: shapes)
  }

  private struct Statement {
    let text: String
    let unicode: String
    let latex: String
  }

  private var statements: [Statement] {
    page.equations.compactMap { equation in
      guard let left = (try? ParsedInput(equation.left))?.result,
        let right = (try? ParsedInput(equation.right))?.result
      else { return nil }
      let unicode = UnicodePrinter(scope: scope)
      let latex = LaTeXPrinter(scope: scope)
      return Statement(
        text: "\(equation.left) = \(equation.right)",
        unicode: "\(unicode.print(left)) = \(unicode.print(right))",
        latex: "\(latex.print(left)) &= \(latex.print(right))")
    }
  }

  private var command: String? {
    page.example.map { example in
      let declarations = example.declare.map { " --declare '\($0)'" }.joined()
      return "frechet \"\(example.input)\"\(declarations) --wrt \(example.wrt) --steps"
    }
  }
}

extension RuleReport {
  public func text(in style: ReportStyle) -> String {
    var lines = [page.name, ""]
    for statement in statements {
      lines.append("  " + (style == .unicode ? statement.unicode : statement.text))
    }
    if let statement = page.statement { lines += wrapped(statement, margin: "  ") }
    lines.append("")
    lines += wrapped(page.reason, margin: "")
    lines.append("")
    lines.append("source: \(page.source)")
    if let command { lines.append("example: \(command)") }
    return lines.joined(separator: "\n") + "\n"
  }

  public var latex: String {
    var parts = ["\\paragraph{\(StepsLaTeX.escaped(page.name))}"]
    if !page.equations.isEmpty { parts.append(display("align*")) }
    parts += [page.statement, page.reason].compactMap { $0 }.map(StepsLaTeX.escaped)
    parts.append("\\emph{\(StepsLaTeX.escaped(page.source))}")
    return parts.joined(separator: "\n") + "\n"
  }

  private func display(_ environment: String) -> String {
    "\\begin{\(environment)}\n" + statements.map(\.latex).joined(separator: " \\\\\n")
      + "\n\\end{\(environment)}"
  }

  public var markdown: String {
    var parts = ["### \(page.name)"]
    if !page.equations.isEmpty { parts.append("$$\n\(display("aligned"))\n$$") }
    if let statement = page.statement { parts.append(statement) }
    parts.append(page.reason)
    parts.append("*Source: \(page.source).*")
    if let command { parts.append("Example: `\(command)`") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  public var json: JSON {
    .object([
      ("name", .string(page.name)), ("topic", .string(page.topic.rawValue)),
      ("aliases", .strings(page.aliases)),
      (
        "statements",
        .array(
          statements.map {
            .object([
              ("text", .string($0.text)), ("unicode", .string($0.unicode)),
              ("latex", .string($0.latex.replacing("&=", with: "="))),
            ])
          })
      ),
      ("statement", page.statement.map { .string($0) } ?? .null),
      ("reason", .string(page.reason)), ("source", .string(page.source)),
      ("example", command.map { .string($0) } ?? .null),
    ])
  }
}

/// The names of all rules, by topic.
public struct RuleList: Sendable {
  public init() {}

  private var topics: [(title: String, names: [String])] {
    RulePage.Topic.allCases.map { topic in
      (topic.rawValue, RulePage.all.filter { $0.topic == topic }.map(\.name))
    }
  }

  public var text: String {
    var blocks = topics.map { topic in
      ([topic.title] + topic.names.map { "  " + $0 }).joined(separator: "\n")
    }
    blocks.append("frechet explain \"\(topics.first?.names.first ?? "")\" shows one of them.")
    return blocks.joined(separator: "\n\n") + "\n"
  }

  public var markdown: String {
    RulePage.all.map { RuleReport($0).markdown }.joined(separator: "\n")
  }

  public var latex: String { RulePage.all.map { RuleReport($0).latex }.joined(separator: "\n") }

  public var json: JSON { .array(RulePage.all.map { RuleReport($0).json }) }
}

/// A sentence on lines of moderate width.
private func wrapped(_ text: String, margin: String, width: Int = 78) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, line.count + word.count + 1 > width {
      lines.append(margin + line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return line.isEmpty ? lines : lines + [margin + line]
}
