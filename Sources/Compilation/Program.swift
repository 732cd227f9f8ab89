import Evaluation
import ExpressionCore
import Planning

/// A value and its derivatives, compiled for given sizes: instructions for BLAS, LAPACK and fused
/// kernels over buffers that are planned beforehand.
///
/// A program is a value that tasks may share. A call needs a workspace, which one call at a time
/// uses; with one at hand nothing is allocated.
public struct Program: Sendable {
  /// What a program reads or writes: a matrix, column by column.
  public struct Argument: Sendable {
    public let name: String
    public let rows: Int
    public let columns: Int
    public var layout = Layout()
    public var count: Int { rows * columns }
  }

  public struct Options: Sendable {
    /// Of inputs and outputs.
    public var precision = Precision.double
    /// In bytes; nil for 80 % of the machine's memory.
    public var memoryLimit: Int?
    /// Whether data with many rows is read once, in blocks, for all that is made of it.
    public var isBlocked = true
    /// Of what is computed of one block of rows: as much as stays in a second-level cache.
    public var blockBytes = Blocking.cacheSize
    /// Whether eigenvectors of repeated eigenvalues are an error: derivatives that depend on single
    /// ones need it.
    public var refusesRepeatedEigenvalues = false
    /// Of the variables whose entries are not doubles, column by column.
    public var layouts: [String: Layout] = [:]
    /// Whether the condition number of every matrix that something is divided by is estimated, and
    /// not only where its pivots differ a lot.
    public var estimatesEveryCondition = false
    /// Whether small operations alone are no reason to open BLAS and LAPACK, which takes
    /// milliseconds.
    public var opensLibraryWherePaid = false
    /// Of sweeps over samples, passes and products with vectors, one where it is not given; and of
    /// BLAS for the whole process, where it is given: one, where the threads of a sweep call it.
    public var threads: Int?

    /// Those of sweeps, passes and products with vectors.
    var ownThreads: Int { min(max(threads ?? 1, 1), 16) }

    public init() {}
  }

  /// The variables that the program reads, in the order of its inputs.
  public let inputs: [Argument]
  /// In the order in which they were asked for.
  public let outputs: [Argument]
  /// Of inputs and outputs.
  public let precision: Precision
  /// The names of all variables, those that the program does not read included.
  public let variables: [String]
  let plan: Plan

  /// Compiles a listing.
  ///
  /// - Parameter sizes: of every dimension that the listing names.
  ///
  /// Throws `unknownSize`, `invalidSize`, and `memoryLimit` before anything is allocated.
  public init(
    _ listing: Listing, sizes: [String: Int], options: Options = Options()
  ) throws(EvaluationError) {
    let fast = listing.withFastProducts(keepsKronecker: true) { sizes[$0] }
      .withSharedFactorizations(ofLogarithms: true) { !$0.triangularFactors($1).isEmpty }
    var elementary = Elementary(
      fast, sizes: sizes, layouts: options.layouts, precision: options.precision)
    let asked = try elementary.run()
    let repays = elementary.builder.values.contains { $0.repaysLibrary(elementary.builder.values) }
    let library = options.opensLibraryWherePaid && !repays ? nil : DenseLibrary.shared
    var (builder, outputs) = Folding.run(elementary.builder, outputs: asked)
    let variables = elementary.variables
    let planner: Planner
    if options.isBlocked, let (values, results) = RunningMaximum.run(builder, outputs: outputs),
      case let plan = Self.plan(Folding.run(values, outputs: results), variables.count, options),
      plan.planner.schedule.blocking.followsMaxima
    {
      (builder, outputs, planner) = plan
    } else {
      (builder, outputs, planner) = Self.plan((builder, outputs), variables.count, options)
    }
    let limit = options.memoryLimit ?? (Machine.memory ?? 8 << 30) / 5 * 4
    // The caller has the memory of the outputs, which is part of what a call needs.
    let parts = max(planner.division.parts, planner.width)
    let own = planner.storage.size + parts * planner.storage.partSize
    let bytes = outputs.reduce(8 * own) {
      $0 + options.precision.byteCount * builder.values[$1].count
    }
    guard bytes < limit else { throw .memoryLimit(bytes: bytes, limit: limit) }
    if let threads = options.threads {
      library?.threads = planner.division.multiplies || planner.width > 1 ? 1 : threads
    }
    precision = options.precision
    self.variables = fast.variables.map(\.name)
    inputs = try variables.map { variable throws(EvaluationError) in
      let variable = fast.variables[variable]
      return Argument(
        name: variable.name, rows: try Self.size(variable.shape.rows, sizes, variable),
        columns: try Self.size(variable.shape.columns, sizes, variable),
        layout: options.layouts[variable.name] ?? Layout())
    }
    self.outputs = zip(fast.outputs, outputs).map { output, value in
      Argument(
        name: output.role.name, rows: builder.values[value].rows,
        columns: builder.values[value].columns)
    }
    plan = Plan(
      planner, inputCount: variables.count, outputCount: outputs.count, spelling: Spelling(fast),
      library: library, options: options)
  }

  private static func plan(
    _ values: (builder: ValueBuilder, outputs: [Int]), _ inputs: Int, _ options: Options
  ) -> (builder: ValueBuilder, outputs: [Int], planner: Planner) {
    var (builder, outputs) = values
    if options.precision == .float { (builder, outputs) = Widening.run(builder, outputs: outputs) }
    let planner = Planner(builder, outputs: outputs, inputs: inputs, options: options)
    return (builder, outputs, planner)
  }

  private static func size(
    _ dimension: Dim, _ sizes: [String: Int], _ variable: Variable
  ) throws(EvaluationError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .unknownSize(Place(text: variable.name), dimension: dimension)
    }
    return value
  }
}

extension Listing.Role {
  /// `value`, `gradient X`.
  public var name: String {
    switch self {
    case .value: "value"
    case .gradient(let x): "gradient \(x)"
    case .derivative(let x): "derivative \(x)"
    case .jacobian(let x): "jacobian \(x)"
    case .hessian(let x, let y): "hessian \(x) \(y)"
    case .product(let x, let direction): "product \(x) \(direction)"
    }
  }
}
