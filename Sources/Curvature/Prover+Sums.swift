import ExpressionCore

/// Semidefinite sums: of semidefinite terms, or of some that make up for others.
extension Prover {
  /// Longer sums are looked at term by term only.
  private static let pairingLimit = 16

  func semidefiniteSum(_ m: Expr, _ terms: [Term]) -> Proof? {
    if let result = termByTerm(m, terms) { return result }
    guard terms.count <= Self.pairingLimit else { return nil }
    return commonFactor(m, terms) ?? paired(m, terms) ?? dominant(m, terms) ?? expanded(m, terms)
  }

  private func scaled(_ term: Term) -> Expr { graph.scale(term.coefficient, term.expr) }

  private func termByTerm(_ m: Expr, _ terms: [Term]) -> Proof? {
    var premises: [Proof] = []
    for term in terms {
      guard let inner = semidefinite(scaled(term)) else { return nil }
      premises.append(inner)
    }
    return proof(m, premises.contains(where: \.isStrict), .sumOfSemidefinite, premises)
  }

  // MARK: Common factors

  /// `P'*M*P + P'*N*P` is `P'*(M + N)*P`; scalars in common come out as well.
  private func commonFactor(_ m: Expr, _ terms: [Term]) -> Proof? {
    let products = terms.map { Chained(graph, $0) }
    guard let first = products.first else { return nil }
    if let outer = first.chain.first, first.chain.count > 1, !graph.shape(outer).columns.isOne,
      products.allSatisfy({ part in
        part.chain.count > 1 && part.chain.first == outer
          && part.chain.last.map { graph.transpose($0) } == outer
      })
    {
      let width = graph.shape(outer).columns
      let inner = graph.sum(
        products.map { part in
          let middle = Array(part.chain.dropFirst().dropLast())
          let core = middle.isEmpty ? graph.identity(width) : graph.product([], chain: middle)
          return graph.product([part.scale, core])
        })
      if let found = semidefinite(inner) {
        return proof(m, found.isStrict && graph.isInvertible(outer), .congruence, [found])
      }
    }
    return commonScalar(m, terms, products) ?? commonKronecker(m, terms, products)
  }

  /// The least powers of scalars that all terms have, where they are positive.
  private func commonScalar(_ m: Expr, _ terms: [Term], _ parts: [Chained]) -> Proof? {
    var least: [Expr: Number] = [:]
    for base in Set(parts.flatMap { $0.scalars.map(\.base) }) {
      let exponents = parts.map { part in
        part.scalars.first { $0.base == base }?.exponent ?? .zero
      }
      guard let low = exponents.min(by: <), !low.isZero, range(base).isPositive else { continue }
      least[base] = low
    }
    guard !least.isEmpty else { return nil }
    let common = least.keys.sorted().map { Factor($0, least[$0] ?? .zero) }
    let scale = graph.product(common, chain: [])
    let inverse = graph.product(common.map { Factor($0.base, -$0.exponent) }, chain: [])
    let rest = graph.sum(
      terms.map { Term($0.coefficient, graph.product([inverse, $0.expr])) }, shape: graph.shape(m))
    guard rest != m, let found = semidefinite(rest) else { return nil }
    return proof(m, found.isStrict, .nonnegativeMultiple, [ranged(scale).proof, found])
  }

  /// `A⊗M + A⊗N` is `A⊗(M + N)`.
  private func commonKronecker(_ m: Expr, _ terms: [Term], _ parts: [Chained]) -> Proof? {
    var pairs: [[Expr]] = []
    for part in parts {
      guard part.chain.count == 1, case .apply(.kron, let x, _) = graph.node(part.chain[0]) else {
        return nil
      }
      pairs.append(x)
    }
    for side in 0..<2 where pairs.allSatisfy({ $0[side] == pairs[0][side] }) {
      let others = zip(parts, pairs).map { graph.product([$0.scale, $1[1 - side]]) }
      let rest = graph.sum(others)
      let whole = side == 0 ? graph.kron(pairs[0][0], rest) : graph.kron(rest, pairs[0][1])
      if whole != m, let found = semidefinite(whole) {
        return proof(m, found.isStrict, .commonFactor, [found])
      }
    }
    return nil
  }

  // MARK: Schur complements

  /// Each negative term of rank one is set against a semidefinite one that outweighs it.
  private func paired(_ m: Expr, _ terms: [Term]) -> Proof? {
    var free: [(term: Term, proof: Proof)] = []
    var negative: [Term] = []
    for term in terms {
      if let found = semidefinite(scaled(term)) {
        free.append((term, found))
      } else {
        negative.append(term)
      }
    }
    guard !free.isEmpty, !negative.isEmpty else { return nil }
    var premises: [Proof] = []
    for term in negative {
      guard
        let match = free.indices.lazy.compactMap({ i in
          self.complement(free[i].term, term).map { (i, $0) }
        }).first
      else { return nil }
      premises.append(match.1)
      free.remove(at: match.0)
    }
    if premises.count == 1, free.isEmpty {
      return proof(m, premises[0].isStrict, premises[0].rule, premises[0].premises)
    }
    return proof(
      m, free.contains { $0.proof.isStrict } || premises.contains(where: \.isStrict),
      .sumOfSemidefinite, premises + free.map(\.proof))
  }

