import Foundation
import Frechet

/// Runs programs in one language and compares what they return with what they should.
public protocol ProgramRunner: Sendable {
  var target: TargetName { get }
  /// Further checks that it can do of a program.
  var checks: [String] { get }
  /// Why it cannot run here; nil where it can.
  func obstacle() -> String?
  /// What became of each program, by the ids of the cases.
  ///
  /// - Parameters:
  ///   - checks: of its further checks those to do.
  ///   - folder: an empty one for the programs.
  func outcomes(
    of cases: [ProgramCase], checks: [String], in folder: URL
  ) throws -> [String: ProgramOutcome]
}

/// What most languages can check: single precision, the program's own test, that arguments of wrong
/// shapes are refused by name, and that the program measures itself.
private let common = ["float32", "test", "shapes", "bench"]

/// One for each language.
public let programRunners: [any ProgramRunner] = [
  PythonRunner(target: .numpy, module: "scipy", checks: common),
  PythonRunner(
    target: .jax, module: "jax", checks: common + ["jit", "vmap", "grad", "vmap of grad"]),
  PythonRunner(
    target: .torch, module: "torch", checks: common + ["vmap", "gradcheck", "gradgradcheck"]),
  PythonRunner(target: .stablehlo, module: "jaxlib"), OctaveRunner(), EigenRunner(),
  SwiftRunner(), PythonRunner(target: .julia, module: "tree_sitter_julia"),
]

/// The folder of the package.
let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// The folder of the drivers.
let driverFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("Drivers")

extension ProgramCase {
  /// The id as the name of a file or a module.
  var fileName: String { "row_" + String(id.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
}

extension URL {
  /// Calls `body` with a folder that is removed after it.
  public static func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("programs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// The folder of this name in it, made where there is none.
  func folder(_ name: String) throws -> URL {
    let folder = appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  func write(_ text: String, to name: String) throws {
    try text.write(to: appendingPathComponent(name), atomically: false, encoding: .utf8)
  }
}
