import ExpressionCore
import ExpressionLanguage
import Rewriting

/// A derivative of any order as a multilinear map: `D^k f(X)[V1, …, Vk]`, or, with one argument left
/// open, the gradient `D^k f(X)[V1, …, V(k-1), ·]`.
///
/// It is linear in each direction, and does not change where directions of one variable are
/// exchanged (Magnus & Neudecker, chapter 6).
public struct HigherDerivative: Sendable {
  /// An argument of the map.
  public struct Direction: Hashable, Sendable {
    /// `V1`, or another name where the input has that one.
    public let name: String
    /// The variable that moves along it, whose shape it has.
    public let variable: String
  }

  /// The number of differentiations.
  public let order: Int
  /// In the order in which they are differentiated along.
  public let directions: [Direction]
  /// The variable of the argument that is left open; nil where there is none.
  public let gradient: String?
  public let value: Spelling
  /// The derivative of each order: the last one is the answer, each is the derivative of the one
  /// before along its own last direction. The first is the gradient where one is asked for.
  public let stages: [Spelling]
  /// The conditions under which the derivative exists.
  public let domain: [String]

  /// The answer: of the value's shape, or of the shape of the open argument's variable.
  public var result: Spelling { stages.last ?? value }

  /// What can be asked for: the number of terms grows like that of the partitions of a set.
  public static let orders = 1...8
}

/// Differentiates an input along a direction of each of some variables in turn.
///
/// - Parameters:
///   - variables: that move along the directions V1, V2, …; one may occur several times.
///   - gradient: of a 1×1 input, the variable of an argument that is left open.
///   - fixed: differentiates along the number 1 instead of directions, for variables that are 1×1.
/// - Throws: where a variable is unknown, a gradient is asked of something that is not 1×1, an
///   operation has no derivative, or the order is not in `HigherDerivative.orders`.
public func higherDerivative(
  _ input: TypedInput, along variables: [String], gradient: String? = nil,
  alongOne fixed: Bool = false
) throws(DerivativeError) -> HigherDerivative {
  let order = variables.count + (gradient == nil ? 0 : 1)
  guard HigherDerivative.orders.contains(order) else {
    throw .order(order, allowed: HigherDerivative.orders)
  }
  for name in variables + [gradient].compactMap({ $0 })
  where !input.variables.contains(where: { $0.name == name }) {
    throw .unknownVariable(name, known: input.variables.map(\.name))
  }
  return try HigherDerivation(input).derive(variables, gradient, fixed)
}

/// The input in a graph of its own, all variables plain: see `Lowering`.
private struct HigherDerivation {
  private let input: TypedInput
  private let graph = Graph()
  private let lowering: Lowering
  private let structured: [Expr: Expr]
  private let search: Search

  init(_ input: TypedInput) {
    self.input = input
    let hidden = input.variables.indices.filter { input.variables[$0].isStructured }
    lowering = Lowering(input, into: graph, plain: Set(hidden))
    var structured: [Expr: Expr] = [:]
    for i in hidden { structured[lowering.variables[i]] = graph.makeSymbol(input.variables[i]) }
    self.structured = structured
    search = Search(graph, diagonals: .scaling)
  }

  func derive(
    _ variables: [String], _ gradient: String?, _ fixed: Bool
  ) throws(DerivativeError) -> HigherDerivative {
    let names = fixed ? [] : DirectionNames.free(variables.count, in: input)
    var directions: [HigherDerivative.Direction] = []
    var current = lowering.result
    var stages: [Spelling] = []
    if let gradient, let x = symbol(of: gradient) {
      guard graph.shape(current).isScalar else { throw .notScalar(graph.shape(current)) }
      let (root, shape) = (current, graph.shape(x))
      current = try simplified { () throws(UndefinedDerivative) in
        try graph.pullback(of: root, cotangent: graph.one, to: [x])[x] ?? graph.zero(shape)
      }
      stages.append(try spelled(current, directions))
    }
    for (i, name) in variables.enumerated() {
      guard let x = symbol(of: name) else { continue }
      var direction = graph.one
      if !fixed {
        directions.append(HigherDerivative.Direction(name: names[i], variable: name))
        direction = graph.makeSymbol(self.direction(names[i], like: name))
      }
      let root = current
      current = try simplified { () throws(UndefinedDerivative) in
        try graph.differential(of: root, given: [x: direction]) ?? graph.zero(graph.shape(root))
      }
      stages.append(try spelled(current, directions))
    }
    return HigherDerivative(
      order: stages.count, directions: directions, gradient: gradient,
      value: try spelled(lowering.result, [], simplifies: false), stages: stages,
      domain: Domain(input, vectors: VectorUse(graph, current)).conditions)
  }

  private func symbol(of name: String) -> Expr? {
    input.variables.firstIndex { $0.name == name }.map { lowering.variables[$0] }
  }

  private func direction(_ name: String, like variable: String) -> Variable {
    let like = input.variables.first { $0.name == variable }
    let shape = like?.shape ?? .scalar
    let type = like.map { Differential.type(of: $0.type) } ?? .scalar
    return Variable(name: name, shape: shape, type: type)
  }

  private func simplified(
    _ body: () throws(UndefinedDerivative) -> Expr
  ) throws(DerivativeError) -> Expr {
    let result: Expr
    do {
      result = search.simplify(try body())
    } catch {
      throw .undefined(error.primitive)
    }
    if let failure = graph.failure { throw .limit(failure) }
    return result
  }

  /// With the variables' structure known again.
  private func spelled(
    _ e: Expr, _ directions: [HigherDerivative.Direction], simplifies: Bool = true
  ) throws(DerivativeError) -> Spelling {
    var shown = e
    if !structured.isEmpty { shown = graph.replacing(structured, in: e) }
    if simplifies, shown != e { shown = search.simplify(shown) }
    let spelling = Spelling(
      shown, search.speller, graph, lowering, of: input, hiding: structured,
      taken: directions.map(\.name), for: .reading)
    if let failure = graph.failure { throw .limit(failure) }
    return spelling
  }
}
