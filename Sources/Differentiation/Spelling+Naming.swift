import ExpressionCore
import ExpressionLanguage
import Rewriting

extension Spelling {
  /// An expression in the author's names: his definitions keep theirs, and what else is used often
  /// gets one that nothing has.
  ///
  /// - Parameters:
  ///   - structured: the variables that stood in for plain ones while deriving.
  ///   - taken: names besides those of the input that the expression uses.
  ///   - purpose: readers get the shortest choice of names, programs any: what is equal there is
  ///     found again by value.
  init(
    _ e: Expr, _ speller: Speller, _ graph: Graph, _ lowering: Lowering, of input: TypedInput,
    hiding structured: [Expr: Expr], taken: [String], for purpose: Purpose
  ) {
    var preferred: [Expr: String] = [:]
    for (definition, expr) in zip(input.definitions, lowering.definitions) {
      let shown = structured.isEmpty ? expr : graph.replacing(structured, in: expr)
      preferred[shown] = definition.name
    }
    let names = input.variables.map(\.name) + input.dimensions
    let all = names + names.map { "d" + $0 } + ["pi"] + input.definitions.map(\.name) + taken
    let naming =
      switch purpose {
      case .reading: Naming.shortest(e, by: speller, preferred: preferred, taken: Set(all))
      case .computing: Naming.shared(e, by: speller, preferred: preferred, taken: Set(all))
      }
    self.init(
      shape: graph.shape(e),
      definitions: naming.definitions.map { Definition(name: $0.name, value: $0.value) },
      body: naming.body)
  }
}
