import Frechet
import Testing

/// Derivations line by line, over the whole corpus.
@Suite struct DerivationTests {
  /// Rows where single rules do not reach the answer and the engine's differential is shown as one
  /// step. The list only ever shrinks.
  static let coarse: Set<String> = []

  @Test(arguments: Corpus.derivatives)
  func everyLineIsEqualToTheOneBefore(row: CorpusRow) throws {
    let (derivative, input) = try row.worked()
    let worked = WorkedDerivation(of: derivative, in: input)
    #expect(worked.refuted == 0)
    let stated = worked.lines.count { line in
      !line.isPremise(of: derivative)
    }
    #expect(worked.compared == stated - 1, "\(worked.compared) of \(stated) compared")
    #expect(worked.lines.last?.value.body === derivative.result.body)
    #expect(worked.isComplete == !Self.coarse.contains(row.id))
    #expect(worked.shortened().count <= 12)
  }
}

extension CorpusRow {
  func worked() throws -> (Derivative, TypedInput) {
    let input = try typed(input, declare)
    let derivatives = try derive(input, wrt: [try #require(wrt)], options: derivativeOptions)
    return (try #require(derivatives.first), input)
  }
}
