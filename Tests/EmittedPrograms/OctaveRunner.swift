import Foundation
import Frechet

/// MATLAB's programs in GNU Octave: all in one process, each in its own folder, as a function is
/// found by the name of its file.
public struct OctaveRunner: ProgramRunner {
  public let target = TargetName.matlab
  public let checks = ["test", "shapes", "bench"]

  public init() {}

  public func obstacle() -> String? {
    ChildProcess.succeeds(["octave-cli", "--version"])
      ? nil : "no octave-cli; Scripts/program-runtimes installs it"
  }

  public func outcomes(
    of cases: [ProgramCase], checks: [String], in folder: URL
  ) throws -> [String: ProgramOutcome] {
    for item in cases {
      let own = try folder.folder(item.fileName)
      try own.write(item.program.text, to: item.program.interface.function + ".m")
    }
    try ProgramCaseFile.write(cases.map { ProgramCaseFile($0, file: $0.fileName) }, in: folder)
    let own = driverFolder.appendingPathComponent("run_programs.m").path
    let driver = ProgramDriver(
      command: [
        "octave-cli", "--norc", "--quiet", "--no-history", own, folder.path,
        checks.joined(separator: ","),
      ],
      hasVectors: false)
    return try driver.outcomes(of: cases, in: folder)
  }
}
