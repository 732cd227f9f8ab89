import Frechet
import Testing

/// The derivatives of the corpus as claims: right as they are, wrong when changed in a known way.
@Suite struct ClaimCorpusTests {
  @Test(arguments: Corpus.derivatives + Corpus.missing)
  func theTextbookIsRight(row: CorpusRow) throws {
    let report = try row.checked(row.expected)
    #expect(report.isCorrect, "\(report.verdict.finding?.detail ?? "")")
  }

  @Test(arguments: Corpus.someDerivatives)
  func aFactorIsFound(row: CorpusRow) throws {
    guard !row.isZero, let claim = row.changed({ "3*(\($0))" }) else { return }
    let finding = try row.checked(claim).verdict.finding
    #expect(finding?.diagnosis == .factor)
    #expect(finding?.detail == "The derivative is 1/3 times the claim.")
  }

  @Test(arguments: Corpus.someDerivatives)
  func aSignIsFound(row: CorpusRow) throws {
    guard !row.isZero, let claim = row.changed({ "-(\($0))" }) else { return }
    let finding = try row.checked(claim).verdict.finding
    // The negative of a skew matrix is its transpose, which is looked for first.
    #expect([.sign, .transposed].contains(finding?.diagnosis), "\(finding?.detail ?? "")")
  }
}

extension Corpus {
  /// Every sixth row, for what takes its time.
  fileprivate static var someDerivatives: [CorpusRow] {
    derivatives.enumerated().filter { $0.offset % 6 == 0 }.map(\.element)
  }
}

extension CorpusRow {
  fileprivate func checked(_ claim: String) throws -> ClaimReport {
    var options = derivativeOptions
    options.form = .auto
    return try ClaimRequest(
      input, wrt: [try #require(wrt)], claim: claim, declarations: declare, options: options,
      timeLimit: 60
    ).answer()
  }

  fileprivate var isZero: Bool { expected == "0" || expected.hasPrefix("zeros(") }

  /// The expected derivative with its final expression changed.
  fileprivate func changed(_ change: (String) -> String) -> String? {
    guard let parsed = try? ParsedInput(expected), let result = parsed.result else { return nil }
    let definitions = parsed.definitions.map { "\($0.name) = \($0.value)" }
    return (definitions + [change("\(result)")]).joined(separator: "; ")
  }
}
