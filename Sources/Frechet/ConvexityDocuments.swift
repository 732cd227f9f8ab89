import Curvature

/// Convexity as LaTeX: an aligned display of the argument for each report, ready to be pasted.
public struct ConvexityLaTeXReport: Sendable {
  private let reports: [ConvexityReport]

  public init(_ reports: [ConvexityReport]) { self.reports = reports }

  public var text: String {
    reports.map { report in
      "% \(report.headline(\.text))\n" + Self.display(report) + "\n"
    }.joined(separator: "\n")
  }

  /// The form, the steps with their rules, and the verdict.
  static func display(_ report: ConvexityReport) -> String {
    var lines: [String] = []
    if let form = report.form, let kind = report.formKind {
      lines += form.definitions.map { "& \($0.latexName) = \($0.latex)" }
      lines.append("& \(kind.latex) = \(form.latex)")
    }
    lines += report.argument.map { "& \($0.statement.latex) && (\($0.rule.latex))" }
    let conditions = report.conditions.map(\.latex).joined(separator: ",\\; ")
    let domain =
      conditions.isEmpty || !report.curvature.isDerived ? "" : " \\text{ where } " + conditions
    let names = report.wrt.joined(separator: ", ")
    lines.append("& \\text{\(report.curvature.rawValue) in \(names)}" + domain)
    return "\\begin{aligned}\n" + lines.joined(separator: " \\\\\n") + "\n\\end{aligned}"
  }
}

/// Convexity as Markdown with a LaTeX display.
public struct ConvexityMarkdownReport: Sendable {
  private let reports: [ConvexityReport]

  public init(_ reports: [ConvexityReport]) { self.reports = reports }

  public var text: String {
    reports.map { report in
      var paragraphs = ["**\(report.headline(\.unicode))**"]
      if report.curvature.isDerived {
        paragraphs.append("$$\n\(ConvexityLaTeXReport.display(report))\n$$")
      }
      let variables = report.variables.map { "`\($0.name): \(declaredType(of: $0))`" }
      if !variables.isEmpty { paragraphs.append("with " + variables.joined(separator: ", ")) }
      if let obstacle = report.obstacle { paragraphs.append("Not derived: \(obstacle).") }
      return paragraphs.joined(separator: "\n\n") + "\n"
    }.joined(separator: "\n")
  }
}

extension CurvatureForm.Kind {
  fileprivate var latex: String {
    switch self {
    case .hessian: "\\nabla^2 f"
    case .secondDifferential: "d^2 f"
    }
  }
}
