import Foundation
import RandomExpressions

/// Runs workers, each from where the last one ended, and counts.
struct Supervisor {
  let settings: Settings
  private(set) var counts: [String: Int] = [:]
  /// The sizes of the verified answers by their form, where the form was left open.
  private(set) var sizes: [String: [Int]] = [:]
  /// Processor seconds for each expression that ended.
  private(set) var times: [Double] = []
  private var slowest = (seconds: 0.0, place: 0)

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
          note(String(line.dropFirst(Worker.end.count)), at: place - 1)
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

  /// `verified 0.05 matrix 23`: what became of it, seconds, form and size.
  private mutating func note(_ line: String, at place: Int) {
    guard let label = Outcome.labels.first(where: { line.hasPrefix($0 + " ") }) else { return }
    counts[label, default: 0] += 1
    let words = line.dropFirst(label.count).split(separator: " ")
    guard let seconds = words.first.flatMap({ Double($0) }) else { return }
    times.append(seconds)
    if seconds > slowest.seconds { slowest = (seconds, place) }
    guard words.count == 3, let size = Int(words[2]) else { return }
    sizes[String(words[1]), default: []].append(size)
  }

  /// `verified 998  wrong 0 …`, and lines with the forms, their sizes and the times.
  var summary: String {
    var lines = [
      (Outcome.labels + ["crash"]).map { "\($0) \(counts[$0] ?? 0)" }.joined(separator: "  ")
    ]
    let total = sizes.values.reduce(0) { $0 + $1.count }
    for form in Outcome.forms.map(\.rawValue) {
      guard let own = sizes[form]?.sorted(), let largest = own.last else { continue }
      let share = (1000 * Double(own.count) / Double(total)).rounded() / 10
      lines.append(
        "form \(form): \(own.count) (\(share) %), size median \(own[own.count / 2]), "
          + "largest \(largest)")
    }
    let sorted = times.sorted()
    if !sorted.isEmpty {
      func text(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }
      lines.append(
        "processor seconds: median \(text(sorted[sorted.count / 2])), 99 % below "
          + "\(text(sorted[sorted.count * 99 / 100])), most \(text(slowest.seconds)) at "
          + "\(slowest.place)")
    }
    return lines.joined(separator: "\n")
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
