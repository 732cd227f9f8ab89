import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// What is compared with the right derivative: an expression, or a program of which nothing but
/// values is known.
struct Candidate {
  /// The expression; nil of a program, and of what is too long to be changed.
  let tree: Syntax?
  /// Nil of a program.
  let shape: Shape?
  private let value: (RandomPoint) -> Matrix?

  init(_ claim: Claim) {
    tree = claim.tree
    shape = claim.shape
    value = { [typed = claim.typed] point in try? point.value(of: typed).result }
  }

  init(_ program: @escaping (RandomPoint) -> Matrix?) {
    tree = nil
    shape = nil
    value = program
  }

  /// The value at each point where there is a finite one.
  func values(at points: [RandomPoint]) -> [Matrix?] {
    points.map { point in value(point).flatMap { $0.allFinite ? $0 : nil } }
  }
}
