extension Primitive {
  /// Whether its operands are spread to the shape of the result before it is applied.
  var spreads: Bool {
    switch self {
    case .add, .subtract, .hadamard, .elementwiseDivide, .max, .min, .clip, .leakyrelu: true
    default: false
    }
  }

  public var rule: PrimitiveRule {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .negate: .negate
    case .multiply: .multiply
    case .divide: .divide
    case .leftDivide: .leftDivide
    case .hadamard: .hadamard
    case .elementwiseDivide: .elementwiseDivide
    case .power: .power
    case .elementwisePower: .elementwisePower
    case .transpose: .transpose
    case .blocks: .blocks
    case .exp: .exp
    case .expm1: .expm1
    case .log: .log
    case .log1p: .log1p
    case .log2: .log2
    case .log10: .log10
    case .sqrt: .sqrt
    case .abs: .abs
    case .sign: .sign
    case .square: .square
    case .sin: .sin
    case .cos: .cos
    case .tan: .tan
    case .asin: .asin
    case .acos: .acos
    case .atan: .atan
    case .sinh: .sinh
    case .cosh: .cosh
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .softplus: .softplus
    case .relu: .relu
    case .leakyrelu: .leakyrelu
    case .elu: .elu
    case .gelu: .gelu
    case .silu: .silu
    case .step: .step
    case .erf: .erf
    case .erfc: .erfc
    case .normcdf: .normcdf
    case .normpdf: .normpdf
    case .lgamma: .lgamma
    case .digamma: .digamma
    case .trigamma: .trigamma
    case .polygamma: .polygamma
    case .clip: .clip
    case .max: .max
    case .min: .min
    case .sum: .sum
    case .mean: .mean
    case .prod: .prod
    case .logsumexp: .logsumexp
    case .maximum: .maximum
    case .minimum: .minimum
    case .tr: .tr
    case .det: .det
    case .logdet: .logdet
    case .norm1: .norm1
    case .norm2: .norm2
    case .normF: .normF
    case .normp: .normp
    case .norminf: .norminf
    case .dot: .dot
    case .softmax: .softmax
    case .logsoftmax: .logsoftmax
    case .diag: .diag
    case .diagonal: .diagonal
    case .col: .col
    case .row: .row
    case .entry: .entry
    case .unit: .unit
    case .vec: .vec
    case .reshape: .reshape
    case .kron: .kron
    case .khatrirao: .khatrirao
    case .vech: .vech
    case .tril: .tril
    case .triu: .triu
    case .sym: .sym
    case .skew: .skew
    case .eye: .eye
    case .ones: .ones
    case .zeros: .zeros
    case .constantVector: .constantVector
    case .constantMatrix: .constantMatrix
    case .commutation: .commutation
    case .duplication: .duplication
    case .inv: .inv
    case .adj: .adj
    case .cof: .cof
    case .solve: .solve
    case .cross: .cross
    case .pinv, .chol, .qrq, .qrr, .lul, .luu, .eigvals, .eigvecs, .lambdamax, .lambdamin, .svdvals,
      .svdu, .svdv, .nucnorm, .specnorm, .expm, .logm, .sqrtm, .sinm, .cosm, .sylvester, .lyapunov,
      .im2col, .col2im, .conv1d, .conv2d:
      .undifferentiated(self)
    }
  }
}

extension PrimitiveRule {
  /// An operation that evaluates and simplifies but whose derivative is not known.
  static func undifferentiated(_ primitive: Primitive) -> PrimitiveRule {
    PrimitiveRule(transpose: .opaque, derivative: .undefined) { g, x, parameters, shape in
      g.opaque(primitive, x, parameters, shape)
    }
  }
}
