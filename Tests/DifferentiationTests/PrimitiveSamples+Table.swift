import Frechet

extension Primitive {
  /// The one table of samples: a new primitive does not compile without its line.
  var samples: PrimitiveSamples {
    switch self {
    case .add, .subtract, .negate, .multiply, .divide, .leftDivide, .hadamard, .elementwiseDivide,
      .power, .elementwisePower, .transpose, .blocks:
      operatorSamples
    case .exp, .expm1, .log, .log1p, .log2, .log10, .sqrt, .abs, .sign, .square, .sin, .cos, .tan,
      .asin, .acos, .atan, .sinh, .cosh, .tanh, .sigmoid, .softplus, .relu, .elu, .gelu, .silu,
      .step, .erf, .erfc, .normcdf, .normpdf:
      .elementwise(rawValue)
    case .lgamma, .digamma, .trigamma:
      PrimitiveSamples([
        "x: positive scalar | \(rawValue)(x)", "x: positive vector(n) | \(rawValue)(x)",
        "x: positive row(n) | \(rawValue)(x)", "X: positive matrix(m,n) | \(rawValue)(X)",
        "X: positive matrix(m,n); w: positive vector(n) | \(rawValue)(X*w)",
      ])
    case .leakyrelu:
      PrimitiveSamples(
        [
          "x: vector(n) | leakyrelu(x,1/8)", "x: scalar; a: scalar | leakyrelu(x,a)",
          "X: matrix(m,n); a: scalar | leakyrelu(X,a)",
        ],
        refused: ["x: vector(n) | leakyrelu(x)"])
    case .polygamma:
      PrimitiveSamples(
        [
          "x: positive vector(n) | polygamma(2,x)", "X: positive matrix(m,n) | polygamma(0,X)",
          "x: positive scalar | polygamma(1,x)", "x: positive row(n) | polygamma(3,x)",
        ],
        refused: ["x: vector(n) | polygamma(-1,x)", "x: vector(n) | polygamma(x)"])
    case .clip:
      PrimitiveSamples(
        [
          "x: vector(n) | clip(x,-1/2,1/2)", "X: matrix(m,n); a: scalar | clip(X,a,4)",
          "x: scalar; b: scalar | clip(x,-4,b)", "X: matrix(m,n); b: row(n) | clip(X,-4,b)",
        ],
        refused: ["x: vector(n) | clip(x,1)", "X: matrix(m,n); Y: matrix(n,m) | clip(X,Y,1)"])
    case .max: .spreading { "max(\($0),\($1))" }
    case .min: .spreading { "min(\($0),\($1))" }
    case .sum, .mean, .prod, .logsumexp: .reduction(rawValue)
    case .maximum: .reduction("max")
    case .minimum: .reduction("min")
    case .tr, .det, .logdet: .square(rawValue)
    case .norm1, .norm2, .normF, .norminf, .nucnorm, .specnorm: .norm(rawValue)
    case .normp:
      PrimitiveSamples(
        [
          "x: vector(n) | normp(x,3)", "X: matrix(m,n) | normp(X,4)", "x: row(n) | normp(x,5/2)",
          "x: vector(n) | normp(x,2)",
        ],
        refused: ["x: vector(n) | normp(x)", "x: vector(n); y: vector(n) | normp(x,y)"])
    case .dot:
      PrimitiveSamples(
        [
          "x: vector(n); y: vector(n) | dot(x,y)", "x: row(n); y: row(n) | dot(x,y)",
          "A: matrix(m,n); x: vector(n); y: vector(m) | dot(A*x,y)",
        ],
        refused: ["x: vector(n); y: vector(m) | dot(x,y)"])
    case .softmax, .logsoftmax: softmaxSamples
    case .diag, .diagonal, .col, .row, .entry, .unit, .vec, .reshape, .kron, .khatrirao, .vech,
      .tril, .triu, .stril, .halftril, .sym, .skew, .eye, .ones, .zeros, .constantVector,
      .constantMatrix,
      .commutation, .duplication:
      structureSamples
    case .inv, .adj, .cof: .square(rawValue)
    case .chol, .logm, .sqrtm, .eigvals, .eigvecs, .lambdamax, .lambdamin: .definite(rawValue)
    case .expm, .sinm, .cosm, .lul, .luu: .square(rawValue)
    case .dexpm, .dsinm, .dcosm: .alongDirection(rawValue, "matrix(n,n)")
    case .dlogm: .alongDirection(rawValue, "spd(n)")
    case .gapinv, .suminv:
      PrimitiveSamples(
        ["x: positive vector(n) | \(rawValue)(x)", "x: vector(3) | \(rawValue)(exp(x))"],
        refused: ["X: matrix(m,n) | \(rawValue)(X)", "x: row(3) | \(rawValue)(x)"])
    case .divdiff:
      PrimitiveSamples(
        [
          "x: vector(n); y: vector(n); z: vector(n) | divdiff(x,y,z)",
          "x: vector(3) | divdiff(x,sin(x),cos(x))", "x: vector(n) | divdiff(x,x.^2,2*x)",
        ],
        refused: [
          "x: vector(n); y: vector(m) | divdiff(x,y,x)", "x: vector(n) | divdiff(x,x)",
        ])
    case .pinv, .qrq, .qrr, .svdvals, .svdu, .svdv: .matrix(rawValue)
    case .solve, .sylvester, .lyapunov, .cross: solverSamples
    case .im2col, .col2im, .conv1d, .conv2d: convolutionSamples
    }
  }

