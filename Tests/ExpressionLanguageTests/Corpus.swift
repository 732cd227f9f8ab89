import Foundation
import Testing

/// The rows of the acceptance corpus.
struct CorpusRow: Decodable, CustomTestStringConvertible {
  let id: String
  let declare: [String]?
  let input: String?
  let wrt: String?
  let order: Int?
  let options: Options?
  let expected: String?
  let claim: String?
  let kind: String?
  let size: Int?

  struct Options: Decodable {
    let layout: String?
  }

  var testDescription: String { id }

  static func rows(of file: String) -> [CorpusRow] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let path = folder.appending(path: "Fixtures/\(file).jsonl")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(CorpusRow.self, from: Data($0.utf8))
    }
  }

  static let all = ["seeds", "seed-errors", "claims"].flatMap(rows).filter { $0.input != nil }
}
