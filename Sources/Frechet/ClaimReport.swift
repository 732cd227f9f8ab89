import Checking
import Differentiation
import Emission

/// A claimed derivative, the right one, and what explains the difference.
public struct ClaimReport: Sendable {
  /// The source of the input.
  public let input: String
  public let wrt: String
  /// The columns' variable of a block of order 2.
  public let secondWrt: String?
  public let claim: String
  public let options: DerivativeOptions
  public let verdict: ClaimVerdict
  /// The right derivative; nil where it could not be derived and the claim was measured alone.
  public let expected: DerivativeReport?
  /// The claim less the right derivative, in short.
  public let difference: Formula?
  public let notes: [String]

  public var isCorrect: Bool { verdict.isCorrect }
}

extension ClaimReport {
  /// The report as JSON.
  public var json: JSON {
    let finding = verdict.finding
    var members: [(key: String, value: JSON)] = [
      ("correct", .bool(isCorrect)),
      ("diagnosis", finding.map { .string($0.diagnosis.published.rawValue) } ?? .null),
      ("mistake", finding.map { .string($0.diagnosis.rawValue) } ?? .null),
      ("detail", finding.map { .string($0.detail) } ?? .null),
      ("lesson", finding.map { .string($0.lesson) } ?? .null),
      ("expected", expected.map { $0.derivative.json(form: $0.form) } ?? .null),
      ("difference", difference.map { $0.json() } ?? .null),
      ("maxRelativeDifference", verdict.relativeDifference.map { .number($0) } ?? .null),
      ("input", .string(input)), ("wrt", .string(wrt)),
    ]
    if let secondWrt { members.append(("secondWrt", .string(secondWrt))) }
    members += [
      ("claim", .string(claim)), ("order", .integer(options.order)),
      ("layout", .string(options.layout.rawValue)),
      ("verified", expected?.verification?.json ?? .null), ("notes", .strings(notes)),
    ]
    return .object(members)
  }

  /// The verdict, the right derivative, and the mistake.
  ///
  /// - Parameter isOneOfSeveral: The verdict names the variable.
  public func text(in style: ReportStyle, isOneOfSeveral: Bool = false) -> String {
    let about = isOneOfSeveral ? " about \(wrt)" : ""
    var lines = ["The claim\(about) is \(isCorrect ? "right" : "wrong")."]
    if let expected {
      let layout = "\(expected.options.layout.rawValue) layout"
      let shape = expected.derivative.shape.text(in: style)
      lines += expected.derivative.definitions.map { "  where       " + $0.equation(in: style) }
      lines.append(
        "  derivative  \(expected.derivative.text(in: style))    (\(shape), \(layout))")
    } else {
      lines.append("  derivative  not known; the claim was measured by difference quotients")
    }
    guard let finding = verdict.finding else { return lines.map { $0 + "\n" }.joined() }
    lines.append("  claim       \(claim)")
    if let difference, Self.isTelling(finding.diagnosis) {
      let minus = style == .unicode ? "−" : "-"
      lines.append("  difference  claim \(minus) derivative = \(difference.text(in: style))" + size)
    }
    lines.append("  diagnosis   \(finding.diagnosis.rawValue): \(finding.detail)")
    lines.append("  lesson      \(finding.lesson)")
    return lines.map { $0 + "\n" }.joined()
  }

  /// Whether the difference says more than the diagnosis does.
  private static func isTelling(_ diagnosis: Diagnosis) -> Bool {
    switch diagnosis {
    case .assumedSymmetric, .order, .missingTerm, .domain, .unknown: true
    case .transposed, .shape, .factor, .convention, .sign, .missingFactor: false
    }
  }

  /// How much it is at random points.
  private var size: String {
    guard let relative = verdict.relativeDifference else { return "" }
    return "    (relative error \(Int((100 * relative).rounded())) %)"
  }
}
