import Frechet
import Testing

@Suite struct RegressionTests {
  @Test(arguments: Regression.all)
  func whatWasFoundStaysMended(row: Regression) throws {
    var options = DerivativeOptions()
    options.form = row.form
    let request = DerivativeRequest(
      row.input, wrt: [row.wrt], declarations: row.declarations, options: options, timeLimit: 60)
    for report in try request.answer() {
      let verification = try #require(report.verification)
      #expect(verification.passed, "\(report.derivative.inputText)")
    }
  }

  /// Once answered as if the power were taken entry by entry.
  @Test func highPowersOfMatricesAreRefused() {
    let request = DerivativeRequest(
      "tr(X^1000000)", wrt: ["X"], declarations: ["X: matrix(n,n)"])
    #expect(throws: FrechetError.self) { try request.answer() }
  }
}
