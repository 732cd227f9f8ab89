import ExpressionCore

/// Inverses and determinants of low-rank updates D + U*C*W of an n×n matrix D whose inverse is at
/// hand, in terms of k×k matrices where k < n is assumed: Woodbury's identity, the determinant lemma
/// and the push-through identity (Henderson and Searle 1981, On deriving the inverse of a sum of
/// matrices).
extension Graph {
  /// The expression with such inverses and determinants written small; itself where nothing is
  /// assumed of sizes.
  public func withSmallInverses(_ root: Expr) -> Expr { withSmallInverses(root, depth: 0) }

  private func withSmallInverses(_ root: Expr, depth: Int) -> Expr {
    guard !sizeOrder.relations.isEmpty, failure == nil else { return root }
    var small: [Expr: Expr] = [:]
    for e in reachable(from: [root]) {
      let rebuilt = rebuilding(e) { small[$0] ?? $0 }
      switch node(e) {
      case .product(let p) where p.chain.contains(where: { lowRankUpdate(inverseOf: $0) != nil }):
        small[e] = withSmallInverses(p) { small[$0] ?? $0 }
      case .product(let p) where depth < 3:
        // (inv(S) - B)*U: the inverse meets U only when multiplied out.
        let wide = distributed(p)
        small[e] = wide.map { withSmallInverses($0, depth: depth + 1) } ?? rebuilt
      case .apply(.inv, let x, _): small[e] = lowRankUpdate(x[0])?.inverse(self) ?? rebuilt
      case .apply(.logdet, let x, _): small[e] = lowRankUpdate(x[0])?.logdet(self) ?? rebuilt
      case .apply(.det, let x, _): small[e] = lowRankUpdate(x[0])?.determinant(self) ?? rebuilt
      case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product,
        .hadamard, .apply:
        small[e] = rebuilt
      }
    }
    return small[root] ?? root
  }

  /// A chain in which an inverse next to U or W is pushed through it, `inv(d*I + U*W)*U =
  /// U*inv(d*I + W*U)`, and is written by Woodbury's identity elsewhere.
  private func withSmallInverses(_ p: Product, _ small: (Expr) -> Expr) -> Expr {
    var done: [Expr] = [
      product(
        [Factor(number(p.coefficient))] + p.scalars.map { Factor(small($0.base), $0.exponent) },
        chain: [])
    ]
    var rest = p.chain[...]
    while let e = rest.popFirst() {
      guard let update = lowRankUpdate(inverseOf: e) else {
        done.append(small(e))
        continue
      }
      if rest.starts(with: update.left) {
        rest = rest.dropFirst(update.left.count)
        done.append(update.pushedThroughLeft(self))
      } else if done.count > update.right.count,
        done.suffix(update.right.count).elementsEqual(update.right)
      {
        done.removeLast(update.right.count)
        done.append(update.pushedThroughRight(self))
      } else {
        done.append(update.inverse(self))
      }
    }
    return product(done)
  }

  /// A product multiplied out over a sum of which a term begins or ends with such an inverse.
  private func distributed(_ p: Product) -> Expr? {
    guard p.chain.count > 1 else { return nil }
    for (i, e) in p.chain.enumerated() {
      guard case .sum(let terms) = node(e), terms.count <= 8,
        terms.contains(where: { meetsNeighbour($0.expr, p.chain, i) })
      else { continue }
      let parts = terms.map { term in
        var chain = p.chain
        chain[i] = term.expr
        return Term(
          term.coefficient,
          product([Factor(number(p.coefficient))] + p.scalars, chain: chain))
      }
      return sum(parts, shape: shape(of: p))
    }
    return nil
  }

  /// Whether an inverse at an end of a term could be pushed through what stands beside it.
  private func meetsNeighbour(_ term: Expr, _ chain: [Expr], _ i: Int) -> Bool {
    let inner: [Expr]
    if case .product(let p) = node(term) { inner = p.chain } else { inner = [term] }
    if let last = inner.last.flatMap({ lowRankUpdate(inverseOf: $0) }),
      chain[(i + 1)...].starts(with: last.left)
    {
      return true
    }
    guard let first = inner.first.flatMap({ lowRankUpdate(inverseOf: $0) }) else { return false }
    return chain[..<i].suffix(first.right.count).elementsEqual(first.right)
  }

  private func lowRankUpdate(inverseOf e: Expr) -> LowRankUpdate? {
    operand(of: e, .inv).flatMap { lowRankUpdate($0) }
  }

