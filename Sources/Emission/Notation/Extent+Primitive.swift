import ExpressionCore
import ExpressionLanguage

extension Extent {
  /// The extent of a call, from those of its arguments; `sizes` are the arguments as trees.
  static func result(of primitive: Primitive, _ operands: [Extent], sizes: [Syntax]) -> Extent {
    let first = operands.first ?? .scalar
    let second = operands.count > 1 ? operands[1] : .scalar
    switch primitive {
    case .add, .subtract, .hadamard, .elementwiseDivide, .elementwisePower, .max, .min:
      return first.spread(over: second)
    case .multiply, .divide, .leftDivide, .solve:
      return first.times(second)
    case .power, .negate:
      return first
    case .transpose:
      return first.transposed
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .square,
      .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh,
      .sigmoid, .softplus, .relu, .leakyrelu, .elu, .gelu, .silu, .step,
      .erf, .erfc, .normcdf, .normpdf, .lgamma, .digamma, .trigamma, .clip,
      .softmax, .logsoftmax:
      return first
    case .polygamma:
      return second
    case .sum, .mean, .prod, .logsumexp, .maximum, .minimum:
      switch sizes.count > 1 ? sizes[1].literal : nil {
      case 1: return Extent(oneRow: true, oneColumn: first.oneColumn)
      case 2: return Extent(oneRow: first.oneRow, oneColumn: true)
      case _: return .scalar
      }
    case .tr, .det, .logdet, .norm1, .norm2, .normF, .normp, .norminf, .nucnorm, .specnorm,
      .dot, .entry, .lambdamax, .lambdamin:
      return .scalar
    case .diag:
      return .matrix
    case .diagonal, .col, .unit, .vec, .vech, .eigvals, .svdvals, .constantVector:
      return .vector
    case .row:
      return .row
    case .reshape:
      return Extent(oneRow: sizes.isOne(1), oneColumn: sizes.isOne(2))
    case .ones, .zeros:
      return Extent(oneRow: sizes.isOne(0), oneColumn: sizes.isOne(1))
    case .eye:
      return sizes.isOne(0) ? .scalar : .matrix
    case .kron:
      return first.spread(over: second)
    case .khatrirao:
      return Extent(
        oneRow: first.oneRow && second.oneRow, oneColumn: first.oneColumn && second.oneColumn)
    case .tril, .triu, .stril, .halftril, .sym, .skew, .inv, .adj, .cof, .chol, .qrr, .lul, .luu,
      .eigvecs, .svdv,
      .expm, .logm, .sqrtm, .sinm, .cosm, .dexpm, .dlogm, .dsinm, .dcosm, .lyapunov, .qrq, .svdu,
      .cross, .im2col, .col2im:
      return first
    case .conv1d, .conv2d:
      return first
    case .pinv:
      return first.transposed
    case .sylvester:
      return operands.count > 2 ? operands[2] : .matrix
    case .constantMatrix, .commutation, .duplication, .gapinv, .suminv, .divdiff:
      return .matrix
    case .blocks:
      return .matrix
    }
  }
}

extension [Syntax] {
  /// Whether the argument at a place is the literal 1.
  func isOne(_ place: Int) -> Bool { indices.contains(place) && self[place].literal == 1 }
}

extension Syntax {
  /// The value of an integer literal.
  var literal: Int? {
    if case .number(let number) = kind { return number.integer }
    return nil
  }

  /// The name, where it is nothing else.
  var bareName: String? {
    if case .name(let name) = kind { return name }
    return nil
  }
}
