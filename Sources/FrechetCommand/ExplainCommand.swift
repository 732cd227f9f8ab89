import ArgumentParser
import Frechet

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a rule of differentiation states, why it holds, and where it is from.",
    discussion: """
      A rule is named as beside a line of --steps, or by a function. Without a name, all are listed.

      EXAMPLES
        frechet explain "product rule"
        frechet explain "trace trick" --format markdown
        frechet explain logdet
        frechet explain
      """)

  @Argument(help: ArgumentHelp("The name of a rule, or of a function.", valueName: "RULE"))
  var rule: [String] = []

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = OutputFormat.text

  @Flag var notation: NotationChoice?

  func run() throws {
    // Without quotation marks the words of a name come one by one.
    let name = rule.joined(separator: " ")
    if name.isEmpty {
      let list = RuleList()
      return try StandardStreams.write(
        format.choose(list.text, list.latex, list.markdown, list.json))
    }
    let report = try RuleReport(name)
    try StandardStreams.write(
      format.choose(
        report.text(in: ReportStyle(notation)), report.latex, report.markdown, report.json))
  }
}

extension OutputFormat {
  /// The text of the format.
  func choose(
    _ text: @autoclosure () -> String, _ latex: @autoclosure () -> String,
    _ markdown: @autoclosure () -> String, _ json: @autoclosure () -> JSON
  ) -> String {
    switch self {
    case .text: text()
    case .latex: latex()
    case .markdown: markdown()
    case .json: json().text() + "\n"
    }
  }
}
