import Differentiation
import ExpressionCore
import ExpressionLanguage

extension TypedInput {
  /// The value as its author wrote it, with those of his definitions that it uses; nil where the
  /// source cannot be read again.
  var authorsSpelling: Spelling? {
    guard let parsed = try? ParsedInput(source), let body = parsed.result else { return nil }
    var used = body.names
    var definitions: [Spelling.Definition] = []
    for definition in parsed.definitions.reversed() where used.contains(definition.name) {
      used.formUnion(definition.value.names)
      definitions.append(Spelling.Definition(name: definition.name, value: definition.value))
    }
    return Spelling(
      shape: nodes[result].shape, definitions: definitions.reversed(), body: body)
  }
}

extension Syntax {
  /// The names in the tree.
  var names: Set<String> {
    var names: Set<String> = []
    var pending = [self]
    while let tree = pending.popLast() {
      if case .name(let name) = tree.kind { names.insert(name) }
      pending += tree.operands
    }
    return names
  }
}
