import ArgumentParser
import Frechet

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure one call of a compiled value or derivative.",
    discussion: """
      Prints JSON. Without data, --size gives the dimensions and the data are random.

      EXAMPLES
        frechet bench "norm2(X*w - y)^2" --task gradient --wrt w --data X=X.npy --data w=w.npy --data y=y.npy
        frechet bench "x'*A*x" --task hessian --wrt x --size n=100
        frechet bench "sum(log(1 + exp(X*w)))" --task hvp --wrt w --size m=1000 --size n=20 --verbose
      """)

  enum Task: String, CaseIterable, ExpressibleByArgument {
    case value, gradient, hvp, hessian, jacobian
  }

  @OptionGroup var input: InputOptions

  @Option(help: "What is computed; gradients and Hessians together with the value.")
  var task = Task.value

  @Option(help: ArgumentHelp("The variable of differentiation.", valueName: "name"))
  var wrt: [String] = []

  @Option(
    help: ArgumentHelp(
      "The matrix of a variable: x=x.npy, x=x.csv, or a number, a=0.5. Repeatable.",
      valueName: "name=value"))
  var data: [String] = []

  @Option(
    help: ArgumentHelp("The size of a dimension, n=100. Repeatable.", valueName: "name=integer"))
  var size: [String] = []

  @Option(
    help: ArgumentHelp(
      "The direction of a Hessian-vector product, a file; random without it.", valueName: "file"))
  var along: String?

  @Option(
    help: ArgumentHelp("The threads of large operations, BLAS's included.", valueName: "count"))
  var threads = 1

  @Option(
    help: ArgumentHelp(
      "The type of data and results, double or float: large products of matrices too.",
      valueName: "type"))
  var dtype = Precision.double

  @Option(help: ArgumentHelp("The seconds to measure for.", valueName: "seconds"))
  var duration = 0.5

  @Option(
    help: ArgumentHelp(
      "The most memory that a program may use, 80 % of the machine's by default.",
      valueName: "GiB"))
  var memoryLimit: Double?

  @Option(
    help: ArgumentHelp("Write the result as result.npy into a folder.", valueName: "folder"))
  var out: String?

  @Flag(help: "Prints the plan on standard error.")
  var verbose = false

  func run() throws {
    if let memoryLimit, !(memoryLimit > 0 && memoryLimit < 1e6) {
      throw CommandError.wrongInput("--memory-limit \(memoryLimit): 4 would do")
    }
    guard threads >= 1 else {
      throw CommandError.wrongInput("--threads \(threads): at least 1 would do")
    }
    var request = BenchmarkRequest(
      try input.source(), task: try benchmarkTask(), declarations: input.declare)
    request.data = try NamedMatrix.all(data, option: "--data", precision: dtype)
    if let along {
      guard task == .hvp else {
        throw CommandError.wrongInput("--along \(along): --task hvp has a direction, no other")
      }
      request.direction =
        try NamedMatrix("direction=\(along)", option: "--along", precision: dtype).matrix
    }
    request.precision = dtype
    request.sizes = try NamedSize.table(size)
    request.threads = threads
    request.duration = duration
    request.memoryLimit = memoryLimit.map { Int($0 * 1_073_741_824) }
    request.timeLimit = input.timeLimit
    let report = try request.answer()
    if verbose { StandardStreams.writeError(report.plan) }
    if let out {
      try Folder.create(out)
      do throws(FileError) {
        try NPY.write(report.result, precision: dtype, path: "\(out)/result.npy")
      } catch {
        throw CommandError.wrongInput(error.description)
      }
    }
    try StandardStreams.write(report.json.text() + "\n")
  }

  private func benchmarkTask() throws -> BenchmarkRequest.Task {
    if task == .value { return .value }
    guard wrt.count == 1, let variable = wrt.first else {
      throw CommandError.wrongInput("--task \(task.rawValue): --wrt with one variable would do")
    }
    switch task {
    case .value: return .value
    case .gradient: return .gradient(variable)
    case .hvp: return .hvp(variable)
    case .hessian: return .hessian(variable)
    case .jacobian: return .jacobian(variable)
    }
  }
}
