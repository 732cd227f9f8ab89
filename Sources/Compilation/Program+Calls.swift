import Evaluation
import ExpressionCore

extension Program {
  /// The memory for calls, one at a time.
  public func makeWorkspace() -> Workspace { Workspace(plan) }

  /// The bytes of a workspace.
  public var workspaceBytes: Int { 8 * (plan.arenaSize + plan.scratchSize) }

  // MARK: - The caller's memory

  /// Runs on the caller's memory, without copies and without allocating.
  ///
  /// `inputs` and `outputs` are in the program's order, each with its number of entries, column by
  /// column; an output must not overlap an input or another output. Throws `malformed` where they do
  /// not fit, and `linearAlgebra` with the expression that has no value; the workspace stays usable.
  public func run(
    inputs: [UnsafeBufferPointer<Double>], outputs: [UnsafeMutableBufferPointer<Double>],
    in workspace: Workspace
  ) throws(EvaluationError) {
    try bind(inputs, outputs, .double, in: workspace)
    try workspace.run()
  }

  /// The same for a program whose precision is `float`.
  public func run(
    inputs: [UnsafeBufferPointer<Float>], outputs: [UnsafeMutableBufferPointer<Float>],
    in workspace: Workspace
  ) throws(EvaluationError) {
    try bind(inputs, outputs, .float, in: workspace)
    try workspace.run()
  }

  private func bind<Number>(
    _ inputs: [UnsafeBufferPointer<Number>], _ outputs: [UnsafeMutableBufferPointer<Number>],
    _ precision: Precision, in workspace: Workspace
  ) throws(EvaluationError) {
    try require(precision, workspace)
    guard inputs.count == self.inputs.count, outputs.count == self.outputs.count else {
      throw .malformed(
        Place(text: "run"),
        reason: "\(inputs.count) inputs and \(outputs.count) outputs were given; the program has "
          + "\(self.inputs.count) and \(self.outputs.count)")
    }
    for index in 0..<inputs.count {
      try workspace.bind(
        1 + index, inputs[index].baseAddress, inputs[index].count, self.inputs[index])
    }
    for index in 0..<outputs.count {
      try workspace.bind(
        1 + inputs.count + index, outputs[index].baseAddress, outputs[index].count,
        self.outputs[index])
    }
  }

  private func require(
    _ precision: Precision, _ workspace: Workspace
  ) throws(EvaluationError) {
    guard workspace.plan === plan else {
      throw .malformed(Place(text: "run"), reason: "the workspace is of another program")
    }
    guard precision == self.precision else {
      throw .malformed(
        Place(text: "run"),
        reason: "\(precision.rawValue) numbers were given; the program was compiled for "
          + "\(self.precision.rawValue)")
    }
  }

  // MARK: - Matrices

  /// Runs on matrices by name.
  ///
  /// Throws `missingVariable`, `unknownVariable`, `wrongShape`, `notANumber`, and what `run` throws.
  public func callAsFunction(_ matrices: [String: Matrix]) throws(EvaluationError) -> [Matrix] {
    try evaluate(matrices, in: makeWorkspace()).matrices
  }

  /// The outputs, and what makes them less certain than they look. A program whose precision is
  /// `float` rounds the entries, and its results are floats.
  public func evaluate(
    _ matrices: [String: Matrix], in workspace: Workspace
  ) throws(EvaluationError) -> (matrices: [Matrix], warnings: [EvaluationWarning]) {
    let operands = try checked(matrices)
    let results =
      switch precision {
      case .double:
        try evaluate(operands, in: workspace, { $0 }, { $0 }, run)
      case .float:
        try evaluate(operands, in: workspace, { Float($0) }, { Double($0) }, run)
      }
    return (results, workspace.warnings)
  }

  private typealias Call<Number> = (
    [UnsafeBufferPointer<Number>], [UnsafeMutableBufferPointer<Number>], Workspace
  ) throws(EvaluationError) -> Void

  private func evaluate<Number>(
    _ operands: [Matrix], in workspace: Workspace, _ rounded: (Double) -> Number,
    _ widened: (Number) -> Double, _ run: Call<Number>
  ) throws(EvaluationError) -> [Matrix] {
    var buffers: [UnsafeMutableBufferPointer<Number>] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    for operand in operands {
      let buffer = UnsafeMutableBufferPointer<Number>.allocate(capacity: operand.count)
      operand.withUnsafeValues { values in
        for position in 0..<values.count {
          buffer.initializeElement(at: position, to: rounded(values[position]))
        }
      }
      buffers.append(buffer)
    }
    for output in outputs { buffers.append(.allocate(capacity: output.count)) }
    let targets = buffers[operands.count...]
    try run(
      buffers.prefix(operands.count).map { UnsafeBufferPointer($0) }, Array(targets), workspace)
    return zip(outputs, targets).map { output, target in
      Matrix(rows: output.rows, columns: output.columns) { widened(target[$0 + $1 * output.rows]) }
    }
  }

  /// The matrices in the order of the inputs.
  private func checked(_ matrices: [String: Matrix]) throws(EvaluationError) -> [Matrix] {
    for name in matrices.keys.sorted() where !variables.contains(name) {
      throw .unknownVariable(name: name, known: variables)
    }
    var operands: [Matrix] = []
    for input in inputs {
      let expected = Shape(.literal(input.rows), .literal(input.columns))
      guard let matrix = matrices[input.name] else {
        throw .missingVariable(name: input.name, expected: expected)
      }
      guard matrix.rows == input.rows, matrix.columns == input.columns else {
        throw .wrongShape(name: input.name, expected: expected, got: matrix.size, sizes: [:])
      }
      guard !matrix.values.contains(where: \.isNaN) else { throw .notANumber(name: input.name) }
      operands.append(matrix)
    }
    return operands
  }
}

extension Workspace {
  /// Sets where an input or an output lies.
  fileprivate func bind(
    _ space: Int, _ base: UnsafeRawPointer?, _ count: Int, _ argument: Program.Argument
  ) throws(EvaluationError) {
    guard count == argument.count, let base else {
      throw .malformed(
        Place(text: argument.name),
        reason: "\(count) entries were given; a \(argument.rows)×\(argument.columns) matrix has "
          + "\(argument.count)")
    }
    spaces[space] = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: Double.self)
  }
}