  private var operatorSamples: PrimitiveSamples {
    switch self {
    case .add: .spreading { "\($0) + \($1)" }
    case .subtract: .spreading { "\($0) - \($1)" }
    case .hadamard: .spreading { "\($0).*\($1)" }
    case .elementwiseDivide: .spreading { "\($0)./\($1)" }
    case .negate:
      PrimitiveSamples(["x: vector(n) | -x", "X: matrix(m,n) | -X", "x: scalar | -x"])
    case .multiply:
      PrimitiveSamples(
        [
          "A: matrix(m,n); B: matrix(n,p) | A*B", "A: matrix(m,n); x: vector(n) | A*x",
          "x: vector(m); y: vector(n) | x*y'", "x: vector(n); y: vector(n) | x'*y",
          "c: scalar; X: matrix(m,n) | c*X", "a: scalar; b: scalar | a*b",
          "X: matrix(m,n) | X'*X", "X: matrix(n,n) | X*X*X", "x: vector(n); c: scalar | x*c",
        ],
        refused: ["A: matrix(m,n); B: matrix(m,n) | A*B", "x: vector(n); y: vector(n) | x*y"])
    case .divide:
      PrimitiveSamples(
        [
          "X: matrix(m,n); c: scalar | X/c", "a: scalar; b: scalar | a/b",
          "A: matrix(m,n); B: matrix(n,n) | A/B", "x: vector(n) | x/(x'*x)",
        ],
        refused: ["A: matrix(m,n); B: matrix(m,p) | A/B"])
    case .leftDivide:
      PrimitiveSamples(
        [
          "A: matrix(n,n); B: matrix(n,p) | A\\B", "A: matrix(n,n); x: vector(n) | A\\x",
          "a: scalar; x: vector(n) | a\\x",
        ],
        refused: ["A: matrix(m,n); B: matrix(m,p) | A\\B"])
    case .power:
      PrimitiveSamples(
        [
          "x: scalar | x^3", "x: positive scalar; a: scalar | x^a", "x: positive scalar | x^(1/2)",
          "x: scalar | x^-2", "X: matrix(n,n) | X^2", "X: matrix(n,n) | X^3",
          "X: matrix(n,n) | X^-1", "X: matrix(n,n) | X^-2", "X: matrix(n,n) | X^0",
          "a: positive scalar; x: scalar | (2*a)^x",
        ],
        refused: ["X: matrix(m,n) | X^2", "x: vector(n) | x^2"])
    case .elementwisePower:
      PrimitiveSamples(
        [
          "x: vector(n) | x.^3", "X: matrix(m,n) | X.^2", "x: positive vector(n) | x.^(1/2)",
          "x: vector(n) | x.^-1", "x: positive vector(n); a: scalar | x.^a",
          "X: positive matrix(m,n); Y: matrix(m,n) | X.^Y",
          "X: positive matrix(m,n); y: row(n) | X.^y",
          "a: positive scalar; x: vector(n) | a.^x", "x: vector(n) | 2.^x", "x: scalar | x.^2",
        ],
        refused: ["X: matrix(m,n); Y: matrix(n,m) | X.^Y"])
    case .transpose:
      PrimitiveSamples([
        "X: matrix(m,n) | X'", "x: vector(n) | x'", "x: row(n) | x'", "x: scalar | x'",
        "X: matrix(m,n); Y: matrix(n,p) | (X*Y)'",
      ])
    case .blocks:
      PrimitiveSamples(
        [
          "A: matrix(m,n); B: matrix(m,p) | [A, B]", "A: matrix(m,n); B: matrix(p,n) | [A; B]",
          "A: matrix(m,n); B: matrix(m,p); C: matrix(k,n); D: matrix(k,p) | [A, B; C, D]",
          "x: vector(n); y: vector(m) | [x; y]", "x: scalar; y: scalar | [x, y; y, x]",
          "A: matrix(m,n); B: matrix(m,2); C: matrix(k,n + 2) | [A, B; C]",
        ],
        refused: [
          "A: matrix(m,n); B: matrix(p,n) | [A, B]", "A: matrix(m,n); B: matrix(m,p) | [A; B]",
        ])
    default: PrimitiveSamples([])
    }
  }

  private var softmaxSamples: PrimitiveSamples {
    PrimitiveSamples(
      [
        "x: vector(n) | \(rawValue)(x)", "x: row(n) | \(rawValue)(x)",
        "X: matrix(m,n) | \(rawValue)(X,1)", "X: matrix(m,n) | \(rawValue)(X,2)",
        "X: matrix(m,k); W: matrix(k,n) | \(rawValue)(X*W,2)",
      ],
      refused: ["X: matrix(m,n) | \(rawValue)(X)", "X: matrix(m,n) | \(rawValue)(X,3)"])
  }
}
