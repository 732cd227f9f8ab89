import Frechet
import Testing

/// Results of textbooks and papers, each as short as a good mathematician writes it.
@Suite struct TextbookTests {
  /// Rows whose answer is longer than the textbook's. The list only ever shrinks.
  static let longer: Set<String> = [
    "cl-focal", "con-skipgram", "fac-cp",
    "mc-126", "mc-127", "mc-61",
    "mn-commutator", "net-attention-K", "net-attention-Q", "net-batchnorm",
    "net-gcn", "net-layernorm", "net-lora-B", "net-rmsnorm",
    "opt-sharpe",
  ]

  @Test func theRowsAreThere() {
    #expect(Corpus.textbook.count == 189)
    #expect(Set(Corpus.textbook.map(\.id)).count == Corpus.textbook.count)
  }

  @Test(arguments: Corpus.textbook)
  func theDerivativeIsTheTextbooks(row: CorpusRow) throws {
    try row.isDerivedAsExpected()
  }

  @Test(arguments: Corpus.textbook)
  func theDerivativeIsNoLonger(row: CorpusRow) throws {
    let report = try row.derived(verify: false)
    let own = "\(report.size) \(report.derivative.inputText)"
    if Self.longer.contains(row.id) {
      #expect(report.size > row.size, "\(row.id) is short now; take it off the list: \(own)")
    } else {
      #expect(report.size <= row.size, "\(row.id): \(own), not \(row.size) \(row.expected)")
    }
  }
}
