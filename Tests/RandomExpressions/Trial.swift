import Frechet

/// What became of an input.
public enum Outcome: Sendable {
  /// With the form of the answer, of several blocks the last one in the order of `forms`, and the
  /// size of the largest block.
  case verified(Form, size: Int)
  /// The values differ.
  case wrong(String)
  /// The answer is no valid input.
  case unreadable(String)
  /// There is no answer although there should be one.
  case cannot(String)
  /// Nothing was decided: no random point was found.
  case noPoint(String)
  case limit(String)
  /// The language refused the input.
  case refused(String)

  public var label: String {
    switch self {
    case .verified: "verified"
    case .wrong: "wrong"
    case .unreadable: "unreadable"
    case .cannot: "cannot"
    case .noPoint: "no point"
    case .limit: "limit"
    case .refused: "refused"
    }
  }

  public var detail: String {
    switch self {
    case .verified(let form, let size): "\(form.rawValue) \(size)"
    case .wrong(let text), .unreadable(let text), .cannot(let text), .noPoint(let text),
      .limit(let text), .refused(let text):
      text
    }
  }

  /// From the most readable on.
  public static let forms: [Form] = [.matrix, .differential, .kronecker, .operator, .index]

  public static let labels = [
    "verified", "wrong", "unreadable", "cannot", "no point", "limit", "refused",
  ]
}

extension RandomInput {
  /// Derives, reads the answer again and verifies it.
  public func outcome(timeLimit: Double = 10) -> Outcome {
    var request = request
    request.timeLimit = timeLimit
    let reports: [DerivativeReport]
    do {
      reports = try request.answer()
    } catch {
      switch error {
      case .input(let text): return .refused(text)
      case .derivative(let text):
        return text.hasPrefix("the answer cannot be read back") ? .unreadable(text) : .cannot(text)
      case .sizeLimit, .timeLimit: return .limit(error.description)
      default: return .cannot(error.description)
      }
    }
    for report in reports {
      guard let verification = report.verification else { return .cannot("not verified") }
      if let failure = verification.failure {
        let text = "\(report.derivative.inputText)\n\(failure)"
        return failure.refutes ? .wrong(text) : .noPoint(text)
      }
    }
    let places = reports.map { report in
      Outcome.forms.firstIndex(of: report.form) ?? 0
    }
    return .verified(Outcome.forms[places.max() ?? 0], size: reports.map(\.size).max() ?? 0)
  }
}
