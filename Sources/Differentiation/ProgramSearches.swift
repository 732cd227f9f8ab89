import ExpressionCore
import Rewriting

/// The searches of one derivation for a program: a later one knows what an earlier one found, for a
/// Hessian is made of the parts of its gradient.
final class ProgramSearches {
  private let graph: Graph
  private let refactors: Bool
  private var known: [Speller.DiagonalStyle: Search] = [:]

  init(_ graph: Graph, refactors: Bool) {
    self.graph = graph
    self.refactors = refactors
  }

  func search(_ diagonals: Speller.DiagonalStyle, budget: Int) -> Search {
    if let search = known[diagonals] {
      search.renew(budget: budget)
      return search
    }
    let search = Search(graph, diagonals: diagonals, budget: budget, refactors: refactors)
    known[diagonals] = search
    return search
  }
}
