import ArgumentParser
import Frechet

struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print the cheat sheet of derivatives, derived and verified on the spot.",
    discussion: """
      Topics: \(CheatSheetTopic.all.map(\.name).joined(separator: ", ")).

      EXAMPLES
        frechet table traces
        frechet table
        frechet table "second order" --format latex
        frechet table norms --format json
      """)

  @Argument(help: ArgumentHelp("One topic; all of them without it.", valueName: "TOPIC"))
  var topic: [String] = []

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = OutputFormat.text

  @Option(help: ArgumentHelp("The time that is allowed.", valueName: "seconds"))
  var timeLimit = 60.0

  @Flag var notation: NotationChoice?

  @Flag(name: .customLong("no-verify"), help: "Leave the numerical check out.")
  var noVerify = false

  func validate() throws {
    guard timeLimit > 0, timeLimit.isFinite else {
      throw ValidationError("--time-limit: \(timeLimit) is no time; 60 would do.")
    }
  }

  func run() throws {
    Watchdog.start(seconds: timeLimit)
    let name = topic.joined(separator: " ")
    let sheet = try CheatSheetRequest(
      topic: name.isEmpty ? nil : name, verify: !noVerify, timeLimit: timeLimit
    ).answer()
    try StandardStreams.write(
      format.choose(
        sheet.text(in: ReportStyle(notation)), sheet.latex, sheet.markdown, sheet.json))
    if sheet.failedVerification {
      StandardStreams.writeError("error: a row of the table is not verified")
      throw CommandError.no
    }
  }
}
