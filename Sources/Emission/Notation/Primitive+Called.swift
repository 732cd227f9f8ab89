import ExpressionCore
import ExpressionLanguage

extension Primitive {
  /// The operation that a call means, aliases included; nil for a name that is no function's.
  ///
  /// `max` and `min` of one argument, or of an axis, are the reductions.
  static func called(_ name: String, _ arguments: [Syntax]) -> Primitive? {
    switch name {
    case "ln": return .log
    case "trace": return .tr
    case "transpose": return .transpose
    case "neg": return .negate
    case "max" where isReduction(arguments): return .maximum
    case "min" where isReduction(arguments): return .minimum
    case _:
      guard let first = name.unicodeScalars.first, isLetter(first) else { return nil }
      return Primitive(rawValue: name)
    }
  }

  private static func isReduction(_ arguments: [Syntax]) -> Bool {
    if arguments.count < 2 { return true }
    let axis = arguments[1].literal
    return axis == 1 || axis == 2
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  /// Which arguments of a call are arrays; the others are sizes, positions, axes and constants.
  var arrayArguments: Range<Int> {
    switch self {
    case .unit, .eye, .ones, .zeros, .commutation, .duplication: 0..<0
    case .polygamma: 1..<2
    case .max, .min, .dot, .kron, .khatrirao, .solve, .lyapunov, .cross, .conv1d, .conv2d,
      .dexpm, .dlogm, .dsinm, .dcosm,
      .add, .subtract, .multiply, .divide, .leftDivide, .hadamard, .elementwiseDivide, .power,
      .elementwisePower:
      0..<2
    case .sylvester, .divdiff: 0..<3
    case .negate, .transpose, .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign,
      .square, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus,
      .relu, .leakyrelu, .elu, .gelu, .silu, .step, .erf, .erfc, .normcdf, .normpdf, .lgamma,
      .digamma, .trigamma, .clip, .sum, .mean, .prod, .logsumexp, .maximum, .minimum, .tr, .det,
      .logdet, .norm1, .norm2, .normF, .normp, .norminf, .nucnorm, .specnorm, .softmax,
      .logsoftmax, .diag, .diagonal, .col, .row, .entry, .vec, .reshape, .vech, .tril, .triu,
      .stril, .halftril, .gapinv, .suminv,
      .sym, .skew, .constantVector, .constantMatrix, .inv, .pinv, .adj, .cof, .chol, .qrq, .qrr,
      .lul, .luu, .eigvals, .eigvecs, .lambdamax, .lambdamin, .svdvals, .svdu, .svdv, .expm,
      .logm, .sqrtm, .sinm, .cosm, .im2col, .col2im, .blocks:
      0..<1
    }
  }
}

extension Syntax {
  /// The tree with a call that is written as an operator turned into that operator.
  ///
  /// `kron(A,B)` is `A ⊗ B`, `solve(A,B)` is `A\B`, `square(x)` is `x.^2`.
  var asOperator: Syntax {
    guard case .call(let name, let arguments) = kind,
      let primitive = Primitive.called(name, arguments)
    else { return self }
    switch (primitive, arguments.count) {
    case (.transpose, 1): return Syntax(.transpose(arguments[0]), range: range)
    case (.negate, 1): return Syntax(.negate(arguments[0]), range: range)
    case (.square, 1):
      return Syntax(.elementwisePower(arguments[0], Syntax(.number(.two))), range: range)
    case (.kron, 2):
      return Syntax(.product(arguments[0], [(.kronecker, arguments[1])]), range: range)
    case (.solve, 2):
      return Syntax(.product(arguments[0], [(.leftDivide, arguments[1])]), range: range)
    case _: return self
    }
  }
}
