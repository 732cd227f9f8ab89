import ArgumentParser
import Frechet

struct ConvexityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convexity",
    abstract: "Say whether a function is affine, convex or concave, and why.",
    discussion: """
      A verdict is derived from the form of the second derivative or by rules of composition, and
      then checked along random segments. Where nothing is derived it is `unknown`; a function that
      is seen to bend both ways is `neither convex nor concave`.

      EXAMPLES
        frechet convexity "sum(log(1+exp(-y.*(X*w))))" --wrt w
        frechet convexity "norm1(x) + norm2(A*x - b)^2" --declare 'b: vector(m)' --wrt x
        frechet convexity "-logdet(S) + tr(S*C)" --declare 'S: spd(n)' --wrt S
        frechet convexity "x'*inv(S)*x" --declare 'S: spd(n)' --wrt x,S --joint
        frechet convexity "sum(x.*log(x))" --wrt x --format json

      EXIT STATUS
        0 affine, convex or concave; 1 none of these is derived; 2 the input is wrong; 3 a limit
      """)

  @OptionGroup var input: InputOptions

  @Option(help: ArgumentHelp("The variable. Repeatable, or several: x,y.", valueName: "name"))
  var wrt: [String] = []

  @Flag(help: "In all the variables together, not in each alone.")
  var joint = false

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = OutputFormat.text

  @Flag var notation: NotationChoice?

  @Flag(name: .customLong("no-verify"), help: "Leave the numerical check out.")
  var noVerify = false

  func run() throws {
    let request = ConvexityRequest(
      try input.source(), wrt: variableNames(in: wrt), declarations: input.declare,
      jointly: joint, verify: !noVerify, timeLimit: input.timeLimit)
    let reports = try request.answer()
    try StandardStreams.write(text(reports))
    if format != .json { writeNotes(reports.flatMap(\.notes)) }
    if reports.contains(where: { !$0.curvature.isDerived }) { throw CommandError.no }
  }

  private func text(_ reports: [ConvexityReport]) -> String {
    switch format {
    case .text: ConvexityTextReport(reports, style: ReportStyle(notation)).text
    case .latex: ConvexityLaTeXReport(reports).text
    case .markdown: ConvexityMarkdownReport(reports).text
    case .json:
      (reports.count == 1 ? reports[0].json : JSON.array(reports.map(\.json))).text() + "\n"
    }
  }
}
