/// One thing that is wrong with an input: what, where, and what would do.
public struct Diagnostic: Error, Hashable, Sendable {
  public let problem: Problem
  /// The text that `range` points into: the input, or one declaration.
  public let source: String
  /// UTF-8 offsets in `source`.
  public let range: Range<Int>
  /// What would mend it, as whole sentences.
  public let suggestion: String?
  public let notes: [String]

  public init(
    _ problem: Problem, in source: String, at range: Range<Int>, suggestion: String? = nil,
    notes: [String] = []
  ) {
    self.problem = problem
    self.source = source
    self.range = range
    self.suggestion = suggestion
    self.notes = notes
  }

  /// *Operation: what is wrong, what was got.* *What would do.*
  public var text: String {
    guard let suggestion else { return problem.message + "." }
    return "\(problem.message). \(suggestion)"
  }

  /// The text, the line of the source with the place marked, and the notes.
  public var rendered: String {
    let place = SourceExcerpt(of: source, marking: range)
    var lines = ["error: \(text)", "  \(place.line)", "  \(place.marks)"]
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }
}

/// All that is wrong with an input, in the order of the source; never empty.
public struct Diagnostics: Error, Hashable, Sendable, CustomStringConvertible {
  public let first: Diagnostic
  public let others: [Diagnostic]

  public init(_ first: Diagnostic, _ others: [Diagnostic] = []) {
    self.first = first
    self.others = others
  }

  public var all: [Diagnostic] { [first] + others }
  public var description: String { all.map(\.rendered).joined(separator: "\n\n") }
}
