import Dispatch
import Foundation

/// A command that was run to its end.
struct ChildProcess {
  let status: Int32
  let output: String
  let errors: String

  /// - Parameters:
  ///   - limit: in seconds, after which the command is stopped.
  ///   - folder: where it runs and where its output is kept while it does.
  init(_ command: [String], in folder: URL, limit: Double = 1800) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // Files, since a pipe that nobody empties holds the command up.
    let streams = ["output", "errors"].map { folder.appendingPathComponent("command.\($0)") }
    for stream in streams { try Data().write(to: stream) }
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    try process.run()
    let stop = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: stop)
    process.waitUntilExit()
    stop.cancel()
    status = process.terminationStatus
    output = String(decoding: try Data(contentsOf: streams[0]), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self)
  }

  /// Whether a command is there and succeeds.
  static func succeeds(_ command: [String]) -> Bool {
    let status = try? URL.withTemporaryFolder { try ChildProcess(command, in: $0).status }
    return status == 0
  }

  /// What it said last on standard error.
  func complaint(lines: Int = 3) -> String {
    errors.split(separator: "\n").suffix(lines).joined(separator: " ")
  }
}
