import Compilation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// Asks how long one call of a compiled program takes.
public struct BenchmarkRequest: Sendable {
  /// Gradients and Hessians are computed together with the value.
  public enum Task: Hashable, Sendable {
    case value
    case gradient(String)
    case hvp(String)
    case hessian(String)
    case jacobian(String)
  }

  public var declarations: [String]
  public var input: String
  public var task: Task
  /// The matrix of each variable; what is missing is drawn at random.
  public var data: [String: Matrix] = [:]
  /// Of the dimensions that no data fix.
  public var sizes: [String: Int] = [:]
  /// Of BLAS.
  public var threads = 1
  /// The seconds to measure for.
  public var duration = 0.5
  /// In bytes; nil for 80 % of the machine's memory.
  public var memoryLimit: Int?
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(_ input: String, task: Task, declarations: [String] = []) {
    self.declarations = declarations
    self.input = input
    self.task = task
  }

  /// Compiles and measures.
  ///
  /// Throws as `CompilationRequest.answer()` does, and where the data do not fit.
  public func answer() throws(FrechetError) -> BenchmarkReport {
    try limited(to: timeLimit) { _ throws(FrechetError) in try measured() }
  }

  private func measured() throws(FrechetError) -> BenchmarkReport {
    let read = try Parts.read(input, declarations: declarations)
    let sizes = try Parts.sizes(of: read, data, given: sizes)
    var options = Program.Options()
    options.threads = threads
    options.memoryLimit = memoryLimit
    // The library is opened once in a process: that is no part of compiling.
    Program.openLibrary()
    let clock = ContinuousClock()
    let start = clock.now
    let tasks = task.tasks
    let typed = Parts.read(input, declarations: declarations, ordered: read, by: sizes)
    let compiled = try CompiledProgram(typed, tasks, sizes: sizes, options: options)
    let program = compiled.program
    let compileTime = start.duration(to: clock.now)
    var generator = SplitMix64(seed: 1)
    var inputs: [UnsafeMutableBufferPointer<Double>] = []
    var outputs: [UnsafeMutableBufferPointer<Double>] = []
    defer { for buffer in inputs + outputs { buffer.deallocate() } }
    for argument in program.inputs {
      let matrix: Matrix
      if let given = data[argument.name] {
        matrix = given
      } else {
        let variable = typed.variables.first { $0.name == argument.name }
        matrix = RandomData.matrix(
          argument.rows, argument.columns, variable?.type ?? .matrix, variable?.sign ?? .any,
          using: &generator)
      }
      guard matrix.rows == argument.rows, matrix.columns == argument.columns else {
        throw .evaluation(
          "\(argument.name): the data are \(matrix.size); "
            + "a \(argument.rows)×\(argument.columns) matrix would do")
      }
      let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: matrix.count)
      _ = buffer.initialize(from: matrix.values)
      inputs.append(buffer)
    }
    for argument in program.outputs { outputs.append(.allocate(capacity: argument.count)) }
    do {
      let measurement = try Measurement(
        program, inputs.map { UnsafeBufferPointer($0) }, outputs, duration: duration)
      let last = program.outputs.count - 1
      let result = Matrix(
        rows: program.outputs[last].rows, columns: program.outputs[last].columns,
        values: Array(outputs[last]))
      return BenchmarkReport(
        task: task, sizes: sizes, measurement: measurement,
        compileSeconds: compileTime / .seconds(1), program: program, threads: threads,
        result: result ?? Matrix.zeros(0, 0))
    } catch {
      throw FrechetError(error)
    }
  }
}

extension BenchmarkRequest.Task {
  public var name: String {
    switch self {
    case .value: "value"
    case .gradient: "gradient"
    case .hvp: "hvp"
    case .hessian: "hessian"
    case .jacobian: "jacobian"
    }
  }

  var tasks: [CompilationRequest.Task] {
    switch self {
    case .value: [.value]
    case .gradient(let x): [.value, .gradient(x)]
    case .hvp(let x): [.hvp(x)]
    case .hessian(let x): [.hessian(x)]
    case .jacobian(let x): [.jacobian(x)]
    }
  }
}

extension Parts {
  /// The sizes of the names of dimensions.
  static func sizes(
    of typed: TypedInput, _ data: [String: Matrix], given sizes: [String: Int]
  ) throws(FrechetError) -> [String: Int] {
    do {
      return try Evaluator.sizes(of: typed, data, given: sizes)
    } catch {
      throw .evaluation(error.description)
    }
  }
}

/// Times of calls, in seconds.
struct Measurement {
  var first: Double
  var median: Double
  var minimum: Double
  var runs: Int

  /// Calls shorter than the clock's steps are timed several at once.
  private static let batchTime = 2e-5

  init(
    _ program: Program, _ inputs: [UnsafeBufferPointer<Double>],
    _ outputs: [UnsafeMutableBufferPointer<Double>], duration: Double
  ) throws(EvaluationError) {
    let workspace = program.makeWorkspace()
    let clock = ContinuousClock()
    func time(_ count: Int) throws(EvaluationError) -> Double {
      let start = clock.now
      for _ in 0..<count { try program.run(inputs: inputs, outputs: outputs, in: workspace) }
      return start.duration(to: clock.now) / .seconds(1)
    }
    first = try time(1)
    let warm = Swift.min(try time(1), try time(1))
    let batch = Swift.max(1, Int(Self.batchTime / Swift.max(warm, 1e-9)))
    var samples: [Double] = []
    let begin = clock.now
    repeat {
      samples.append(try time(batch) / Double(batch))
    } while samples.count < 3
      || begin.duration(to: clock.now) / .seconds(1) < duration && samples.count < 100_000
    samples.sort()
    median = samples[samples.count / 2]
    minimum = samples[0]
    runs = samples.count * batch
  }
}
