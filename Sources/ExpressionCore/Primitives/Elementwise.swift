/// The elementwise functions of one argument.
///
/// Each states its derivative in the graph's own terms; identities (parity, inverse functions, the
/// logistic family) are in `Graph.simplerElementwise`.
extension PrimitiveRule {
  static func elementwise(
    _ primitive: Primitive, _ derivative: @escaping @Sendable (Graph, Expr, Expr) -> Expr
  ) -> PrimitiveRule {
    PrimitiveRule(transpose: .commutes, derivative: .elementwise(derivative)) { g, x, _, _ in
      g.elementwise(primitive, x[0])
    }
  }

  static let exp = elementwise(.exp) { _, _, y in y }
  static let log = elementwise(.log) { g, x, _ in g.reciprocal(x) }
  static let abs = elementwise(.abs) { g, x, _ in g.elementwise(.sign, x) }
  static let sin = elementwise(.sin) { g, x, _ in g.elementwise(.cos, x) }
  static let cos = elementwise(.cos) { g, x, _ in g.negate(g.elementwise(.sin, x)) }
  static let tan = elementwise(.tan) { g, _, y in
    g.sum([g.allOnes(g.shape(y)), g.power(y, .two)])
  }
  static let asin = elementwise(.asin) { g, x, _ in g.power(g.oneMinus(g.power(x, .two)), -.half) }
  static let acos = elementwise(.acos) { g, x, _ in
    g.negate(g.power(g.oneMinus(g.power(x, .two)), -.half))
  }
  static let atan = elementwise(.atan) { g, x, _ in
    g.reciprocal(g.sum([g.allOnes(g.shape(x)), g.power(x, .two)]))
  }
  static let sinh = elementwise(.sinh) { g, x, _ in g.elementwise(.cosh, x) }
  static let cosh = elementwise(.cosh) { g, x, _ in g.elementwise(.sinh, x) }
  static let tanh = elementwise(.tanh) { g, _, y in g.oneMinus(g.power(y, .two)) }
  static let sigmoid = elementwise(.sigmoid) { g, _, y in g.hadamard(y, g.oneMinus(y)) }
  static let softplus = elementwise(.softplus) { g, x, _ in g.elementwise(.sigmoid, x) }
  static let relu = elementwise(.relu) { g, x, _ in g.elementwise(.step, x) }
  /// With a = 1 the derivative is exp(min(x, 0)).
  static let elu = elementwise(.elu) { g, x, _ in
    g.elementwise(.exp, g.negate(g.elementwise(.relu, g.negate(x))))
  }
  static let erf = elementwise(.erf) { g, x, _ in
    let gaussian = g.elementwise(.exp, g.negate(g.power(x, .two)))
    return g.product([g.number(2), g.power(g.pi, -.half), gaussian])
  }
  static let normcdf = elementwise(.normcdf) { g, x, _ in g.elementwise(.normpdf, x) }
  static let normpdf = elementwise(.normpdf) { g, x, y in g.negate(g.hadamard(x, y)) }
  static let lgamma = elementwise(.lgamma) { g, x, _ in g.elementwise(.digamma, x) }
  static let digamma = elementwise(.digamma) { g, x, _ in g.elementwise(.trigamma, x) }
  static let trigamma = elementwise(.trigamma) { g, x, _ in
    g.apply(.polygamma, [x], [.literal(2)], shape: g.shape(x))
  }
  static let sign = piecewiseConstant(.sign)
  static let step = piecewiseConstant(.step)

  private static func piecewiseConstant(_ primitive: Primitive) -> PrimitiveRule {
    PrimitiveRule(transpose: .commutes, derivative: .constant) { g, x, _, _ in
      g.elementwise(primitive, x[0])
    }
  }

  /// ψ⁽ᵏ⁾, the derivative of order k of digamma; its derivative is ψ⁽ᵏ⁺¹⁾.
  static let polygamma = PrimitiveRule(
    transpose: .rule { g, x, k in
      g.apply(.polygamma, [g.transpose(x[0])], k, shape: g.shape(x[0]).transposed)
    },
    derivative: .differential { g, x, d, _, k in
      let next = g.apply(.polygamma, x, [k[0] + 1], shape: g.shape(x[0]))
      return g.hadamard(next, d[0] ?? g.zero(g.shape(x[0])))
    },
    construct: { g, x, k, shape in
      switch k[0].literal {
      case 0: g.elementwise(.digamma, x[0])
      case 1: g.elementwise(.trigamma, x[0])
      default: g.opaque(.polygamma, x, k, shape)
      }
    })

  // MARK: Defined through others

  static let expm1 = defined { g, x, _, s in g.subtract(g.elementwise(.exp, x[0]), g.allOnes(s)) }
  static let log1p = defined { g, x, _, s in g.elementwise(.log, g.sum([g.allOnes(s), x[0]])) }
  static let log2 = logarithm(base: 2)
  static let log10 = logarithm(base: 10)
  static let sqrt = defined { g, x, _, _ in g.squareRoot(x[0]) }
  static let square = defined { g, x, _, _ in g.power(x[0], .two) }
  static let erfc = defined { g, x, _, _ in g.oneMinus(g.elementwise(.erf, x[0])) }
  static let silu = defined { g, x, _, _ in g.hadamard(x[0], g.elementwise(.sigmoid, x[0])) }
  static let gelu = defined { g, x, _, _ in g.hadamard(x[0], g.elementwise(.normcdf, x[0])) }
  /// relu(x) - a*relu(-x)
  static let leakyrelu = defined { g, x, _, shape in
    let below = g.hadamard(x[1], g.elementwise(.relu, g.negate(x[0])))
    return g.subtract(g.elementwise(.relu, x[0]), below)
  }

  private static func logarithm(base: Int) -> PrimitiveRule {
    defined { g, x, _, _ in
      g.product([g.reciprocal(g.elementwise(.log, g.number(base))), g.elementwise(.log, x[0])])
    }
  }
}
