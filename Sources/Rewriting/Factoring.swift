import ExpressionCore

/// What can be taken out of the terms of a sum.
private enum CommonFactor: Hashable {
  case left(Expr)
  case right(Expr)
  case scalar(Expr)
  case elementwise(Expr)
  /// The linear operation around each term: `diag(u) + diag(v) = diag(u + v)`.
  /// With the shapes of the result and of what it is applied to.
  case linear(Primitive, [Dim], Shape, Shape)
  case kroneckerLeft(Expr)
  case kroneckerRight(Expr)
  /// L around each term: `L*A*L' + L*B*L' = L*(A + B)*L'`.
  case congruence(Expr)
}

/// A factor of a term, the exponent that it has there, and what remains without it, which is made
/// where it is asked for: most factors are in one term alone.
private struct Part {
  let factor: CommonFactor
  let exponent: Number
  let rest: () -> Expr

  init(_ factor: CommonFactor, _ exponent: Number = .one, rest: @escaping () -> Expr) {
    self.factor = factor
    self.exponent = exponent
    self.rest = rest
  }
}

/// One term with a factor taken out: what remains, and the exponent the factor had.
private struct Remainder {
  let position: Int
  let rest: Expr
  let exponent: Number
}

extension Search {
  /// The sum with a common factor of two or more of its terms taken out, for each such factor.
  func factored(_ terms: [Term], _ e: Expr) -> [Expr] {
    var groups: [CommonFactor: [(position: Int, part: Part)]] = [:]
    var order: [CommonFactor] = []
    let own = terms.map { factors(of: $0.expr) }
    for (position, found) in own.enumerated() {
      for part in found {
        if groups[part.factor] == nil { order.append(part.factor) }
        // A factor that a term has twice counts as it stands first.
        if let last = groups[part.factor]?.last, last.position == position { continue }
        groups[part.factor, default: []].append((position, part))
      }
    }
    let shape = graph.shape(e)
    let composite = compositeFactors(terms, own, shape)
    let ranked = order.filter { (groups[$0]?.count ?? 0) > 1 }
      .map { (factor: $0, saving: estimatedSaving($0, groups[$0]?.count ?? 0)) }
      .sorted { $0.saving > $1.saving }
    return ranked.prefix(terms.count > 100 ? 2 : 10).flatMap { entry -> [Expr] in
      guard let found = groups[entry.factor] else { return [] }
      let group = found.map {
        Remainder(position: $0.position, rest: $0.part.rest(), exponent: $0.part.exponent)
      }
      // A term that is the factor itself may be better left alone: S*A*S + S.
      let proper = group.filter { !isUnit($0.rest) }
      let candidates = proper.count > 1 && proper.count < group.count ? [group, proper] : [group]
      return candidates.flatMap { group in
        exponents(of: group).compactMap { takenOut(entry.factor, group, $0, terms, shape) }
      }
    } + composite + withSummedScalars(terms, shape)
  }

  /// `M - 2*s*M` as `(1 - 2*s)*M`: terms that differ by scalars only. Scalars that spread over all
  /// entries stay terms.
  private func withSummedScalars(_ terms: [Term], _ shape: Shape) -> [Expr] {
    guard !shape.isScalar else { return [] }
    var scalars: [Expr: [Term]] = [:]
    var order: [Expr] = []
    for term in terms {
      var (matrix, scale) = (term.expr, graph.one)
      if case .product(let p) = graph.node(term.expr), !p.scalars.isEmpty {
        matrix = graph.product([], chain: p.chain)
        scale = graph.product(p.scalars, chain: [])
      }
      if graph.isOnesMatrix(matrix) { (matrix, scale) = (term.expr, graph.one) }
      if scalars[matrix] == nil { order.append(matrix) }
      scalars[matrix, default: []].append(Term(term.coefficient, scale))
    }
    guard order.count < terms.count else { return [] }
    let joined = order.map { matrix in
      let scale = graph.sum(scalars[matrix] ?? [], shape: .scalar)
      return Term(.one, graph.product([scale, matrix]))
    }
    return [graph.sum(joined, shape: shape)]
  }

