import Differentiation
import Emission

/// The cheat sheet: inputs and their derivatives, by topic.
public struct CheatSheet: Sendable {
  public struct Row: Sendable {
    /// What is declared beyond what the letters say.
    public let declarations: [String]
    public let report: DerivativeReport
  }

  public struct Section: Sendable {
    public let topic: String
    public let rows: [Row]
  }

  public let sections: [Section]

  /// Whether a row was checked and did not pass.
  public var failedVerification: Bool { rows.contains { $0.report.failedVerification } }

  private var rows: [Row] { sections.flatMap(\.rows) }
}

extension CheatSheet {
  public func text(in style: ReportStyle) -> String {
    var blocks = sections.map { section in
      ([section.topic] + lines(of: section.rows, in: style)).joined(separator: "\n")
    }
    if !rows.isEmpty, rows.allSatisfy({ $0.report.verification?.passed == true }) {
      blocks.append("all \(rows.count) rows verified at random points")
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// Values and derivatives in columns; what does not fit beside its value stands below it.
  private func lines(of rows: [Row], in style: ReportStyle) -> [String] {
    let cells = rows.map { row -> (value: String, derivative: String, remark: String) in
      let report = row.report
      let labels = ReportLabels([report], style: style)
      let value =
        (report.value.definitions.map { $0.equation(in: style) }
        + ["\(labels.function) = " + report.value.text(in: style)]).joined(separator: "; ")
      let own = report.ownDefinitions.map { $0.equation(in: style) }
      let derivative =
        labels.derivative(report, among: 2) + " " + report.derivative.text(in: style)
        + (own.isEmpty ? "" : " where " + own.joined(separator: ", "))
      return (value, derivative, row.remark)
    }
    let left = min(cells.map(\.value.count).max() ?? 0, 44)
    let middle = min(cells.map(\.derivative.count).max() ?? 0, 52)
    return cells.flatMap { cell -> [String] in
      var lines: [String] = []
      var line = "  " + padded(cell.value, left)
      if cell.value.count > left {
        lines.append(line)
        line = "  " + padded("", left)
      }
      line += "  " + padded(cell.derivative, middle)
      if !cell.remark.isEmpty { line += "  (\(cell.remark))" }
      while line.last == " " { line.removeLast() }
      return lines + [line]
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// One `align*` a topic.
  public var latex: String {
    sections.map { section in
      "\\subsection*{\(section.topic)}\n\\begin{align*}\n"
        + section.rows.map(\.latex).joined(separator: " \\\\\n") + "\n\\end{align*}\n"
    }.joined(separator: "\n")
  }

  /// One table a topic.
  public var markdown: String {
    sections.map { section in
      let header = "### \(section.topic)\n\n| $f$ | derivative | where |\n| --- | --- | --- |\n"
      let rows = section.rows.map { row in
        "| $\(row.latexValue)$ | $\(row.latexDerivative)$ | \(row.remark.isEmpty ? "" : "`\(row.remark)`") |"
      }
      return header + rows.map { $0.replacing("\\|", with: "\\Vert ") }.joined(separator: "\n")
        + "\n"
    }.joined(separator: "\n")
  }

  public var json: JSON {
    .array(
      sections.map { section in
        .object([
          ("topic", .string(section.topic)),
          (
            "rows",
            .array(
              section.rows.map { row in
                .object([
                  ("declare", .strings(row.declarations)), ("derivation", row.report.json),
                ])
              })
          ),
        ])
      })
  }
}

extension CheatSheet.Row {
  /// Declarations that say more than the shape of a letter.
  fileprivate var remark: String {
    let known = ["symmetric", "spd", "psd", "positive", "orthogonal", "stiefel"]
    return declarations.filter { declaration in known.contains { declaration.contains($0) } }
      .joined(separator: ", ")
  }

  fileprivate var latexValue: String {
    let definitions = report.value.definitions.map { "\($0.latexName) = \($0.latex)" }
    return (definitions + [report.value.latex]).joined(separator: ",\\; ")
  }

  fileprivate var latexDerivative: String {
    let left = report.latexLeftHandSide
    let own = report.ownDefinitions.map { "\($0.latexName) = \($0.latex)" }
    return left + (left.hasSuffix("\\mapsto") ? " " : " = ") + report.derivative.latex
      + (own.isEmpty ? "" : " \\;\\text{where}\\; " + own.joined(separator: ",\\; "))
  }

  fileprivate var latex: String {
    latexValue + " &\\colon\\quad & " + latexDerivative
      + (remark.isEmpty ? "" : " && \\text{\(StepsLaTeX.escaped(remark))}")
  }
}