  /// `g*P'*N*P - b*(P'*u)*(P'*u)' ⪰ 0` where `b*u'*inv(N)*u ≤ g`.
  private func complement(_ good: Term, _ bad: Term) -> Proof? {
    let (g, b) = (Chained(graph, good), Chained(graph, bad))
    let loss = graph.negate(b.scale)
    guard range(loss).isNonnegative, range(g.scale).isNonnegative,
      let cut = b.chain.dropLast().firstIndex(where: { graph.shape($0).columns.isOne })
    else { return nil }
    var column = Array(b.chain[...cut])
    let row = Array(b.chain[(cut + 1)...])
    guard graph.transpose(graph.product([], chain: column)) == graph.product([], chain: row) else {
      return nil
    }
    // P' off the left of both.
    var core = g.chain
    var width = graph.shape(column[0]).rows
    while core.count > 1, column.count > 1, core[0] == column[0],
      core.last.map({ graph.transpose($0) }) == core[0]
    {
      width = graph.shape(core[0]).columns
      core = Array(core.dropFirst().dropLast())
      column.removeFirst()
    }
    let n = core.isEmpty ? graph.identity(width) : graph.product([], chain: core)
    let u = graph.product([], chain: column)
    guard let weight = inverseForm(n, u) else { return nil }
    let margin = graph.subtract(g.scale, graph.product([loss, weight]))
    let left = ranged(margin)
    guard left.range.isNonnegative else { return nil }
    let whole = graph.sum([scaled(good), scaled(bad)])
    let inner = semidefinite(n).map { [$0] } ?? []
    let isStrict = left.range.isPositive && core == g.chain && isDefinite(n)
    return proof(
      whole, isStrict, .schurComplement, inner + (left.rule == .number ? [] : [left.proof]))
  }

  /// `u'*inv(N)*u`; of a singular N where u = N*t, or where u is zero wherever a diagonal N is.
  private func inverseForm(_ n: Expr, _ u: Expr) -> Expr? {
    if let d = graph.operand(of: n, .diag) {
      let quotient = graph.hadamard([Factor(u, .two), Factor(d, .minusOne)])
      let isDefinite = range(d).isPositive
      let divides = powers(of: quotient).contains { factor in
        factor.exponent.isNegative && !range(factor.base).isPositive
      }
      guard isDefinite || range(d).isNonnegative && !divides else { return nil }
      return graph.total(quotient, axis: nil)
    }
    if case .product(let p) = graph.node(u), p.chain.first == n, p.chain.count > 1,
      semidefinite(n) != nil
    {
      let t = graph.product(
        [Factor(graph.number(p.coefficient))] + p.scalars, chain: Array(p.chain.dropFirst()))
      return graph.product([graph.transpose(t), u])
    }
    guard isDefinite(n) else { return nil }
    return graph.product([graph.transpose(u), graph.inverse(n), u])
  }

  // MARK: Diagonal dominance

  /// `diag(d) + N` with the entries of N of one sign and `d ≥ |N|*1`, row by row: a Laplacian.
  private func dominant(_ m: Expr, _ terms: [Term]) -> Proof? {
    let diagonal = terms.filter { graph.operand(of: $0.expr, .diag) != nil }
    let others = terms.filter { graph.operand(of: $0.expr, .diag) == nil }
    guard !diagonal.isEmpty, !others.isEmpty else { return nil }
    let shape = graph.shape(m)
    let n = graph.sum(others, shape: shape)
    let entries = ranged(n)
    guard entries.range.isNonpositive || entries.range.isNonnegative else { return nil }
    let rows = graph.product([n, graph.ones(shape.rows)])
    let d = graph.diagonalOf(graph.sum(diagonal, shape: shape))
    let margin = ranged(
      entries.range.isNonpositive ? graph.sum([d, rows]) : graph.subtract(d, rows))
    guard margin.range.isNonnegative else { return nil }
    return proof(m, margin.range.isPositive, .diagonalDominance, [entries.proof])
  }

  // MARK: Products multiplied out

  /// The sum with products of sums multiplied out, where that shows what cancels.
  private func expanded(_ m: Expr, _ terms: [Term]) -> Proof? {
    let wide = graph.sum(
      terms.flatMap { term in
        multipliedOut(term.expr).map { Term($0.coefficient * term.coefficient, $0.expr) }
      }, shape: graph.shape(m))
    guard wide != m else { return nil }
    return semidefinite(wide)
  }

  /// The terms of a product with one sum among its factors.
  func multipliedOut(_ e: Expr) -> [Term] {
    guard case .product(let p) = graph.node(e) else { return [Term(.one, e)] }
    let coefficient = Factor(graph.number(p.coefficient))
    for (i, element) in p.chain.enumerated() {
      guard case .sum(let inner) = graph.node(element), inner.count <= 8 else { continue }
      return inner.map { term in
        var chain = p.chain
        chain[i] = term.expr
        return Term(term.coefficient, graph.product(p.scalars + [coefficient], chain: chain))
      }
    }
    for (i, factor) in p.scalars.enumerated() where factor.exponent.isOne {
      guard case .sum(let inner) = graph.node(factor.base), inner.count <= 8 else { continue }
      var others = p.scalars
      others.remove(at: i)
      return inner.map { term in
        Term(
          term.coefficient,
          graph.product(others + [coefficient, Factor(term.expr)], chain: p.chain))
      }
    }
    return [Term(.one, e)]
  }
}

/// A term as a scalar times a chain of matrices.
struct Chained {
  let scalars: [Factor]
  let scale: Expr
  let chain: [Expr]

  init(_ graph: Graph, _ term: Term) {
    if case .product(let p) = graph.node(term.expr), !p.chain.isEmpty {
      scalars = p.scalars
      scale = graph.product(
        [Factor(graph.number(p.coefficient * term.coefficient))] + p.scalars, chain: [])
      chain = p.chain
    } else {
      scalars = []
      scale = graph.number(term.coefficient)
      chain = [term.expr]
    }
  }
}
