import CKernels
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
    /// Of BLAS; for the whole process, where it is given.
    public var threads: Int?

    public init() {}
  }

  /// The variables that the program reads, in the order of its inputs.
  public let inputs: [Argument]
  /// In the order in which they were asked for.
  public let outputs: [Argument]
  /// The names of all variables, those that the program does not read included.
  private let variables: [String]
  let plan: Plan

  /// Compiles a listing.
  ///
  /// - Parameter sizes: of every dimension that the listing names.
  ///
  /// Throws `unknownSize`, `invalidSize`, and `memoryLimit` before anything is allocated.
  public init(
    _ listing: Listing, sizes: [String: Int], options: Options = Options()
  ) throws(EvaluationError) {
    let library = DenseLibrary.shared
    if let threads = options.threads { library?.threads = threads }
    var fast = listing.withFastProducts(keepsKronecker: true) { sizes[$0] }
    if library != nil { fast = fast.withSharedFactorizations(triangular: false) }
    var elementary = Elementary(
      fast, sizes: sizes, layouts: options.layouts, hasLibrary: library != nil)
    let asked = try elementary.run()
    let (builder, outputs) = Folding.run(elementary.builder, outputs: asked)
    let variables = elementary.variables
    let planner = Planner(
      builder, outputs: outputs, inputs: variables.count,
      blockBytes: options.isBlocked ? options.blockBytes : nil)
    let limit = options.memoryLimit ?? Self.machineMemory / 5 * 4
    // The caller has the memory of the outputs, which is part of what a call needs.
    let entries = outputs.reduce(planner.storage.size) { $0 + builder.values[$1].count }
    guard entries < limit / 8 else { throw .memoryLimit(bytes: 8 * entries, limit: limit) }
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
      refusesRepeatedEigenvalues: options.refusesRepeatedEigenvalues)
  }

  private static func size(
    _ dimension: Dim, _ sizes: [String: Int], _ variable: Variable
  ) throws(EvaluationError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .unknownSize(Place(text: variable.name), dimension: dimension)
    }
    return value
  }

  /// The memory for calls, one at a time.
  public func makeWorkspace() -> Workspace { Workspace(plan) }

  /// The bytes of a workspace.
  public var workspaceBytes: Int { 8 * (plan.arenaSize + plan.scratchSize) }
}

// MARK: - Calls

extension Program {
  /// Runs on the caller's memory, without copies.
  ///
  /// `inputs` and `outputs` are in the program's order, each with its number of entries; an output
  /// must not overlap an input or another output. Throws `malformed` where they do not fit, and
  /// `linearAlgebra` with the expression that has no value; the workspace stays usable.
  public func run(
    inputs: [UnsafeBufferPointer<Double>], outputs: [UnsafeMutableBufferPointer<Double>],
    in workspace: Workspace
  ) throws(EvaluationError) {
    guard workspace.plan === plan else {
      throw .malformed(Place(text: "run"), reason: "the workspace is of another program")
    }
    guard inputs.count == self.inputs.count, outputs.count == self.outputs.count else {
      throw .malformed(
        Place(text: "run"),
        reason: "\(inputs.count) inputs and \(outputs.count) outputs were given; the program has "
          + "\(self.inputs.count) and \(self.outputs.count)")
    }
    for index in 0..<inputs.count {
      guard inputs[index].count == self.inputs[index].count,
        let base = inputs[index].baseAddress
      else { throw misfit(self.inputs[index], inputs[index].count) }
      guard !self.inputs[index].layout.isSinglePrecision else {
        throw .malformed(
          Place(text: self.inputs[index].name),
          reason: "doubles were given; the program is compiled for floats")
      }
      workspace.spaces[1 + index] = UnsafeMutablePointer(mutating: base)
    }
    try run(outputs, in: workspace)
  }

  /// Where the inputs are set already.
  private func run(
    _ outputs: [UnsafeMutableBufferPointer<Double>], in workspace: Workspace
  ) throws(EvaluationError) {
    for index in 0..<outputs.count {
      guard outputs[index].count == self.outputs[index].count,
        let base = outputs[index].baseAddress
      else { throw misfit(self.outputs[index], outputs[index].count) }
      workspace.spaces[1 + inputs.count + index] = base
    }
    try workspace.run()
  }

