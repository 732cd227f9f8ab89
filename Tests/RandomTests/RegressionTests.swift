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

  /// Where the function's own values are rounding errors, quotients refute nothing.
  @Test(arguments: ["100000000", "300000000", "1000000000", "5000000000"])
  func roundingErrorsRefuteNothing(number: String) throws {
    var options = DerivativeOptions()
    options.order = 2
    let request = DerivativeRequest(
      "((x'*x + \(number)) - \(number))^2", wrt: ["x"], options: options, timeLimit: 60)
    let report = try #require(try request.answer().first)
    let failure = try #require(report.verification?.failure)
    #expect(!failure.refutes, "\(failure)")
  }
}
