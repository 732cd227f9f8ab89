import Checking
import Differentiation
import Emission

/// A claimed derivative, the right one, and what explains the difference.
public struct ClaimReport: Sendable {
  /// The source of the input.
  public let input: String
  public let wrt: String
  public let claim: String
  public let options: DerivativeOptions
  public let verdict: ClaimVerdict
  /// The right derivative; nil where it could not be derived and the claim was measured alone.
  public let expected: DerivativeReport?
  /// The right derivative less the claim, in short.
  public let difference: Formula?
  public let notes: [String]

  public var isCorrect: Bool { verdict.isCorrect }
}

extension ClaimReport {
  /// The report as JSON.
  public var json: JSON {
    let finding = verdict.finding
    return .object([
      ("correct", .bool(isCorrect)),
      ("diagnosis", finding.map { .string($0.diagnosis.rawValue) } ?? .null),
      ("detail", finding.map { .string($0.detail) } ?? .null),
      ("lesson", finding.map { .string($0.diagnosis.lesson) } ?? .null),
      ("expected", expected.map { $0.derivative.json(form: $0.form) } ?? .null),
      ("difference", difference.map { $0.json() } ?? .null),
      ("maxRelativeDifference", verdict.relativeDifference.map { .number($0) } ?? .null),
      ("input", .string(input)), ("wrt", .string(wrt)), ("claim", .string(claim)),
      ("order", .integer(options.order)), ("layout", .string(options.layout.rawValue)),
      ("verified", expected?.verification?.json ?? .null), ("notes", .strings(notes)),
    ])
  }

  /// The verdict, the right derivative, and the mistake.
  public func text(in style: ReportStyle) -> String {
    var lines = [headline]
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
    if let difference {
      lines.append("  difference  \(difference.text(in: style))" + size)
    }
    lines.append("  diagnosis   \(finding.diagnosis.rawValue): \(finding.detail)")
    lines.append("  lesson      \(finding.diagnosis.lesson)")
    return lines.map { $0 + "\n" }.joined()
  }

  private var headline: String {
    isCorrect ? "The claim is right." : "The claim is wrong."
  }

  /// How much it is at random points.
  private var size: String {
    guard let relative = verdict.relativeDifference else { return "" }
    return "    (relative error \(Int((100 * relative).rounded())) %)"
  }
}
