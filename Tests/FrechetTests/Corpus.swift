import Foundation
import Frechet
import Testing

/// A row of the acceptance corpus. Tests/Fixtures/README.md explains the fields.
struct CorpusRow: Decodable, Sendable, CustomTestStringConvertible {
  struct Options: Decodable, Sendable {
    var layout: String?
    var symmetric: String?
    var metric: String?
    var unstructured: Bool?

    func apply(to result: inout DerivativeOptions) {
      if let layout = layout.flatMap(Layout.init) { result.layout = layout }
      if let convention = symmetric.flatMap(SymmetricConvention.init) {
        result.symmetric = convention
      }
      if let metric = metric.flatMap(Metric.init) { result.metric = metric }
      result.unstructured = unstructured ?? false
    }
  }

  let id: String
  let declare: [String]
  let input: String
  let wrt: String?
  let order: Int
  let options: Options
  let expected: String
  let kind: String
  let size: Int

  var testDescription: String { id }

  /// The lines of a fixture.
  static func lines(of name: String) -> [String] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/\(name).jsonl")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  var isRule: Bool { kind == "rule" }
  var isDifferential: Bool { kind == "differential" }

  /// The options of the command line, in the library's terms.
  var derivativeOptions: DerivativeOptions {
    var result = DerivativeOptions()
    result.order = order
    options.apply(to: &result)
    if isDifferential { result.form = .differential }
    return result
  }
}

enum Corpus {
  /// What the engine cannot derive yet. The list only ever shrinks.
  static let missingFunctions: Set<String> = []
  static let missingRows: Set<String> = []

  static let rows = read("seeds")

  /// Results of textbooks and papers beyond those of the source documents.
  static let textbook = read("textbook")

  private static func read(_ name: String) -> [CorpusRow] {
    CorpusRow.lines(of: name).compactMap {
      try? JSONDecoder().decode(CorpusRow.self, from: Data($0.utf8))
    }
  }

  static var rules: [CorpusRow] { rows.filter(\.isRule) }
  static var derivatives: [CorpusRow] { rows.filter { !$0.isRule && !isMissing($0) } }
  static var missing: [CorpusRow] { rows.filter { !$0.isRule && isMissing($0) } }

  private static func isMissing(_ row: CorpusRow) -> Bool {
    missingRows.contains(row.id)
      || row.input.matches(of: /([a-z0-9]+)\(/).contains { missingFunctions.contains(String($0.1)) }
  }
}
