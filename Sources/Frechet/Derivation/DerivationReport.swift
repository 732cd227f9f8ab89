import Checking
import Differentiation

/// What was found of a derivation.
public struct DerivationReport: Sendable {
  /// One equation of it.
  public struct Line: Sendable {
    /// In the text, counted from 1.
    public let number: Int
    public let text: String
    /// `differential`, `derivative`: what it is about.
    public let subject: String
    /// Whether it is true; nil of a definition, which cannot be false.
    public internal(set) var isCorrect: Bool?
    /// Whether it is equal to the line before; nil where there is nothing to compare it with.
    public internal(set) var follows: Bool?
    /// The line that it is compared with; nil where that is the truth.
    public let isAfter: Int?
    public internal(set) var verdict: ClaimVerdict?
  }

  /// A right derivative.
  public struct Answer: Sendable {
    public let wrt: String
    public let formula: Formula
  }

  public let input: String
  public let wrt: [String]
  public let options: DerivativeOptions
  public let lines: [Line]
  /// One for each variable; empty where the function cannot be derived.
  public let answer: [Answer]
  public let notes: [String]

  /// The first line that does not follow from the one before.
  public var firstWrong: Line? { lines.first { $0.follows == false || $0.isCorrect == false } }

  public var isCorrect: Bool { firstWrong == nil }
}

extension DerivationReport {
  /// The report as JSON.
  public var json: JSON {
    .object([
      ("correct", .bool(isCorrect)),
      ("firstWrongLine", firstWrong.map { .integer($0.number) } ?? .null),
      ("lines", .array(lines.map(\.json))),
      (
        "expected",
        .object(answer.map { ($0.wrt, $0.formula.json()) })
      ),
      ("input", .string(input)), ("wrt", .strings(wrt)),
      ("layout", .string(options.layout.rawValue)), ("notes", .strings(notes)),
    ])
  }

  /// The lines with a verdict for each, and the mistake of those that do not follow.
  public func text(in style: ReportStyle) -> String {
    var result = headline + "\n"
    let texts = alignedTexts
    let width = min(60, texts.map(\.count).max() ?? 0)
    let digits = "\(lines.map(\.number).max() ?? 0)".count
    for (line, text) in zip(lines, texts) {
      let number = String(repeating: " ", count: digits - "\(line.number)".count) + "\(line.number)"
      let space = String(repeating: " ", count: max(0, width - text.count))
      let verdict = line.word.isEmpty ? "" : space + "    " + line.word
      result += "  \(number)  \(text)\(verdict)\n"
      let margin = String(repeating: " ", count: digits + 4)
      if let finding = line.verdict?.finding {
        result += margin + "  diagnosis  \(finding.diagnosis.rawValue): \(finding.detail)\n"
        result += margin + "  lesson     \(finding.lesson)\n"
      }
    }
    for answer in isCorrect ? [] : answer {
      let definitions = answer.formula.definitions.map { $0.equation(in: style) }
      let name = self.answer.count == 1 ? "derivative" : "derivative by \(answer.wrt)"
      let formula = (definitions + [answer.formula.text(in: style)]).joined(separator: "; ")
      result +=
        "  \(name)  \(formula)    (\(answer.formula.shape.text(in: style)), "
        + "\(options.layout.rawValue) layout)\n"
    }
    return result
  }

  /// The equations, with the signs of a chain below each other.
  private var alignedTexts: [String] {
    var margin = 0
    return lines.map { line in
      if line.text.hasPrefix("= ") { return String(repeating: " ", count: margin) + line.text }
      margin = line.text.prefix { $0 != "=" }.count
      return line.text
    }
  }

  private var headline: String {
    guard let first = firstWrong else { return "The derivation is right." }
    return "The derivation is wrong: line \(first.number) does not "
      + (first.isAfter.map { $0 == first.number ? "hold." : "follow from line \($0)." } ?? "hold.")
  }
}

extension DerivationReport.Line {
  /// The verdict in a few words.
  fileprivate var word: String {
    switch (follows, isCorrect) {
    case (nil, nil): ""
    case (nil, true), (true, true), (true, nil): "right"
    case (false, true): "true, but does not follow"
    case (true, false): "follows, but from what is wrong"
    case (false, _), (nil, false): "WRONG"
    }
  }

  fileprivate var json: JSON {
    let finding = verdict?.finding
    return .object([
      ("line", .integer(number)), ("text", .string(text)), ("subject", .string(subject)),
      ("follows", follows.map { .bool($0) } ?? .null),
      ("correct", isCorrect.map { .bool($0) } ?? .null),
      ("diagnosis", finding.map { .string($0.diagnosis.published.rawValue) } ?? .null),
      ("mistake", finding.map { .string($0.diagnosis.rawValue) } ?? .null),
      ("detail", finding.map { .string($0.detail) } ?? .null),
      ("lesson", finding.map { .string($0.lesson) } ?? .null),
    ])
  }
}
