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

    /// The multiplications from which on a product of matrices of floats is one in single precision:
    /// less does not repay copies of what is not stored as floats.
    var smallestSingleProduct = 1 << 15
    /// The entries from which on a matrix between passes is stored as floats.
    var smallestNarrowMatrix = 1 << 12

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
    try self.init(ProgramValues(listing, sizes: sizes, options: options), options: options)
  }

  init(_ values: ProgramValues, options: Options) throws(EvaluationError) {
    let inputs = values.inputs.count
    let planner: Planner
    if options.isBlocked, let following = values.following,
      case let plan = Planner(following, inputs: inputs, options: options),
      plan.schedule.blocking.followsMaxima
    {
      planner = plan
    } else {
      planner = Planner(values.narrowing, inputs: inputs, options: options)
    }
    let limit = options.memoryLimit ?? (Machine.memory ?? 8 << 30) / 5 * 4
    // The caller has the memory of the outputs, which is part of what a call needs.
    let parts = max(planner.division.parts, planner.width)
    let own = planner.storage.size + parts * planner.storage.partSize
    let bytes = values.outputs.reduce(8 * own) {
      $0 + options.precision.byteCount * $1.count
    }
    guard bytes < limit else { throw .memoryLimit(bytes: bytes, limit: limit) }
    if let threads = options.threads {
      values.library?.threads = planner.division.multiplies || planner.width > 1 ? 1 : threads
    }
    precision = options.precision
    variables = values.variables
    self.inputs = values.inputs
    outputs = values.outputs
    plan = Plan(
      planner, inputCount: inputs, outputCount: outputs.count, spelling: values.spelling,
      library: values.library, options: options)
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
