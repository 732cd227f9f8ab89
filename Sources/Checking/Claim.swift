import ExpressionCore
import ExpressionLanguage

/// A derivative in the language, in the terms of the input that it belongs to.
struct Claim {
  let reader: ClaimReader
  let typed: TypedInput
  /// One expression, its own definitions put in; nil where that would be too long.
  let tree: Syntax?

  private static let largestSize = 2_000

  init(_ text: String, _ reader: ClaimReader) throws(Diagnostics) {
    self.reader = reader
    typed = try reader.read(text)
    tree = try ParsedInput(text).inlined(limit: Self.largestSize)
  }

  var shape: Shape { typed.nodes[typed.result].shape }
}

/// Reads texts in the variables of an input and in directions of them.
struct ClaimReader {
  let input: TypedInput
  let directions: [Direction]

  func read(_ text: String) throws(Diagnostics) -> TypedInput {
    try Language.elaborate(text, in: input, extra: directions.map(\.asVariable))
  }

  func read(_ tree: Syntax) -> TypedInput? { try? read(SyntaxPrinter.text(of: tree)) }
}

extension ParsedInput {
  /// The final expression with all definitions put in; nil where that is larger than `limit`.
  public func inlined(limit: Int) -> Syntax? {
    var values: [String: Syntax] = [:]
    for definition in definitions {
      guard let value = definition.value.replacing(values), value.size <= limit else { return nil }
      values[definition.name] = value
    }
    return result?.replacing(values).flatMap { $0.size <= limit ? $0 : nil }
  }
}

extension Syntax {
  /// The tree with values in the place of names; nil where it is nested too deeply to be worth it.
  fileprivate func replacing(_ values: [String: Syntax]) -> Syntax? {
    if case .name(let name) = kind { return values[name] ?? self }
    guard depth < 500 else { return nil }
    var replaced: [Syntax] = []
    for operand in operands {
      guard let value = operand.replacing(values) else { return nil }
      replaced.append(value)
    }
    return withOperands(replaced)
  }
}
