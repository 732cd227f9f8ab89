import Foundation
import Frechet

/// What a library of Python runs, or reads: all programs in one process.
public struct PythonRunner: ProgramRunner {
  public let target: TargetName
  public let checks: [String]
  /// What has to be installed.
  let module: String

  public init(target: TargetName, module: String, checks: [String] = []) {
    self.target = target
    self.module = module
    self.checks = checks
  }

  /// The project's own environment where `Scripts/python-environment` has made it.
  private static let python: String = {
    let own = packageFolder.appendingPathComponent(".venv/bin/python").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }()

  public func obstacle() -> String? {
    ChildProcess.succeeds([Self.python, "-c", "import numpy, \(module)"])
      ? nil : "\(Self.python) has no module \(module); Scripts/program-runtimes installs it"
  }

  public func outcomes(
    of cases: [ProgramCase], checks: [String], in folder: URL
  ) throws -> [String: ProgramOutcome] {
    for item in cases { try folder.write(item.program.text, to: file(item)) }
    try ProgramCaseFile.write(cases.map { ProgramCaseFile($0, file: file($0)) }, in: folder)
    let own = driverFolder.appendingPathComponent("run_programs.py").path
    let driver = ProgramDriver(
      command: [Self.python, own, target.rawValue, folder.path, checks.joined(separator: ",")],
      hasVectors: true)
    return try driver.outcomes(of: cases, in: folder)
  }

  private func file(_ item: ProgramCase) -> String {
    switch target {
    case .stablehlo: item.fileName + ".mlir"
    case .julia: item.fileName + ".jl"
    default: item.fileName + ".py"
    }
  }
}
