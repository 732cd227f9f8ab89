import Differentiation

/// Derivatives of one input as Markdown with LaTeX displays.
public struct MarkdownReport: Sendable {
  private let reports: [DerivativeReport]

  public init(_ reports: [DerivativeReport]) { self.reports = reports }

  public var text: String {
    guard let first = reports.first else { return "" }
    let display = LaTeXReport(reports).display.replacing("align*}", with: "aligned}")
    var paragraphs = ["$$\n\(display)\n$$"]
    let variables = first.variables.map { "`\($0.name): \(declaredType(of: $0))`" }
    if !variables.isEmpty { paragraphs.append("with " + variables.joined(separator: ", ")) }
    for report in reports {
      let kind = report.form == .differential ? "differential" : report.word
      let variables = report.wrt + (report.secondWrt.map { " and " + $0 } ?? "")
      paragraphs.append(
        "\(kind.prefix(1).uppercased() + kind.dropFirst()) with respect to `\(variables)` "
          + "(\(report.derivative.shape), \(report.options.layout.rawValue) layout): "
          + "`\(report.derivative.inputText)`")
    }
    paragraphs += TextReport(reports, style: .unicode).remarks
    return paragraphs.joined(separator: "\n\n") + "\n"
  }
}
