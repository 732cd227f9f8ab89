import ArgumentParser
import Frechet

extension Layout: ExpressibleByArgument {}
extension SymmetricConvention: ExpressibleByArgument {}
extension Metric: ExpressibleByArgument {}
extension Form: ExpressibleByArgument {}
extension StepDetail: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {
  /// NumPy's words do as well.
  public init?(argument: String) {
    guard
      let precision = Self.allCases.first(where: {
        [$0.rawValue, $0.typeName].contains(argument)
      })
    else { return nil }
    self = precision
  }
}

/// What every command has: the input and what is declared of it.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Definitions and an expression, `@file`, or `-` for standard input.", valueName: "INPUT"))
  var input: String

  @Option(
    name: .customLong("declare"),
    help: ArgumentHelp(
      "A declaration, such as 'A: symmetric(n)'. Repeatable.", valueName: "declaration"))
  var declarations: [String] = []

  @Option(
    name: .customLong("assume"),
    help: ArgumentHelp(
      "An order of sizes, such as 'p < n': inverses and determinants are written small. Repeatable.",
      valueName: "relation"))
  var assumptions: [String] = []

  /// What is declared and assumed.
  var declare: [String] { declarations + assumptions }

  @Option(help: ArgumentHelp("The time that is allowed.", valueName: "seconds"))
  var timeLimit = 10.0

  func validate() throws {
    guard timeLimit > 0, timeLimit.isFinite else {
      throw ValidationError("--time-limit: \(timeLimit) is no time; 10 would do.")
    }
  }

  /// The text of the input. The clock runs from here on.
  func source() throws -> String {
    let text = try SourceReader.text(of: input)
    Watchdog.start(seconds: timeLimit)
    return text
  }
}

/// How a derivative is laid out, structured and written.
struct DerivativeArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The variable of differentiation. Repeatable, or several: x,y.", valueName: "name"))
  var wrt: [String] = []

  @Option(
    help: ArgumentHelp(
      "1, or 2 for the Hessian (with several variables: each block); 3 to 8 for the map of several "
        + "directions.", valueName: "order"))
  var order = 1

  @Option(help: ArgumentHelp("How a derivative is laid out.", valueName: "layout"))
  var layout = Layout.denominator

  @Option(
    help: ArgumentHelp(
      "The gradient of a symmetric matrix: projected to the symmetric matrices, or the textbook's "
        + "by entries.", valueName: "convention"))
  var symmetric = SymmetricConvention.projected

  @Option(
    help: ArgumentHelp("The metric of the manifold of a structured variable.", valueName: "metric"))
  var metric = Metric.euclidean

  @Flag(help: "Ignore the structure of the variable of differentiation.")
  var unstructured = false

  @Option(help: ArgumentHelp("How the result is written.", valueName: "form"))
  var form = Form.auto

  func validate() throws {
    guard order >= 1 else {
      throw ValidationError("--order: \(order) is no order of a derivative; 1 would do.")
    }
    try requireNames(wrt)
  }

  var names: [String] { variableNames(in: wrt) }

  var options: DerivativeOptions {
    var options = DerivativeOptions()
    options.order = order
    options.layout = layout
    options.symmetric = symmetric
    options.metric = metric
    options.unstructured = unstructured
    options.form = form
    return options
  }
}

/// The names of variables in the values of an option: `x,y` has two.
func variableNames(in values: [String]) -> [String] {
  values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
    .map { String($0.filter { !$0.isWhitespace }) }
}

func requireNames(_ values: [String]) throws(ValidationError) {
  guard !variableNames(in: values).contains("") else {
    throw ValidationError("--wrt: the name of a variable is missing, as in --wrt x.")
  }
}

/// Whether formulas are written as on paper or as they are typed.
enum NotationChoice: String, EnumerableFlag {
  case unicode, ascii

  static func help(for value: NotationChoice) -> ArgumentHelp? {
    switch value {
    case .unicode: "Write as on paper: (A + Aᵀ)x. The default on a terminal."
    case .ascii: "Write as it is typed: (A + A')*x. The default elsewhere."
    }
  }
}

extension ReportStyle {
  init(_ choice: NotationChoice?) {
    switch choice {
    case .unicode: self = .unicode
    case .ascii: self = .ascii
    case nil: self = StandardStreams.outputIsTerminal ? .unicode : .ascii
    }
  }
}
