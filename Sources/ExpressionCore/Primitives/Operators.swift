extension PrimitiveRule {
  static let add = defined { g, x, _, shape in g.sum(x.map { Term(.one, $0) }, shape: shape) }
  static let subtract = defined { g, x, _, shape in
    g.sum(
      x.enumerated().map { Term($0.offset == 0 ? .one : .minusOne, $0.element) }, shape: shape)
  }
  static let negate = defined { g, x, _, _ in g.negate(x[0]) }
  static let multiply = defined { g, x, _, _ in g.product(x) }
  static let divide = defined { g, x, _, _ in
    g.product([x[0]] + x.dropFirst().map { g.inverse($0) })
  }
  static let leftDivide = defined { g, x, _, _ in g.product([g.inverse(x[0]), x[1]]) }
  static let hadamard = defined { g, x, _, _ in g.hadamard(x.map { Factor($0) }) }
  static let elementwiseDivide = defined { g, x, _, _ in
    g.hadamard([Factor(x[0])] + x.dropFirst().map { Factor($0, .minusOne) })
  }
  static let transpose = PrimitiveRule(
    transpose: .rule { _, x, _ in x[0] },
    derivative: .linear { g, y, _, _ in g.transpose(y) },
    construct: { g, x, _, _ in g.transpose(x[0]) })

  /// d x^a = a·x^(a−1) dx + x^a log(x) da; of a square matrix with an integer exponent, a product.
  static let power = PrimitiveRule(
    transpose: .rule { g, x, _ in g.matrixPower(g.transpose(x[0]), x[1]) },
    derivative: .differential { g, x, d, y, _ in
      g.shape(y).isScalar
        ? g.differentialOfPower(x, d, y) : g.differentialOfMatrixPower(x, d, y)
    },
    construct: { g, x, _, shape in
      shape.isScalar ? g.power(x[0], x[1]) : g.matrixPower(x[0], x[1])
    })

  /// Entry by entry; the exponent is a scalar, or base and exponent have one shape.
  static let elementwisePower = PrimitiveRule(
    transpose: .commutes,
    derivative: .differential { g, x, d, y, _ in g.differentialOfPower(x, d, y) },
    construct: { g, x, _, shape in
      if g.shape(x[1]).isScalar || shape.isScalar {
        return g.power(g.spread(x[0], to: shape), x[1])
      }
      let spread = x.map { g.spread($0, to: shape) }
      return g.opaque(
        .elementwisePower, spread, [], shape, g.facts(spread[0]).intersection(.signs))
    })
}

extension Graph {
  /// A power of a square matrix: a chain for small integers; half-integers go through `sqrtm`.
  func matrixPower(_ x: Expr, _ exponent: Expr) -> Expr {
    let n = shape(x).rows
    if case .number(let value) = node(exponent) {
      if let k = value.integer {
        let base = k < 0 ? inverse(x) : x
        if abs(k) <= 32 {
          return k == 0 ? identity(n) : product(Array(repeating: base, count: abs(k)))
        }
      } else if value == -.half {
        return inverse(matrixFunction(.sqrtm, x))
      } else if (value + value).isInteger, let k = (value - .half).integer {
        let root = matrixFunction(.sqrtm, x)
        return product([matrixPower(x, number(k)), root])
      }
    }
    if let v = operand(of: x, .diag) { return diag(power(v, exponent)) }
    if case .identity = node(x) { return x }
    let kept: Facts = [.positiveDefinite, .positiveSemidefinite]
    return opaque(.power, [x, exponent], [], shape(x), facts(x).intersection(kept))
  }

  fileprivate func differentialOfPower(_ x: [Expr], _ d: [Expr?], _ y: Expr) -> Expr {
    var terms: [Expr] = []
    let shape = self.shape(y)
    if let dx = d[0] {
      let one = allOnes(self.shape(x[1]))
      let lowered = PrimitiveRule.elementwisePower.construct(
        self, [x[0], subtract(x[1], one)], [], shape)
      let factors = [spread(x[1], to: shape), lowered, spread(dx, to: shape)]
      terms.append(hadamard(factors.map { Factor($0) }))
    }
    if let da = d[1] {
      terms.append(
        hadamard([
          Factor(y), Factor(spread(elementwise(.log, x[0]), to: shape)),
          Factor(spread(da, to: shape)),
        ]))
    }
    return terms.isEmpty ? zero(shape) : sum(terms)
  }
}
