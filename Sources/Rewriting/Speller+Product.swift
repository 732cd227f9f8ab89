import ExpressionCore
import ExpressionLanguage

extension Speller {
  /// A product; `negating…` asks for the opposite, by the sign of that sum.
  func spellProduct(_ p: Product, negatingChain: Int? = nil, negatingScalar: Int? = nil) -> Syntax {
    if negatingChain != nil || negatingScalar != nil {
      return write(p, turnedChain: negatingChain, turnedScalar: negatingScalar)
    }
    if p.chain.count > 1, p.scalars.isEmpty, p.coefficient.isOne, graph.shape(of: p).isScalar {
      return spellScalarChain(p.chain)
    }
    var best: Syntax?
    func consider(_ candidate: Syntax) {
      if best.map({ candidate.size < $0.size }) ?? true { best = candidate }
    }
    let positive = Product(p.coefficient.magnitude, scalars: p.scalars, chain: p.chain)
    if p.coefficient.isNegative {
      for (i, e) in p.chain.enumerated() where freeNegation(e) != nil {
        if isMirrored(e, in: p.chain) { continue }
        consider(write(positive, turnedChain: i, turnedScalar: nil))
      }
      for (i, f) in p.scalars.enumerated()
      where f.exponent.isOddInteger && freeNegation(f.base) != nil {
        consider(write(positive, turnedChain: nil, turnedScalar: i))
      }
      consider(.negated(write(positive, turnedChain: nil, turnedScalar: nil)))
    } else {
      consider(write(positive, turnedChain: nil, turnedScalar: nil))
    }
    if !p.coefficient.magnitude.isOne { distributions(p).forEach(consider) }
    return best ?? .number(p.coefficient)
  }

  /// Whether its transpose is there too: `(x - mu)*(x - mu)'` keeps its two equal factors.
  func isMirrored(_ e: Expr, in chain: [Expr]) -> Bool {
    let mirrored = graph.transpose(e)
    return mirrored != e && chain.contains(mirrored)
  }

  /// The number put into one of the sums: `(A + 2*B)/2` as `A/2 + B`.
  private func distributions(_ p: Product) -> [Syntax] {
    var result: [Syntax] = []
    for (i, e) in p.chain.enumerated() {
      guard case .sum(let terms) = graph.node(e), terms.count <= 16 else { continue }
      let (isNegative, inner) = withoutSign(spellSum(terms, scaledBy: p.coefficient))
      let whole = write(Product(.one, scalars: p.scalars, chain: p.chain), chainItem: (i, inner))
      result.append(isNegative ? .negated(whole) : whole)
    }
    for (i, f) in p.scalars.enumerated() where f.exponent.isOne {
      guard case .sum(let terms) = graph.node(f.base), terms.count <= 16 else { continue }
      let (isNegative, inner) = withoutSign(spellSum(terms, scaledBy: p.coefficient))
      let whole = write(Product(.one, scalars: p.scalars, chain: p.chain), scalarItem: (i, inner))
      result.append(isNegative ? .negated(whole) : whole)
    }
    return result
  }

  private func withoutSign(_ s: Syntax) -> (Bool, Syntax) {
    if case .negate(let inner) = s.kind { return (true, inner) }
    return (false, s)
  }

  private func write(_ p: Product, turnedChain: Int?, turnedScalar: Int?) -> Syntax {
    let chainItem = turnedChain.flatMap { i in freeNegation(p.chain[i]).map { (i, $0) } }
    let scalarItem = turnedScalar.flatMap { i in freeNegation(p.scalars[i].base).map { (i, $0) } }
    return write(p, chainItem: chainItem, scalarItem: scalarItem)
  }