  private func lowRankUpdate(_ m: Expr) -> LowRankUpdate? {
    guard shape(m).isSquare else { return nil }
    var scale = one
    var body = m
    if case .product(let p) = node(m), p.chain.count == 1 {
      scale = product([Factor(number(p.coefficient))] + p.scalars, chain: [])
      body = p.chain[0]
    }
    guard case .sum(let terms) = node(body) else { return nil }
    let easy = terms.filter { hasKnownInverse($0.expr) }
    let others = terms.filter { !hasKnownInverse($0.expr) }
    guard let other = others.first, others.count == 1, !easy.isEmpty,
      easy.count == 1 || easy.allSatisfy({ facts($0.expr).contains(.diagonal) })
    else { return nil }
    guard case .product(let p) = node(other.expr), let cut = narrowest(p.chain, shape(m).rows)
    else { return nil }
    let base = product([scale, sum(easy, shape: shape(m))])
    let weight = product([
      scale, number(other.coefficient * p.coefficient), product(p.scalars, chain: []),
    ])
    let left = Array(p.chain[..<cut])
    var right = Array(p.chain[cut...])
    var middle: Expr?
    if right.count > 1, shape(right[0]).isSquare, isInvertible(right[0]) {
      middle = right.removeFirst()
    }
    return LowRankUpdate(self, base, weight, left, middle, right)
  }

  /// Whether it is diagonal, orthogonal or an inverse, up to a scalar.
  private func hasKnownInverse(_ e: Expr) -> Bool {
    if facts(e).contains(.diagonal) || facts(e).contains(.orthogonal) { return true }
    if case .product(let p) = node(e), p.chain.count == 1 { return hasKnownInverse(p.chain[0]) }
    return operand(of: e, .inv) != nil
  }

  /// Where a chain is cut at its smallest inner size, if that is less than n.
  private func narrowest(_ chain: [Expr], _ n: Dim) -> Int? {
    var best: Int?
    for i in chain.indices.dropFirst() {
      let k = shape(chain[i]).rows
      guard sizeOrder.isLess(k, n) else { continue }
      if let known = best, !sizeOrder.isLess(k, shape(chain[known]).rows) { continue }
      best = i
    }
    return best
  }
}

/// D + s*U*C*W, U n×k and W k×n.
struct LowRankUpdate {
  let left: [Expr]
  let right: [Expr]
  private let base: Expr
  /// d of D = d*I.
  private let multiple: Expr?
  private let scale: Expr
  private let middle: Expr?
  private let u: Expr
  private let w: Expr

  fileprivate init(
    _ graph: Graph, _ base: Expr, _ scale: Expr, _ left: [Expr], _ middle: Expr?, _ right: [Expr]
  ) {
    self.left = left
    self.right = right
    self.base = base
    self.scale = scale
    self.middle = middle
    u = graph.product(left)
    w = graph.product(right)
    if case .identity = graph.node(base) {
      multiple = graph.one
    } else if case .product(let p) = graph.node(base), p.chain.count == 1,
      case .identity = graph.node(p.chain[0])
    {
      multiple = graph.product([Factor(graph.number(p.coefficient))] + p.scalars, chain: [])
    } else {
      multiple = nil
    }
  }

  /// inv(D), without the scalar where D = d*I.
  private func baseInverse(_ g: Graph) -> Expr {
    multiple == nil ? g.inverse(base) : g.identity(g.shape(base).rows)
  }

  private func middleInverse(_ g: Graph) -> Expr {
    middle.map { g.inverse($0) } ?? g.identity(g.shape(u).columns)
  }

  /// d*inv(C) + s*W*U, or inv(C) + s*W*inv(D)*U.
  private func small(_ g: Graph) -> Expr {
    g.sum([
      g.product([multiple ?? g.one, middleInverse(g)]),
      g.product([scale, w, baseInverse(g), u]),
    ])
  }

  func inverse(_ g: Graph) -> Expr {
    let d = baseInverse(g)
    let correction = g.product([scale, d, u, g.inverse(small(g)), w, d])
    return g.product([g.reciprocal(multiple ?? g.one), g.subtract(d, correction)])
  }

  /// inv(D + s*U*C*W)*U
  func pushedThroughLeft(_ g: Graph) -> Expr {
    g.product([baseInverse(g), u, g.inverse(small(g)), middleInverse(g)])
  }

  /// W*inv(D + s*U*C*W)
  func pushedThroughRight(_ g: Graph) -> Expr {
    g.product([middleInverse(g), g.inverse(small(g)), w, baseInverse(g)])
  }

  func logdet(_ g: Graph) -> Expr {
    let (n, k) = (g.shape(base).rows, g.shape(u).columns)
    let ofBase =
      multiple.map {
        g.product([g.dimension(n - k), g.elementwise(.log, g.elementwise(.abs, $0))])
      }
      ?? g.logdet(base)
    return g.sum([ofBase, g.logdet(small(g))] + (middle.map { [g.logdet($0)] } ?? []))
  }

  func determinant(_ g: Graph) -> Expr {
    let (n, k) = (g.shape(base).rows, g.shape(u).columns)
    let ofBase = multiple.map { g.power($0, g.dimension(n - k)) } ?? g.determinant(base)
    return g.product(
      [ofBase, g.determinant(small(g))] + (middle.map { [g.determinant($0)] } ?? []))
  }
}
