import Evaluation
import ExpressionCore

extension Program {
  /// The memory for calls, one at a time.
  public func makeWorkspace() -> Workspace { Workspace(self) }

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
    try workspace.execute()
  }

  /// The same for a program whose precision is `float`.
  public func run(
    inputs: [UnsafeBufferPointer<Float>], outputs: [UnsafeMutableBufferPointer<Float>],
    in workspace: Workspace
  ) throws(EvaluationError) {
    try bind(inputs, outputs, .float, in: workspace)
    try workspace.execute()
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
      try workspace.bind(1 + index, inputs[index].baseAddress, inputs[index].count)
    }
    for index in 0..<outputs.count {
      try workspace.bind(
        1 + inputs.count + index, outputs[index].baseAddress, outputs[index].count)
    }
  }

  func require(
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
    let results: [Matrix]
    switch precision {
    case .double:
      results = try withPointers(operands[...], []) { inputs throws(EvaluationError) in
        try collect(inputs, { $0 }, in: workspace, run)
      }
    case .float:
      var copies: [UnsafeMutableBufferPointer<Float>] = []
      defer { for copy in copies { copy.deallocate() } }
      for operand in operands {
        let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: operand.count)
        _ = operand.withUnsafeValues { copy.initialize(from: $0.lazy.map { Float($0) }) }
        copies.append(copy)
      }
      let inputs = copies.map { UnsafeBufferPointer($0) }
      results = try collect(inputs, { Double($0) }, in: workspace, run)
    }
    return (results, workspace.warnings)
  }

  /// Smaller matrices are copied, so that many of them take no deep stack.
  private static var smallestInPlace: Int { 1 << 14 }

  /// The entries of matrices, in place where they are many.
  private func withPointers(
    _ operands: ArraySlice<Matrix>, _ pointers: [UnsafeBufferPointer<Double>],
    _ body: ([UnsafeBufferPointer<Double>]) throws(EvaluationError) -> [Matrix]
  ) throws(EvaluationError) -> [Matrix] {
    var pointers = pointers
    var copies: [UnsafeMutableBufferPointer<Double>] = []
    defer { for copy in copies { copy.deallocate() } }
    for position in operands.indices {
      let operand = operands[position]
      if operand.count >= Self.smallestInPlace {
        return try operand.withUnsafeValues { values throws(EvaluationError) in
          try withPointers(operands[(position + 1)...], pointers + [values], body)
        }
      }
      let copy = UnsafeMutableBufferPointer<Double>.allocate(capacity: operand.count)
      _ = operand.withUnsafeValues { copy.initialize(from: $0) }
      copies.append(copy)
      pointers.append(UnsafeBufferPointer(copy))
    }
    return try body(pointers)
  }

  /// Runs, and takes the outputs as matrices.
  private func collect<Number>(
    _ inputs: [UnsafeBufferPointer<Number>], _ widened: (Number) -> Double,
    in workspace: Workspace,
    _ run: (
      [UnsafeBufferPointer<Number>], [UnsafeMutableBufferPointer<Number>], Workspace
    ) throws(EvaluationError) -> Void
  ) throws(EvaluationError) -> [Matrix] {
    let targets = outputs.map { UnsafeMutableBufferPointer<Number>.allocate(capacity: $0.count) }
    defer { for target in targets { target.deallocate() } }
    try run(inputs, targets, workspace)
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