  /// A factor that is itself a sum, and terms that make up that sum: `(1 - s).*t + 1 - s` as
  /// `(1 - s).*(t + 1)`.
  private func compositeFactors(
    _ terms: [Term], _ own: [[Part]], _ shape: Shape
  ) -> [Expr] {
    guard terms.count > 2, terms.count <= 16 else { return [] }
    var result: [Expr] = []
    for (term, found) in zip(terms, own) {
      for part in found where part.exponent.isOne {
        guard let sum = whole(part.factor, shape), case .sum(let inner) = graph.node(sum),
          inner.count < terms.count,
          let first = terms.first(where: { $0.expr == inner[0].expr })
        else { continue }
        let ratio = first.coefficient / inner[0].coefficient
        let whole = inner.map { Term($0.coefficient * ratio, $0.expr) }
        guard whole.allSatisfy({ terms.contains($0) }), !whole.contains(term) else { continue }
        let rest = part.rest()
        let joined = graph.sum(
          [Term(term.coefficient, rest), Term(ratio, unit(part.factor, shape))],
          shape: graph.shape(rest))
        let others = terms.filter { $0 != term && !whole.contains($0) }
        guard let taken = applied(part.factor, .one, to: joined) else { continue }
        result.append(graph.sum([Term(.one, taken)] + others, shape: shape))
      }
    }
    return Array(result.sorted { speller.size($0) < speller.size($1) }.prefix(2))
  }

  /// The expression that is taken out, where it may be a whole term.
  private func whole(_ factor: CommonFactor, _ shape: Shape) -> Expr? {
    switch factor {
    case .left(let f), .right(let f): graph.shape(f) == shape ? f : nil
    case .scalar(let f): shape.isScalar ? f : nil
    case .elementwise(let f): f
    case .linear, .kroneckerLeft, .kroneckerRight, .congruence: nil
    }
  }

  /// What remains of a term that is no more than the factor.
  private func unit(_ factor: CommonFactor, _ shape: Shape) -> Expr {
    switch factor {
    case .left: graph.identity(shape.columns)
    case .right: graph.identity(shape.rows)
    case .elementwise: graph.allOnes(shape)
    case .scalar, .linear, .kroneckerLeft, .kroneckerRight, .congruence: graph.one
    }
  }

  private func isUnit(_ e: Expr) -> Bool {
    if case .identity = graph.node(e) { return true }
    return graph.isOnesMatrix(e)
  }

  private func estimatedSaving(_ factor: CommonFactor, _ count: Int) -> Int {
    switch factor {
    case .left(let f), .right(let f), .scalar(let f), .elementwise(let f), .kroneckerLeft(let f),
      .kroneckerRight(let f):
      (count - 1) * (speller.size(f) + 1)
    case .congruence(let f): (count - 1) * 2 * (speller.size(f) + 1)
    case .linear: count - 1
    }
  }

  private func takenOut(
    _ factor: CommonFactor, _ group: [Remainder], _ exponent: Number, _ terms: [Term],
    _ shape: Shape
  ) -> Expr? {
    let outside = Set(group.map(\.position))
    let others = terms.enumerated().filter { !outside.contains($0.offset) }.map(\.element)
    func inner(_ adjust: (Remainder) -> Expr) -> Expr {
      let parts = group.map { Term(terms[$0.position].coefficient, adjust($0)) }
      return graph.sum(parts, shape: graph.shape(parts[0].expr))
    }
    let rest: Expr
    switch factor {
    case .scalar(let f):
      rest = inner { r in graph.product([graph.power(f, r.exponent - exponent), r.rest]) }
    case .elementwise(let f):
      rest = inner { r in
        graph.hadamard([Factor(f, r.exponent - exponent), Factor(r.rest)])
      }
    case .left, .right, .linear, .kroneckerLeft, .kroneckerRight, .congruence: rest = inner(\.rest)
    }
    guard let joined = applied(factor, exponent, to: rest) else { return nil }
    return graph.sum([Term(.one, joined)] + others, shape: shape)
  }

  /// The factor, to a power, put back around what remains.
  private func applied(_ factor: CommonFactor, _ exponent: Number, to rest: Expr) -> Expr? {
    switch factor {
    case .left(let f): graph.product([f, rest])
    case .right(let f): graph.product([rest, f])
    case .scalar(let f): graph.product([graph.power(f, exponent), rest])
    case .elementwise(let f): graph.hadamard([Factor(f, exponent), Factor(rest)])
    case .linear(let primitive, let parameters, let result, _):
      graph.apply(primitive, [rest], parameters, shape: result)
    case .kroneckerLeft(let f): graph.kron(f, rest)
    case .kroneckerRight(let f): graph.kron(rest, f)
    case .congruence(let f): graph.product([f, rest, graph.transpose(f)])
    }
  }

