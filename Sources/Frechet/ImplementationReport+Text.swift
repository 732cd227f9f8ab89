import Verification

extension ImplementationReport {
  /// The verdict, the right derivative, the mistake, and the table of remainders.
  ///
  /// - Parameter isOneOfSeveral: The verdict names the variable.
  public func text(in style: ReportStyle, isOneOfSeveral: Bool = false) -> String {
    let about = isOneOfSeveral ? " of \(wrt)" : ""
    var lines = ["The implementation\(about) is \(isCorrect ? "right" : "wrong")."]
    let formula = expected.derivative
    lines += formula.definitions.map { "  where       " + $0.equation(in: style) }
    lines.append(
      "  derivative  \(formula.text(in: style))    (\(formula.shape.text(in: style)), "
        + "\(options.layout.rawValue) layout)")
    lines.append("  compared    at " + comparison)
    if let finding = verdict.finding {
      lines.append("  diagnosis   \(finding.diagnosis.rawValue): \(finding.detail)")
      lines.append("  lesson      \(finding.lesson)")
    }
    return (lines + table(in: style)).map { $0 + "\n" }.joined()
  }

  private var comparison: String {
    let count = points.count == 1 ? "1 point" : "\(points.count) points"
    let sizes = points.first.map { point in
      point.sortedSizes.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }
    let place = sizes.flatMap { $0.isEmpty ? nil : points.count == 1 ? " (\($0))" : " (\($0); …)" }
    let error =
      relativeError.isFinite
      ? "relative error \(scientific(relativeError))" : "the shape is wrong or a value not finite"
    let precision = isSinglePrecision ? ", float32" : ""
    return "\(count)\(place ?? "")\(precision), \(error), \(scientific(tolerance)) is allowed"
  }

  // MARK: The Taylor remainder

  private func table(in style: ReportStyle) -> [String] {
    guard let remainder else { return [] }
    let shown = remainder.implementation ?? remainder.derivative
    let whose = remainder.implementation == nil ? "of the derivative" : "of the implementation"
    let title = style == .unicode ? "‖f(X + tV) − f(X) − t·D[V]‖" : "|f(X + t*V) - f(X) - t*D[V]|"
    var lines = ["", "  Taylor remainder \(title) \(whose)", "  step      remainder  order"]
    for row in shown.rows {
      let order = row.order.map { Self.twoDecimals($0) } ?? ""
      lines.append(
        "  " + Self.padded(scientific(row.step), 10) + Self.padded(scientific(row.remainder), 11)
          + order)
    }
    var summary = "  order \(Self.text(shown)), 2 is right"
    if style == .unicode, !shown.isRounding { summary += "    " + Self.sparkline(shown) }
    lines.append(summary)
    return lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func text(_ remainder: TaylorRemainder) -> String {
    remainder.order.map(twoDecimals) ?? "unknown (nothing is left but rounding)"
  }

  /// Remainders on a logarithmic scale, the largest step first.
  private static func sparkline(_ remainder: TaylorRemainder) -> String {
    let bars = Array("▁▂▃▄▅▆▇█")
    let exponents = remainder.rows.map(\.logRemainder)
    guard let low = exponents.min(), let high = exponents.max() else { return "" }
    return String(
      exponents.map { exponent in
        let part = high > low ? (exponent - low) / (high - low) : 0
        return bars[min(bars.count - 1, Int(part * Double(bars.count)))]
      })
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func twoDecimals(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let digits = hundredths % 100 < 10 ? "0\(hundredths % 100)" : "\(hundredths % 100)"
    return (value < 0 && hundredths > 0 ? "-" : "") + "\(hundredths / 100).\(digits)"
  }
}
