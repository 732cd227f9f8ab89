import Frechet
import RandomExpressions
import Testing

/// No verdict on a random expression is contradicted by its values.
@Suite struct RandomCurvatureTests {
  private static let batches = 8
  private static let batchSize = 40

  @Test(arguments: 0..<batches)
  func noVerdictIsContradicted(batch: Int) {
    for place in 0..<Self.batchSize {
      let seed = UInt64(3_000_000 + batch * Self.batchSize + place)
      let input = TermGenerator.input(seed: seed, order: 2, largest: 9)
      check(input.text, input.declarationTexts, [input.wrt])
    }
  }

  private func check(_ text: String, _ declarations: [String], _ wrt: [String]) {
    let request = ConvexityRequest(
      text, wrt: wrt, declarations: declarations, jointly: true, timeLimit: 20)
    do {
      for report in try request.answer() {
        #expect(
          !report.isContradicted,
          "\(text) in \(wrt), \(declarations): \(report.argument.map(\.statement.text))")
      }
    } catch {
      switch error {
      // Orthogonal variables, and functions without a derivative.
      case .derivative, .timeLimit, .sizeLimit: return
      case .input, .evaluation, .implementation, .callLimit:
        Issue.record("\(text), \(declarations): \(error.description)")
      }
    }
  }
}
