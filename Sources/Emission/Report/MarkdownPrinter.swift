/// Writes a derivative as a short report in Markdown, its formulas between `$$`.
public struct MarkdownPrinter: Sendable {
  public init() {}

  /// A formula on lines of its own.
  public func display(_ latex: String) -> String { "$$\n\(latex)\n$$" }

  /// An equation with its shared definitions.
  public func equation(_ leftHandSide: String, _ result: RenderedSpelling) -> String {
    let sign = leftHandSide.hasSuffix("\\mapsto") ? " " : " = "
    return display(leftHandSide + sign + result.latexWithDefinitions)
  }

  /// The report: the value, the derivative and what it needs, its differential, where it exists,
  /// and the line that says how it was verified.
  public func report(_ derivative: RenderedDerivative, verification: String? = nil) -> String {
    let symbol = LaTeXPrinter().functionSymbol(Extent(derivative.value.shape))
    var parts = [equation(symbol, derivative.value)]
    parts.append(equation(derivative.latexLeftHandSide, derivative.result))
    if let differential = derivative.differential,
      !derivative.latexLeftHandSide.hasPrefix("\\mathrm{d}")
    {
      parts.append(equation("\\mathrm{d}" + symbol, differential))
    }
    parts.append("As text: " + code(textOf(derivative.result)))
    if !derivative.domain.isEmpty {
      parts.append("Where " + derivative.domain.map(code).joined(separator: ", ") + ".")
    }
    parts += derivative.notes.map { "> " + $0 }
    if let verification { parts.append("*\(verification)*") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// A code span, with enough backquotes around it for those inside.
  private func code(_ text: String) -> String {
    text.contains("`") ? "`` \(text) ``" : "`\(text)`"
  }

  private func textOf(_ result: RenderedSpelling) -> String {
    (result.definitions.map { "\($0.name) = \($0.text)" } + [result.text]).joined(separator: "; ")
  }
}
