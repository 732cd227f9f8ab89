import EmittedPrograms
import Foundation
import Frechet

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
    var matrix = OutcomeMatrix()
    let groups = try settings.groups.map { ($0, try settings.rows(of: $0)) }
    for target in settings.targets {
      guard let runner = programRunners.first(where: { $0.target == target }) else { continue }
      if let obstacle = runner.obstacle() {
        let count = groups.reduce(0) { $0 + $1.1.count }
        print("\(target)  SKIPPED: \(count) programs are not run: \(obstacle)")
        matrix.absent.append((target, count, obstacle))
        continue
      }
      for (group, rows) in groups {
        var batch = OutcomeBatch(target: target, group: group, rows: rows)
        try batch.run(by: runner, settings)
        batch.report()
        matrix.batches.append(batch)
        // A reader of a pipe sees each group as it comes.
        fflush(nil)
      }
    }
    print("\n" + matrix.text)
    if let table = settings.table {
      try matrix.table.write(toFile: table, atomically: true, encoding: .utf8)
    }
    exit(matrix.isRight ? 0 : 1)
  }
}