  /// Scalars first, then the chain, then `/` what divides. An item stands in for the spelling of
  /// one chain element or scalar.
  private func write(
    _ product: Product, chainItem: (Int, Syntax)? = nil, scalarItem: (Int, Syntax)? = nil
  ) -> Syntax {
    if chainItem == nil, scalarItem == nil, let whole = elementwisePower(product) { return whole }
    var p = product
    var chainItem = chainItem
    let joined = chainItem == nil && scalarItem == nil ? joinAdjugate(&p) : nil
    var numerators: [Syntax] = []
    var denominators: [Syntax] = []
    var mean = chainItem == nil ? takeMean(&p) : nil
    var scalarItem = scalarItem
    if let item = scalarItem, p.scalars != product.scalars {
      // Scalars that went into the mean have moved the item, or were it.
      if let place = p.scalars.firstIndex(of: product.scalars[item.0]) {
        scalarItem = (place, item.1)
      } else {
        (p, mean) = (product, nil)
      }
    }
    switch p.coefficient {
    case .rational(let n, let d):
      if n != 1 { numerators.append(.number(Number(n))) }
      if d != 1 { denominators.append(.number(Number(d))) }
    case .real: numerators.append(.number(p.coefficient))
    }
    let (above, below) = spellScalars(p.scalars, item: scalarItem)
    // A scalar such as x'*A*x keeps its brackets before what it multiplies.
    let startsWithChain = numerators.isEmpty && !above.isEmpty
    numerators += above
    denominators += below
    if let mean {
      numerators.append(mean)
    } else if let joined {
      numerators.append(joined)
    } else if !p.chain.isEmpty {
      if chainItem.map({ $0.0 >= p.chain.count }) ?? false { chainItem = nil }
      numerators += withNumberFirst(
        spellChain(p.chain, item: chainItem), isFirst: numerators.isEmpty)
    }
    if p.chain.count == 1, let last = numerators.last, numerators.count > 1,
      case .product(let first, let rest) = last.kind, case .number(.one) = first.kind,
      rest.count == 1,
      rest[0].operation == .elementwiseDivide
    {
      // prod(x)*(1./x) is prod(x)./x.
      numerators.removeLast()
      let scaled = Syntax.product([.product(numerators), rest[0].factor], .elementwiseDivide)
      return .quotient([scaled], denominators)
    }
    let top = Syntax.product(numerators, continuing: !startsWithChain || numerators.count == 1)
    return .quotient([top], denominators)
  }

  /// `A*(2*sym(B))` as `2*A*sym(B)`.
  private func withNumberFirst(_ factors: [Syntax], isFirst: Bool) -> [Syntax] {
    guard isFirst, factors.count > 1 else { return factors }
    for (i, factor) in factors.enumerated() where i > 0 {
      guard case .product(let number, let rest) = factor.kind, case .number = number.kind,
        rest.allSatisfy({ $0.operation == .times }), let second = rest.first
      else { continue }
      var result = factors
      result[i] =
        rest.count == 1
        ? second.factor : Syntax(.product(second.factor, Array(rest.dropFirst())))
      return [number] + result
    }
    return factors
  }

  /// `x.^2/d^2` as `(x/d).^2`.
  private func elementwisePower(_ p: Product) -> Syntax? {
    guard p.coefficient.isOne, !p.scalars.isEmpty, p.chain.count == 1,
      case .hadamard(let factors) = graph.node(p.chain[0]), let k = factors[0].exponent.integer,
      k > 1,
      factors.allSatisfy({ $0.exponent == Number(k) }),
      p.scalars.allSatisfy({ $0.exponent.magnitude == Number(k) })
    else { return nil }
    let scale = p.scalars.map { Factor($0.base, $0.exponent / Number(k)) }
    let base = graph.product(scale, chain: [graph.hadamard(factors.map { Factor($0.base) })])
    return .raised(spell(base), Number(k), elementwise: true)
  }

