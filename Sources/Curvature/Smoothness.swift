import ExpressionCore

/// Whether an expression has continuous second derivatives on the domain, by the operations that
/// it is made of.
struct Smoothness {
  private let graph: Graph
  private let prover: Prover
  private let degrees: Degrees

  init(_ prover: Prover, _ degrees: Degrees) {
    graph = prover.graph
    self.prover = prover
    self.degrees = degrees
  }

  /// The first operation that may have a kink or a jump; nil where there is none.
  func obstacle(in root: Expr) -> Expr? {
    graph.reachable(from: [root]).first { !degrees.isConstant($0) && !isSmooth($0) }
  }

  private func isSmooth(_ e: Expr) -> Bool {
    switch graph.node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum: return true
    case .product(let p): return p.scalars.allSatisfy(isSmooth)
    case .hadamard(let factors): return factors.allSatisfy(isSmooth)
    case .apply(let primitive, let x, _): return isSmooth(primitive, x)
    }
  }

  private func isSmooth(_ factor: Factor) -> Bool {
    if degrees.isConstant(factor.base) { return true }
    if factor.exponent.isInteger, factor.exponent.isPositive { return true }
    let base = prover.range(factor.base)
    return base.isPositive || factor.exponent.isInteger && base.isNegative
  }

  private func isSmooth(_ primitive: Primitive, _ x: [Expr]) -> Bool {
    switch primitive {
    case .exp, .sin, .cos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus, .erf, .normcdf,
      .normpdf, .logsumexp, .softmax, .tr, .det, .prod, .diag, .diagonal, .transpose, .vec,
      .reshape,
      .vech, .kron, .khatrirao, .tril, .triu, .stril, .halftril, .blocks, .expm, .sinm, .cosm,
      .dexpm, .dsinm, .dcosm,
      .cross, .im2col, .col2im, .conv1d, .conv2d, .duplication, .commutation:
      return true
    case .log, .lgamma, .digamma, .trigamma, .polygamma: return prover.range(x[0]).isPositive
    case .asin, .acos:
      let t = prover.range(x[0])
      return (t + .point(.one)).isPositive && (t + .point(.minusOne)).isNegative
    case .abs, .sign, .step, .relu, .elu:
      let t = prover.range(x[0])
      return t.isPositive || t.isNegative
    case .inv, .logdet: return graph.isInvertible(x[0]) || prover.isDefinite(x[0])
    case .chol, .logm, .sqrtm: return prover.isDefinite(x[0])
    case .power:
      return graph.shape(x[0]).isScalar ? prover.range(x[0]).isPositive : prover.isDefinite(x[0])
    case .elementwisePower: return prover.range(x[0]).isPositive
    default: return false
    }
  }
}
