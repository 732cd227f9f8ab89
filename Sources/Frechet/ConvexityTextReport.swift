import Curvature
import ExpressionCore
import Verification

/// Convexity as a person reads it on a terminal.
public struct ConvexityTextReport: Sendable {
  private let reports: [ConvexityReport]
  private let style: ReportStyle

  public init(_ reports: [ConvexityReport], style: ReportStyle) {
    self.reports = reports
    self.style = style
  }

  /// The lines of the report, each ended by a line feed.
  public var text: String {
    reports.map { lines(of: $0).map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  private func write(_ statement: ConvexityReport.Statement) -> String {
    switch style {
    case .ascii: statement.text
    case .unicode: statement.unicode
    }
  }

  private func lines(of report: ConvexityReport) -> [String] {
    var lines = [report.headline(write)]
    if let form = report.form, let kind = report.formKind {
      let definitions = form.definitions.map { $0.equation(in: style) }
      lines.append(
        ([label(kind) + " = " + form.text(in: style)] + definitions)
          .joined(separator: ",  ").indented)
    }
    lines += argument(report)
    if let obstacle = report.obstacle { lines.append(("not derived: " + obstacle).indented) }
    return lines + evidence(report).map(\.indented)
  }

  private func label(_ kind: CurvatureForm.Kind) -> String {
    switch (kind, style) {
    case (.hessian, .unicode): "∇²f"
    case (.hessian, .ascii): "hessian"
    case (.secondDifferential, .unicode): "d²f"
    case (.secondDifferential, .ascii): "d2f"
    }
  }

  /// The steps in one column, their rules in another.
  private func argument(_ report: ConvexityReport) -> [String] {
    let rows = report.argument.map { (write($0.statement), write($0.rule)) }
    let column = rows.map(\.0.count).filter { $0 <= 60 }.max() ?? 0
    return rows.enumerated().map { i, row in
      let lead = i == 0 ? "because " : "        "
      let pad = String(repeating: " ", count: max(column - row.0.count, 0) + 4)
      return (lead + row.0 + pad + "(" + row.1 + ")").indented
    }
  }

  // MARK: Evidence

  private func evidence(_ report: ConvexityReport) -> [String] {
    guard let samples = report.samples else { return [] }
    if report.isContradicted {
      return ["WRONG: values at random segments contradict this. This is a defect of Frechet."]
    }
    let tried = samples.segments == 1 ? "1 random segment" : "\(samples.segments) random segments"
    if report.curvature.isDerived {
      return samples.segments == 0
        ? ["not checked: no random segment lies in its domain"] : ["checked along \(tried)"]
    }
    if report.curvature == .neither { return witness(samples) }
    switch (samples.upward, samples.downward) {
    case (nil, nil): return []
    case (_?, nil):
      return ["numerically: it bends upward along all of \(tried), which proves nothing"]
    case (nil, _?):
      return ["numerically: it bends downward along all of \(tried), which proves nothing"]
    case (_?, _?):
      return [
        "numerically: it bends upward at some values of the other variables, downward at others"
      ]
    }
  }

  private func witness(_ samples: CurvatureSamples) -> [String] {
    var lines = ["found numerically, with the same other variables:"]
    for segment in [samples.upward, samples.downward].compactMap({ $0 }) {
      let side = segment.gap > 0 ? "below" : "above"
      lines.append(
        "  \(ends(segment)): the middle lies \(significant(abs(segment.gap))) \(side) the chord")
    }
    return lines
  }

  /// The ends where they are short enough to be read.
  private func ends(_ segment: CurvatureSegment) -> String {
    let names = segment.start.keys.sorted()
    let isShort = names.allSatisfy { (segment.start[$0]?.count ?? 0) <= 4 }
    guard isShort, names.count <= 2 else { return "along one segment" }
    return names.map { name in
      "\(name) from \(entries(segment.start[name])) to \(entries(segment.end[name]))"
    }.joined(separator: ", ")
  }

  private func entries(_ matrix: Matrix?) -> String {
    guard let matrix else { return "" }
    let texts = matrix.values.map { significant($0) }
    return texts.count == 1 ? texts[0] : "(" + texts.joined(separator: ", ") + ")"
  }
}

extension ConvexityReport {
  /// `strictly convex in x where x > 0`
  func headline(_ write: (Statement) -> String) -> String {
    let variables = wrt.count == 1 ? wrt[0] : "(" + wrt.joined(separator: ", ") + ") jointly"
    let domain =
      conditions.isEmpty || !curvature.isDerived
      ? "" : " where " + conditions.map(write).joined(separator: ", ")
    switch curvature {
    case .unknown: return "unknown in \(variables)" + domain
    case .affine, .stronglyConvex, .strictlyConvex, .convex, .stronglyConcave, .strictlyConcave,
      .concave, .neither:
      return "\(curvature.rawValue) in \(variables)" + domain
    }
  }
}

/// A number to three digits: `0.52`, `-1.3e-05`.
private func significant(_ value: Double) -> String {
  guard value.isFinite, value != 0, abs(value) >= 1e-3, abs(value) < 1e4 else {
    return scientific(value)
  }
  let factor = abs(value) < 1 ? 1000.0 : 100.0
  let rounded = (value * factor).rounded() / factor
  return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
}

extension String {
  fileprivate var indented: String { "  " + self }
}
