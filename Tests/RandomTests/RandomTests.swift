import Frechet
import RandomExpressions
import Testing

/// Random well-typed expressions, derived and verified. The seeds are fixed, so that a failure can
/// be repeated; more of them are run by `Tools/RandomDerivatives`.
@Suite struct RandomTests {
  private static let batches = 10
  private static let batchSize = 40

  @Test(arguments: 0..<batches)
  func derivativesAreRightAndCanBeReadAgain(batch: Int) {
    var undecided = 0
    for place in 0..<Self.batchSize {
      let seed = UInt64(1_000_000 + batch * Self.batchSize + place)
      let input = TermGenerator.input(seed: seed, largest: 10)
      let outcome = input.outcome(timeLimit: 10)
      switch outcome {
      case .verified: break
      case .noPoint: undecided += 1
      case .limit: undecided += 1
      case .wrong, .unreadable, .cannot, .refused:
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
      let outcome = input.outcome(timeLimit: 10)
      switch outcome {
      case .verified, .noPoint, .limit: break
      case .wrong, .unreadable, .cannot, .refused:
        Issue.record("\(outcome.label): \(input.command)\n\(outcome.detail)")
      }
    }
  }

  @Test(arguments: 0..<4)
  func derivativesOfDecompositionsAreRight(batch: Int) {
    var undecided = 0
    for place in 0..<25 {
      let seed = UInt64(3_000_000 + batch * 25 + place)
      let input = TermGenerator.input(seed: seed, largest: 10, topic: .decompositions)
      let outcome = input.outcome(timeLimit: 20)
      switch outcome {
      case .verified: break
      case .noPoint, .limit: undecided += 1
      case .wrong, .unreadable, .cannot, .refused:
        Issue.record("\(outcome.label): \(input.command)\n\(outcome.detail)")
      }
    }
    #expect(undecided <= 6)
  }

  @Test func equalSeedsGiveEqualInputs() {
    #expect(TermGenerator.input(seed: 7).command == TermGenerator.input(seed: 7).command)
  }
}
