import Foundation
import RandomExpressions

/// Runs workers, each from where the last one ended, and counts.
struct Supervisor {
  let settings: Settings
  private(set) var counts: [String: Int] = [:]
  /// The forms of the verified answers, where the form was left open.
  private(set) var forms: [String: Int] = [:]

  init(_ settings: Settings) { self.settings = settings }

  mutating func run() throws {
    var place = settings.first
    let end = settings.first + settings.count
    while place < end {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = settings.worker(from: place)
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      var isOpen = false
      for line in Lines(pipe.fileHandleForReading) {
        if line.hasPrefix(Worker.start) {
          place = (Int(line.dropFirst(Worker.start.count)) ?? place) + 1
          isOpen = true
        } else if line.hasPrefix(Worker.end) {
          let label = line.dropFirst(Worker.end.count)
          if label.hasPrefix("verified ") {
            counts["verified", default: 0] += 1
            forms[String(label.dropFirst("verified ".count)), default: 0] += 1
          } else {
            counts[String(label), default: 0] += 1
          }
          isOpen = false
        } else {
          Worker.say(line)
        }
      }
      process.waitUntilExit()
      guard isOpen else { continue }
      counts["crash", default: 0] += 1
      let input = settings.input(at: place - 1)
      Worker.say("--- crash at \(place - 1)\n\(input.command)")
    }
  }

  /// `verified 998  wrong 0 …`, and a line with the forms.
  var summary: String {
    let outcomes = (Outcome.labels + ["crash"]).map { "\($0) \(counts[$0] ?? 0)" }
    let forms = Outcome.forms.map(\.rawValue).filter { self.forms[$0] != nil }
      .map { "\($0) \(self.forms[$0] ?? 0)" }
    return outcomes.joined(separator: "  ") + "\nforms: " + forms.joined(separator: "  ")
  }
}

/// The lines of a pipe as they come.
struct Lines: Sequence, IteratorProtocol {
  private let handle: FileHandle
  private var buffer = Data()

  init(_ handle: FileHandle) { self.handle = handle }

  mutating func next() -> String? {
    while true {
      if let cut = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer = Data(buffer[(cut + 1)...]) }
        return String(decoding: buffer[..<cut], as: UTF8.self)
      }
      let more = handle.availableData
      if more.isEmpty { return nil }
      buffer += more
    }
  }
}
