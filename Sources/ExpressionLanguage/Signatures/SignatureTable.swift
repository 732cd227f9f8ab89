import ExpressionCore

extension Primitive {
  /// The one table of all operations: a new primitive does not compile without its line.
  var signature: Signature {
    switch self {
    // MARK: Operators
    case .add, .subtract, .hadamard, .elementwiseDivide, .elementwisePower: .spreading
    case .negate: .elementwise
    case .multiply: .binary(.product)
    case .divide: .binary(.quotient)
    case .leftDivide: .binary(.leftQuotient)
    case .power: .binary(.power)
    case .transpose: .unary(.transpose)
    case .blocks: .unary(.blocks)

    // MARK: Elementwise
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .square, .sin, .cos, .tan,
      .asin, .acos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus, .relu, .elu, .gelu, .silu,
      .step, .erf, .erfc, .normcdf, .normpdf, .lgamma, .digamma, .trigamma:
      .elementwise
    case .leakyrelu: Signature([.value, .value], .spread, "x,a")
    case .polygamma: Signature([.order, .value], .same, "k,x")
    case .clip: Signature([.value, .value, .value], .spread, "x,a,b")
    case .max, .min: .spreading

    // MARK: Reductions
    case .sum, .mean, .prod, .logsumexp, .maximum, .minimum: .alongAxis(.reduction)
    case .softmax, .logsoftmax: .alongAxis(.softmax)
    case .tr, .det, .logdet: .unary(.squareToScalar)
    case .norm1, .norm2, .normF, .norminf, .nucnorm, .specnorm: .unary(.toScalar)
    case .normp: Signature([.value, .value], .normWithExponent, "x,p")
    case .dot: Signature([.value, .value], .dotProduct, "x,y")

    // MARK: Structure
    case .diag, .diagonal: .unary(.diagonal)
    case .col: Signature([.value, .position], .column, "X,j")
    case .row: Signature([.value, .position], .row, "X,i")
    case .entry: Signature([.value, .position, .position], .entry, "X,i,j")
    case .unit: Signature([.size, .position], .unit, "n,i")
    case .vec: .unary(.stack)
    case .reshape: Signature([.value, .size, .size], .reshape, "X,m,n")
    case .kron: .binary(.kronecker)
    case .khatrirao: .binary(.khatriRao)
    case .vech: .unary(.halfStack)
    case .tril, .triu: .elementwise
    case .sym, .skew, .stril, .halftril: .unary(.square)
    case .eye: Signature([.size], .identity, "n")
    case .ones, .zeros: Signature([.size, .size], .constant, "m,n")
    case .constantVector: Signature([.value], .contextVector, "c")
    case .constantMatrix: Signature([.value], .contextMatrix, "c")
    case .commutation: Signature([.size, .size], .commutation, "m,n")
    case .duplication: Signature([.size], .duplication, "n")

    // MARK: Linear algebra
    case .inv, .adj, .cof, .chol, .lul, .luu, .eigvecs, .expm, .logm, .sqrtm, .sinm, .cosm:
      .unary(.square)
    case .pinv: .unary(.transposed)
    case .qrq, .svdu: .unary(.thinLeft)
    case .qrr: .unary(.thinSquare)
    case .svdv: .unary(.thinRight)
    case .svdvals: .unary(.thinValues)
    case .gapinv, .suminv: Signature([.value], .betweenValues, "l")
    case .divdiff: Signature([.value, .value, .value], .betweenValues, "l,f,d")
    case .eigvals: .unary(.squareToColumn)
    case .lambdamax, .lambdamin: .unary(.squareToScalar)
    case .solve: .binary(.solve)
    case .dexpm, .dlogm, .dsinm, .dcosm: Signature([.value, .value], .lyapunov, "X,E")
    case .sylvester: Signature([.value, .value, .value], .sylvester, "A,B,C")
    case .lyapunov: Signature([.value, .value], .lyapunov, "A,C")
    case .cross: Signature([.value, .value], .cross, "x,y")

    // MARK: Convolution
    case .im2col:
      Signature([.value, .size, .size, .stride, .padding], .patches, "X,kh,kw,stride,padding")
    case .col2im:
      Signature(
        [.value, .size, .size, .size, .size, .stride, .padding], .fromPatches,
        "P,h,w,kh,kw,stride,padding")
    case .conv1d:
      Signature([.value, .value, .stride, .padding], .convolution1, "x,w,stride,padding")
    case .conv2d:
      Signature([.value, .value, .stride, .padding], .convolution2, "X,W,stride,padding")
    }
  }
}

extension Signature {
  static let elementwise = Signature([.value], .same, "X")
  static let spreading = Signature([.value, .value], .spread, "a,b")
  static func unary(_ rule: ShapeRule) -> Signature { Signature([.value], rule, "X") }
  static func binary(_ rule: ShapeRule) -> Signature { Signature([.value, .value], rule, "A,B") }
  static func alongAxis(_ rule: ShapeRule) -> Signature {
    Signature([.value, .axis], rule, "X,axis")
  }
}
