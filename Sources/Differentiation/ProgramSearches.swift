import ExpressionCore
import Rewriting

/// The searches of one derivation for a program: a later one knows what an earlier one found, for a
/// Hessian is made of the parts of its gradient.
///
/// What a program gains from is a sum that collapses, a factor taken out and a chain that starts at
/// its narrow end; what only reads better, and what is long before it may get short, is left out.
final class ProgramSearches {
  private let graph: Graph
  private let effort: Search.Effort
  private var known: [Speller.DiagonalStyle: Search] = [:]

  init(_ graph: Graph, refactors: Bool) {
    self.graph = graph
    effort = Search.Effort(refactors: refactors, joinsFractions: false, allowance: 20)
  }

  func search(_ diagonals: Speller.DiagonalStyle, budget: Int) -> Search {
    if let search = known[diagonals] {
      search.renew(budget: budget)
      return search
    }
    let search = Search(graph, diagonals: diagonals, budget: budget, effort: effort)
    known[diagonals] = search
    return search
  }
}
