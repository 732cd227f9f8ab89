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
    if precision == .double, let input = self.inputs.first(where: \.layout.isSinglePrecision) {
      throw .malformed(
        Place(text: input.name),
        reason: "doubles were given; the program is compiled for an array of floats")
    }
    try call(inputs, outputs, workspace)
  }

  /// The same for a program whose precision is `float`.
  public func run(
    inputs: [UnsafeBufferPointer<Float>], outputs: [UnsafeMutableBufferPointer<Float>],
    in workspace: Workspace
  ) throws(EvaluationError) {
    try call(inputs, outputs, workspace)
  }

  private func call(
    _ inputs: [UnsafeBufferPointer<Double>], _ outputs: [UnsafeMutableBufferPointer<Double>],
    _ workspace: Workspace
  ) throws(EvaluationError) {
    try bind(inputs, outputs, .double, in: workspace)
    try workspace.run()
  }

  private func call(
    _ inputs: [UnsafeBufferPointer<Float>], _ outputs: [UnsafeMutableBufferPointer<Float>],
    _ workspace: Workspace
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
  ///
  /// - Parameter arrays: Variables that are read from files, in the layouts that the program was
  ///   compiled for. Whether an entry is not a number is not looked for in these.
  public func evaluate(
    _ matrices: [String: Matrix], arrays: [String: MappedArray] = [:], in workspace: Workspace
  ) throws(EvaluationError) -> (matrices: [Matrix], warnings: [EvaluationWarning]) {
    let operands = try checked(matrices, arrays)
    let results =
      switch precision {
      case .double:
        try evaluate(operands, in: workspace, { $0 }, { $0 }, call)
      case .float:
        try evaluate(operands, in: workspace, { Float($0) }, { Double($0) }, call)
      }
    return (results, workspace.warnings)
  }

  private typealias Call<Number> = (
    [UnsafeBufferPointer<Number>], [UnsafeMutableBufferPointer<Number>], Workspace
  ) throws(EvaluationError) -> Void

  private func evaluate<Number>(
    _ operands: [Operand], in workspace: Workspace, _ rounded: (Double) -> Number,
    _ widened: (Number) -> Double, _ run: Call<Number>
  ) throws(EvaluationError) -> [Matrix] {
    var buffers: [UnsafeMutableBufferPointer<Number>] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    var sources: [UnsafeBufferPointer<Number>] = []
    for (operand, input) in zip(operands, inputs) {
      switch operand {
      case .array(let array):
        // Only the start counts: what lies there the program knows.
        let start = array.bytes.baseAddress?.assumingMemoryBound(to: Number.self)
        sources.append(UnsafeBufferPointer(start: start, count: input.count))
      case .matrix(let matrix):
        let buffer = UnsafeMutableBufferPointer<Number>.allocate(capacity: matrix.count)
        matrix.withUnsafeValues { values in
          for position in 0..<values.count {
            buffer.initializeElement(at: position, to: rounded(values[position]))
          }
        }
        buffers.append(buffer)
        sources.append(UnsafeBufferPointer(buffer))
      }
    }
    let given = buffers.count
    for output in outputs { buffers.append(.allocate(capacity: output.count)) }
    let targets = buffers[given...]
    try withExtendedLifetime(operands) { () throws(EvaluationError) in
      try run(sources, Array(targets), workspace)
    }
    return zip(outputs, targets).map { output, target in
      Matrix(rows: output.rows, columns: output.columns) { widened(target[$0 + $1 * output.rows]) }
    }
  }

  private enum Operand {
    case matrix(Matrix)
    case array(MappedArray)
  }

  /// The matrices and arrays in the order of the inputs.
  private func checked(
    _ matrices: [String: Matrix], _ arrays: [String: MappedArray]
  ) throws(EvaluationError) -> [Operand] {
    for name in (Array(matrices.keys) + arrays.keys).sorted() where !variables.contains(name) {
      throw .unknownVariable(name: name, known: variables)
    }
    var operands: [Operand] = []
    for input in inputs {
      let expected = Shape(.literal(input.rows), .literal(input.columns))
      let isSingle = input.layout.isSinglePrecision || precision == .float
      if let array = arrays[input.name] {
        guard array.rows == input.rows, array.columns == input.columns else {
          throw .wrongShape(name: input.name, expected: expected, got: array.size, sizes: [:])
        }
        guard array.isRowMajor == input.layout.isRowMajor, array.isSinglePrecision == isSingle
        else {
          throw .malformed(
            Place(text: input.name),
            reason: "the array has another layout than the one the program is compiled for")
        }
        operands.append(.array(array))
        continue
      }
      guard let matrix = matrices[input.name] else {
        throw .missingVariable(name: input.name, expected: expected)
      }
      guard matrix.rows == input.rows, matrix.columns == input.columns else {
        throw .wrongShape(name: input.name, expected: expected, got: matrix.size, sizes: [:])
      }
      let isVector = matrix.rows == 1 || matrix.columns == 1
      guard !input.layout.isRowMajor || isVector, isSingle == (precision == .float) else {
        throw .malformed(
          Place(text: input.name),
          reason: "a matrix was given; the program is compiled for an array of another layout")
      }
      guard !matrix.values.contains(where: \.isNaN) else { throw .notANumber(name: input.name) }
      operands.append(.matrix(matrix))
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