  /// `det(X)*inv(X)` is `adj(X)`, `det(X)*inv(X)'` is `cof(X)`.
  private func joinAdjugate(_ p: inout Product) -> Syntax? {
    guard p.chain.count == 1, let inner = graph.operand(of: p.chain[0], .inv) else { return nil }
    for (i, factor) in p.scalars.enumerated() where factor.exponent.isOne {
      guard let x = graph.operand(of: factor.base, .det) else { continue }
      let name: String
      if inner == x {
        name = "adj"
      } else if inner == graph.transpose(x) {
        name = "cof"
      } else {
        continue
      }
      p.scalars.remove(at: i)
      return .call(name, spell(x))
    }
    return nil
  }

  /// `sum(X)/n` is `mean(X)`.
  private func takeMean(_ p: inout Product) -> Syntax? {
    var rest = p
    var chain = p.chain
    if chain.isEmpty {
      guard
        let i = p.scalars.firstIndex(where: { f in
          if case .product(let q) = graph.node(f.base), f.exponent.isOne, !q.chain.isEmpty,
            graph.isOnesRow(q.chain[0])
          {
            true
          } else {
            false
          }
        }), case .product(let q) = graph.node(p.scalars[i].base)
      else { return nil }
      chain = q.chain
      rest.scalars.remove(at: i)
    }
    let down = chain.first.map(graph.isOnesRow) ?? false
    let across = chain.last.map(graph.isOnesColumn) ?? false
    guard down || across, chain.count > 1 else { return nil }
    let inner = Array(chain.dropFirst(down ? 1 : 0).dropLast(across ? 1 : 0))
    guard !inner.isEmpty, down || !graph.shape(chain[0]).rows.isOne else { return nil }
    let x = graph.product([], chain: inner)
    let shape = graph.shape(x)
    let axis: Dim? = down && (across || shape.columns.isOne) ? nil : down ? 1 : 2
    if axis == 2, !p.chain.isEmpty, shape.rows.isOne { return nil }
    let count = axis == 1 ? shape.rows : axis == 2 ? shape.columns : shape.rows * shape.columns
    guard takeOut(count, of: &rest) else { return nil }
    rest.chain = []
    p = rest
    let argument = spell(x)
    return axis.map { .call("mean", argument, .dim($0)) } ?? .call("mean", argument)
  }

  /// Divides a product by a dimension where that is a factor of its denominator.
  private func takeOut(_ count: Dim, of p: inout Product) -> Bool {
    if let n = count.literal {
      guard case .rational(let a, let b) = p.coefficient, n > 1, b % n == 0 else { return false }
      p.coefficient = Number(a, over: b / n)
      return true
    }
    var wanted: [Expr] = []
    if case .polynomial(let polynomial) = count, polynomial.terms.count == 1,
      polynomial.terms[0].coefficient.isOne
    {
      for factor in polynomial.terms[0].factors {
        wanted += Array(repeating: graph.dimension(.name(factor.name)), count: factor.exponent)
      }
    } else {
      wanted = [graph.dimension(count)]
    }
    var scalars = p.scalars
    if let i = scalars.firstIndex(of: Factor(graph.dimension(count), .minusOne)) {
      scalars.remove(at: i)
    } else {
      for w in wanted {
        guard
          let i = scalars.firstIndex(where: {
            $0.base == w && $0.exponent.isNegative && $0.exponent.isInteger
          })
        else { return false }
        let raised = scalars[i].exponent + .one
        if raised.isZero { scalars.remove(at: i) } else { scalars[i] = Factor(w, raised) }
      }
    }
    p.scalars = scalars
    return true
  }

  // MARK: Scalars

