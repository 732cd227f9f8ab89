import ExpressionCore
import ExpressionLanguage

/// Writes expressions of a graph in the language, each as short as it finds.
///
/// The graph is canonical, not pretty; here the choices of notation are made, bottom-up and each
/// by measured size: a transpose around a product or on its factors, a number before a sum or in
/// it, `diag(v)*A` or `v.*A`, `norm2(x)`, `sum(X,1)` for a product with ones, a minus where it
/// costs nothing. The spelling of an expression is one shared tree, so that `size` is cheap and
/// repeated parts are recognised by identity.
public final class Speller {
  /// Whether a diagonal factor is written `diag(v)*A` (of Jacobians) or `v.*A` (of gradients).
  public enum DiagonalStyle: Sendable { case matrix, scaling }

  /// What is decided for a whole answer, because it decides which parts get one name.
  struct Choices {
    /// Whether a minus may turn the signs of a sum.
    var turnsSigns = true
    /// Expressions that are written as the transposes of others: `(X - mu')'` beside `X - mu'`.
    var mirrors: [Expr: Expr] = [:]
    /// Sums that are kept together inside longer ones: `r + a` with `r = X*w - y`.
    var groups: [Expr] = []
  }

  public let graph: Graph
  public let diagonals: DiagonalStyle
  @exclusivity(unchecked) private var spelled = ExprTable<Syntax>()
  @exclusivity(unchecked) private var negations = ExprTable<Syntax?>()
  @exclusivity(unchecked) var spreadParts = ExprTable<Expr?>()
  /// The expression that a tree spells.
  private(set) var source: [ObjectIdentifier: Expr] = [:]
  /// How many expressions were spelled: the measure of the search's effort.
  @exclusivity(unchecked) public private(set) var effort = 0
  @exclusivity(unchecked) private var inProgress = ExprTable<Bool>()
  let choices: Choices
  private var placeholders: [ObjectIdentifier: Expr] = [:]

  public convenience init(_ graph: Graph, diagonals: DiagonalStyle) {
    self.init(graph, diagonals: diagonals, Choices())
  }

  init(_ graph: Graph, diagonals: DiagonalStyle, _ choices: Choices) {
    self.graph = graph
    self.diagonals = diagonals
    self.choices = choices
  }

  /// The expressions whose spellings stand in a tree.
  func expressions(in root: Syntax) -> [Expr] {
    var visited: Set<ObjectIdentifier> = []
    var pending = [root]
    var present: Set<Expr> = []
    while let s = pending.popLast() {
      guard visited.insert(ObjectIdentifier(s)).inserted else { continue }
      if let e = source[ObjectIdentifier(s)] { present.insert(e) }
      pending += s.operands
    }
    return present.sorted()
  }

  /// Pairs of transposes in a tree, the longer to be written through the shorter.
  func mirrors(in root: Syntax) -> [Expr: Expr] {
    let present = expressions(in: root).filter { size($0) > 3 }
    var found: [Expr: Expr] = [:]
    for e in present {
      let mirrored = graph.transpose(e)
      guard mirrored != e, present.contains(mirrored), found[e] == nil, found[mirrored] == nil
      else { continue }
      if case .transpose = spell(e).kind { continue }
      if case .transpose = spell(mirrored).kind { continue }
      let (kept, other) = size(e) <= size(mirrored) ? (e, mirrored) : (mirrored, e)
      found[other] = kept
    }
    return found
  }

  /// An expression of its own that is spelled so.
  func placeholder(for syntax: Syntax, _ shape: Shape) -> Expr {
    if let known = placeholders[ObjectIdentifier(syntax)] { return known }
    let made = graph.makeSymbol(Variable(name: "", shape: shape, type: .matrix))
    placeholders[ObjectIdentifier(syntax)] = made
    spelled[made] = syntax
    return made
  }

  func isBeingSpelled(_ e: Expr) -> Bool { inProgress[e] != nil }

  public func size(_ e: Expr) -> Int { spell(e).size }

  public func spell(_ e: Expr) -> Syntax {
    if let known = spelled[e] { return known }
    effort += 1
    if let mirror = choices.mirrors[e] {
      // The mirror may not be written through this expression in turn.
      inProgress[e] = true
      let outside = Syntax.transposed(spell(mirror))
      inProgress[e] = nil
      spelled[e] = outside
      return outside
    }
    inProgress[e] = true
    var best = direct(e)
    // Its transpose may be written through it (`sigmoid(B)'` of a skew B is `1 - sigmoid(B)`).
    spelled[e] = best
    if let outside = transposeOutside(e, than: best) { best = outside }
    inProgress[e] = nil
    spelled[e] = best
    source[ObjectIdentifier(best)] = e
    return best
  }

