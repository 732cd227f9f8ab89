import Frechet
import Testing

/// An input with what is asked of it, and the answer where that is part of the case.
struct Case: CustomTestStringConvertible, Sendable {
  let input: String
  let variable: String
  let declarations: [String]
  let order: Int
  let answer: String

  init(
    _ input: String, _ variable: String, _ declarations: [String] = [], order: Int = 1,
    is answer: String = ""
  ) {
    self.input = input
    self.variable = variable
    self.declarations = declarations
    self.order = order
    self.answer = answer
  }

  var testDescription: String { "\(input) by \(variable)" }

  func report(form: Form = .auto) throws -> DerivativeReport {
    var options = DerivativeOptions()
    options.order = order
    options.form = form
    let request = DerivativeRequest(
      input, wrt: [variable], declarations: declarations, options: options, timeLimit: 60)
    return try #require(try request.answer().first)
  }
}
