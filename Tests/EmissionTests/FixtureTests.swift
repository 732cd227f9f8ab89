import Emission
import ExpressionCore
import Foundation
import Testing

/// The part of a row of the corpus that is rendered.
private struct Row: Decodable {
  let declare: [String]
  let input: String?
  let expected: String?
}

private func rows() -> [Row] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures").standardized
  return ["seeds", "claims"].flatMap { name -> [Row] in
    let file = folder.appending(path: "\(name).jsonl")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Row.self, from: Data($0.utf8))
    }
  }
}

/// The shape of a declaration such as `S: spd(n)`.
private func declaration(_ text: String) -> (String, Shape)? {
  let sides = text.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
  guard sides.count == 2 else { return nil }
  let parts = sides[1].split { " (,)".contains($0) }.map(String.init)
  let sizes = parts.filter { $0.count == 1 }.map { Int($0).map(Dim.literal) ?? .name($0) }
  guard let n = sizes.first else { return (sides[0], .scalar) }
  if parts.contains("vector") || parts.contains("simplex") { return (sides[0], Shape(n, 1)) }
  if parts.contains("row") { return (sides[0], Shape(1, n)) }
  return (sides[0], Shape(n, sizes.last ?? n))
}

/// Every answer of the corpus in LaTeX, definitions first.
func fixtureFormulas() -> [String] {
  rows().flatMap { row -> [String] in
    guard let expected = row.expected else { return [] }
    let shapes = Dictionary(row.declare.compactMap(declaration)) { first, _ in first }
    let input = SmallParser.parseInput(expected)
    var printer = LaTeXPrinter(shapes: shapes)
    var formulas: [String] = []
    for (name, value) in input.definitions {
      formulas.append("\(printer.name(name)) = \(printer.print(value))")
      printer = printer.defining(name, as: value)
    }
    return formulas + [printer.print(input.body)]
  }
}

@Test func everyAnswerOfTheCorpusIsWritten() {
  let formulas = fixtureFormulas()
  #expect(formulas.count > 300)
  for formula in formulas {
    #expect(isBalanced(formula), "\(formula)")
    #expect(!formula.contains("?"))
  }
}