  /// The powers that may be taken out: the lowest, and of denominators also the highest.
  private func exponents(of group: [Remainder]) -> [Number] {
    let all = group.map(\.exponent)
    guard let lowest = all.min(by: <), let highest = all.max(by: <) else { return [] }
    return lowest != highest && highest.isNegative ? [lowest, highest] : [lowest]
  }

  private func factors(of e: Expr) -> [Part] {
    var result: [Part] = []
    let p: Product
    if case .product(let own) = graph.node(e) {
      p = own
    } else {
      p = graph.shape(e).isScalar ? Product(scalars: [Factor(e)]) : Product(chain: [e])
    }
    for (i, factor) in p.scalars.enumerated() where speller.size(factor.base) < 200 {
      result.append(
        Part(.scalar(factor.base), factor.exponent) { [graph] in
          graph.product(p.scalars.removing(at: i), chain: p.chain)
        })
    }
    result += chainFactors(p)
    result += scalarChainFactors(p)
    if p.chain.count == 1 { result += operationFactors(p) }
    result += elementwiseFactors(p, e)
    return result
  }

  private func chainFactors(_ p: Product) -> [Part] {
    guard let first = p.chain.first, let last = p.chain.last else { return [] }
    let graph = graph
    let shape = graph.shape(of: p)
    var result: [Part] = []
    // What remains of a chain of one element is I, unless that would be a spread scalar.
    if p.chain.count > 1 || !(shape.columns.isOne || shape.rows.isOne) {
      if !graph.shape(first).columns.isOne || p.chain.count > 1 {
        result.append(
          Part(.left(first)) {
            graph.product(
              p.scalars,
              chain: p.chain.count > 1
                ? Array(p.chain.dropFirst()) : [graph.identity(shape.columns)])
          })
      }
      result.append(
        Part(.right(last)) {
          graph.product(
            p.scalars,
            chain: p.chain.count > 1 ? Array(p.chain.dropLast()) : [graph.identity(shape.rows)])
        })
    }
    if p.chain.count > 1, graph.shape(of: p).isSquare, !graph.shape(first).columns.isOne,
      graph.transpose(first) == last
    {
      result.append(
        Part(.congruence(first)) {
          graph.product(
            p.scalars,
            chain: p.chain.count > 2
              ? Array(p.chain.dropFirst().dropLast()) : [graph.identity(graph.shape(last).rows)])
        })
    }
    return result
  }

  /// `(x'*b)*a` as `(a*b')*x`, and sums of scalars `r*A*c` by their ends.
  private func scalarChainFactors(_ p: Product) -> [Part] {
    let graph = graph
    var result: [Part] = []
    for (i, factor) in p.scalars.enumerated() where factor.exponent.isOne {
      guard case .product(let q) = graph.node(factor.base), q.chain.count > 1 else { continue }
      let shape = graph.shape(of: p)
      guard p.chain.isEmpty || shape.columns.isOne || shape.rows.isOne else { continue }
      for chain in [q.chain, q.chain.reversed().map({ graph.transpose($0) })] {
        guard let first = chain.first, let last = chain.last else { continue }
        func part(_ factor: CommonFactor, _ rest: [Expr]) -> Part {
          Part(factor) { graph.product(p.scalars.removing(at: i), chain: rest) }
        }
        if p.chain.isEmpty {
          result.append(part(.left(first), Array(chain.dropFirst())))
          result.append(part(.right(last), Array(chain.dropLast())))
        } else if shape.columns.isOne {
          result.append(part(.right(last), p.chain + chain.dropLast()))
        } else {
          result.append(part(.left(first), chain.dropFirst() + p.chain))
        }
      }
    }
    return result
  }

  private func operationFactors(_ p: Product) -> [Part] {
    guard case .apply(let primitive, let x, let parameters) = graph.node(p.chain[0]) else {
      return []
    }
    if primitive == .kron { return kroneckerFactors(x, p.scalars) }
    guard case .linear = primitive.rule.derivative, primitive != .transpose else { return [] }
    let factor = CommonFactor.linear(
      primitive, parameters, graph.shape(p.chain[0]), graph.shape(x[0]))
    return [Part(factor) { [graph] in graph.product(p.scalars, chain: [x[0]]) }]
  }

