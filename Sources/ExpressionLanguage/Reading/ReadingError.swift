/// A problem that stops the reading of a text, before the text is known to the one who throws.
struct ReadingError: Error {
  let problem: Problem
  let range: Range<Int>
  let suggestion: String?

  init(_ problem: Problem, at range: Range<Int>, suggestion: String? = nil) {
    self.problem = problem
    self.range = range
    self.suggestion = suggestion
  }

  init(foreign spelling: String, at range: Range<Int>, _ suggestion: String) {
    self.init(.foreignSpelling(spelling), at: range, suggestion: suggestion)
  }
}
