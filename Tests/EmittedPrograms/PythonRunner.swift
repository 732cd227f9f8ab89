import Foundation
import Frechet

/// NumPy, JAX or PyTorch: all programs in one process.
public struct PythonRunner: ProgramRunner {
  public let target: TargetName
  /// What has to be installed.
  let module: String
  /// Further checks by `run_programs.py`: `differentiation`, `float32`.
  public var checks: [String] = []

  public init(target: TargetName, module: String) {
    self.target = target
    self.module = module
  }

  /// The project's own environment where `Scripts/python-environment` has made it.
  private static let python: String = {
    let own =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path + "/.venv/bin/python"
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }()

  public func obstacle() -> String? {
    let status = try? run(["-c", "import \(module)"], output: nil)
    return status == 0
      ? nil : "\(Self.python) has no module \(module); Scripts/python-environment installs it"
  }

  public func failures(of cases: [ProgramCase], in folder: URL) throws -> [String: String] {
    for item in cases {
      let file = folder.appendingPathComponent(Self.file(item.id))
      try item.program.text.write(to: file, atomically: false, encoding: .utf8)
    }
    let data = try JSONEncoder().encode(cases.map(PythonCase.init))
    try data.write(to: folder.appendingPathComponent("cases.json"))
    let driver = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("run_programs.py").path
    let answers = folder.appendingPathComponent("answers.jsonl")
    let status = try run(
      [driver, target.rawValue, folder.path] + checks, output: answers)
    var failures: [String: String] = [:]
    for item in cases { failures[item.id] = "no answer (the process ended with \(status))" }
    for line in try String(contentsOf: answers, encoding: .utf8).split(separator: "\n") {
      let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
      failures[answer.id] = answer.failure
    }
    return failures
  }

  private struct Answer: Decodable {
    let id: String
    let failure: String?
  }

  fileprivate static func file(_ id: String) -> String {
    String(id.map { $0.isLetter || $0.isNumber ? $0 : "_" }) + ".py"
  }

  private func run(_ arguments: [String], output: URL?) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [Self.python] + arguments
    process.standardInput = FileHandle.nullDevice
    if let output {
      try Data().write(to: output)
      process.standardOutput = try FileHandle(forWritingTo: output)
    } else {
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
    }
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// A case as `run_programs.py` reads it.
private struct PythonCase: Encodable {
  struct Array: Encodable {
    let name: String
    /// Of the array: none of a scalar, one of a vector or row.
    let shape: [Int]
    /// What was declared.
    let type: String
    /// Row by row.
    let values: [Double]

    init(_ name: String, _ shape: Shape, _ type: String, _ value: Matrix) {
      self.name = name
      self.type = type
      let axes = [(shape.rows, value.rows), (shape.columns, value.columns)]
      self.shape = axes.filter { $0.0 != .literal(1) }.map(\.1)
      values = value.rowMajorValues
    }
  }

  let id: String
  let file: String
  let function: String
  let arguments: [Array]
  let sizes: [Int]
  let outputs: [Array]
  let places: [Int]
  let valuePlaces: [Int]

  init(_ item: ProgramCase) {
    id = item.id
    file = PythonRunner.file(item.id)
    function = item.program.interface.function
    arguments = item.arguments.map {
      Array($0.variable.name, $0.variable.shape, $0.variable.type.rawValue, $0.value)
    }
    sizes = item.sizes
    outputs = item.outputs.map { Array($0.name, $0.shape, "", $0.value) }
    places = item.places
    valuePlaces = item.valuePlaces
  }
}
