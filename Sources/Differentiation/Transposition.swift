import ExpressionCore

extension Graph {
  /// The cotangents of the targets, given that of the root: the transpose of the differential,
  /// applied (reverse mode). A target that the root does not depend on is left out.
  ///
  /// For sums and products the transpose is stated here. A linear operation has its adjoint; for a
  /// nonlinear one the differential is written with a stand-in for the operand's, and that linear
  /// expression is swept in turn.
  public func pullback(
    of root: Expr, cotangent: Expr, to targets: [Expr]
  ) throws(UndefinedDerivative) -> [Expr: Expr] {
    let depends = dependents(of: targets, in: root)
    var parts: [Expr: [Term]] = [root: [Term(.one, cotangent)]]
    var cotangents: [Expr: Expr] = [:]
    for e in reachable(from: [root]).reversed() where depends[e.index] {
      guard let terms = parts.removeValue(forKey: e) else { continue }
      let y = sum(terms, shape: shape(e))
      if targets.contains(e) {
        cotangents[e] = y
        continue
      }
      for (operand, part) in try pullback(through: e, y, depends) {
        parts[operand, default: []].append(Term(.one, part))
      }
    }
    return cotangents
  }

  private func pullback(
    through e: Expr, _ y: Expr, _ depends: [Bool]
  ) throws(UndefinedDerivative) -> [(Expr, Expr)] {
    switch node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return []
    case .sum(let terms):
      return terms.filter { depends[$0.expr.index] }.map { ($0.expr, scale($0.coefficient, y)) }
    case .product(let p): return pullback(through: p, y, depends)
    case .hadamard(let factors):
      return factors.indices.filter { depends[factors[$0].base.index] }.map { i in
        (factors[i].base, hadamard(lowered(factors, i) + [Factor(y)]))
      }
    case .apply(let primitive, let x, let parameters):
      var result: [(Expr, Expr)] = []
      for i in x.indices where depends[x[i].index] {
        if let part = try pullback(primitive, e, x, parameters, y, position: i) {
          result.append((x[i], part))
        }
      }
      return result
    }
  }

  private func pullback(through p: Product, _ y: Expr, _ depends: [Bool]) -> [(Expr, Expr)] {
    var result: [(Expr, Expr)] = []
    let coefficient = Factor(number(p.coefficient))
    for (i, factor) in p.scalars.enumerated() where depends[factor.base.index] {
      let chain = product([], chain: p.chain)
      let contracted = p.chain.isEmpty ? y : inner(y, chain)
      result.append(
        (
          factor.base,
          product(lowered(p.scalars, i) + [coefficient, Factor(contracted)], chain: [])
        ))
    }
    let pieces = spectralPieces(of: p.chain) {
      depends.indices.contains($0.index) && depends[$0.index]
    }
    func cotangent(of range: Range<Int>) -> Expr {
      let left = p.chain[..<range.lowerBound].reversed().map { transpose($0) }
      let right = p.chain[range.upperBound...].reversed().map { transpose($0) }
      return product([
        product(p.scalars + [coefficient], chain: []), product(left + [y] + right),
      ])
    }
    for piece in pieces {
      result.append((piece.operand, adjoint(of: piece, applied: cotangent(of: piece.range))))
    }
    for (i, element) in p.chain.enumerated() where depends[element.index] {
      if pieces.contains(where: { $0.range.contains(i) }) { continue }
      result.append((element, cotangent(of: i..<(i + 1))))
    }
    return result
  }

  private func pullback(
    _ primitive: Primitive, _ e: Expr, _ x: [Expr], _ parameters: [Dim], _ y: Expr, position: Int
  ) throws(UndefinedDerivative) -> Expr? {
    switch primitive.rule.derivative {
    case .defined, .undefined: throw UndefinedDerivative(primitive: primitive)
    case .constant: return nil
    case .elementwise(let f): return hadamard(f(self, x[0], e), y)
    case .linear(let adjoint): return adjoint(self, y, x[0], parameters)
    case .multilinear(let adjoint): return adjoint(self, y, x, position, parameters)
    case .jointlyLinear(let adjoint): return adjoint(self, y, x, position, parameters)
    case .linearInLast(let adjoint, let rule):
      if position == x.count - 1 { return adjoint(self, y, x) }
      return try pullback(x, y, position) { rule(self, x, $0, e) }
    case .differential(let rule):
      return try pullback(x, y, position) { rule(self, x, $0, e, parameters) }
    }
  }

  /// The transpose of a differential in one operand: it is written with a stand-in for the
  /// operand's differential, and that linear expression is swept.
  private func pullback(
    _ x: [Expr], _ y: Expr, _ position: Int, through differential: ([Expr?]) -> Expr
  ) throws(UndefinedDerivative) -> Expr? {
    let standIn = standIn(for: x[position], position)
    var d = [Expr?](repeating: nil, count: x.count)
    d[position] = standIn
    return try pullback(of: differential(d), cotangent: y, to: [standIn])[standIn]
  }
}