  private func start(
    of array: MappedArray, for input: Argument
  ) throws(EvaluationError) -> UnsafeMutablePointer<Double>? {
    guard array.rows == input.rows, array.columns == input.columns else {
      throw .wrongShape(
        name: input.name, expected: Shape(.literal(input.rows), .literal(input.columns)),
        got: array.size, sizes: [:])
    }
    guard array.layout == input.layout else {
      throw .malformed(
        Place(text: input.name),
        reason: "the array has another layout than the one the program is compiled for")
    }
    // Programs only read their inputs, floats as such.
    return UnsafeMutableRawPointer(mutating: array.bytes.baseAddress)?
      .assumingMemoryBound(to: Double.self)
  }

  private func misfit(_ argument: Argument, _ count: Int) -> EvaluationError {
    .malformed(
      Place(text: argument.name),
      reason: "\(count) entries were given; a \(argument.rows)×\(argument.columns) matrix has "
        + "\(argument.count)")
  }

  /// Runs on matrices by name.
  ///
  /// Throws `missingVariable`, `unknownVariable`, `malformed` where a size is another one,
  /// `notANumber`, and what `run` throws.
  public func callAsFunction(_ matrices: [String: Matrix]) throws(EvaluationError) -> [Matrix] {
    try evaluate(matrices, in: makeWorkspace()).matrices
  }

  /// The outputs, and what makes them less certain than they look.
  ///
  /// - Parameter arrays: Variables that are read from files, in the layouts that the program was
  ///   compiled for. Whether an entry is not a number is not looked for in these.
  public func evaluate(
    _ matrices: [String: Matrix], arrays: [String: MappedArray] = [:], in workspace: Workspace
  ) throws(EvaluationError) -> (matrices: [Matrix], warnings: [EvaluationWarning]) {
    var buffers: [UnsafeBufferPointer<Double>] = []
    var targets: [UnsafeMutableBufferPointer<Double>] = []
    defer {
      for buffer in buffers { buffer.deallocate() }
      for target in targets { target.deallocate() }
    }
    for name in (Array(matrices.keys) + arrays.keys).sorted() where !variables.contains(name) {
      throw .unknownVariable(name: name, known: variables)
    }
    for (position, input) in inputs.enumerated() {
      if let array = arrays[input.name] {
        workspace.spaces[1 + position] = try start(of: array, for: input)
        continue
      }
      guard let matrix = matrices[input.name] else {
        throw .missingVariable(
          name: input.name, expected: Shape(.literal(input.rows), .literal(input.columns)))
      }
      guard matrix.rows == input.rows, matrix.columns == input.columns else {
        throw .wrongShape(
          name: input.name, expected: Shape(.literal(input.rows), .literal(input.columns)),
          got: matrix.size, sizes: [:])
      }
      guard input.layout == Layout() || matrix.rows == 1 || matrix.columns == 1,
        !input.layout.isSinglePrecision
      else {
        throw .malformed(
          Place(text: input.name),
          reason: "a matrix was given; the program is compiled for an array of another layout")
      }
      guard !matrix.values.contains(where: \.isNaN) else { throw .notANumber(name: input.name) }
      let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: matrix.count)
      _ = buffer.initialize(from: matrix.values)
      buffers.append(UnsafeBufferPointer(buffer))
      workspace.spaces[1 + position] = buffer.baseAddress
    }
    for output in outputs { targets.append(.allocate(capacity: output.count)) }
    try withExtendedLifetime(arrays) { () throws(EvaluationError) in
      try run(targets, in: workspace)
    }
    let results = zip(outputs, targets).compactMap { output, target in
      Matrix(rows: output.rows, columns: output.columns, values: Array(target))
    }
    let warnings = workspace.warnings.map { warning in
      EvaluationWarning.nearlySingular(
        Place(text: plan.spelling.text(warning.origin)),
        reciprocalCondition: warning.reciprocalCondition)
    }
    return (results, warnings)
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

extension Program {
  /// The bytes of the machine's memory.
  static var machineMemory: Int { fk_physical_memory() > 0 ? Int(fk_physical_memory()) : 1 << 33 }
}
