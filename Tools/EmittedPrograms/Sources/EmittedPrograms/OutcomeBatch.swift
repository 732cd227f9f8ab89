import EmittedPrograms
import Foundation
import Frechet

/// What became of the programs of a group in one language.
struct OutcomeBatch {
  let target: TargetName
  let group: ProgramGroup
  let rows: [ProgramRow]
  private(set) var outcomes: [String: ProgramOutcome] = [:]
  /// How long programs took to derive and write.
  private var derivations: [Timing] = []
  /// How long they took to write once the formulas were there.
  private var writings: [Timing] = []

  private struct Timing {
    let id: String
    let seconds: Double

    init(_ id: String, since start: ContinuousClock.Instant) {
      self.id = id
      seconds = (ContinuousClock.now - start) / .seconds(1)
    }
  }

  init(target: TargetName, group: ProgramGroup, rows: [ProgramRow]) {
    self.target = target
    self.group = group
    self.rows = rows
  }

  mutating func run(by runner: any ProgramRunner, _ settings: Settings) throws {
    let checks = settings.checks.filter(runner.checks.contains)
    var cases: [ProgramCase] = []
    for row in rows {
      do {
        let start = ContinuousClock.now
        let item = try row.programCase(
          for: target, selfTest: checks.contains("test"), benchmark: checks.contains("bench"),
          size: settings.size)
        derivations.append(Timing(row.id, since: start))
        cases.append(item)
        let second = ContinuousClock.now
        _ = try ProgramRequest(
          Listing(item.program.formulas), source: row.input, layout: "",
          sizes: item.dimensions
        ).program(in: target)
        writings.append(Timing(row.id, since: second))
      } catch let error as ProgramCase.Failure where settings.size != nil {
        outcomes[row.id] = .refused("\(error), where all sizes are the given one")
      } catch {
        outcomes[row.id] = ProgramOutcome(error)
      }
    }
    guard !cases.isEmpty else { return }
    let found: [String: ProgramOutcome]
    if let keep = settings.folder {
      let folder = URL(fileURLWithPath: keep).appendingPathComponent("\(target)-\(group.rawValue)")
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      found = try runner.outcomes(of: cases, checks: checks, in: folder)
    } else {
      found = try URL.withTemporaryFolder {
        try runner.outcomes(of: cases, checks: checks, in: $0)
      }
    }
    outcomes.merge(found) { first, _ in first }
  }

  private func count(_ holds: (ProgramOutcome) -> Bool) -> Int {
    outcomes.values.count(where: holds)
  }

  var right: Int { count { if case .right = $0 { true } else { false } } }
  var parsed: Int { count { if case .parsed = $0 { true } else { false } } }
  var wrong: Int { count(\.isWrong) }
  var refused: Int { count { if case .refused = $0 { true } else { false } } }

  /// How many programs passed each further check.
  var checks: [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    for case .right(let checks) in outcomes.values {
      for check in checks { counts[check, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// How many programs were refused for each reason, the most frequent first.
  var refusals: [(reason: String, count: Int)] {
    var counts: [String: Int] = [:]
    for case .refused(let reason) in outcomes.values { counts[reason, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  var report: String {
    var line = "\(target)  \(group.rawValue)  "
    line += parsed > 0 ? "\(parsed) of \(rows.count) parsed" : "\(right) of \(rows.count) right"
    if refused > 0 { line += ", \(refused) refused" }
    if wrong > 0 { line += ", \(wrong) WRONG" }
    for check in checks { line += ", \(check.name) \(check.count)" }
    var lines = [line]
    for row in rows {
      if case .wrong(let text) = outcomes[row.id] { lines.append("  \(row.id): \(text)") }
    }
    lines += refusals.map { "  refused \($0.count): \($0.reason)" }
    let times = "\(Self.text(derivations)); written in \(Self.text(writings))"
    return (lines + ["  derived and written in \(times)"]).joined(separator: "\n")
  }

  /// The median and the largest.
  private static func text(_ times: [Timing]) -> String {
    let sorted = times.sorted { $0.seconds < $1.seconds }
    guard let worst = sorted.last else { return "no time" }
    let median = sorted[sorted.count / 2]
    func milliseconds(_ timing: Timing) -> String {
      "\((timing.seconds * 10_000).rounded() / 10) ms"
    }
    return "\(milliseconds(median)), at most \(milliseconds(worst)) (\(worst.id))"
  }
}
