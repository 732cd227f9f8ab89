import EmittedPrograms
import Foundation
import Frechet

/// Writes programs for every row of the corpus and of the table of primitives, runs them, and
/// prints how many are right in each language, and each that is not.
@main
enum Main {
  static let usage = """
    usage: emitted-programs [--target numpy,jax,torch] [--rows corpus,textbook,primitives]
                            [--only ID,…] [--limit N] [--checks float32,test,differentiation]
                            [--folder WHERE THE PROGRAMS STAY]
    """

  static func main() throws {
    guard let settings = Settings(Array(CommandLine.arguments.dropFirst())) else {
      print(usage)
      exit(2)
    }
    let groups = try settings.groups()
    var isRight = true
    for runner in programRunners where settings.targets.contains(runner.target.rawValue) {
      if let obstacle = runner.obstacle() {
        print("\(runner.target): SKIPPED, \(obstacle)")
        continue
      }
      for (name, rows) in groups {
        let failures = try results(of: rows, runner, settings)
        let wrong = rows.filter { failures[$0.id] != nil }
        isRight = isRight && wrong.isEmpty
        print("\(runner.target)  \(name)  \(rows.count - wrong.count) of \(rows.count)")
        for row in wrong { print("  \(row.id): \(failures[row.id] ?? "")") }
        // A reader of a pipe sees each group as it comes.
        fflush(nil)
      }
    }
    exit(isRight ? 0 : 1)
  }

  private static func results(
    of rows: [ProgramRow], _ runner: any ProgramRunner, _ settings: Settings
  ) throws -> [String: String] {
    var runner = runner
    if var python = runner as? PythonRunner {
      python.checks = settings.checks
      runner = python
    }
    var failures: [String: String] = [:]
    var cases: [ProgramCase] = []
    for row in rows {
      do {
        cases.append(
          try row.programCase(
            for: runner.target, selfTest: settings.checks.contains("test")))
      } catch {
        failures[row.id] = "no program: \(error)"
      }
    }
    if let keep = settings.folder {
      try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
      failures.merge(try runner.failures(of: cases, in: URL(fileURLWithPath: keep))) { a, _ in a }
    } else {
      let found = try URL.withTemporaryFolder { try runner.failures(of: cases, in: $0) }
      failures.merge(found) { a, _ in a }
    }
    return failures
  }
}

/// What the command line asks for.
struct Settings {
  var targets: Set<String> = Set(programRunners.map(\.target.rawValue))
  var rows = ["corpus", "textbook", "primitives"]
  var only: Set<String> = []
  var limit = Int.max
  var checks: [String] = []
  /// Where the programs stay.
  var folder: String?

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      guard let text = rest.popFirst() else { return nil }
      let list = text.components(separatedBy: ",")
      switch option {
      case "--target": targets = Set(list)
      case "--rows": rows = list
      case "--only": only = Set(list)
      case "--limit": limit = Int(text) ?? .max
      case "--checks": checks = list
      case "--folder": folder = text
      default: return nil
      }
    }
  }

  func groups() throws -> [(String, [ProgramRow])] {
    try rows.map { name in
      let all =
        switch name {
        case "corpus": try ProgramRow.corpus("seeds")
        case "textbook": try ProgramRow.corpus("textbook")
        default: ProgramRow.primitives + ProgramRow.names
        }
      let chosen = only.isEmpty ? all : all.filter { only.contains($0.id) }
      return (name, Array(chosen.prefix(limit)))
    }
  }
}
