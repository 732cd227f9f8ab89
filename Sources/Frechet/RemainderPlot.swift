import Verification

/// The Taylor remainder against the step, both on logarithmic axes, as an SVG file.
///
/// Grey lines have the slopes 1, of a wrong derivative, and 2, of a right one.
public struct RemainderPlot: Sendable {
  private let title: String
  private let curves: [Curve]

  private struct Curve {
    let name: String
    let color: String
    /// The one below is the wider, so that both are seen where they are the same.
    let width: Int
    let remainder: TaylorRemainder
  }

  /// Nil where the report has no remainder.
  public init?(_ report: ImplementationReport) {
    guard let remainder = report.remainder else { return nil }
    title = "Taylor remainder, derivative with respect to \(report.wrt)"
    curves =
      [Curve(name: "derivative", color: "#9ecae1", width: 6, remainder: remainder.derivative)]
      + (remainder.implementation.map {
        [Curve(name: "implementation", color: "#d62728", width: 2, remainder: $0)]
      } ?? [])
  }

  private static let width = 640.0
  private static let height = 480.0
  private static let left = 80.0
  private static let right = 24.0
  private static let top = 44.0
  private static let bottom = 60.0

  public var svg: String {
    let rows = curves.flatMap(\.remainder.rows)
    let x = Axis(rows.map(\.logStep), from: Self.left, to: Self.width - Self.right)
    let y = Axis(rows.map(\.logRemainder), from: Self.height - Self.bottom, to: Self.top)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"480\" "
        + "viewBox=\"0 0 640 480\" font-family=\"sans-serif\" font-size=\"13\">",
      "<rect width=\"640\" height=\"480\" fill=\"white\"/>",
      text(title, Self.width / 2, 24, anchor: "middle", size: 15),
    ]
    lines += grid(x, y)
    for slope in [1.0, 2.0] { lines += reference(slope, x, y) }
    for (place, curve) in curves.enumerated() {
      lines += drawn(curve, x, y)
      let order = curve.remainder.order.map { ", order \(Self.number($0, 100))" } ?? ""
      let (keyX, keyY) = (Self.left + 16, Self.top + 20 + 20 * Double(place))
      lines.append(
        "<line x1=\"\(keyX)\" y1=\"\(keyY - 4)\" x2=\"\(keyX + 24)\" y2=\"\(keyY - 4)\" "
          + "stroke=\"\(curve.color)\" stroke-width=\"\(curve.width)\"/>")
      lines.append(text(curve.name + order, keyX + 32, keyY))
    }
    lines.append(text("step t", (Self.left + Self.width - Self.right) / 2, 466, anchor: "middle"))
    lines.append(
      "<text transform=\"translate(20 \(Self.height / 2)) rotate(-90)\" text-anchor=\"middle\">"
        + "remainder ‖f(X + tV) − f(X) − t·D[V]‖</text>")
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  // MARK: Parts

  /// Lines at the powers of ten, with their labels, within a frame.
  private func grid(_ x: Axis, _ y: Axis) -> [String] {
    var lines: [String] = []
    for power in x.powers {
      let place = Self.number(x.place(Double(power)))
      lines.append(line((place, Self.number(y.end)), (place, Self.number(y.start)), "#e0e0e0"))
      lines.append(label(power, x.place(Double(power)), y.start + 18, anchor: "middle"))
    }
    for power in y.powers {
      let place = Self.number(y.place(Double(power)))
      lines.append(line((Self.number(x.start), place), (Self.number(x.end), place), "#e0e0e0"))
      lines.append(label(power, x.start - 8, y.place(Double(power)) + 4, anchor: "end"))
    }
    lines.append(
      "<rect x=\"\(Self.number(x.start))\" y=\"\(Self.number(y.end))\" "
        + "width=\"\(Self.number(x.end - x.start))\" height=\"\(Self.number(y.start - y.end))\" "
        + "fill=\"none\" stroke=\"black\"/>")
    return lines
  }

  /// A straight line of a slope, from half a decade below the upper right end of the derivative's
  /// curve.
  private func reference(_ slope: Double, _ x: Axis, _ y: Axis) -> [String] {
    guard let first = curves.first?.remainder.rows.first else { return [] }
    let start = (first.logStep, first.logRemainder - 0.5)
    // Down to the left or to the lower edge, whichever comes first.
    let run = min(start.0 - x.low, max(start.1 - y.low, 0) / slope)
    let end = (start.0 - run, start.1 - slope * run)
    return [
      line(
        (Self.number(x.place(start.0)), Self.number(y.place(start.1))),
        (Self.number(x.place(end.0)), Self.number(y.place(end.1))), "#909090", dashed: true),
      text(
        "slope \(Int(slope))", x.place(end.0 + run * 0.12) + 6,
        y.place(end.1 + slope * run * 0.12) + 4, color: "#606060"),
    ]
  }

  private func drawn(_ curve: Curve, _ x: Axis, _ y: Axis) -> [String] {
    let points = curve.remainder.rows.map {
      (Self.number(x.place($0.logStep)), Self.number(y.place($0.logRemainder)))
    }
    let path = points.map { "\($0.0),\($0.1)" }.joined(separator: " ")
    let dots = points.map {
      "<circle cx=\"\($0.0)\" cy=\"\($0.1)\" r=\"\(curve.width / 2 + 2)\" "
        + "fill=\"\(curve.color)\"/>"
    }
    return [
      "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(curve.color)\" "
        + "stroke-width=\"\(curve.width)\"/>"
    ] + dots
  }

  private func line(
    _ a: (String, String), _ b: (String, String), _ color: String, dashed: Bool = false
  ) -> String {
    "<line x1=\"\(a.0)\" y1=\"\(a.1)\" x2=\"\(b.0)\" y2=\"\(b.1)\" stroke=\"\(color)\""
      + (dashed ? " stroke-dasharray=\"6 4\"/>" : "/>")
  }

  private func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", size: Int = 13,
    color: String = "black"
  ) -> String {
    "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\" "
      + "font-size=\"\(size)\" fill=\"\(color)\">\(Self.escaped(text))</text>"
  }

  /// A power of ten.
  private func label(_ power: Int, _ x: Double, _ y: Double, anchor: String) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let exponent = "\(power.magnitude)".compactMap(\.wholeNumberValue).map { digits[$0] }
    return text("10" + (power < 0 ? "⁻" : "") + String(exponent), x, y, anchor: anchor)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case _: result.append(character)
      }
    }
    return result
  }

  /// To tenths, or to other parts of one.
  private static func number(_ value: Double, _ parts: Double = 10) -> String {
    "\((value * parts).rounded() / parts)"
  }
}

/// A logarithmic axis.
private struct Axis {
  let low: Double
  let high: Double
  let start: Double
  let end: Double

  init(_ values: [Double], from start: Double, to end: Double) {
    low = (values.min() ?? 0).rounded(.down)
    high = max((values.max() ?? 1).rounded(.up), low + 1)
    self.start = start
    self.end = end
  }

  func place(_ value: Double) -> Double { start + (value - low) / (high - low) * (end - start) }

  /// At most ten powers of ten.
  var powers: [Int] {
    let (first, last) = (Int(low), Int(high))
    let stride = max(1, (last - first + 9) / 10)
    return Array(Swift.stride(from: first, through: last, by: stride))
  }
}
