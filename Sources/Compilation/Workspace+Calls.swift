import Evaluation

/// The numbers that programs read and write.
public protocol ProgramNumber: BitwiseCopyable, Sendable {
  static var precision: Precision { get }
}

extension Double: ProgramNumber {
  public static var precision: Precision { .double }
}

extension Float: ProgramNumber {
  public static var precision: Precision { .float }
}

/// Calls whose inputs and outputs are named one by one.
extension Program.Workspace {
  /// Runs on the inputs and outputs that are set around the call.
  ///
  /// Throws `malformed` where one is not, and `linearAlgebra` with the expression that has no value.
  public func run() throws(EvaluationError) {
    for space in 0..<(program.inputs.count + program.outputs.count) where spaces[1 + space] == nil {
      throw .malformed(
        Place(text: argument(space).name), reason: "no memory was given; call run() within it")
    }
    try execute()
  }

  #if compiler(>=6.2)
    /// Does something while an input lies in a span, column by column.
    ///
    /// ```swift
    /// try workspace.reading("X", x.span) { () throws(EvaluationError) in
    ///   try workspace.writing("gradient X", &gradient) { () throws(EvaluationError) in
    ///     try workspace.run()
    ///   }
    /// }
    /// ```
    ///
    /// Throws `unknownVariable`, and `malformed` where the number of entries, or their type, is not
    /// that of the program.
    public func reading<Number: ProgramNumber, Result>(
      _ input: String, _ values: Span<Number>, _ body: () throws(EvaluationError) -> Result
    ) throws(EvaluationError) -> Result {
      let space = try space(input, in: program.inputs)
      return try values.withUnsafeBufferPointer { buffer throws(EvaluationError) in
        try lying(space, buffer.baseAddress, buffer.count, Number.precision, body)
      }
    }

    /// Does something while an output, `value` or `gradient X`, goes to a span, which must not
    /// overlap an input or another output.
    public func writing<Number: ProgramNumber, Result>(
      _ output: String, _ values: inout MutableSpan<Number>,
      _ body: () throws(EvaluationError) -> Result
    ) throws(EvaluationError) -> Result {
      let space = program.inputs.count + (try space(output, in: program.outputs))
      return try values.withUnsafeMutableBufferPointer { buffer throws(EvaluationError) in
        try lying(space, buffer.baseAddress, buffer.count, Number.precision, body)
      }
    }
  #endif

  private func argument(_ space: Int) -> Program.Argument {
    space < program.inputs.count
      ? program.inputs[space] : program.outputs[space - program.inputs.count]
  }

  private func space(
    _ name: String, in arguments: [Program.Argument]
  ) throws(EvaluationError) -> Int {
    guard let space = arguments.firstIndex(where: { $0.name == name }) else {
      throw .unknownVariable(name: name, known: arguments.map(\.name))
    }
    return space
  }

  private func lying<Result>(
    _ space: Int, _ base: UnsafeRawPointer?, _ count: Int, _ precision: Precision,
    _ body: () throws(EvaluationError) -> Result
  ) throws(EvaluationError) -> Result {
    try program.require(precision, self)
    if space < program.inputs.count { try program.requireDoubles(program.inputs[space]) }
    try bind(1 + space, base, count)
    defer { spaces[1 + space] = nil }
    return try body()
  }

  /// Sets where an input or an output lies.
  func bind(_ space: Int, _ base: UnsafeRawPointer?, _ count: Int) throws(EvaluationError) {
    let argument = argument(space - 1)
    guard count == argument.count, let base else {
      throw .malformed(
        Place(text: argument.name),
        reason: "\(count) entries were given; a \(argument.rows)×\(argument.columns) matrix has "
          + "\(argument.count)")
    }
    spaces[space] = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: Double.self)
  }
}
