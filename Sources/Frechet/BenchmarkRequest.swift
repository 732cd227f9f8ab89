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
  /// Of a Hessian-vector product; drawn at random without one.
  public var direction: Matrix?
  /// Of the dimensions that no data fix.
  public var sizes: [String: Int] = [:]
  /// Of the data and the results.
  public var precision = Precision.double
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
    options.precision = precision
    // The library is opened once in a process: that is no part of compiling.
    Program.openLibrary()
    let clock = ContinuousClock()
    let start = clock.now
    let tasks = task.tasks
    let typed = Parts.read(input, declarations: declarations, ordered: read, by: sizes)
    let compiled = try CompiledProgram(typed, tasks, sizes: sizes, options: options)
    let program = compiled.program
    let compileTime = start.duration(to: clock.now)
    let matrices = try matrices(of: compiled, typed)
    do {
      let (measurement, result) =
        switch precision {
        case .double: try measured(program, matrices, { $0 }, { $0 }, program.run)
        case .float: try measured(program, matrices, { Float($0) }, { Double($0) }, program.run)
        }
      return BenchmarkReport(
        task: task, sizes: sizes, measurement: measurement,
        compileSeconds: compileTime / .seconds(1), program: program, threads: threads,
        result: result)
    } catch {
      throw FrechetError(error)
    }
  }

  /// The data, and random matrices for what is missing, in the order of the inputs.
  private func matrices(
    of compiled: CompiledProgram, _ typed: TypedInput
  ) throws(FrechetError) -> [Matrix] {
    var generator = SplitMix64(seed: 1)
    var result: [Matrix] = []
    for argument in compiled.program.inputs {
      let isDirection = argument.name == compiled.direction
      if let given = isDirection ? direction : data[argument.name] {
        guard given.rows == argument.rows, given.columns == argument.columns else {
          throw .evaluation(
            "the direction: it is \(given.size), and "
              + "\(MatrixSize(argument.rows, argument.columns)) is expected, that of the variable")
        }
        guard !given.values.contains(where: \.isNaN) else {
          throw FrechetError(EvaluationError.notANumber(name: argument.name))
        }
        result.append(given)
        continue
      }
      let variable = typed.variables.first { $0.name == argument.name }
      result.append(
        RandomData.matrix(
          argument.rows, argument.columns, variable?.type ?? .matrix, variable?.sign ?? .any,
          using: &generator))
    }
    return result
  }

  /// Times of calls on memory of one type of numbers, and the last output.
  private func measured<Number>(
    _ program: Program, _ matrices: [Matrix], _ rounded: (Double) -> Number,
    _ widened: (Number) -> Double,
    _ run: (
      [UnsafeBufferPointer<Number>], [UnsafeMutableBufferPointer<Number>], Program.Workspace
    ) throws(EvaluationError) -> Void
  ) throws(EvaluationError) -> (Measurement, Matrix) {
    var buffers: [UnsafeMutableBufferPointer<Number>] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    for matrix in matrices {
      let buffer = UnsafeMutableBufferPointer<Number>.allocate(capacity: matrix.count)
      _ = buffer.initialize(from: matrix.values.lazy.map(rounded))
      buffers.append(buffer)
    }
    for output in program.outputs { buffers.append(.allocate(capacity: output.count)) }
    let inputs = buffers.prefix(matrices.count).map { UnsafeBufferPointer($0) }
    let outputs = Array(buffers.dropFirst(matrices.count))
    let workspace = program.makeWorkspace()
    let measurement = try Measurement(duration: duration) { () throws(EvaluationError) in
      try run(inputs, outputs, workspace)
    }
    guard let last = program.outputs.last, let entries = outputs.last else {
      return (measurement, Matrix.zeros(0, 0))
    }
    let result = Matrix(rows: last.rows, columns: last.columns) {
      widened(entries[$0 + $1 * last.rows])
    }
    return (measurement, result)
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
    duration: Double, _ call: () throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    let clock = ContinuousClock()
    func time(_ count: Int) throws(EvaluationError) -> Double {
      let start = clock.now
      for _ in 0..<count { try call() }
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
