import Frechet
import Synchronization

/// One call of a program: its arguments and its result are files of one folder.
struct ProgramCall {
  private let arguments: ImplementationArguments
  private let folder: String
  private let conventionalName = "gradient.npy"

  private static let count = Atomic<Int>(0)

  init(_ arguments: ImplementationArguments, in folder: TemporaryFolder) {
    self.arguments = arguments
    let (number, _) = Self.count.add(1, ordering: .relaxed)
    self.folder = folder.file("call-\(number)")
  }

  func remove() { TemporaryFolder(existing: folder).remove() }

  /// `A.npy` for the variable `A`, and so on.
  func writeArguments() throws(FrechetError) {
    do {
      try Folder.create(folder)
      for (name, matrix) in arguments.values { try matrix.write(path: "\(folder)/\(name).npy") }
    } catch let error as FileError {
      throw .implementation("verify: \(error.description)")
    } catch {
      throw .implementation("verify: \(folder) cannot be made")
    }
  }

  /// In the shell, with the folder's path in the place of `{dir}` and as FRECHET_DIR.
  func run(_ command: String, _ conventions: GradientProgram.Conventions) throws(FrechetError) {
    let text = command.replacing("{dir}", with: folder)
    let outcome = try run(["/bin/sh", "-c", text], ["FRECHET_DIR": folder], conventions)
    switch outcome {
    case .exit(0): return
    case .exit(let status):
      throw .implementation("the command ended with status \(status)" + errors)
    case .signal(let number):
      throw .implementation("the command was ended by signal \(number)" + errors)
    case .timeLimit: throw .callLimit(seconds: conventions.limit)
    }
  }

  func run(
    _ function: PythonFunction, _ conventions: GradientProgram.Conventions
  ) throws(FrechetError) {
    let one = arguments.variables.filter { $0.shape.isVector || $0.shape.isRow }.map(\.name)
    let scalars = arguments.variables.filter(\.shape.isScalar).map(\.name)
    let sizes = arguments.sizes.map { "\($0.key)=\($0.value)" }.sorted()
    let outcome = try run(
      [
        conventions.python, "-c", PythonFunction.harness, function.path, function.name, folder,
        conventions.type.rawValue, arguments.variables.map(\.name).joined(separator: ","),
        (conventions.columns ? [] : one).joined(separator: ","), scalars.joined(separator: ","),
        sizes.joined(separator: ","),
      ], [:], conventions)
    // What the harness finds is in a file: anything may be on the standard streams.
    if let problem = text(of: "problem") {
      throw .implementation(
        "\(function): " + (problem == "numpy" ? noNumPy(conventions.python) : problem))
    }
    switch outcome {
    case .exit(0): return
    case .exit(let status):
      throw .implementation("\(function): Python ended with status \(status)" + errors)
    case .signal(let number):
      throw .implementation("\(function): Python was ended by signal \(number)" + errors)
    case .timeLimit: throw .callLimit(seconds: conventions.limit)
    }
  }

  private func noNumPy(_ python: String) -> String {
    "\(python) has no NumPy, which the arrays need. Install it (pip install numpy, or "
      + "apt-get install python3-numpy), or name a Python that has it with --python."
  }

  private func run(
    _ command: [String], _ environment: [String: String],
    _ conventions: GradientProgram.Conventions
  ) throws(FrechetError) -> Subprocess.Outcome {
    let process = Subprocess(
      arguments: command, environment: environment, outputPath: "\(folder)/output.txt",
      errorPath: "\(folder)/errors.txt")
    do throws(CommandError) {
      return try process.run(timeLimit: conventions.limit)
    } catch {
      throw .implementation(
        "\(command[0]): the program cannot be started. "
          + (command[0] == "/bin/sh"
            ? "A POSIX shell is needed." : "--python names the Python that is to be used."))
    }
  }

  func result() throws(FrechetError) -> ImplementationResult {
    do throws(FileError) {
      let contents = try NPY.contents(path: "\(folder)/\(conventionalName)")
      return ImplementationResult(
        contents.matrix, isUnoriented: contents.dimensions.count < 2,
        isSinglePrecision: contents.isSinglePrecision)
    } catch {
      if case .unreadable = error {
        throw .implementation(
          "the command wrote no \(conventionalName) into {dir}" + errors)
      }
      throw .implementation("\(conventionalName): \(error.description)")
    }
  }

  /// The end of what was written on standard error.
  private var errors: String {
    guard let text = text(of: "errors.txt") else { return "; it wrote nothing on standard error" }
    let lines = text.split(separator: "\n").suffix(8).map { "\n  | " + $0.prefix(300) }
    return ":" + lines.joined()
  }

  /// The text of a file, without the line feeds at its end; nil where there is none.
  private func text(of name: String) -> String? {
    guard let text = try? SourceReader.text(of: "@\(folder)/\(name)") else { return nil }
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
