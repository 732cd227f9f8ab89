import Frechet

/// A user's own derivative: a Python function, `@code.py:function`, or a command of the shell.
enum GradientProgram {
  case python(PythonFunction)
  case shell(String)

  init(_ argument: String) throws(CommandError) {
    guard argument.hasPrefix("@") else {
      guard argument.contains(where: { !$0.isWhitespace }) else {
        throw .wrongInput(
          "--gradient: a Python function, @code.py:function, or a command of the shell is expected")
      }
      self = .shell(argument)
      return
    }
    self = .python(try PythonFunction(argument))
  }

  /// How programs are called.
  struct Conventions {
    /// The Python interpreter.
    var python = "python3"
    /// The type of the entries of a Python function's arguments.
    var type = EntryType.float64
    /// Vectors are n×1 and rows 1×n, instead of 1-d.
    var columns = false
    /// Of one call, in seconds.
    var limit = 20.0
  }

  /// The program as the library calls it. Each call has a folder of its own within `folder`; a
  /// Python process lives as long as what is returned.
  func implementation(
    _ conventions: Conventions, in folder: TemporaryFolder
  ) -> Implementation {
    switch self {
    case .python(let function):
      let worker = PythonWorker(function, conventions, in: folder)
      return { arguments throws(FrechetError) in
        try ProgramCall(arguments, in: folder).result(of: worker, conventions)
      }
    case .shell(let command):
      return { arguments throws(FrechetError) in
        try ProgramCall(arguments, in: folder).result(of: command, conventions)
      }
    }
  }
}

enum EntryType: String, CaseIterable, Sendable {
  case float64, float32
}
