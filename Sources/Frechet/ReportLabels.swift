import Differentiation
import Emission

/// What the quantities of a report are called: `∇f`, `∂²f/∂x∂yᵀ`.
struct ReportLabels {
  let style: ReportStyle
  /// The name of the input's value; one that the input does not use.
  let function: String

  init(_ reports: [DerivativeReport], style: ReportStyle) {
    self.style = style
    var taken: Set<String> = []
    for report in reports {
      taken.formUnion(report.variables.map(\.name))
      for formula in [report.value, report.derivative] {
        taken.formUnion(formula.definitions.map(\.name))
      }
    }
    function = ["f", "F", "g", "G", "h", "H"].first { !taken.contains($0) } ?? "value"
  }

  /// The left side of the equation that states the derivative, its sign included.
  func derivative(_ report: DerivativeReport, among count: Int) -> String {
    switch report.form {
    case .differential where report.options.order == 2:
      let second = (style == .unicode ? "d²" : "d2") + function
      guard count > 1 else { return second + " =" }
      return second + "[d\(report.wrt), d\(report.secondWrt ?? report.wrt)] ="
    case .differential: return "d\(function) ="
    case .operator:
      let names = report.directions.map { style == .unicode ? UnicodeScript.name($0) : $0 }
      return quotient(report) + ": \(names.joined(separator: ", "))"
        + (style == .unicode ? " ↦" : " ->")
    case .index:
      let indices = report.derivative.indices.joined(separator: ",")
      let quotient = quotient(report, entries: true)
      return indices.isEmpty ? quotient + " =" : "(\(quotient))[\(indices)] ="
    case .auto, .matrix, .kronecker: break
    }
    guard style == .unicode, count == 1 else { return quotient(report) + " =" }
    switch report.kind {
    case .gradient: return "∇\(function) ="
    case .hessian where report.secondWrt == nil: return "∇²\(function) ="
    case .hessian, .jacobian, .derivative: return quotient(report) + " ="
    }
  }

  /// The right side where a block was shown already: `(∂²f/∂x∂yᵀ)ᵀ`.
  func transposed(_ report: DerivativeReport) -> String {
    "(" + quotient(report) + ")" + (style == .unicode ? "ᵀ" : "'")
  }

  /// Of the entries of both there is no `vec` to speak of.
  private func quotient(_ report: DerivativeReport, entries: Bool = false) -> String {
    let d = style == .unicode ? "∂" : "d"
    let transposed = style == .unicode ? "ᵀ" : "'"
    switch report.kind {
    case .gradient, .derivative:
      let power = report.options.order == 1 ? "" : "\(report.options.order)"
      let raised = style == .unicode ? UnicodeScript.superscript(power) ?? power : power
      return "\(d)\(raised)\(function)/\(d)\(report.wrt)\(raised)"
    case .jacobian:
      if entries || isPlain(report) {
        return "\(d)\(function)/\(d)\(report.wrt)"
      }
      return "\(d)vec(\(function))/\(d)vec(\(report.wrt))\(transposed)"
    case .hessian:
      let second = style == .unicode ? "∂²" : "d2"
      guard let other = report.secondWrt else {
        return "\(second)\(function)/\(d)\(report.wrt)" + (style == .unicode ? "²" : "2")
      }
      return "\(second)\(function)/\(d)\(report.wrt)\(d)\(other)\(transposed)"
    }
  }
}

extension ReportLabels {
  /// Whether a Jacobian is one of a vector with respect to a vector, so that no `vec` is needed.
  func isPlain(_ report: DerivativeReport) -> Bool {
    let shape = report.variables.first { $0.name == report.wrt }?.shape
    return report.value.shape.columns.isOne && (shape?.columns.isOne ?? true)
  }
}

extension Derivative.Kind {
  /// The word in a sentence.
  var word: String {
    switch self {
    case .gradient: "gradient"
    case .derivative: "derivative"
    case .jacobian: "Jacobian"
    case .hessian: "Hessian"
    }
  }
}
