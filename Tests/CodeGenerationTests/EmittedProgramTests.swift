import EmittedPrograms
import Foundation
import Frechet
import Testing

/// Programs that are written, run, and compared with Frechet's own numbers.
@Suite struct EmittedProgramTests {
  /// A sample of the corpus and of the primitives, in the language that is most likely there.
  /// `Tools/EmittedPrograms` runs all rows in all languages.
  @Test func aSampleIsRight() throws {
    let runner = PythonRunner(target: .numpy, module: "scipy")
    let corpus = try ProgramRow.corpus("seeds").enumerated().filter { $0.offset % 8 == 0 }
    let rows = corpus.map(\.element) + ProgramRow.names
    if let obstacle = runner.obstacle() {
      print("SKIPPED: \(rows.count) programs are not run: \(obstacle)")
      return
    }
    let cases = try rows.map { try $0.programCase(for: .numpy) }
    let failures = try URL.withTemporaryFolder { try runner.failures(of: cases, in: $0) }
    #expect(failures.isEmpty, "\(failures)")
  }

  /// All primitives are in the table, so that every target is asked for each.
  @Test func everyPrimitiveIsInTheTable() throws {
    var missing = Set(Primitive.allCases)
    for row in ProgramRow.primitives {
      let input = try Language.elaborate(
        row.input, declarations: row.declare.filter { !$0.isEmpty })
      for node in input.nodes {
        if case .primitive(let primitive) = node.operation { missing.remove(primitive) }
      }
    }
    #expect(missing.isEmpty, "\(missing)")
  }
}
