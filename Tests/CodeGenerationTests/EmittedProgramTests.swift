import EmittedPrograms
import Foundation
import Frechet
import Testing

/// Programs that are written, run, and compared with Frechet's own numbers.
@Suite(.serialized) struct EmittedProgramTests {
  /// How many rows apart the sampled ones lie: a compiler takes seconds for a program.
  private static let strides: [TargetName: Int] = [
    .numpy: 8, .jax: 16, .torch: 16, .stablehlo: 16, .matlab: 8, .julia: 8, .swift: 48, .eigen: 48,
  ]

  /// A sample of the corpus and of the forms, and all that was once wrong. `Tools/EmittedPrograms`
  /// runs all rows.
  @Test(arguments: TargetName.allCases)
  func aSampleIsRight(_ target: TargetName) throws {
    let runner = try #require(programRunners.first { $0.target == target })
    let every = Self.strides[target] ?? 16
    let groups: [ProgramGroup] = [
      .corpus, .names, .second, .several, .forwardProducts, .reverseProducts, .hessianProducts,
    ]
    let sample = try groups.flatMap { try $0.rows() }.enumerated()
      .filter { $0.offset % every == 0 }.map(\.element)
    let rows = sample + ProgramRow.mended
    if let obstacle = runner.obstacle() {
      print("SKIPPED: \(rows.count) programs for \(target) are not run: \(obstacle)")
      return
    }
    var cases: [ProgramCase] = []
    var outcomes: [String: ProgramOutcome] = [:]
    for row in rows {
      do {
        cases.append(try row.programCase(for: target))
      } catch {
        outcomes[row.id] = ProgramOutcome(error)
      }
    }
    // What no other test of the sample tries, and costs nothing.
    let checks = runner.checks.filter { $0 == "shapes" }
    let found = try URL.withTemporaryFolder {
      try runner.outcomes(of: cases, checks: checks, in: $0)
    }
    outcomes.merge(found) { first, _ in first }
    #expect(outcomes.count == rows.count)
    let wrong = outcomes.filter(\.value.isWrong)
    #expect(wrong.isEmpty, "\(wrong)")
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
