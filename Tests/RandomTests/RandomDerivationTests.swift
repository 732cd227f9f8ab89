import Frechet
import RandomExpressions
import Testing

/// Derivations of random well-typed expressions: whatever is typed, no line is wrong.
@Suite struct RandomDerivationTests {
  @Test(arguments: 0..<6)
  func everyLineIsEqualToTheOneBefore(batch: Int) throws {
    var complete = 0
    for place in 0..<12 {
      let seed = UInt64(3_000_000 + batch * 12 + place)
      let order = batch == 5 ? 2 : 1
      let random = TermGenerator.input(seed: seed, order: order, largest: 10)
      let request = random.request
      let input = try Language.elaborate(request.input, declarations: request.declarations)
      let derivatives = try derive(input, wrt: request.wrt, options: request.options)
      for derivative in derivatives {
        let worked = WorkedDerivation(of: derivative, in: input)
        #expect(worked.refuted == 0, "\(random.command)")
        #expect(worked.lines.last?.value.body === derivative.result.body, "\(random.command)")
        complete += worked.isComplete ? 1 : 0
      }
    }
    #expect(complete >= 9)
  }
}
