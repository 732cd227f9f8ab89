import Foundation
import Testing

/// One run of the built command.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  init(_ arguments: String..., input: String = "") throws {
    try self.init(arguments, input: Data(input.utf8))
  }

  init(_ arguments: [String], input: Data, environment: [String: String] = [:]) throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("frechet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    // Files rather than pipes: nothing blocks, whatever the amount.
    let files = ["in", "out", "err"].map { directory.appendingPathComponent($0) }
    try input.write(to: files[0])
    try Data().write(to: files[1])
    try Data().write(to: files[2])
    let process = Process()
    process.executableURL = try Self.executable()
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : -1
    output = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
  }

  /// The products of a build lie beside the tests.
  static func executable() throws -> URL {
    let own = Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL]
    let candidates = own.flatMap { [$0, $0.deletingLastPathComponent()] }
      .map { $0.appendingPathComponent("frechet") }
    return try #require(
      candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
  }
}
