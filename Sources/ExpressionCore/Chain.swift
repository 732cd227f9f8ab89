/// A product of matrices being put together: neighbours that have a shorter product are joined as
/// they meet, and segments of shape 1×1 are taken out as scalars.
struct Chain {
  private let graph: Graph
  private(set) var elements: [Expr] = []
  private(set) var scalars: [Factor] = []
  private(set) var coefficient = Number.one
  private(set) var isZero = false

  init(_ graph: Graph) { self.graph = graph }

  mutating func append(_ e: Expr) {
    if graph.shape(e).isScalar {
      scalars.append(Factor(e))
      return
    }
    switch graph.node(e) {
    case .zero: isZero = true
    case .identity: break
    case .product(let product):
      coefficient = coefficient * product.coefficient
      scalars += product.scalars
      for element in product.chain {
        if case .identity = graph.node(element) { continue }
        push(element)
      }
    case .symbol, .number, .pi, .dimension, .ones, .unit, .sum, .hadamard, .apply: push(e)
    }
  }

  private mutating func push(_ e: Expr) {
    if let last = elements.last, let joined = graph.joined(last, e) {
      elements.removeLast()
      return append(joined)
    }
    elements.append(e)
    cancelInverse()
    joinThree()
  }

  /// `V*diag(eigvals(S))*V' = S` and its kin.
  private mutating func joinThree() {
    let n = elements.count
    guard n >= 3, let joined = graph.joined(elements[n - 3], elements[n - 2], elements[n - 1])
    else { return }
    elements.removeLast(3)
    append(joined)
  }

  /// `inv(P*Q)*P*Q` and `P*Q*inv(P*Q)` are I.
  private mutating func cancelInverse() {
    guard let last = elements.last else { return }
    if let inner = graph.operand(of: last, .inv), case .product(let p) = graph.node(inner),
      elements.dropLast().suffix(p.chain.count).elementsEqual(p.chain),
      p.chain.count < elements.count
    {
      elements.removeLast(p.chain.count + 1)
      return cancel(p)
    }
    for (position, e) in elements.dropLast().enumerated() {
      guard let inner = graph.operand(of: e, .inv), case .product(let p) = graph.node(inner),
        p.chain.count == elements.count - position - 1,
        elements[(position + 1)...].elementsEqual(p.chain)
      else { continue }
      elements.removeLast(p.chain.count + 1)
      return cancel(p)
    }
  }

  /// What is left of `inv(c*P)*P`: 1/c.
  private mutating func cancel(_ p: Product) {
    coefficient = coefficient / p.coefficient
    scalars += p.scalars.map { Factor($0.base, -$0.exponent) }
  }

  /// Cuts the chain where an inner dimension is 1; a piece of shape 1×1 becomes a scalar.
  mutating func extractScalars() {
    guard elements.count > 1 else { return }
    var kept: [Expr] = []
    var segment: [Expr] = []
    for (position, e) in elements.enumerated() {
      segment.append(e)
      guard position == elements.count - 1 || graph.shape(e).columns.isOne else { continue }
      if graph.shape(segment[0]).rows.isOne, graph.shape(e).columns.isOne {
        scalars.append(Factor(graph.scalarChain(segment)))
      } else {
        kept += segment
      }
      segment = []
    }
    elements = kept
  }

  /// The identity that is left when all of a matrix product has cancelled.
  mutating func restoreIdentity(_ n: Dim) { elements = [graph.identity(n)] }
}

extension Graph {
  /// The one operand of an application of a primitive.
  public func operand(of e: Expr, _ primitive: Primitive) -> Expr? {
    guard records[e.index].primitive == primitive,
      case .apply(_, let operands, _) = node(e)
    else { return nil }
    return operands.first
  }

  public func isOnesRow(_ e: Expr) -> Bool {
    guard let column = operand(of: e, .transpose), case .ones = node(column) else { return false }
    return true
  }

  public func isOnesColumn(_ e: Expr) -> Bool { if case .ones = node(e) { true } else { false } }

  /// A column, row or matrix of ones.
  public func isOnesMatrix(_ e: Expr) -> Bool {
    if case .product(let p) = node(e) {
      return p.coefficient.isOne && p.scalars.isEmpty && p.chain.count == 2
        && isOnesColumn(p.chain[0])
        && isOnesRow(p.chain[1])
    }
    return isOnesColumn(e) || isOnesRow(e) || e == one
  }

  // MARK: Scalars made of a chain

