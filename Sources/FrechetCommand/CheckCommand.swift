import ArgumentParser
import Frechet

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether a claimed derivative is right, and if not, which mistake it makes.",
    discussion: """
      A claim that mentions dX, for the variable X, is one of the differential.

      EXAMPLES
        frechet check "x'*A*x" --wrt x --claim "2*A*x"
        frechet check "inv(X)" --wrt X --claim "-inv(X)*dX*inv(X)"
        frechet check "norm2(X*w - y)^2" --wrt w --claim "-2*X'*(y - X*w)" --format json
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var derivative: DerivativeArguments

  @Option(
    help: ArgumentHelp("The derivative that is claimed, as one types it.", valueName: "expression"))
  var claim: String?

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = ShapesCommand.Format.text

  @Flag var notation: NotationChoice?

  func run() throws {
    guard let claim else {
      throw CommandError.wrongInput(
        "--claim: the claimed derivative is missing, as in --claim \"2*A*x\"; "
          + "frechet derive would find it.")
    }
    let request = ClaimRequest(
      try input.source(), wrt: derivative.names, claim: try SourceReader.text(of: claim),
      declarations: input.declare, options: derivative.options, timeLimit: input.timeLimit)
    let report = try request.answer()
    switch format {
    case .text:
      try StandardStreams.write(report.text(in: ReportStyle(notation)))
      writeNotes(report.notes)
    case .json:
      try StandardStreams.write(report.json.text() + "\n")
    }
    if !report.isCorrect { throw CommandError.no }
  }
}
