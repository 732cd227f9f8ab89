import Differentiation
import Emission

/// Derivatives of one input as LaTeX: one aligned display, ready to be pasted.
public struct LaTeXReport: Sendable {
  private let reports: [DerivativeReport]

  public init(_ reports: [DerivativeReport]) { self.reports = reports }

  /// The display, below remarks that say what the names and the layout are. With the derivation it
  /// is an `align*`, which numbers nothing and sets the rules at the side.
  public var text: String {
    remarks.map { "% \($0)\n" }.joined() + display + "\n"
  }

  /// The equations, without the remarks.
  var display: String {
    let environment = hasSteps ? "align*" : "aligned"
    return "\\begin{\(environment)}\n" + equations.joined(separator: " \\\\\n")
      + "\n\\end{\(environment)}"
  }

  private var hasSteps: Bool { reports.contains { $0.derivation != nil } }

  private var equations: [String] {
    var lines: [String] = []
    if let first = reports.first {
      lines += definitions(of: first.value.definitions)
      lines.append("\(latexFunction(first)) &= \(first.value.latex)")
    }
    if hasSteps {
      return lines
        + reports.flatMap {
          StepsLaTeX($0, function: latexFunction($0), printer: $0.latexPrinter).rows
        }
    }
    for (place, report) in reports.enumerated() {
      let left = report.latexLeftHandSide
      if let mirror = report.mirrored(among: reports[..<place]) {
        if report.form != .differential {
          lines.append(left + " &= \\left(" + mirror.latexLeftHandSide + "\\right)^\\top")
        }
        continue
      }
      lines += definitions(of: report.ownDefinitions)
      lines.append(left + (left.hasSuffix("\\mapsto") ? " &" : " &= ") + report.derivative.latex)
    }
    return lines
  }

  private func definitions(of definitions: [Formula.Definition]) -> [String] {
    definitions.map { "\($0.latexName) &= \($0.latex)" }
  }

  private var remarks: [String] {
    guard let first = reports.first else { return [] }
    let variables = first.variables.map { "\($0.name): \(declaredType(of: $0))" }
    return (variables.isEmpty ? [] : [variables.joined(separator: ", ")])
      + ["\(first.options.layout.rawValue) layout"]
  }

  /// What the value is called in the left-hand sides.
  private func latexFunction(_ report: DerivativeReport) -> String {
    LaTeXPrinter().functionSymbol(Extent(report.value.shape))
  }
}

extension DerivativeReport {
  /// A printer that knows the names of the input and those that the derivation gave.
  var latexPrinter: LaTeXPrinter {
    var scope = NameScope(
      shapes: Dictionary(variables.map { ($0.name, $0.shape) }) { first, _ in first })
    for (name, shape) in derivation?.shapes ?? [:] { scope = scope.adding(name, Extent(shape)) }
    return LaTeXPrinter(scope: scope)
  }
}
