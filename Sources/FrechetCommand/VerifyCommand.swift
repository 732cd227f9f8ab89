import ArgumentParser
import Frechet

extension EntryType: ExpressibleByArgument {}

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say whether a program of your own computes the derivative, and if not, why.",
    discussion: """
      The program is run at random points that respect the declarations, and its results are \
      compared with the derivative. What it computes is the gradient of a scalar, else the Jacobian; \
      with --order 2, the Hessian.

      @code.py:function is a Python function whose parameters are named as the variables. It gets \
      NumPy arrays, or PyTorch tensors where its file imports torch: vectors and rows 1-d (n×1 and \
      1×n with --columns), scalars as numbers; sizes such as n may be parameters too.

      Anything else is a command of the shell. {dir} in it, and $FRECHET_DIR, is a folder with a file \
      for each variable, such as {dir}/A.npy (vectors n×1, scalars 1×1); the command writes \
      {dir}/gradient.npy.

      EXAMPLES
        frechet verify "x'*A*x" --wrt x --gradient @code.py:gradient
        frechet verify "logdet(S)" --declare 'S: spd(n)' --wrt S --size n=5 \\
            --gradient @code.py:gradient
        frechet verify "norm2(X*w - y)^2/(2*m)" --declare 'X: matrix(m,n)' \\
            --wrt w --gradient 'julia gradient.jl {dir}' --plot remainder.svg
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup var derivative: DerivativeArguments

  @Option(
    help: ArgumentHelp(
      "The program: @code.py:function, or a command of the shell. Repeatable: one for each --wrt.",
      valueName: "program"))
  var gradient: [String] = []

  @Option(help: ArgumentHelp("The size of a dimension. Repeatable.", valueName: "n=5"))
  var size: [String] = []

  @Option(help: "How many random points are tried.")
  var points = 3

  @Option(help: "What the random points depend on.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The matrix of a variable: x=x.npy, x=x.csv, or a number, a=0.5, in the place of random points.",
      valueName: "name=value"))
  var data: [String] = []

  @Option(
    help: ArgumentHelp(
      "The relative error that is allowed (0.0000001, of float32 0.0002).", valueName: "number"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp("The time that each run of the program may take.", valueName: "seconds"))
  var callLimit = 20.0

  @Option(help: ArgumentHelp("The Python that runs @code.py:function.", valueName: "path"))
  var python = "python3"

  @Option(help: ArgumentHelp("The entries of a Python function's arguments.", valueName: "type"))
  var dtype = EntryType.float64

  @Flag(help: "Pass vectors as n×1 arrays and rows as 1×n to a Python function.")
  var columns = false

  @Option(
    help: ArgumentHelp("Draw the remainder against the step, as an SVG file.", valueName: "file"))
  var plot: String?

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = ShapesCommand.Format.text

  @Flag var notation: NotationChoice?

  func validate() throws {
    guard (1...1000).contains(points) else {
      throw ValidationError("--points: \(points) is no count of points; 3 would do.")
    }
    guard callLimit > 0, callLimit.isFinite else {
      throw ValidationError("--call-limit: \(callLimit) is no time; 20 would do.")
    }
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance: \(tolerance) is no relative error; 1e-6 would do.")
    }
  }

  func run() throws {
    let programs = try self.programs()
    let folder = try TemporaryFolder()
    Interruption.watch(over: folder)
    defer { folder.remove() }
    var conventions = GradientProgram.Conventions()
    (conventions.python, conventions.type) = (python, dtype)
    (conventions.columns, conventions.limit) = (columns, callLimit)
    let template = try request()
    let reports = try programs.map { wrt, program in
      var request = template
      request.wrt = wrt
      request.implementation = program.implementation(conventions, in: folder)
      return try request.answer()
    }
    try write(reports)
    if !reports.allSatisfy(\.isCorrect) { throw CommandError.no }
  }

  /// What all programs have in common.
  private func request() throws -> ImplementationRequest {
    var request = ImplementationRequest(
      try SourceReader.text(of: input.input), wrt: "", declarations: input.declare,
      options: derivative.options, timeLimit: input.timeLimit
    ) { _ throws(FrechetError) in
      throw .implementation("--gradient: the program is missing")
    }
    request.points = points
    request.sizes = try NamedSize.table(size)
    request.seed = seed
    request.tolerance = tolerance
    request.usesSinglePrecision = dtype == .float32
    if !data.isEmpty { request.data = try NamedMatrix.all(data, option: "--data") }
    return request
  }

  private func programs() throws -> [(wrt: String, program: GradientProgram)] {
    guard !gradient.isEmpty else {
      throw CommandError.wrongInput(
        "--gradient: the program is missing, as in --gradient @code.py:gradient")
    }
    guard gradient.count == derivative.names.count else {
      throw CommandError.wrongInput(
        "--gradient: \(gradient.count) programs for \(derivative.names.count) variables; one "
          + "--gradient for each --wrt would do")
    }
    return try zip(derivative.names, gradient).map { ($0, try GradientProgram($1)) }
  }

  // MARK: Answers

  private func write(_ reports: [ImplementationReport]) throws {
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
    guard let plot else { return }
    for report in reports {
      guard let drawing = RemainderPlot(report) else {
        throw CommandError.wrongInput(
          "--plot \(plot): there are no values near the first point; another --seed would do")
      }
      try TextFile.write(drawing.svg, to: path(plot, for: report, among: reports.count))
    }
  }

  /// `remainder.svg`, or where there are several `remainder-W.svg`.
  private func path(_ path: String, for report: ImplementationReport, among count: Int) -> String {
    guard count > 1 else { return path }
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    return path[..<dot] + "-\(report.wrt)" + path[dot...]
  }
}
