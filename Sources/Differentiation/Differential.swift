import ExpressionCore

/// The operations that a derivative would need and that have none.
public struct UndefinedDerivative: Error, Sendable {
  public let primitive: Primitive
}

extension Graph {
  /// Which expressions, by number, depend on one of the targets.
  func dependents(of targets: [Expr], in root: Expr) -> [Bool] {
    var depends = [Bool](repeating: false, count: root.index + 1)
    for target in targets where target.index <= root.index { depends[target.index] = true }
    for e in reachable(from: [root]) where !depends[e.index] {
      depends[e.index] = node(e).operands.contains { depends[$0.index] }
    }
    return depends
  }

  /// The differential of an expression, given those of some symbols; nil where it is constant.
  ///
  /// Sums and products are differentiated here (Leibniz), every other operation by its rule.
  public func differential(of root: Expr, given seeds: [Expr: Expr]) throws(UndefinedDerivative)
    -> Expr?
  {
    var d: [Expr: Expr] = seeds
    for e in reachable(from: [root]) where d[e] == nil {
      switch node(e) {
      case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: continue
      case .sum(let terms):
        let parts = terms.compactMap { t in d[t.expr].map { Term(t.coefficient, $0) } }
        if !parts.isEmpty { d[e] = sum(parts, shape: shape(e)) }
      case .product(let p):
        let parts = differentials(of: p, d)
        if !parts.isEmpty { d[e] = sum(parts) }
      case .hadamard(let factors):
        var parts: [Expr] = []
        for (i, factor) in factors.enumerated() {
          guard let db = d[factor.base] else { continue }
          parts.append(hadamard(lowered(factors, i) + [Factor(db)]))
        }
        if !parts.isEmpty { d[e] = sum(parts) }
      case .apply(let primitive, let x, let parameters):
        let dx = x.map { d[$0] }
        guard dx.contains(where: { $0 != nil }) else { continue }
        d[e] = try differential(primitive, x, dx, e, parameters)
      }
    }
    return d[root].flatMap { isZeroExpr($0) ? nil : $0 }
  }

  private func isZeroExpr(_ e: Expr) -> Bool {
    switch node(e) {
    case .zero: true
    case .number(let value): value.isZero
    case .symbol, .pi, .dimension, .identity, .ones, .unit, .sum, .product, .hadamard, .apply: false
    }
  }

  private func differentials(of p: Product, _ d: [Expr: Expr]) -> [Expr] {
    var parts: [Expr] = []
    let coefficient = Factor(number(p.coefficient))
    for (i, factor) in p.scalars.enumerated() {
      guard let ds = d[factor.base] else { continue }
      parts.append(product(lowered(p.scalars, i) + [coefficient, Factor(ds)], chain: p.chain))
    }
    func around(_ range: Range<Int>, _ middle: Expr) -> Expr {
      let chain = p.chain[..<range.lowerBound] + [middle] + p.chain[range.upperBound...]
      return product(p.scalars + [coefficient], chain: Array(chain))
    }
    let pieces = spectralPieces(of: p.chain) { d[$0] != nil }
    for piece in pieces {
      guard let dx = d[piece.operand] else { continue }
      parts.append(around(piece.range, differential(of: piece, along: dx)))
    }
    for (i, element) in p.chain.enumerated() {
      guard let de = d[element], !pieces.contains(where: { $0.range.contains(i) }) else { continue }
      parts.append(around(i..<(i + 1), de))
    }
    return parts
  }

  func differential(
    _ primitive: Primitive, _ x: [Expr], _ dx: [Expr?], _ result: Expr, _ parameters: [Dim]
  ) throws(UndefinedDerivative) -> Expr? {
    let shape = self.shape(result)
    switch primitive.rule.derivative {
    case .defined, .undefined: throw UndefinedDerivative(primitive: primitive)
    case .constant: return nil
    case .elementwise(let f):
      return dx[0].map { hadamard(f(self, x[0], result), $0) }
    case .linear:
      return dx[0].map { apply(primitive, [$0], parameters, shape: shape) }
    case .multilinear:
      let parts = x.indices.compactMap { i in
        dx[i].map { d in
          var operands = x
          operands[i] = d
          return apply(primitive, operands, parameters, shape: shape)
        }
      }
      return sum(parts)
    case .jointlyLinear:
      let operands = x.indices.map { dx[$0] ?? zero(self.shape(x[$0])) }
      return apply(primitive, operands, parameters, shape: shape)
    case .linearInLast(_, let rule):
      var parts: [Expr] = []
      if let last = dx.last, let last {
        parts.append(apply(primitive, x.dropLast() + [last], parameters, shape: shape))
      }
      if dx.dropLast().contains(where: { $0 != nil }) { parts.append(rule(self, x, dx, result)) }
      return sum(parts)
    case .differential(let rule):
      return rule(self, x, dx, result, parameters)
    }
  }
}
