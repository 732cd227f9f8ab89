extension Graph {
  /// Everything that the roots are made of, themselves included, operands first.
  public func reachable(from roots: [Expr]) -> [Expr] {
    guard let last = roots.max() else { return [] }
    var marked = [Bool](repeating: false, count: last.index + 1)
    var pending = roots
    var found: [Expr] = []
    while let e = pending.popLast() {
      if marked[e.index] { continue }
      marked[e.index] = true
      found.append(e)
      for operand in node(e).operands where !marked[operand.index] { pending.append(operand) }
    }
    return found.sorted()
  }

  /// The expression with some of its parts replaced, made anew through the constructors.
  public func replacing(_ replacements: [Expr: Expr], in root: Expr) -> Expr {
    var made = replacements
    for e in reachable(from: [root]) where made[e] == nil {
      made[e] = rebuilding(e) { made[$0] ?? $0 }
    }
    return made[root] ?? root
  }

  /// The expression made anew with other operands.
  public func rebuilding(_ e: Expr, _ operand: (Expr) -> Expr) -> Expr {
    switch node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return e
    case .sum(let terms):
      let new = terms.map { Term($0.coefficient, operand($0.expr)) }
      return new == terms ? e : sum(new, shape: shape(e))
    case .product(let p):
      var new = p
      new.scalars = p.scalars.map { Factor(operand($0.base), $0.exponent) }
      new.chain = p.chain.map(operand)
      if new == p { return e }
      return product([Factor(number(p.coefficient))] + new.scalars, chain: new.chain)
    case .hadamard(let factors):
      let new = factors.map { Factor(operand($0.base), $0.exponent) }
      return new == factors ? e : hadamard(new)
    case .apply(let primitive, let x, let parameters):
      let new = x.map(operand)
      return new == x ? e : primitive.rule.construct(self, new, parameters, shape(e))
    }
  }

  /// A symbol in place of an operand's differential, one for each shape and position.
  public func standIn(for e: Expr, _ position: Int) -> Expr {
    let key = StandIn(shape: shape(e), position: position)
    if let known = standIns[key] { return known }
    let made = makeSymbol(Variable(name: "d\(position)", shape: shape(e), type: .matrix))
    standIns[key] = made
    return made
  }
}

struct StandIn: Hashable {
  let shape: Shape
  let position: Int
}
