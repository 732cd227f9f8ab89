import Frechet
import RandomExpressions
import Testing

/// Random well-typed expressions, derived and verified. The seeds are fixed, so that a failure can
/// be repeated; more of them are run by `Tools/RandomDerivatives`.
@Suite struct RandomTests {
  private static let batches = 12
  private static let batchSize = 50

  @Test(arguments: 0..<batches)
  func derivativesAreRightAndCanBeReadAgain(batch: Int) {
    var undecided = 0
    for place in 0..<Self.batchSize {
      let seed = UInt64(1_000_000 + batch * Self.batchSize + place)
      let input = TermGenerator.input(seed: seed, largest: 14)
      let outcome = input.outcome(timeLimit: 60)
      switch outcome {
      case .verified: break
      case .noPoint: undecided += 1
      case .limit(let text) where text == "the input divides by zero": undecided += 1
      case .wrong, .unreadable, .cannot, .limit, .refused:
        Issue.record("\(outcome.label): \(input.command)\n\(outcome.detail)")
      }
    }
    #expect(undecided <= Self.batchSize / 10)
  }

  @Test(arguments: 0..<2)
  func hessiansAreRightAndCanBeReadAgain(batch: Int) {
    for place in 0..<20 {
      let seed = UInt64(2_000_000 + batch * 20 + place)
      let input = TermGenerator.input(seed: seed, order: 2, largest: 8)
      let outcome = input.outcome(timeLimit: 60)
      switch outcome {
      case .verified, .noPoint: break
      case .limit(let text) where text == "the input divides by zero": break
      case .wrong, .unreadable, .cannot, .limit, .refused:
        Issue.record("\(outcome.label): \(input.command)\n\(outcome.detail)")
      }
    }
  }

  @Test func equalSeedsGiveEqualInputs() {
    #expect(TermGenerator.input(seed: 7).command == TermGenerator.input(seed: 7).command)
  }
}
