import ArgumentParser
import Frechet

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether a claimed derivative is right, and if not, which mistake it makes.",
    discussion: """
      A claim that mentions dX, for the variable X, is one of the differential; one that mentions V \
      is the map from V to the product of the Jacobian or the Hessian with V.

      The lines of a derivation are equations: definitions (r = A*x - b), chains about f, df, d2f, a \
      name's differential (dr), gradient, jacobian, df/dX, ∇f or hessian, each line equal to the one \
      before. A line that begins with = goes on with the chain, d(…) is the differential of an \
      expression, # begins a comment.

      EXAMPLES
        frechet check "x'*A*x" --wrt x --claim "2*A*x"
        frechet check "inv(X)" --wrt X --claim "-inv(X)*dX*inv(X)"
        frechet check "norm2(X*w - y)^2" --wrt w --claim @claim.txt --format json
        frechet check "norm2(X - U*V')^2/2" --wrt U --claim "(U*V' - X)*V" \\
            --wrt V --claim "(U*V' - X)'*U"
        frechet check "sum(exp(x))" --wrt x --order 2 --claim "exp(x).*V"
        frechet check "x'*A*x" --wrt x --derivation @lines.txt
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var derivative: DerivativeArguments

  @Option(
    help: ArgumentHelp(
      "The derivative that is claimed, as one types it, `@file`, or `-` for standard input. "
        + "Repeatable: one for each --wrt.", valueName: "expression"))
  var claim: [String] = []

  @Option(
    help: ArgumentHelp(
      "A whole derivation in the place of a claim: equations, one a line, `@file`, or `-` for standard "
        + "input.", valueName: "lines"))
  var derivation: String?

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = ShapesCommand.Format.text

  @Flag var notation: NotationChoice?

  func run() throws {
    guard ([input.input, derivation] + claim).count(where: { $0 == "-" }) <= 1 else {
      throw CommandError.wrongInput(
        "-: standard input can be read once only; `@file` would do for the others.")
    }
    if let derivation {
      guard claim.isEmpty else {
        throw CommandError.wrongInput(
          "--derivation: a claim is given as well; a last line `gradient = …` would do for it.")
      }
      try check(derivation: try SourceReader.text(of: derivation))
    } else {
      try checkClaims()
    }
  }

  private func checkClaims() throws {
    guard !claim.isEmpty else {
      throw CommandError.wrongInput(
        "--claim: the claimed derivative is missing, as in --claim \"2*A*x\"; "
          + "frechet derive would find it.")
    }
    let request = ClaimRequest(
      try input.source(), wrt: derivative.names, claims: try claim.map(SourceReader.text),
      declarations: input.declare, options: derivative.options, timeLimit: input.timeLimit)
    let reports = try request.answers()
    switch format {
    case .text:
      for report in reports {
        try StandardStreams.write(
          report.text(in: ReportStyle(notation), isOneOfSeveral: reports.count > 1))
      }
      writeNotes(reports.flatMap(\.notes))
    case .json:
      let json = reports.count == 1 ? reports[0].json : JSON.array(reports.map(\.json))
      try StandardStreams.write(json.text() + "\n")
    }
    if !reports.allSatisfy(\.isCorrect) { throw CommandError.no }
  }

  private func check(derivation: String) throws {
    let request = DerivationRequest(
      try input.source(), wrt: derivative.names, derivation: derivation,
      declarations: input.declare, options: derivative.options, timeLimit: input.timeLimit)
    let report = try request.answer()
    switch format {
    case .text:
      try StandardStreams.write(report.text(in: ReportStyle(notation)))
      writeNotes(report.notes)
    case .json: try StandardStreams.write(report.json.text() + "\n")
    }
    if !report.isCorrect { throw CommandError.no }
  }
}