  /// The transpose of a spelling that is shorter without: `(x - mu)'`, `(inv(X)*A*inv(X))'`.
  private func transposeOutside(_ e: Expr, than best: Syntax) -> Syntax? {
    guard !graph.shape(e).isScalar else { return nil }
    let saving: Int
    switch graph.node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return nil
    case .apply(.transpose, _, _): return nil
    case .sum(let terms):
      // Kronecker products and commutations rather show their factors.
      saving =
        terms.contains { term in
          if case .product(let p) = graph.node(term.expr) {
            p.chain.contains { graph.operand(of: $0, .kron) != nil }
          } else {
            graph.operand(of: term.expr, .kron) != nil
          }
        } ? 3 : 1
    case .hadamard, .apply(.kron, _, _), .apply(.khatrirao, _, _), .apply(.sylvester, _, _):
      saving = 1
    case .product(let p): saving = p.chain.count == 1 ? 1 : 2
    case .apply: saving = 0
    }
    let transposed = graph.transpose(e)
    let (coefficient, unit) = graph.splitCoefficient(transposed)
    // Symmetric or skew: there is nothing to choose; nor where the transpose asks for this.
    if graph.operand(of: transposed, .transpose) != nil { return nil }
    if isBeingSpelled(unit) || isBeingSpelled(transposed) { return nil }
    let inner: Syntax
    if !coefficient.isOne, case .sum(let terms) = graph.node(unit) {
      inner = spellSum(terms, scaledBy: coefficient)
    } else {
      inner = spelled[transposed] ?? direct(transposed)
    }
    guard inner.size + 1 + saving <= best.size || (saving == 0 && inner.size + 1 == best.size)
    else { return nil }
    // Both are now written through one tree, which can get one name.
    if spelled[transposed] == nil, coefficient.isOne {
      spelled[transposed] = inner
      source[ObjectIdentifier(inner)] = transposed
    }
    if case .negate(let positive) = inner.kind { return .negated(.transposed(positive)) }
    return Syntax(.transpose(inner))
  }

  private func direct(_ e: Expr) -> Syntax {
    switch graph.node(e) {
    case .symbol(let i): return .name(graph.symbols[i].name)
    case .number(let value): return .number(value)
    case .pi: return .name("pi")
    case .dimension(let dim): return .dim(dim)
    case .zero(let shape): return .call("zeros", .dim(shape.rows), .dim(shape.columns))
    case .identity(let n): return .call("eye", .dim(n))
    case .ones(let n): return .call("ones", .dim(n), .number(.one))
    case .unit(let n, let position): return .call("unit", .dim(n), .dim(position))
    case .sum(let terms): return spellSum(terms, scaledBy: .one)
    case .product(let p): return spellProduct(p)
    case .hadamard(let factors): return spellHadamard(factors)
    case .apply(let primitive, let x, let parameters):
      return spellApplication(e, primitive, x, parameters)
    }
  }

  // MARK: Negation

  /// A spelling of `-e` that is no longer than that of `e`: a sum with its signs turned.
  func freeNegation(_ e: Expr) -> Syntax? {
    guard choices.turnsSigns else { return nil }
    if let known = negations[e] { return known }
    negations[e] = .some(nil)
    let result = makeFreeNegation(e)
    negations[e] = .some(result)
    return result
  }

  private func makeFreeNegation(_ e: Expr) -> Syntax? {
    switch graph.node(e) {
    case .sum(let terms):
      guard terms.contains(where: { $0.coefficient.isNegative || freeNegation($0.expr) != nil })
      else { return nil }
      let turned = spellSum(terms, scaledBy: .minusOne)
      return turned.size <= spell(e).size ? turned : nil
    case .product(let p):
      guard p.coefficient.isPositive else { return nil }
      for (i, element) in p.chain.enumerated()
      where freeNegation(element) != nil && !isMirrored(element, in: p.chain) {
        return spellProduct(p, negatingChain: i)
      }
      for (i, factor) in p.scalars.enumerated()
      where factor.exponent.isOddInteger && freeNegation(factor.base) != nil {
        return spellProduct(p, negatingScalar: i)
      }
      return nil
    case .hadamard(let factors):
      for (i, factor) in factors.enumerated()
      where factor.exponent.isOddInteger && freeNegation(factor.base) != nil {
        return spellHadamard(factors, negating: i)
      }
      return nil
    case .apply(.diag, let x, _): return freeNegation(x[0]).map { .call("diag", $0) }
    case .apply(.diagonal, let x, _): return freeNegation(x[0]).map { .call("diag", $0) }
    case .apply(.vec, let x, _): return freeNegation(x[0]).map { .call("vec", $0) }
    case .apply(.tr, let x, _): return freeNegation(x[0]).map { .call("tr", $0) }
    case .apply(let primitive, let x, let parameters):
      return negatedOperand(primitive, x, parameters)
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return nil
    }
  }

  /// A linear operation of an operand with its signs turned.
  private func negatedOperand(_ primitive: Primitive, _ x: [Expr], _ parameters: [Dim]) -> Syntax? {
    let candidates: [Int]
    switch primitive {
    case .tril, .triu, .stril, .halftril, .reshape, .vech, .im2col, .col2im: candidates = [0]
    case .conv1d, .conv2d: candidates = [0, 1]
    case .sylvester, .lyapunov, .dexpm, .dlogm, .dsinm, .dcosm: candidates = [x.count - 1]
    default: return nil
    }
    for i in candidates {
      guard let turned = freeNegation(x[i]) else { continue }
      var operands = x.map { spell($0) }
      operands[i] = turned
      return call(primitive, operands, parameters)
    }
    return nil
  }

  /// `-e`: with its signs turned, or a minus before it.
  func negated(_ e: Expr) -> Syntax { freeNegation(e) ?? .negated(spell(e)) }
}

