import ArgumentParser
import Frechet

struct ShapesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shapes",
    abstract: "Infer the shapes of an input.",
    discussion: """
      EXAMPLES
        frechet shapes "norm2(X*w - y)^2"
        frechet shapes "Z = X*W + b; softmax(Z,2)" --declare 'b: row(k)'
        frechet shapes "A*x" --format json
      """)

  @OptionGroup var input: InputOptions

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = Format.text

  @Flag var notation: NotationChoice?

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  func run() throws {
    let request = ShapesRequest(
      try input.source(), declarations: input.declare, timeLimit: input.timeLimit)
    let report = try request.answer()
    switch format {
    case .text:
      try StandardStreams.write(report.text(in: ReportStyle(notation)))
      writeNotes(report.notes)
    case .json:
      try StandardStreams.write(report.json.text() + "\n")
    }
  }
}
