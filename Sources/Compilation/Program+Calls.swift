import Evaluation
import ExpressionCore

extension Program {
  /// The memory for calls, one at a time.
  public func makeWorkspace() -> Workspace { Workspace(self) }

  /// The bytes of a workspace.
  public var workspaceBytes: Int {
    8
      * (plan.arenaSize + plan.scratchSize + plan.workspaceCount * plan.partSize
        + (plan.workspaceCount - 1) * plan.otherScratchSize)
  }

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
    // By index: a loop over the elements would allocate.
    for index in 0..<self.inputs.count where self.inputs[index].layout.isSinglePrecision {
      try requireDoubles(self.inputs[index])
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
    try workspace.execute()
  }

  private func call(
    _ inputs: [UnsafeBufferPointer<Float>], _ outputs: [UnsafeMutableBufferPointer<Float>],
    _ workspace: Workspace
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

  /// Throws where a program for doubles reads an input from an array of floats.
  func requireDoubles(_ input: Argument) throws(EvaluationError) {
    guard precision == .double, input.layout.isSinglePrecision else { return }
    throw .malformed(
      Place(text: input.name),
      reason: "doubles were given; the program is compiled for an array of floats")
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
  ///
  /// - Parameter arrays: Variables that are read from files, in the layouts that the program was
  ///   compiled for. Whether an entry is not a number is not looked for in these.
  public func evaluate(
    _ matrices: [String: Matrix], arrays: [String: MappedArray] = [:], in workspace: Workspace
  ) throws(EvaluationError) -> (matrices: [Matrix], warnings: [EvaluationWarning]) {
    let operands = try checked(matrices, arrays)
    let results: [Matrix]
    switch precision {
    case .double:
      results = try withPointers(operands[...], []) { inputs throws(EvaluationError) in
        try collect(inputs, { $0 }, in: workspace, call)
      }
    case .float:
      var copies: [UnsafeMutableBufferPointer<Float>] = []
      defer { for copy in copies { copy.deallocate() } }
      var inputs: [UnsafeBufferPointer<Float>] = []
      for operand in operands {
        switch operand {
        case .array(let array): inputs.append(array.start(of: Float.self))
        case .matrix(let matrix):
          let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: matrix.count)
          _ = matrix.withUnsafeValues { copy.initialize(from: $0.lazy.map { Float($0) }) }
          copies.append(copy)
          inputs.append(UnsafeBufferPointer(copy))
        }
      }
      results = try collect(inputs, { Double($0) }, in: workspace, call)
    }
    return withExtendedLifetime(arrays) { (results, workspace.warnings) }
  }

  /// Smaller matrices are copied, so that many of them take no deep stack.
  private static var smallestInPlace: Int { 1 << 14 }

  /// The entries of matrices, in place where they are many.
  private func withPointers(
    _ operands: ArraySlice<Operand>, _ pointers: [UnsafeBufferPointer<Double>],
    _ body: ([UnsafeBufferPointer<Double>]) throws(EvaluationError) -> [Matrix]
  ) throws(EvaluationError) -> [Matrix] {
    var pointers = pointers
    var copies: [UnsafeMutableBufferPointer<Double>] = []
    defer { for copy in copies { copy.deallocate() } }
    for position in operands.indices {
      let operand: Matrix
      switch operands[position] {
      case .matrix(let matrix): operand = matrix
      case .array(let array):
        pointers.append(array.start(of: Double.self))
        continue
      }
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

extension MappedArray {
  /// The entries, by their number, as a program is given them: of arrays of floats in a program of
  /// doubles only the start counts.
  fileprivate func start<Number>(of type: Number.Type) -> UnsafeBufferPointer<Number> {
    UnsafeBufferPointer(
      start: bytes.baseAddress?.assumingMemoryBound(to: type), count: rows * columns)
  }
}
