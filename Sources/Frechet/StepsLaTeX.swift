import Derivations
import Differentiation
import Emission

/// The derivation of one report as aligned equations, the rules beside them.
struct StepsLaTeX {
  let report: DerivativeReport
  /// What the value is called: `f`, `\mathbf{F}`.
  let function: String
  private let printer: LaTeXPrinter

  init(_ report: DerivativeReport, function: String, printer: LaTeXPrinter) {
    self.report = report
    self.function = function
    self.printer = printer
  }

  /// The rows of an `align*`: left side, formula, rule.
  var rows: [String] {
    guard let derivation = report.derivation else { return [] }
    var rows = derivation.names.map { "\($0.latexName) &= \($0.latex)" }
    for step in derivation.steps {
      let left = step.continues ? "" : label(of: step.left)
      let sign = left.hasSuffix("\\mapsto") ? "&" : "&="
      let own = step.formula.definitions.filter { definition in
        !report.value.definitions.contains { $0.name == definition.name }
      }
      let rule = step.rule.isEmpty ? "" : " && \\text{\(Self.escaped(step.rule))}"
      rows.append("\(left) \(sign) \(step.formula.latex)\(rule)")
      rows += own.map { "&\\phantom{{}={}} \\text{where } \($0.latexName) = \($0.latex)" }
    }
    return rows
  }

  private func label(of left: DerivationLine.Left) -> String {
    switch left {
    case .name(let name): printer.name(name)
    case .differential: "\\mathrm{d}\(function)"
    case .vectorizedDifferential:
      "\\operatorname{vec}(\(label(of: report.kind == .hessian ? .gradientDifferential : .differential)))"
    case .plainGradient: printer.derivative(of: function, by: report.wrt)
    case .gradient: printer.gradient(by: report.wrt)
    case .gradientDifferential: "\\mathrm{d}\(printer.gradient(by: report.wrt))"
    case .derivative: report.latexLeftHandSide
    }
  }

  /// The name of a rule as text; what is not ASCII or means something to LaTeX is spelled.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "^": result += "\\textasciicircum{}"
      case "_", "&", "%", "#", "$", "{", "}": result += "\\\(character)"
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      default: result.append(character)
      }
    }
    return result
  }
}