  /// The scalar `r*A*…*c` in canonical form: of the chain and its transpose the one that comes
  /// first; two vectors as `u'*v`, more elementwise factors as `1'*(a.*b.*c)`.
  func scalarChain(_ chain: [Expr]) -> Expr {
    if chain.count == 2 { return innerProduct(transpose(chain[0]), chain[1]) }
    if chain.count == 3, isOnesRow(chain[0]), isOnesColumn(chain[2]),
      case .hadamard(let f) = node(chain[1])
    {
      return sumOfEntries(f, chain[1])
    }
    let mirrored = chain.reversed().map { transpose($0) }
    if chain.lexicographicallyPrecedes(mirrored)
      || mirrored.contains(where: { splitCoefficient($0).0 != .one })
    {
      return atom(chain)
    }
    return atom(mirrored)
  }

  /// Interns a canonical chain of shape 1×1.
  private func atom(_ chain: [Expr]) -> Expr {
    let p = Product(chain: chain)
    return intern(.product(p), .scalar, factsOfProduct(p))
  }

  /// `u'*v` of two columns.
  private func innerProduct(_ u: Expr, _ v: Expr) -> Expr {
    if u == v, isPlainColumn(u) { return atom([transpose(u), u]) }
    if isPlainColumn(u), isPlainColumn(v) {
      let (a, b) = u < v ? (u, v) : (v, u)
      return atom([transpose(a), b])
    }
    return sumOfEntries(hadamard([Factor(u), Factor(v)]))
  }

  /// Whether an elementwise product with it stays two factors.
  private func isPlainColumn(_ e: Expr) -> Bool {
    switch node(e) {
    case .symbol, .sum, .unit: true
    case .apply(let p, _, _): p != .exp && p != .step && p != .sign && p != .abs
    case .number, .pi, .dimension, .zero, .identity, .ones, .product, .hadamard: false
    }
  }

  /// The sum of the entries of a column.
  private func sumOfEntries(_ e: Expr) -> Expr {
    let n = shape(e).rows
    switch node(e) {
    case .hadamard(let factors):
      if factors.count == 1, factors[0].exponent == .two {
        return product([transpose(factors[0].base), factors[0].base], or: e)
      }
      if factors.count == 2, factors.allSatisfy({ $0.exponent.isOne }) {
        return product([transpose(factors[0].base), factors[1].base], or: e)
      }
      return atom([transpose(ones(n)), e])
    case .ones: return dimension(n)
    case .zero: return number(0)
    case .product(let p):
      var outer = Product(p.coefficient, scalars: p.scalars)
      outer.chain = []
      let inner =
        p.chain.count == 1 ? sumOfEntries(p.chain[0]) : product([transpose(ones(n))] + p.chain)
      return product([product(outer), inner])
    case .symbol, .number, .pi, .dimension, .identity, .unit, .sum, .apply:
      if let joined = joined(transpose(ones(n)), e) { return joined }
      return atom([transpose(ones(n)), e])
    }
  }

  /// `a'*b`; kept as `1'*(a.*b)` where a or b is itself made of elementwise factors.
  private func product(_ pair: [Expr], or whole: Expr) -> Expr {
    let a = transpose(pair[0])
    if isPlainColumn(a), isPlainColumn(pair[1]) { return innerProduct(a, pair[1]) }
    for e in [a, pair[1]] {
      if case .product(let p) = node(e), p.coefficient.isOne, p.scalars.isEmpty, p.chain.count > 1 {
        continue
      }
      if isPlainColumn(e) { continue }
      if case .apply = node(e) { continue }
      return atom([transpose(ones(shape(whole).rows)), whole])
    }
    let isPlain = pair.allSatisfy { if case .product = node($0) { false } else { true } }
    if isPlain {
      let (x, y) = a < pair[1] ? (a, pair[1]) : (pair[1], a)
      return atom([transpose(x), y])
    }
    return product(pair)
  }

  /// The sum of the entries of an elementwise product of matrices: `tr(A'*B)` for two of them.
  private func sumOfEntries(_ factors: [Factor], _ whole: Expr) -> Expr {
    let s = shape(whole)
    if factors.count == 1, factors[0].exponent == .two {
      return trace(product([transpose(factors[0].base), factors[0].base]))
    }
    if factors.count == 2, factors.allSatisfy({ $0.exponent.isOne }) {
      return trace(product([transpose(factors[0].base), factors[1].base]))
    }
    return atom([transpose(ones(s.rows)), whole, ones(s.columns)])
  }
}
