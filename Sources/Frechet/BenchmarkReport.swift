import Compilation
import Evaluation

/// How long a call takes, and what it does.
public struct BenchmarkReport: Sendable {
  public let task: BenchmarkRequest.Task
  public let sizes: [String: Int]
  public let medianSeconds: Double
  public let minimumSeconds: Double
  /// The first call, for which no memory is in a cache.
  public let firstSeconds: Double
  public let runs: Int
  /// To derive and to compile.
  public let compileSeconds: Double
  public let operations: Int
  /// Of the inputs and outputs.
  public let bytes: Int
  public let workspaceBytes: Int
  public let threads: Int
  public let precision: Precision
  /// The words of the library on itself; nil where there is none.
  public let blas: String?
  /// The processor that BLAS takes this machine for.
  public let core: String?
  /// The instructions, one a line.
  public let plan: String
  /// The last output: the derivative, or the value.
  public let result: Matrix

  init(
    task: BenchmarkRequest.Task, sizes: [String: Int], measurement: Measurement,
    compileSeconds: Double, program: Program, threads: Int, result: Matrix
  ) {
    self.result = result
    self.task = task
    self.sizes = sizes
    medianSeconds = measurement.median
    minimumSeconds = measurement.minimum
    firstSeconds = measurement.first
    runs = measurement.runs
    self.compileSeconds = compileSeconds
    operations = program.operations
    bytes = program.dataBytes
    workspaceBytes = program.workspaceBytes
    self.threads = threads
    precision = program.precision
    blas = Program.libraryVersion
    core = Program.libraryCore
    plan = program.planText
  }

  public var json: JSON {
    .object([
      ("task", .string(task.name)),
      ("sizes", .object(sizes.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
      ("median_s", .number(medianSeconds)), ("min_s", .number(minimumSeconds)),
      ("first_s", .number(firstSeconds)), ("runs", .integer(runs)),
      ("compile_s", .number(compileSeconds)), ("flops", .integer(operations)),
      ("bytes", .integer(bytes)), ("workspace_bytes", .integer(workspaceBytes)),
      ("threads", .integer(threads)), ("dtype", .string(precision.rawValue)),
      ("blas", blas.map { .string($0) } ?? .null),
      ("coretype", core.map { .string($0) } ?? .null),
    ])
  }
}
