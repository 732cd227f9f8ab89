import RandomExpressions
import Testing

/// Values and derivatives of random well-typed expressions, compiled at random sizes. The seeds are
/// fixed, so that a failure can be repeated; more of them are run by `Tools/RandomDerivatives
/// --program`.
@Suite("Random expressions, compiled")
struct RandomProgramTests {
  struct Batch: Sendable, CustomTestStringConvertible {
    var order = 1
    var topic = TermGenerator.Topic.ordinary
    let first: UInt64
    var testDescription: String { "order \(order), \(topic.rawValue), from \(first)" }
  }

  private static let size: UInt64 = 25
  static let batches =
    (0..<8).map { Batch(first: 4_000_000 + $0 * size) }
    + (0..<3).map { Batch(order: 2, first: 5_000_000 + $0 * size) }
    + [Batch(topic: .decompositions, first: 6_000_000)]

  @Test("programs have the values of the evaluator", arguments: batches)
  func programs(batch: Batch) {
    var compared = 0
    for seed in batch.first..<(batch.first + Self.size) {
      let input = TermGenerator.input(
        seed: seed, order: batch.order, largest: 10, topic: batch.topic)
      let outcome = input.programOutcome(seed: seed, timeLimit: 20)
      switch outcome {
      case .verified: compared += 1
      case .noPoint, .limit: break
      case .wrong, .unreadable, .cannot, .refused:
        Issue.record("\(outcome.label): \(input.command)\n\(outcome.detail)")
      }
    }
    #expect(compared > Int(Self.size) / 2, "\(compared) compared")
  }
}
