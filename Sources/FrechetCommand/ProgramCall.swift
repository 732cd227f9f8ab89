import Frechet
import Synchronization

/// One call of a program: its arguments and its result are files of one folder.
struct ProgramCall {
  private let arguments: ImplementationArguments
  private let folder: String

  private static let count = Atomic<Int>(0)

  init(_ arguments: ImplementationArguments, in folder: TemporaryFolder) {
    self.arguments = arguments
    let (number, _) = Self.count.add(1, ordering: .relaxed)
    self.folder = folder.file("call-\(number)")
  }

  /// Of a command of the shell, with the folder's path in the place of `{dir}` and as FRECHET_DIR.
  func result(
    of command: String, _ conventions: GradientProgram.Conventions
  ) throws(FrechetError) -> ImplementationResult {
    defer { TemporaryFolder(existing: folder).remove() }
    try writeArguments()
    let errorPath = "\(folder)/errors.txt"
    let process = Subprocess(
      arguments: ["/bin/sh", "-c", command.replacing("{dir}", with: folder)],
      environment: ["FRECHET_DIR": folder], outputPath: "/dev/null", errorPath: errorPath)
    let outcome: Subprocess.Outcome
    do throws(CommandError) {
      outcome = try process.run(timeLimit: conventions.limit)
    } catch {
      throw .implementation("the command cannot be started; a POSIX shell, /bin/sh, is needed")
    }
    try requireSuccess(outcome, "the command", errorPath, conventions)
    return try result(orElse: "the command wrote no gradient.npy into {dir}", errorPath)
  }

  func result(
    of worker: PythonWorker, _ conventions: GradientProgram.Conventions
  ) throws(FrechetError) -> ImplementationResult {
    defer { TemporaryFolder(existing: folder).remove() }
    try writeArguments()
    let flat = arguments.variables.filter { $0.shape.isVector || $0.shape.isRow }
    let scalars = arguments.variables.filter(\.shape.isScalar)
    let lists = [arguments.variables, conventions.columns ? [] : flat, scalars]
    let outcome: Subprocess.Outcome?
    do throws(CommandError) {
      outcome = try worker.run(
        in: folder, lists.map { $0.map(\.name).joined(separator: ",") })
    } catch {
      throw .implementation(
        "\(conventions.python): the program cannot be started; --python names the Python that is to "
          + "be used")
    }
    // What Python itself finds is in a file: anything may be on the standard streams.
    if let problem = text(of: "\(folder)/problem") {
      let isMissing = problem == "numpy"
      throw .implementation(
        "\(worker.function): " + (isMissing ? noNumPy(conventions.python) : problem))
    }
    if let outcome {
      try requireSuccess(outcome, "\(worker.function): Python", worker.errorPath, conventions)
    }
    return try result(orElse: "\(worker.function): there is no result", worker.errorPath)
  }

  private func noNumPy(_ python: String) -> String {
    "\(python) has no NumPy, which the arrays need. Install it (pip install numpy, or "
      + "apt-get install python3-numpy), or name a Python that has it with --python."
  }

  // MARK: Files

  /// `A.npy` for the variable `A`, and so on.
  private func writeArguments() throws(FrechetError) {
    do throws(CommandError) {
      try Folder.create(folder)
      let sizes = arguments.sizes.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      try TextFile.write(sizes, to: "\(folder)/sizes")
    } catch {
      throw .implementation("verify: nothing can be written into \(folder)")
    }
    do throws(FileError) {
      for (name, matrix) in arguments.values { try matrix.write(path: "\(folder)/\(name).npy") }
    } catch {
      throw .implementation("verify: \(error.description)")
    }
  }

  private func requireSuccess(
    _ outcome: Subprocess.Outcome, _ program: String, _ errorPath: String,
    _ conventions: GradientProgram.Conventions
  ) throws(FrechetError) {
    switch outcome {
    case .exit(0): return
    case .exit(let status):
      throw .implementation("\(program) ended with status \(status)" + errors(errorPath))
    case .signal(let number):
      throw .implementation("\(program) was ended by signal \(number)" + errors(errorPath))
    case .timeLimit: throw .callLimit(seconds: conventions.limit)
    }
  }

  private func result(
    orElse message: String, _ errorPath: String
  ) throws(FrechetError) -> ImplementationResult {
    do throws(FileError) {
      let contents = try NPY.contents(path: "\(folder)/gradient.npy")
      return ImplementationResult(
        contents.matrix, isUnoriented: contents.dimensions.count < 2,
        isSinglePrecision: contents.isSinglePrecision)
    } catch {
      if case .unreadable = error { throw .implementation(message + errors(errorPath)) }
      throw .implementation("gradient.npy: \(error.description)")
    }
  }

  /// The end of what was written on standard error.
  private func errors(_ path: String) -> String {
    guard let text = text(of: path) else { return "; it wrote nothing on standard error" }
    let lines = text.split(separator: "\n").suffix(8).map { "\n  | " + $0.prefix(300) }
    return ":" + lines.joined()
  }

  /// The text of a file, without the line feeds at its end; nil where there is none.
  private func text(of path: String) -> String? {
    guard let text = try? SourceReader.text(of: "@\(path)") else { return nil }
    let trimmed = String(text.reversed().drop { $0.isNewline }.reversed())
    return trimmed.isEmpty ? nil : trimmed
  }
}

extension String {
  /// Each occurrence of a text replaced.
  fileprivate func replacing(_ part: String, with other: String) -> String {
    var result = ""
    var rest = self[...]
    while let start = rest.indices.first(where: { rest[$0...].hasPrefix(part) }) {
      result += rest[..<start] + other
      rest = rest[start...].dropFirst(part.count)
    }
    return result + rest
  }
}
