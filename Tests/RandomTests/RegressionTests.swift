import Frechet
import Testing

@Suite struct RegressionTests {
  @Test(arguments: Regression.all)
  func whatWasFoundStaysMended(row: Regression) throws {
    var options = DerivativeOptions()
    options.form = row.form
    options.order = row.order
    let request = DerivativeRequest(
      row.input, wrt: [row.wrt], declarations: row.declarations, options: options, timeLimit: 60)
    for report in try request.answer() {
      let verification = try #require(report.verification)
      #expect(verification.passed, "\(report.derivative.inputText)")
    }
  }
}
