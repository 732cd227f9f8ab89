import ArgumentParser
import Frechet

struct DeriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derive",
    abstract: "Derive an expression and verify the result (the default command).",
    discussion: """
      EXAMPLES
        frechet derive "x'*A*x" --wrt x
        frechet derive "x'*A*x" --wrt x --declare 'A: symmetric(n)' --order 2
        frechet derive "Z = X*W + b; sum(Z.^2)" --declare 'b: row(k)' --wrt W,b
        frechet derive "inv(X)" --wrt X --form differential
        frechet derive "tr(X'*A*X)" --wrt X --steps
        frechet derive "-x'*x" --wrt x --format json
        frechet derive @loss.txt --wrt w --wrt b --format markdown
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var derivative: DerivativeArguments

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = OutputFormat.text

  @Flag var notation: NotationChoice?

  @Flag(name: .customLong("no-verify"), help: "Leave the numerical check out.")
  var noVerify = false

  @Option(
    help: ArgumentHelp(
      "Write a program for value and derivative in this language instead.", valueName: "language"))
  var emit: TargetName?

  @Flag(name: .customLong("test"), help: "With --emit: append a check against differences.")
  var selfTest = false

  @Option(
    help: ArgumentHelp(
      "With --emit stablehlo: the size of a dimension. Repeatable.", valueName: "name=count"))
  var size: [String] = []

  @Option(
    help: ArgumentHelp(
      "The derivation, line by line; --steps=all shows every move.", valueName: "detail"))
  var steps: StepDetail?

  @Flag(
    name: .customLong("bench"), help: "With --emit: append a measurement of the time of a call.")
  var benchmark = false

  func run() throws {
    if let emit {
      var request = CodeRequest(
        try input.source(), wrt: derivative.names, target: emit, declarations: input.declare,
        options: derivative.options, timeLimit: input.timeLimit)
      request.selfTest = selfTest
      request.benchmark = benchmark
      request.verify = !noVerify
      request.sizes = try NamedSize.table(size)
      return try StandardStreams.write(request.answer())
    }
    var request = DerivativeRequest(
      try input.source(), wrt: derivative.names, declarations: input.declare,
      options: derivative.options, verify: !noVerify, steps: steps, timeLimit: input.timeLimit)
    request.judgesCurvature = true
    let reports = try request.answer()
    try StandardStreams.write(text(reports))
    if format != .json { writeNotes(reports.flatMap(\.notes)) }
    if reports.contains(where: \.failedVerification) {
      StandardStreams.writeError("error: the derivative is not verified")
      throw CommandError.no
    }
  }

  private func text(_ reports: [DerivativeReport]) -> String {
    switch format {
    case .text: TextReport(reports, style: ReportStyle(notation)).text
    case .latex: LaTeXReport(reports).text
    case .markdown: MarkdownReport(reports).text
    case .json:
      (reports.count == 1 ? reports[0].json : JSON.array(reports.map(\.json))).text() + "\n"
    }
  }
}

extension TargetName: ExpressibleByArgument {}

enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, latex, markdown, json
}

/// Each note once, on standard error.
func writeNotes(_ notes: [String]) {
  var seen: Set<String> = []
  for note in notes where seen.insert(note).inserted {
    StandardStreams.writeError("note: " + note)
  }
}
