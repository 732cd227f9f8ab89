import ExpressionCore
import ExpressionLanguage

extension Speller {
  /// A sum with its coefficients multiplied by a number.
  func spellSum(_ terms: [Term], scaledBy scale: Number) -> Syntax {
    let scaled = grouped(terms.map { Term($0.coefficient * scale, $0.expr) })
    if let sigmoid = reflectedSigmoid(scaled) { return sigmoid }
    var best = writeSum(scaled)
    if let paired = symmetricPart(scaled), paired.size < best.size { best = paired }
    if let grouped = groupedByCoefficient(scaled), grouped.size < best.size { best = grouped }
    return best
  }

  /// Terms that make up one of the sums to be kept together, as that sum.
  private func grouped(_ terms: [Term]) -> [Term] {
    for group in choices.groups {
      guard case .sum(let inner) = graph.node(group), inner.count < terms.count,
        let first = terms.first(where: { $0.expr == inner[0].expr })
      else { continue }
      let ratio = first.coefficient / inner[0].coefficient
      let rest = terms.filter { term in
        !inner.contains { $0.expr == term.expr && $0.coefficient * ratio == term.coefficient }
      }
      if rest.count == terms.count - inner.count { return rest + [Term(ratio, group)] }
    }
    return terms
  }

  /// `1 - sigmoid(t)` as `sigmoid(-t)` where -t is as short as t.
  private func reflectedSigmoid(_ terms: [Term]) -> Syntax? {
    guard terms.count == 2 else { return nil }
    for (a, b) in [(terms[0], terms[1]), (terms[1], terms[0])] {
      if a.coefficient == .one, b.coefficient == .minusOne, graph.isOnesMatrix(a.expr),
        let t = graph.operand(of: b.expr, .sigmoid), let turned = freeNegation(t)
      {
        return .call("sigmoid", turned)
      }
    }
    return nil
  }

  private func writeSum(_ terms: [Term]) -> Syntax {
    let ordered = order(terms)
    let bare = spreadTerms(ordered.map(\.expr))
    return .sum(
      ordered.map { term in
        let (expr, coefficient) = (bare[term.expr] ?? term.expr, term.coefficient)
        if coefficient == .minusOne, let turned = freeNegation(expr) { return (false, turned) }
        return (coefficient.isNegative, scaled(expr, by: coefficient.magnitude))
      })
  }

  /// Positive terms before negative ones, each in the author's order, plain numbers last; a full
  /// term before spread rows and columns.
  private func order(_ terms: [Term]) -> [Term] {
    func isConstant(_ t: Term) -> Bool { graph.isOnesMatrix(t.expr) || isIdentity(t.expr) }
    func isFull(_ t: Term) -> Bool { spreadPart(t.expr) == nil }
    var ordered = terms.sorted { graph.precedes($0.expr, $1.expr) }
    ordered = ordered.filter { !isConstant($0) } + ordered.filter(isConstant)
    ordered = ordered.filter(\.coefficient.isPositive) + ordered.filter(\.coefficient.isNegative)
    if let lead = ordered.firstIndex(where: { $0.coefficient.isPositive && isFull($0) }),
      !isFull(ordered[0])
    {
      ordered.insert(ordered.remove(at: lead), at: 0)
    }
    if spreadsBothWays(ordered), !isFull(ordered[0]), let full = ordered.firstIndex(where: isFull) {
      ordered.insert(ordered.remove(at: full), at: 1)
    }
    return ordered
  }

  private func isIdentity(_ e: Expr) -> Bool {
    if case .identity = graph.node(e) { return true }
    return false
  }

  private func spreadsBothWays(_ terms: [Term]) -> Bool {
    let shapes = terms.compactMap { spreadPart($0.expr) }.map { graph.shape($0) }
    return shapes.contains { $0.isRow } && shapes.contains { $0.isVector }
  }

  /// The scalar, row or column that a term spreads over the sum's shape.
  func spreadPart(_ e: Expr) -> Expr? {
    if let known = spreadParts[e] { return known }
    let part = makeSpreadPart(e)
    spreadParts[e] = .some(part)
    return part
  }

  private func makeSpreadPart(_ e: Expr) -> Expr? {
    guard !graph.shape(e).isScalar else { return nil }
    if graph.isOnesMatrix(e) { return graph.one }
    guard case .product(let p) = graph.node(e), let first = p.chain.first, let last = p.chain.last
    else { return nil }
    var rest = p.chain
    if graph.isOnesColumn(first) { rest.removeFirst() }
    if rest.count > 0, graph.isOnesRow(last) { rest.removeLast() }
    guard rest.count < p.chain.count else { return nil }
    return graph.product(p.scalars + [Factor(graph.number(p.coefficient))], chain: rest)
  }

  /// Spread terms written bare, where another term fixes the shape. A scalar operand fixes none.
  func spreadTerms(_ exprs: [Expr]) -> [Expr: Expr] {
    var bare: [Expr: Expr] = [:]
    for e in exprs { if let part = spreadPart(e) { bare[e] = part } }
    guard exprs.allSatisfy({ bare[$0] != nil || graph.shape($0).isScalar }) else { return bare }
    // No term has the full shape: the longest keeps its ones, unless rows and columns clash.
    let spread = exprs.filter { bare[$0] != nil }
    let long = spread.first { e in bare[e].map { !graph.shape($0).isScalar } ?? false }
    guard let kept = long ?? spread.first else { return bare }
    bare[kept] = nil
    return bare
  }

