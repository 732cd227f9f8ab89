import Differentiation

/// Derivatives of one input as LaTeX: one aligned display, ready to be pasted.
public struct LaTeXReport: Sendable {
  private let reports: [DerivativeReport]

  public init(_ reports: [DerivativeReport]) { self.reports = reports }

  public var text: String {
    remarks.map { "% \($0)\n" }.joined() + display + "\n"
  }

  /// The equations, without the remarks.
  var display: String {
    "\\begin{aligned}\n" + equations.joined(separator: " \\\\\n") + "\n\\end{aligned}"
  }

  private var equations: [String] {
    let labels = ReportLabels(reports, notation: .unicode)
    var lines: [String] = []
    if let first = reports.first {
      lines += definitions(of: first.value)
      lines.append("\(labels.function) &= \(first.value.latex)")
    }
    for report in reports {
      lines += definitions(of: report.derivative)
      lines.append("\(labels.latex(report)) \(report.derivative.latex)")
    }
    return lines
  }

  private func definitions(of formula: Formula) -> [String] {
    formula.definitions.map { "\($0.latexName) &= \($0.latex)" }
  }

  private var remarks: [String] {
    guard let first = reports.first else { return [] }
    let variables = first.variables.map { "\($0.name): \(declaredType(of: $0))" }
    return (variables.isEmpty ? [] : [variables.joined(separator: ", ")])
      + ["\(first.options.layout.rawValue) layout"]
  }
}

extension ReportLabels {
  /// The left side in LaTeX, with the sign of alignment.
  func latex(_ report: DerivativeReport) -> String {
    switch report.form {
    case .differential:
      return "\\mathrm{d}\(function) &="
    case .operator:
      return "\(latexQuotient(report)) &: V \\mapsto"
    case .auto, .matrix, .kronecker, .index:
      return "\(latexQuotient(report)) &="
    }
  }

  private func latexQuotient(_ report: DerivativeReport) -> String {
    let x = Formula.latexName(report.wrt)
    switch report.kind {
    case .gradient, .derivative:
      return "\\frac{\\partial \(function)}{\\partial \(x)}"
    case .jacobian where isPlain(report):
      return "\\frac{\\partial \(function)}{\\partial \(x)}"
    case .jacobian:
      return "\\frac{\\partial \\operatorname{vec}(\(function))}"
        + "{\\partial \\operatorname{vec}(\(x))^\\top}"
    case .hessian:
      guard let other = report.secondWrt else {
        return "\\nabla^2 \(function)"
      }
      return "\\frac{\\partial^2 \(function)}"
        + "{\\partial \(x) \\, \\partial \(Formula.latexName(other))^\\top}"
    }
  }
}
