import Dispatch
import EmittedPrograms
import Foundation
import Frechet
import Synchronization

/// Writes programs for the rows of tables, runs them, and prints how many are right in each
/// language, and each that is not.
@main
enum Main {
  static func main() throws {
    guard let settings = Settings(Array(CommandLine.arguments.dropFirst())) else {
      print(Settings.usage)
      exit(2)
    }
    if settings.asksForHelp {
      print(Settings.usage)
      return
    }
    let groups = try settings.groups.map { ($0, try settings.rows(of: $0)) }
    let found = Mutex<[TargetName: Result<OutcomeMatrix, any Error>]>([:])
    // As many languages at a time as there are processors; those that take longest first.
    let targets = settings.targets.sorted { $0.isCompiled && !$1.isCompiled }
    DispatchQueue.concurrentPerform(iterations: targets.count) { place in
      let own = Result { try outcomes(of: targets[place], groups, settings) }
      found.withLock { $0[targets[place]] = own }
    }
    var matrix = OutcomeMatrix()
    let all = found.withLock { $0 }
    for target in settings.targets {
      guard let own = try all[target]?.get() else { continue }
      matrix.batches += own.batches
      matrix.absent += own.absent
    }
    print("\n" + matrix.text)
    if let table = settings.table {
      try matrix.table.write(toFile: table, atomically: true, encoding: .utf8)
    }
    exit(matrix.isRight ? 0 : 1)
  }

  private static func outcomes(
    of target: TargetName, _ groups: [(ProgramGroup, [ProgramRow])], _ settings: Settings
  ) throws -> OutcomeMatrix {
    var matrix = OutcomeMatrix()
    guard let runner = programRunners.first(where: { $0.target == target }) else { return matrix }
    if let obstacle = runner.obstacle() {
      let count = groups.reduce(0) { $0 + $1.1.count }
      print("\(target)  SKIPPED: \(count) programs are not run: \(obstacle)")
      matrix.absent.append((target, count, obstacle))
      return matrix
    }
    for (group, rows) in groups {
      var batch = OutcomeBatch(target: target, group: group, rows: rows)
      try batch.run(by: runner, settings)
      print(batch.report)
      matrix.batches.append(batch)
      // A reader of a pipe sees each group as it comes.
      fflush(nil)
    }
    return matrix
  }
}

extension TargetName {
  /// Whether a compiler takes seconds for a program.
  fileprivate var isCompiled: Bool { self == .eigen || self == .swift }
}
