import Differentiation
import ExpressionCore
import ExpressionLanguage
import Planning
import Rewriting

/// Where sizes are known, the order of dimensions need not be assumed: inverses and determinants of
/// low-rank updates are written small, in values as in derivatives.
extension Parts {
  /// A dimension counts as small beside one that is at least this many times as long: then
  /// Woodbury's identity costs less than what it replaces.
  private static var ratio: Int { 4 }

  /// Reads an input again with the order that its sizes have.
  static func read(
    _ source: String, declarations: [String], ordered typed: TypedInput, by sizes: [String: Int]
  ) -> TypedInput {
    guard typed.nodes.contains(where: typed.mayInvert) else { return typed }
    var assumptions: [String] = []
    // 1 is the length of a vector's other side.
    let named = typed.dimensions.compactMap { name in sizes[name].map { (name, $0) } }
    for (small, a) in [("1", 1)] + named {
      for (large, b) in named where a >= 1 {
        let (product, overflow) = a.multipliedReportingOverflow(by: ratio)
        if !overflow, product <= b { assumptions.append("\(small) < \(large)") }
      }
    }
    guard !assumptions.isEmpty else { return typed }
    let ordered = try? Language.elaborate(source, declarations: declarations + assumptions)
    return ordered ?? typed
  }

  /// The value of an input with its inverses as small as the sizes allow, where that changes it.
  static func valueWithSmallInverses(of typed: TypedInput) -> Listing.Formula? {
    guard !typed.sizeOrder.relations.isEmpty else { return nil }
    let graph = Graph()
    let lowering = Lowering(typed, into: graph)
    let small = graph.withSmallInverses(lowering.result)
    guard small != lowering.result, graph.failure == nil else { return nil }
    let search = Search(graph, diagonals: .scaling)
    let spelling = Spelling(
      shape: graph.shape(small), body: search.speller.spell(search.simplify(small)))
    let text = Formula.inputText(spelling)
    guard graph.failure == nil, let input = try? Language.elaborate(text, in: typed) else {
      return nil
    }
    return Listing.Formula(role: .value, input: input, text: text)
  }
}

extension TypedInput {
  /// Whether a node divides by a matrix or asks for its determinant.
  fileprivate func mayInvert(_ node: Node) -> Bool {
    guard case .primitive(let primitive) = node.operation else { return false }
    switch primitive {
    case .inv, .leftDivide, .solve, .det, .logdet: return true
    case .power: return !node.shape.isScalar
    case .divide: return node.operands.last.map { !nodes[$0].shape.isScalar } ?? false
    default: return false
    }
  }
}
