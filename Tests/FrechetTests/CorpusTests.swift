import Frechet
import Testing

/// The acceptance corpus: every derivation of the source documents.
@Suite struct CorpusTests {
  @Test func theCorpusIsThere() {
    #expect(Corpus.rows.count == 294)
    #expect(Corpus.rules.count == 42)
  }

  /// The count of what is not derived yet: change it together with the list, downwards.
  @Test func whatIsMissingIsCounted() {
    #expect(Corpus.missing.isEmpty)
  }

  @Test(arguments: Corpus.rules)
  func bothSidesOfARuleAreEqual(row: CorpusRow) throws {
    let input = try typed(row.input, row.declare)
    let difference = try largestDifference(input, try typed(row.expected, in: input))
    #expect(difference < 1e-8)
  }

  @Test(arguments: Corpus.derivatives)
  func theDerivativeIsTheTextbooks(row: CorpusRow) throws {
    try row.isDerivedAsExpected()
  }

  /// Rows whose answer is longer than the document's. The list only ever shrinks.
  static let longer: Set<String> = ["001-pinv-differential"]

  /// How compact the answers are, over the whole corpus.
  @Test func theDerivativesAreNoLonger() throws {
    var ratios: [Double] = []
    var longer: Set<String> = []
    for row in Corpus.derivatives {
      let report = try row.derived(verify: false)
      ratios.append(Double(report.size) / Double(row.size))
      guard report.size > row.size else { continue }
      longer.insert(row.id)
      let own = "\(report.size) \(report.derivative.inputText)"
      #expect(Self.longer.contains(row.id), "\(row.id): \(own), not \(row.size) \(row.expected)")
    }
    let short = Self.longer.subtracting(longer)
    #expect(short.isEmpty, "\(short) are short now; take them off the list")
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(mean <= 0.97)
  }
}

extension CorpusRow {
  func derived(verify: Bool = true) throws -> DerivativeReport {
    let request = DerivativeRequest(
      input, wrt: [try #require(wrt)], declarations: declare, options: derivativeOptions,
      verify: verify, timeLimit: 60)
    return try #require(try request.answer().first)
  }

  /// Derives the row, with its verification, and compares the answer with the expected one.
  func isDerivedAsExpected() throws {
    let report = try derived()
    #expect(report.verification?.passed == true, "\(id): \(report.derivative.text)")
    let input = try typed(input, declare)
    let extra = isDifferential ? try direction(in: input) : []
    let own = try typed(report.derivative.inputText, in: input, extra: extra)
    let difference = try largestDifference(own, try typed(expected, in: input, extra: extra))
    #expect(difference < 1e-8, "\(report.derivative.inputText), not \(expected)")
  }

  /// `dX`: a direction within the declared structure.
  func direction(in input: TypedInput) throws -> [Variable] {
    let variable = try #require(input.variables.first { $0.name == wrt })
    let type: StructureType = [.spd, .psd].contains(variable.type) ? .symmetric : variable.type
    return [Variable(name: "d" + variable.name, shape: variable.shape, type: type)]
  }
}