extension Syntax {
  static func name(_ name: String) -> Syntax { Syntax(.name(name)) }

  static func call(_ name: String, _ arguments: Syntax...) -> Syntax {
    Syntax(.call(name, arguments))
  }

  /// A number as the language writes it: `-2`, `3/4`.
  static func number(_ value: Number) -> Syntax {
    if value.isNegative { return Syntax(.negate(.number(-value))) }
    if case .rational(let p, let q) = value, q != 1 {
      return Syntax(
        .product(
          Syntax(.number(Number(p))), [(operation: .divide, factor: Syntax(.number(Number(q))))]))
    }
    return Syntax(.number(value))
  }

  static func transposed(_ x: Syntax) -> Syntax { Syntax(.transpose(x)) }

  /// A minus before it.
  static func negated(_ x: Syntax) -> Syntax {
    if case .negate(let inner) = x.kind { return inner }
    return Syntax(.negate(x))
  }

  /// The factors in order with `operation` between them; a first factor that is itself such a
  /// product is continued rather than bracketed.
  static func product(
    _ factors: [Syntax], _ operation: Multiplication = .times, continuing: Bool = true
  ) -> Syntax {
    guard let first = factors.first else { return .number(.one) }
    guard factors.count > 1 else { return first }
    let rest = factors.dropFirst().map { (operation: operation, factor: $0) }
    if continuing, case .product(let head, let tail) = first.kind,
      operation == .divide || (operation == .times && tail.allSatisfy { $0.operation == .times })
    {
      return Syntax(.product(head, tail + rest))
    }
    return Syntax(.product(first, rest))
  }

  /// `numerators/denominators`, 1 standing in for no numerator.
  static func quotient(
    _ numerators: [Syntax], _ denominators: [Syntax], _ times: Multiplication = .times,
    _ divide: Multiplication = .divide
  ) -> Syntax {
    let top = product(numerators, times)
    guard !denominators.isEmpty else { return top }
    return product([top, product(denominators, times)], divide)
  }

  static func raised(_ x: Syntax, _ exponent: Number, elementwise: Bool) -> Syntax {
    if exponent.isOne { return x }
    if exponent == .half { return .call("sqrt", x) }
    return elementwise
      ? Syntax(.elementwisePower(x, .number(exponent))) : Syntax(.power(x, .number(exponent)))
  }

  static func dim(_ dim: Dim) -> Syntax {
    switch dim {
    case .literal(let n): return .number(Number(n))
    case .name(let n): return .name(n)
    case .polynomial(let p):
      var terms: [(negative: Bool, term: Syntax)] = p.terms.map { term in
        var factors = term.factors.flatMap { factor in
          Array(repeating: Syntax.name(factor.name), count: factor.exponent)
        }
        guard case .rational(let n, let d) = term.coefficient.magnitude else {
          return (false, .number(term.coefficient))
        }
        if n != 1 || factors.isEmpty { factors.insert(.number(Number(n)), at: 0) }
        return (
          term.coefficient.isNegative, quotient(factors, d == 1 ? [] : [.number(Number(d))])
        )
      }
      if let positive = terms.firstIndex(where: { !$0.negative }) {
        terms.insert(terms.remove(at: positive), at: 0)
      }
      return .sum(terms)
    }
  }

  /// Signed terms; the first is negated in place.
  static func sum(_ terms: [(negative: Bool, term: Syntax)]) -> Syntax {
    guard let first = terms.first else { return .number(.zero) }
    let head = first.negative ? negated(first.term) : first.term
    return terms.count == 1 ? head : Syntax(.sum(head, Array(terms.dropFirst())))
  }
}
