import ExpressionCore

/// A node of the tape while its shape is inferred.
struct Draft {
  var operation: TypedInput.Operation
  let operands: [Int]
  var parameters: [Dim]
  var shape: ExtentShape
  let range: Range<Int>?
  /// Whether it, or what it depends on, is wrong; its shape says nothing.
  var isPoisoned = false
}

/// A variable while its shape is inferred.
struct DraftVariable {
  enum Origin {
    case declared
    /// By its first letter.
    case undeclared
    /// `dX` of a variable, or handed in by the caller.
    case given
  }

  let name: String
  let type: StructureType
  let sign: EntrySign
  var shape: ExtentShape
  let origin: Origin
}

/// What a shape rule found wrong, before its place is known.
struct ShapeError: Error {
  let problem: Problem
  let suggestion: String?

  init(_ problem: Problem, _ suggestion: String? = nil) {
    self.problem = problem
    self.suggestion = suggestion
  }
}
