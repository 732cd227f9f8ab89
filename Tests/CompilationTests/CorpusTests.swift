import Evaluation
import Foundation
import Frechet
import RandomExpressions
import Testing
import Verification

@testable import Compilation

/// A row of the corpus, as far as it matters here.
struct CompiledRow: Decodable, Sendable, CustomTestStringConvertible {
  let id: String
  let declare: [String]
  let input: String
  let wrt: String?
  let order: Int
  let kind: String

  var testDescription: String { id }

  static let all: [CompiledRow] = ["seeds", "textbook"].flatMap { name in
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/\(name).jsonl")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(CompiledRow.self, from: Data($0.utf8))
    }
  }.filter { $0.kind != "rule" && $0.kind != "differential" }
}

@Suite("The corpus, compiled")
struct CorpusProgramTests {
  @Test("value and derivative are those of the evaluator", arguments: CompiledRow.all)
  func row(row: CompiledRow) throws {
    guard let wrt = row.wrt else { return }
    let typed = try Language.elaborate(row.input, declarations: row.declare)
    var options = DerivativeOptions()
    options.order = row.order
    let request = DerivativeRequest(
      row.input, wrt: [wrt], declarations: row.declare, options: options, verify: false)
    let report = try #require(request.answer().first)
    let derived = try? Language.elaborate(report.derivative.inputText, in: typed)
    var points = RandomPoints([typed] + (derived.map { [$0] } ?? []), seed: 7)
    let next = points.next()
    let point = try #require(next)
    for input in [typed] + (derived.map { [$0] } ?? []) {
      guard let expected = try? point.value(of: input).result, expected.allFinite else { continue }
      let program = try Program(input, sizes: point.sizes)
      let own = point.values.filter { name, _ in program.inputs.contains { $0.name == name } }
      let result = try program(own)
      #expect(
        relativeDistance(result[0], expected) < 1e-9,
        "\(input.source): \(result[0]) instead of \(expected)")
      try expectWithinBound(input, own, sizes: point.sizes)
      try expectWithinBound(input, own, sizes: point.sizes, options: .everythingNarrow)
    }
  }

  @Test("directional derivatives and Hessian-vector products too", arguments: CompiledRow.all)
  func directions(row: CompiledRow) throws {
    guard let wrt = row.wrt else { return }
    for order in [1, 2] {
      let outcome = ProgramTrial.outcome(
        of: row.input, declarations: row.declare, wrt: wrt, order: order, seed: 7)
      #expect(
        ["verified", "no point", "limit"].contains(outcome.label),
        "\(outcome.label): \(row.input)\n\(outcome.detail)")
    }
  }
}
