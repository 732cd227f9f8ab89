import ExpressionCore
import Testing

@testable import ExpressionLanguage

@Suite struct CorpusTests {
  @Test func allRowsAreRead() {
    #expect(CorpusRow.all.count >= 370)
  }

  @Test(arguments: CorpusRow.all)
  func inputAndAnswersElaborate(_ row: CorpusRow) throws {
    let input = try Language.elaborate(row.input ?? "", declarations: row.declare ?? [])
    for answer in [row.expected, row.claim].compactMap({ $0 }) {
      // Some claims are wrong by their shapes.
      if answer == row.claim, row.id.hasPrefix("shape-") || row.id == "error-outer-product" {
        continue
      }
      let wrt = row.wrt.map { [$0] } ?? []
      let typed = try Language.elaborate(answer, in: input, differentials: wrt)
      let tree = try ParsedInput(answer)
      #expect(tree.statements.isEmpty == false)
      if answer == row.expected { expectShape(typed, row, input) }
    }
  }

  private func expectShape(_ answer: TypedInput, _ row: CorpusRow, _ input: TypedInput) {
    let shape = answer.nodes[answer.result].shape
    let value = input.nodes[input.result].shape
    guard let variable = input.variables.first(where: { $0.name == row.wrt })?.shape else {
      #expect(shape == value, "a rule keeps the shape")
      return
    }
    let expected: Shape
    switch row.kind {
    case "gradient":
      expected = value.isScalar ? variable : value
    case "jacobian": expected = Shape(value.count, variable.count)
    case "hessian": expected = Shape(variable.count, variable.count)
    case "differential": expected = value
    default: return
    }
    switch row.options?.layout {
    case "numerator" where row.kind == "gradient", "jacobian-transposed":
      #expect(shape == expected.transposed)
    default: #expect(shape == expected)
    }
  }

  /// The size that the corpus states is the size of the tree; definitions count in full.
  @Test(arguments: CorpusRow.all.filter { $0.size != nil })
  func sizesAreCountedAlike(_ row: CorpusRow) throws {
    let parsed = try ParsedInput(row.expected ?? "")
    let size = parsed.definitions.reduce(parsed.result?.size ?? 0) { $0 + $1.value.size }
    #expect(size == row.size)
  }

  @Test(arguments: CorpusRow.all)
  func printingKeepsTheText(_ row: CorpusRow) throws {
    for text in [row.input, row.expected, row.claim].compactMap({ $0 }) {
      for definition in try ParsedInput(text).definitions {
        #expect(try reread(definition.value) == definition.value.description)
      }
      guard let result = try ParsedInput(text).result else { continue }
      #expect(try reread(result) == result.description)
    }
  }

  private func reread(_ syntax: Syntax) throws -> String? {
    try ParsedInput(syntax.description).result?.description
  }
}
