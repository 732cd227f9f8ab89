import Foundation
import Frechet

/// Runs programs in one language and compares what they return with what they should.
public protocol ProgramRunner: Sendable {
  var target: TargetName { get }
  /// Why it cannot run here; nil where it can.
  func obstacle() -> String?
  /// What is wrong with each case: nothing where its program is right.
  ///
  /// - Parameter folder: an empty one for the programs.
  func failures(of cases: [ProgramCase], in folder: URL) throws -> [String: String]
}

/// Those of this package.
public let programRunners: [any ProgramRunner] = [
  PythonRunner(target: .numpy, module: "scipy"), PythonRunner(target: .jax, module: "jax"),
  PythonRunner(target: .torch, module: "torch"),
]

extension URL {
  /// Calls `body` with a folder that is removed after it.
  public static func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("programs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
