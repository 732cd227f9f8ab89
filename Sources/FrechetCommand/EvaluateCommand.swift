import ArgumentParser
import Frechet

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate an expression and its derivatives on real data.",
    discussion: """
      EXAMPLES
        frechet evaluate "x'*A*x" --data A=A.npy --data x=x.npy --gradient x
        frechet evaluate "a*norm2(x)" --data a=0.5 --data x=x.csv --hessian x
        frechet evaluate "inv(X)" --data X=X.npy --jvp X=V.npy --out results
        frechet evaluate "tanh(A*x)" --data A=A.npy --data x=x.npy --vjp x=u.npy

      An entry that is infinite or not a number (log(0), a/0) is a value as any other; a note on
      standard error says where it arises.
      """)

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "The matrix of a variable: x=x.npy, x=x.csv, or a number, a=0.5. Repeatable.",
      valueName: "name=value"))
  var data: [String] = []

  @Option(
    help: ArgumentHelp(
      "The gradient with respect to a variable, or several: x,y.", valueName: "name"))
  var gradient: [String] = []

  @Option(help: ArgumentHelp("The Jacobian, of vec by vec.", valueName: "name"))
  var jacobian: [String] = []

  @Option(help: ArgumentHelp("The Hessian, with respect to vec.", valueName: "name"))
  var hessian: [String] = []

  @Option(
    help: ArgumentHelp("The derivative along a matrix, X=V.npy.", valueName: "name=value"))
  var jvp: [String] = []

  @Option(
    help: ArgumentHelp(
      "The gradient of the inner product with a matrix, X=U.npy.", valueName: "name=value"))
  var vjp: [String] = []

  @Option(
    help: ArgumentHelp(
      "The derivative of the gradient along a matrix, X=V.npy.", valueName: "name=value"))
  var hvp: [String] = []

  @Option(
    help: ArgumentHelp("Write value.npy, gradient-X.npy … into a folder.", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "The memory, in GiB, that Hessians and Jacobians may take together, and every matrix on the "
        + "way. A quarter of the machine's without it. A larger .npy file is read where it is used.",
      valueName: "GiB"))
  var memoryLimit: Double?

  @Option(
    help: ArgumentHelp(
      "The type of data and results, double or float. With float, .npy files must not be float64; "
        + "large products of matrices are in single precision then.", valueName: "type"))
  var dtype = Precision.double

  @Option(help: ArgumentHelp("How the answer is written.", valueName: "format"))
  var format = ShapesCommand.Format.text

  func validate() throws {
    guard let memoryLimit else { return }
    guard memoryLimit > 0, memoryLimit < 1e9 else {
      throw ValidationError("--memory-limit: \(memoryLimit) is no amount of memory; 4 would do.")
    }
  }

  private var limit: MemoryLimit {
    memoryLimit.map { MemoryLimit(bytes: Int($0 * 1_073_741_824)) } ?? .standard
  }

  func run() throws {
    let source = try input.source()
    // Results in single precision ask for data that are rounded first.
    let (arrays, others) = try NamedMatrix.filesLeft(
      in: data, above: dtype == .double ? limit.bytes : .max, option: "--data")
    let matrices = try NamedMatrix.all(others, option: "--data", precision: dtype)
    if let name = arrays.keys.sorted().first(where: { matrices[$0] != nil }) {
      throw CommandError.wrongInput("--data \(name)=…: \(name) is given twice")
    }
    var request = EvaluationRequest(
      source, data: matrices, quantities: try quantities(), declarations: input.declare,
      memoryLimit: limit, timeLimit: input.timeLimit)
    request.arrays = arrays
    request.precision = dtype
    let report = try request.answer()
    if let out { try write(report, into: out) }
    switch format {
    case .text:
      if out == nil { try StandardStreams.write(report.text()) }
      writeNotes(report.notes)
    case .json:
      try StandardStreams.write(report.json.text() + "\n")
    }
  }

  private func quantities() throws -> [EvaluationRequest.Quantity] {
    var result = try names(gradient, "--gradient").map { EvaluationRequest.Quantity.gradient($0) }
    result += try names(jacobian, "--jacobian").map { .jacobian($0) }
    result += try names(hessian, "--hessian").map { .hessian($0) }
    for argument in jvp {
      let direction = try NamedMatrix(argument, option: "--jvp", precision: dtype)
      result.append(.jvp(direction.name, along: direction.matrix))
    }
    for argument in vjp {
      let cotangent = try NamedMatrix(argument, option: "--vjp", precision: dtype)
      result.append(.vjp(cotangent.name, with: cotangent.matrix))
    }
    for argument in hvp {
      let direction = try NamedMatrix(argument, option: "--hvp", precision: dtype)
      result.append(.hvp(direction.name, along: direction.matrix))
    }
    return result
  }

  /// `x,y` names two variables.
  private func names(_ values: [String], _ option: String) throws(CommandError) -> [String] {
    let names = variableNames(in: values)
    if names.contains("") {
      throw .wrongInput("\(option): the name of a variable is missing, as in \(option) x.")
    }
    return names
  }

  private func write(_ report: EvaluationReport, into folder: String) throws {
    try Folder.create(folder)
    do throws(FileError) {
      try NPY.write(report.value, precision: dtype, path: "\(folder)/value.npy")
      for entry in report.entries {
        let file = "\(entry.quantity.name)-\(entry.quantity.variable).npy"
        try NPY.write(entry.matrix, precision: dtype, path: "\(folder)/\(file)")
      }
    } catch {
      throw CommandError.wrongInput(error.description)
    }
  }
}