  /// `c*e` for a positive number.
  func scaled(_ e: Expr, by coefficient: Number) -> Syntax {
    if coefficient.isOne { return spell(e) }
    return spell(graph.scale(coefficient, e))
  }

  /// `A + A'` as `2*sym(A)`, `A - A'` as `2*skew(A)`, beside terms that are symmetric themselves.
  private func symmetricPart(_ terms: [Term]) -> Syntax? {
    guard terms.count > 1, terms.count <= 64, graph.shape(terms[0].expr).isSquare,
      !graph.shape(terms[0].expr).isScalar
    else { return nil }
    var rest = terms
    var half: [Term] = []
    var others: [Term] = []
    var isSkew: Bool?
    while let term = rest.popLast() {
      let (sign, mirrored) = graph.splitCoefficient(graph.transpose(term.expr))
      if sign.isOne, mirrored == term.expr {
        others.append(term)
        continue
      }
      guard
        let partner = rest.firstIndex(where: {
          $0.expr == mirrored && $0.coefficient.magnitude == term.coefficient.magnitude
        })
      else { return nil }
      let skew = rest[partner].coefficient * sign != term.coefficient
      if let isSkew, isSkew != skew { return nil }
      isSkew = skew
      let other = Term(rest[partner].coefficient, rest[partner].expr)
      half.append(
        skew && term.coefficient.isNegative || size(other.expr) < size(term.expr) ? other : term)
      rest.remove(at: partner)
    }
    guard !half.isEmpty else { return nil }
    // sym(P*A*P') is better written P*sym(A)*P'.
    if half.count == 1, case .product(let p) = graph.node(half[0].expr), p.chain.count > 2,
      graph.transpose(p.chain[0]) == p.chain[p.chain.count - 1]
    {
      return nil
    }
    let content = half[0].coefficient.magnitude
    guard half.allSatisfy({ $0.coefficient.magnitude == content }) else { return nil }
    let isNegative = half.allSatisfy(\.coefficient.isNegative)
    let scale = isNegative ? -content : content
    let scalars = commonScalars(of: half)
    let bare = graph.product(scalars.map { Factor($0.base, -$0.exponent) }, chain: [])
    let inner = writeSum(
      half.map { term in
        Term(
          term.coefficient / scale,
          scalars.isEmpty ? term.expr : graph.product([bare, term.expr]))
      })
    let call = Syntax.call(isSkew == true ? "skew" : "sym", inner)
    let total = content + content
    guard case .rational(let p, let q) = total else { return nil }
    if !others.isEmpty || !scalars.isEmpty {
      let part = placeholder(for: call, graph.shape(terms[0].expr))
      let scaled = graph.product(scalars, chain: [part])
      return writeSum(others + [Term(isNegative ? -total : total, scaled)])
    }
    let whole = Syntax.quotient(
      (p == 1 ? [] : [.number(Number(p))]) + [call], q == 1 ? [] : [.number(Number(q))])
    if !total.isInteger {
      // The number put into the sums inside: sym((A/2 + B)*C) for sym((A + 2*B)*C)/2.
      let scaled = writeSum(half.map { Term($0.coefficient / scale * total, $0.expr) })
      let inside = Syntax.call(isSkew == true ? "skew" : "sym", scaled)
      if inside.size < whole.size { return isNegative ? .negated(inside) : inside }
    }
    return isNegative ? .negated(whole) : whole
  }

  /// The scalar factors that all terms have to the same power: `sym(t*A)` is `t*sym(A)`.
  private func commonScalars(of terms: [Term]) -> [Factor] {
    guard let first = terms.first, case .product(let p) = graph.node(first.expr),
      !p.chain.isEmpty
    else { return [] }
    return p.scalars.filter { factor in
      terms.dropFirst().allSatisfy { term in
        guard case .product(let other) = graph.node(term.expr) else { return false }
        return other.scalars.contains(factor)
      }
    }
  }

  /// `2*(a - b) - c`: terms with a common coefficient behind it.
  private func groupedByCoefficient(_ terms: [Term]) -> Syntax? {
    guard terms.count > 2, terms.count <= 64 else { return nil }
    var groups: [(Number, [Term])] = []
    for term in terms {
      let magnitude = term.coefficient.magnitude
      if let i = groups.firstIndex(where: { $0.0 == magnitude }) {
        groups[i].1.append(term)
      } else {
        groups.append((magnitude, [term]))
      }
    }
    guard groups.count > 1, groups.contains(where: { !$0.0.isOne && $0.1.count > 1 }) else {
      return nil
    }
    var parts: [(negative: Bool, term: Syntax)] = []
    for (magnitude, members) in groups {
      if magnitude.isOne || members.count == 1 {
        for m in members { parts.append((m.coefficient.isNegative, scaled(m.expr, by: magnitude))) }
      } else {
        let inner = graph.sum(
          members.map { Term($0.coefficient / magnitude, $0.expr) },
          shape: graph.shape(members[0].expr))
        let (sign, unit) = graph.splitCoefficient(inner)
        parts.append((sign.isNegative, scaled(unit, by: magnitude)))
      }
    }
    if let positive = parts.firstIndex(where: { !$0.negative }) {
      parts.insert(parts.remove(at: positive), at: 0)
    }
    return .sum(parts)
  }
}
