import Foundation
import Frechet
import Testing

/// A claim of the acceptance corpus. Tests/Fixtures/README.md explains the fields.
struct ClaimRow: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let declare: [String]
  let input: String
  let wrt: String
  let order: Int
  let options: CorpusRow.Options
  let claim: String
  let expected: String
  let correct: Bool
  let diagnosis: String?
  let accept: [String]?

  var testDescription: String { id }

  func answered(claiming other: String? = nil) throws -> ClaimReport {
    var options = DerivativeOptions()
    options.order = order
    self.options.apply(to: &options)
    return try ClaimRequest(
      input, wrt: [wrt], claim: other ?? claim, declarations: declare, options: options,
      timeLimit: 60
    ).answer()
  }

  /// Whether a diagnosis is the stated one, or as good.
  func accepts(_ other: Diagnosis?) -> Bool {
    guard let other else { return diagnosis == nil }
    return [other.rawValue, other.published.rawValue].contains {
      $0 == diagnosis || accept?.contains($0) ?? false
    }
  }

  /// The claims, and what the source documents state wrongly.
  static let rows = claims + moreClaims + errors
  static let claims = CorpusRow.lines(of: "claims").compactMap { try? row($0) }
  static let moreClaims = CorpusRow.lines(of: "more-claims").compactMap { try? row($0) }
  static let errors = CorpusRow.lines(of: "seed-errors").compactMap { try? row($0) }

  private static func row(_ line: String) throws -> ClaimRow {
    try JSONDecoder().decode(ClaimRow.self, from: Data(line.utf8))
  }
}
