import Derivations
import Differentiation
import Emission

/// The derivation of one report as lines of text, the rules in a column beside them.
struct StepsText {
  let report: DerivativeReport
  let labels: ReportLabels
  let count: Int
  private let width = 100

  var lines: [String] {
    guard let derivation = report.derivation else { return [] }
    let style = labels.style
    var rows: [(left: String, right: String, rule: String)] = []
    let maps = report.form == .operator
    for step in derivation.steps {
      // The answer in indices has a left side of its own, after that of the matrix.
      let isMatrix = report.form == .index && !step.isInIndices && step.left == .derivative
      let label = label(of: isMatrix ? .plainGradient : step.left)
      let sign = maps && step.left == .derivative ? (style == .unicode ? "↦ " : "-> ") : "= "
      rows.append(
        (
          step.continues && !step.isInIndices ? "" : label, sign + step.formula.text(in: style),
          step.rule
        ))
      for definition in step.formula.definitions
      where !report.value.definitions.contains(where: { $0.name == definition.name }) {
        rows.append(("", "where " + definition.equation(in: style), ""))
      }
    }
    let names = derivation.names.enumerated().map { place, name in
      (
        left: style == .unicode ? name.unicodeName : name.name,
        right: "= " + (style == .unicode ? name.unicode : name.text),
        rule: place == 0 ? Rule.nameLayers.name : ""
      )
    }
    rows = names + rows
    let margin = rows.map(\.left.count).max() ?? 0
    let bodies = rows.map { row -> String in
      let pad = row.left + String(repeating: " ", count: margin - row.left.count)
      return row.right.hasPrefix("where ") ? pad + "   " + row.right : pad + " " + row.right
    }
    let column = (bodies.filter { $0.count <= 70 }.map(\.count).max() ?? 0) + 4
    return zip(bodies, rows).flatMap { body, row -> [String] in
      if row.rule.isEmpty { return [body] }
      let rule = "[\(row.rule)]"
      if body.count + 2 <= column, column + rule.count <= width {
        return [body + String(repeating: " ", count: column - body.count) + rule]
      }
      return [body, String(repeating: " ", count: margin + 3) + "    " + rule]
    } + [checked, shape].compactMap { $0 }
  }

  /// What became of the comparison of each line with the one before.
  private var checked: String? {
    guard let derivation = report.derivation else { return nil }
    if derivation.undecided > 0 {
      let count = derivation.undecided
      return "line check: no random point was found to compare "
        + (count == 1 ? "1 line" : "\(count) lines") + " with the one before"
    }
    return derivation.compared == 0
      ? nil : "line check: every line has the value of the one before, at random points"
  }

  /// The golden rule: a derivative has the shape that its kind says.
  private var shape: String {
    let style = labels.style
    let own = report.derivative.shape.text(in: style)
    let label = plain(labels.derivative(report, among: count))
    return "shape check: \(label) is \(own), \(report.expectedShape(in: style))"
  }

  private func plain(_ label: String) -> String {
    var label = label
    for end in [" =", " ↦", " ->"] where label.hasSuffix(end) {
      label.removeLast(end.count)
    }
    return label
  }

  private func label(of left: DerivationLine.Left) -> String {
    let f = labels.function
    let isUnicode = labels.style == .unicode
    switch left {
    case .name(let name): return isUnicode ? UnicodePrinter.name(name) : name
    case .differential: return "d\(f)"
    case .vectorizedDifferential:
      return "vec(\(label(of: report.kind == .hessian ? .gradientDifferential : .differential)))"
    case .plainGradient: return isUnicode ? "∂\(f)/∂\(report.wrt)" : "plain d\(f)/d\(report.wrt)"
    case .gradient: return isUnicode ? "∇\(f)" : "d\(f)/d\(report.wrt)"
    case .gradientDifferential: return isUnicode ? "d∇\(f)" : "d(d\(f)/d\(report.wrt))"
    case .derivative: return plain(labels.derivative(report, among: count))
    }
  }
}

extension DerivativeReport {
  /// Why the derivative has its shape, as the end of a sentence.
  func expectedShape(in style: ReportStyle) -> String {
    let f = value.shape
    let x = variables.first { $0.name == wrt }?.shape ?? f
    switch (kind, form) {
    case (_, .differential), (_, .operator): return "as f is \(f.text(in: style))"
    case (.gradient, _):
      return options.layout == .numerator
        ? "as \(wrt)' is (numerator layout)" : "as \(wrt) is"
    case (.derivative, _): return "as f is"
    case (.jacobian, _):
      return "f has \(f.count) entries and \(wrt) has \(x.count)"
    case (.hessian, _):
      let y = variables.first { $0.name == (secondWrt ?? wrt) }?.shape ?? x
      return "\(wrt) has \(x.count) entries" + (secondWrt.map { " and \($0) has \(y.count)" } ?? "")
    }
  }
}
