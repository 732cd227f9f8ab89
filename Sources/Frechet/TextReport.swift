import Differentiation
import ExpressionCore

/// Derivatives of one input as a person reads them on a terminal.
public struct TextReport: Sendable {
  private let reports: [DerivativeReport]
  private let style: ReportStyle
  /// The width that lines keep to where they can.
  private let width = 100

  public init(_ reports: [DerivativeReport], style: ReportStyle) {
    self.reports = reports
    self.style = style
  }

  /// The lines of the report, each ended by a line feed.
  public var text: String {
    let labels = ReportLabels(reports, style: style)
    var rows: [Row] = []
    if let first = reports.first {
      rows += definitions(of: first.value.definitions)
      rows.append(
        Row("\(labels.function) = " + first.value.text(in: style), value(of: first)))
    }
    guard reports.allSatisfy({ $0.derivation == nil }) else { return withSteps(labels, rows) }
    for (place, report) in reports.enumerated() {
      let label = labels.derivative(report, among: reports.count)
      if let mirror = report.mirrored(among: reports[..<place]) {
        if report.form != .differential {
          rows.append(Row(label + " " + labels.transposed(mirror)))
        }
        continue
      }
      rows += definitions(of: report.ownDefinitions)
      rows.append(Row(label + " " + report.derivative.text(in: style), about(report)))
    }
    let lines = aligned(rows) + remarks
    return lines.map { $0 + "\n" }.joined()
  }

  /// The value, and each derivation down to its answer.
  private func withSteps(_ labels: ReportLabels, _ rows: [Row]) -> String {
    var lines = aligned(rows)
    for report in reports {
      lines.append("")
      lines += StepsText(report: report, labels: labels, count: reports.count).lines
    }
    return (lines + remarks).map { $0 + "\n" }.joined()
  }

  private struct Row {
    let formula: String
    let remark: String

    init(_ formula: String, _ remark: String = "") {
      self.formula = formula
      self.remark = remark
    }
  }

  private func definitions(of definitions: [Formula.Definition]) -> [Row] {
    definitions.map { Row($0.equation(in: style)) }
  }

  private func value(of report: DerivativeReport) -> String {
    let variables = report.variables.map { "\($0.name): \(declaredType(of: $0))" }
    return ([report.value.shape.text(in: style)] + variables).joined(separator: ", ")
  }

  private func about(_ report: DerivativeReport) -> String {
    var parts = [report.derivative.shape.text(in: style), report.word]
    switch report.form {
    case .differential:
      parts = [parts[0], report.options.order == 2 ? "second differential" : "differential"]
    case .kronecker: parts.append("Kronecker form")
    case .operator: parts.append("operator form")
    case .index: parts.append("index form")
    case .auto, .matrix: break
    }
    return (parts + ["\(report.options.layout.rawValue) layout"]).joined(separator: ", ")
  }

  /// Remarks in a column of their own where they fit, otherwise each below its formula.
  private func aligned(_ rows: [Row]) -> [String] {
    let column = (rows.filter { !$0.remark.isEmpty }.map(\.formula.count).max() ?? 0) + 4
    let fits = rows.allSatisfy { column + $0.remark.count + 2 <= width }
    return rows.flatMap { row -> [String] in
      if row.remark.isEmpty { return [row.formula] }
      let remark = "(\(row.remark))"
      if !fits { return [row.formula, "    " + remark] }
      return [row.formula + String(repeating: " ", count: column - row.formula.count) + remark]
    }
  }

  /// The domain, what the form of a Hessian says, and what the numerical check found.
  var remarks: [String] { domain + curvature + verification }

  private var curvature: [String] {
    let several = reports.count > 1
    return reports.compactMap { report in
      guard let sign = report.curvature else { return nil }
      return "curvature\(several ? " in " + report.wrt : ""): " + sign.text(in: style)
    }
  }

  private var domain: [String] {
    var conditions: [String] = []
    for condition in reports.flatMap(\.domain) where !conditions.contains(condition) {
      conditions.append(condition)
    }
    guard !conditions.isEmpty else { return [] }
    let line = "domain: " + conditions.joined(separator: ", ")
    return [style == .unicode ? line : inASCII(line)]
  }

  private var verification: [String] {
    let outcomes = reports.compactMap(\.verification)
    guard let points = outcomes.map(\.points).min() else { return [] }
    let failed = reports.filter(\.failedVerification)
    if failed.isEmpty {
      let error = scientific(outcomes.map(\.maxRelativeError).max() ?? 0)
      let place = points == 1 ? "1 random point" : "\(points) random points"
      return ["verified at \(place), relative error \(error)"]
    }
    return failed.map { report in
      let name = "the \(report.word) with respect to \(report.wrt)"
      guard let failure = report.verification?.failure else { return "NOT VERIFIED: \(name)" }
      return failure.refutes
        ? "WRONG: \(name) is not the numerical one. This is a defect of Frechet. \(failure)"
        : "NOT VERIFIED: \(name). \(failure)"
    }
  }
}

/// A number to two digits: `3.1e-12`.
func scientific(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  guard value != 0 else { return "0" }
  var (mantissa, exponent) = (abs(value), 0)
  while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  var tenths = Int((mantissa * 10).rounded())
  if tenths == 100 { (tenths, exponent) = (10, exponent + 1) }
  let digits = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  return (value < 0 ? "-" : "") + digits + (exponent == 0 ? "" : "e\(exponent)")
}

/// A condition with the relations that a keyboard has.
private func inASCII(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "≠": result += "!="
    case "≤": result += "<="
    case "≥": result += ">="
    case _: result.append(character)
    }
  }
  return result
}
