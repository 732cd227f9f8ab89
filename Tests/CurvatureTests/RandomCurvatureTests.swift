import Frechet
import RandomExpressions
import Testing

/// No verdict on a random expression is contradicted by its values.
@Suite struct RandomCurvatureTests {
  private static let batches = 4
  private static let batchSize = 30

  @Test(arguments: 0..<batches)
  func noVerdictIsContradicted(batch: Int) {
    for place in 0..<Self.batchSize {
      let seed = UInt64(3_000_000 + batch * Self.batchSize + place)
      let input = TermGenerator.input(seed: seed, order: 2, largest: 9)
      check(input.text, input.declarationTexts, [input.wrt])
    }
  }

  /// Of the pieces of convex functions many are convex: each batch has proofs to contradict.
  @Test(arguments: 0..<batches)
  func noProofAboutPiecesOfConvexFunctionsIsContradicted(batch: Int) {
    var derived = 0
    for place in 0..<Self.batchSize {
      let (text, wrt) = RandomConvexTerm.text(seed: UInt64(batch * Self.batchSize + place))
      derived += check(text, RandomConvexTerm.declarations, wrt)
    }
    #expect(derived > 0)
  }

  /// How many curvatures were derived.
  @discardableResult
  private func check(_ text: String, _ declarations: [String], _ wrt: [String]) -> Int {
    let request = ConvexityRequest(
      text, wrt: wrt, declarations: declarations, jointly: true, timeLimit: 20)
    do {
      let reports = try request.answer()
      for report in reports {
        #expect(
          !report.isContradicted,
          "\(text) in \(wrt), \(declarations): \(report.argument.map(\.statement.text))")
      }
      return reports.count { $0.curvature.isDerived && $0.curvature != .affine }
    } catch {
      switch error {
      // Orthogonal variables, and functions without a derivative.
      case .derivative, .timeLimit, .sizeLimit: break
      case .input, .unsupported, .evaluation, .implementation, .callLimit:
        Issue.record("\(text), \(declarations): \(error.description)")
      }
      return 0
    }
  }
}