  private func spellScalars(_ scalars: [Factor], item: (Int, Syntax)?) -> ([Syntax], [Syntax]) {
    var above: [Syntax] = []
    var below: [Syntax] = []
    var roots: [Bool: [Expr]] = [:]
    let (powers, scalars) = item == nil ? commonPowers(scalars) : ([], scalars)
    above += powers
    let order = scalars.indices.sorted { graph.precedes(scalars[$0].base, scalars[$1].base) }
    for (i, factor) in order.map({ ($0, scalars[$0]) }) {
      let exponent = factor.exponent
      if let item, item.0 == i {
        let power = Syntax.raised(item.1, exponent.magnitude, elementwise: false)
        if exponent.isPositive { above.append(power) } else { below.append(power) }
        continue
      }
      if exponent.magnitude == .half, normArgument(factor.base) == nil {
        roots[exponent.isPositive, default: []].append(factor.base)
        continue
      }
      let power = spellPower(factor.base, exponent.magnitude)
      if exponent.isPositive { above.append(power) } else { below.append(power) }
    }
    for (positive, bases) in roots.sorted(by: { $0.key && !$1.key }) {
      let root = Syntax.call("sqrt", .product(bases.map { spell($0) }))
      if positive { above.append(root) } else { below.append(root) }
    }
    return (above, below)
  }

  /// Factors with a common integer power, `a^2/b^2` as `(a/b)^2`; what is left beside them.
  private func commonPowers(_ scalars: [Factor]) -> ([Syntax], [Factor]) {
    for factor in scalars {
      guard let k = factor.exponent.magnitude.integer, k > 1 else { continue }
      let group = scalars.filter {
        $0.exponent.magnitude == Number(k) && normArgument($0.base) == nil
      }
      guard group.count > 1, group.contains(where: \.exponent.isPositive) else { continue }
      let above = group.filter(\.exponent.isPositive).map { spell($0.base) }
      let below = group.filter(\.exponent.isNegative).map { spell($0.base) }
      let power = Syntax.raised(.quotient(above, below), Number(k), elementwise: false)
      return ([power], scalars.filter { !group.contains($0) })
    }
    return ([], scalars)
  }

  /// A scalar to a positive power.
  private func spellPower(_ base: Expr, _ exponent: Number) -> Syntax {
    var best = plainPower(base, exponent)
    // norm2(x) and its square; a higher power reads better as one of x'*x.
    if !exponent.isInteger || exponent.isOne, let x = normArgument(base) {
      let norm = Syntax.raised(norm(of: x), exponent + exponent, elementwise: false)
      if norm.size < best.size { best = norm }
    }
    return best
  }

  /// The Euclidean norm of a vector, the Frobenius norm of a matrix.
  func norm(of x: Expr) -> Syntax {
    let shape = graph.shape(x)
    return .call(shape.isVector || shape.isRow ? "norm2" : "normF", spell(x))
  }

  private func plainPower(_ base: Expr, _ exponent: Number) -> Syntax {
    if case .rational(let p, 2) = exponent, p > 1 {
      return .raised(.call("sqrt", spell(base)), Number(p), elementwise: false)
    }
    return .raised(spell(base), exponent, elementwise: false)
  }

  /// x where the scalar is x'x or tr(X'X).
  private func normArgument(_ e: Expr) -> Expr? {
    let chain: [Expr]
    switch graph.node(e) {
    case .product(let p) where p.scalars.isEmpty && p.coefficient.isOne: chain = p.chain
    case .apply(.tr, let x, _):
      guard case .product(let p) = graph.node(x[0]), p.scalars.isEmpty else { return nil }
      chain = p.chain
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product,
      .hadamard, .apply:
      return nil
    }
    guard chain.count % 2 == 0, !chain.isEmpty else { return nil }
    let rotations =
      graph.shape(chain[0]).rows.isOne
      ? [chain] : chain.indices.map { Array(chain[$0...] + chain[..<$0]) }
    var best: Expr?
    for rotation in rotations.prefix(16) {
      let half = rotation.count / 2
      let mirrored = rotation[half...].reversed().map { graph.transpose($0) }
      guard Array(rotation[..<half]) == mirrored else { continue }
      let x = graph.product([], chain: Array(rotation[half...]))
      let y = graph.transpose(x)
      for candidate in [x, y] where best.map({ size(candidate) < size($0) }) ?? true {
        best = candidate
      }
    }
    return best
  }
}