  /// Either side; the row or the column of a first factor of rank one, as `(u*r) ⊗ B = r ⊗ u ⊗ B`;
  /// and what stands at the right of a product beside a column.
  private func kroneckerFactors(_ x: [Expr], _ scalars: [Factor]) -> [Part] {
    let graph = graph
    func part(_ factor: CommonFactor, _ rest: @escaping () -> Expr) -> Part {
      Part(factor) { graph.product(scalars, chain: [rest()]) }
    }
    var result = [part(.kroneckerLeft(x[0])) { x[1] }, part(.kroneckerRight(x[1])) { x[0] }]
    if case .apply(.kron, let y, _) = graph.node(x[0]) {
      result.append(part(.kroneckerLeft(y[0])) { graph.kron(y[1], x[1]) })
    } else if case .product(let p) = graph.node(x[0]),
      let cut = p.chain.dropLast().firstIndex(where: { graph.shape($0).columns.isOne })
    {
      let column = graph.product([], chain: Array(p.chain[...cut]))
      let row = graph.product([], chain: Array(p.chain[(cut + 1)...]))
      result.append(part(.kroneckerLeft(row)) { graph.kron(column, x[1]) })
      result.append(part(.kroneckerLeft(column)) { graph.kron(row, x[1]) })
    }
    for (own, other, isFirst) in [(x[1], x[0], false), (x[0], x[1], true)]
    where graph.shape(other).isVector {
      var chain = [own]
      if case .product(let p) = graph.node(own) { chain = p.chain }
      guard let last = chain.last else { continue }
      let head = chain.dropLast()
      result.append(
        part(.right(last)) {
          let rest =
            head.isEmpty
            ? graph.identity(graph.shape(last).rows) : graph.product([], chain: Array(head))
          return isFirst ? graph.kron(rest, other) : graph.kron(other, rest)
        })
    }
    return result
  }

  private func elementwiseFactors(_ p: Product, _ e: Expr) -> [Part] {
    let graph = graph
    let shape = graph.shape(e)
    if shape.isScalar {
      // Traces: tr(A) + tr(B) = tr(A + B).
      return p.scalars.enumerated().compactMap { i, factor in
        guard factor.exponent.isOne, let x = graph.operand(of: factor.base, .tr) else { return nil }
        return Part(.linear(.tr, [], .scalar, graph.shape(x))) {
          graph.product([graph.product(p.scalars.removing(at: i), chain: []), x])
        }
      }
    }
    func rest(_ others: [Factor], _ weights: Expr?) -> Expr {
      let factors = others + (weights.map { [Factor($0)] } ?? [])
      let product = factors.isEmpty ? graph.allOnes(shape) : graph.hadamard(factors)
      return graph.product(p.scalars, chain: [product])
    }
    if p.chain.count == 1, case .hadamard(let factors) = graph.node(p.chain[0]) {
      return factors.enumerated().map { i, factor in
        Part(.elementwise(factor.base), factor.exponent) { rest(factors.removing(at: i), nil) }
      }
    }
    if let (core, scales) = scaledMatrix(p.chain) {
      var inner = [Factor(core)]
      if case .hadamard(let factors) = graph.node(core) { inner = factors }
      return inner.enumerated().map { i, factor in
        Part(.elementwise(factor.base), factor.exponent) { rest(inner.removing(at: i), scales) }
      }
    }
    return [Part(.elementwise(graph.product([], chain: p.chain))) { rest([], nil) }]
  }

  /// M and u*r of diag(u)*M*diag(r).
  private func scaledMatrix(_ chain: [Expr]) -> (core: Expr, scales: Expr)? {
    let left = chain.first.flatMap { graph.operand(of: $0, .diag) }
    let right = chain.last.flatMap { graph.operand(of: $0, .diag) }
    guard left != nil || right != nil else { return nil }
    let inner = Array(chain.dropFirst(left == nil ? 0 : 1).dropLast(right == nil ? 0 : 1))
    guard !inner.isEmpty else { return nil }
    let core = graph.product([], chain: inner)
    let shape = graph.shape(core)
    let rows = left ?? graph.ones(shape.rows)
    let columns = right.map { graph.transpose($0) } ?? graph.transpose(graph.ones(shape.columns))
    return (core, graph.product([rows, columns]))
  }
}

extension Array {
  fileprivate func removing(at index: Int) -> [Element] {
    var result = self
    result.remove(at: index)
    return result
  }
}
