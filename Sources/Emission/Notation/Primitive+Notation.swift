import ExpressionCore

extension Primitive {
  /// The table of notation, one row for each operation.
  ///
  /// The conventions are those of Magnus & Neudecker, *Matrix Differential Calculus*, and of
  /// Petersen & Pedersen, *The Matrix Cookbook*; elementwise powers carry the symbol of the
  /// elementwise product, so that `X^{\odot 2}` is never taken for `X^2`.
  public var notation: Notation {
    switch self {
    // MARK: Operators
    case .add: .operation("+", "+")
    case .subtract: .operation("-", "−")
    case .negate: .operation("-", "−")
    case .multiply: .operation("", "")
    case .divide: .operation("/", "/")
    case .leftDivide: .operation("^{-1}", "⁻¹")
    case .hadamard: .operation("\\odot", "⊙")
    case .elementwiseDivide: .operation("\\oslash", "⊘")
    case .power: .operation("^", "^")
    case .elementwisePower: .operation("\\odot ", "∘")
    case .transpose: .operation("\\top", "ᵀ")
    case .blocks: .both(.blocks)

    // MARK: Elementwise
    case .exp: .function("\\exp", "exp")
    case .expm1: .named("expm1")
    case .log: .function("\\log", "log")
    case .log1p: .named("log1p")
    case .log2: .function("\\log_{2}", "log₂")
    case .log10: .function("\\log_{10}", "log₁₀")
    case .sqrt: .both(.radical)
    case .abs:
      Notation(
        latex: .delimited(open: "\\lvert", close: "\\rvert"),
        unicode: .delimited(open: "|", close: "|"))
    case .sign: .function("\\operatorname{sgn}", "sign")
    case .square: .named("square")
    case .sin: .function("\\sin", "sin")
    case .cos: .function("\\cos", "cos")
    case .tan: .function("\\tan", "tan")
    case .asin: .function("\\arcsin", "asin")
    case .acos: .function("\\arccos", "acos")
    case .atan: .function("\\arctan", "atan")
    case .sinh: .function("\\sinh", "sinh")
    case .cosh: .function("\\cosh", "cosh")
    case .tanh: .function("\\tanh", "tanh")
    case .sigmoid: .function("\\sigma", "sigmoid")
    case .softplus: .named("softplus")
    case .relu: .function("\\operatorname{ReLU}", "relu")
    case .leakyrelu: .reduction("\\operatorname{LeakyReLU}", "leakyrelu")
    case .elu: .function("\\operatorname{ELU}", "elu")
    case .gelu: .function("\\operatorname{GELU}", "gelu")
    case .silu: .function("\\operatorname{SiLU}", "silu")
    case .step: .named("step")
    case .erf: .named("erf")
    case .erfc: .named("erfc")
    case .normcdf: .function("\\Phi", "normcdf")
    case .normpdf: .function("\\phi", "normpdf")
    case .lgamma: .function("\\log\\Gamma", "lgamma")
    case .digamma: .function("\\psi", "digamma")
    case .trigamma: .function("\\psi^{(1)}", "trigamma")
    case .polygamma:
      Notation(latex: .ordered(name: "\\psi"), unicode: .function(name: "polygamma"))
    case .clip: .reduction("\\operatorname{clip}", "clip")
    case .max: .function("\\max", "max")
    case .min: .function("\\min", "min")

    // MARK: Reductions
    case .sum:
      Notation(latex: .onesProduct(ones: "\\mathbf{1}"), unicode: .function(name: "sum"))
    case .mean: .reduction("\\operatorname{mean}", "mean")
    case .prod: .reduction("\\operatorname{prod}", "prod")
    case .logsumexp: .reduction("\\operatorname{logsumexp}", "logsumexp")
    case .maximum: .reduction("\\max", "max")
    case .minimum: .reduction("\\min", "min")
    case .tr: .function("\\operatorname{tr}", "tr")
    case .det: .function("\\det", "det")
    case .logdet:
      Notation(
        latex: .logDeterminant(log: "\\log", det: "\\det"),
        unicode: .logDeterminant(log: "log", det: "det"))
    case .norm1: .both(.norm(index: .entrywise("1")))
    case .norm2: .both(.norm(index: .euclidean))
    case .normF: .both(.norm(index: .frobenius))
    case .normp: .both(.norm(index: .argument))
    case .norminf:
      Notation(
        latex: .norm(index: .entrywise("\\infty")), unicode: .norm(index: .entrywise("∞")))
    case .nucnorm: .both(.norm(index: .spectral("*")))
    case .specnorm: .both(.norm(index: .spectral("2")))
    case .dot:
      Notation(
        latex: .delimited(open: "\\langle", close: "\\rangle"),
        unicode: .delimited(open: "⟨", close: "⟩"))
    case .softmax: .reduction("\\operatorname{softmax}", "softmax")
    case .logsoftmax: .reduction("\\operatorname{logsoftmax}", "logsoftmax")

    // MARK: Structure
    case .diag, .diagonal: .named("diag")
    case .col:
      Notation(
        latex: .subscripted(before: ":,", after: ""), unicode: .subscripted(before: ":,", after: "")
      )
    case .row:
      Notation(
        latex: .subscripted(before: "", after: ",:"), unicode: .subscripted(before: "", after: ",:")
      )
    case .entry: .both(.subscripted(before: "", after: ""))
    case .unit:
      Notation(latex: .unitVector(symbol: "\\mathbf{e}"), unicode: .function(name: "unit"))
    case .vec: .named("vec")
    case .reshape: .reduction("\\operatorname{reshape}", "reshape")
    case .kron: .operation("\\otimes", "⊗")
    case .khatrirao:
      Notation(latex: .infix(symbol: "\\ast"), unicode: .function(name: "khatrirao"))
    case .vech: .named("vech")
    case .tril: .named("tril")
    case .triu: .named("triu")
    case .stril: .function("\\operatorname{tril}_{<}", "stril")
    case .halftril: .function("\\Phi", "Φ")
    case .sym: .named("sym")
    case .skew: .named("skew")
    case .eye:
      Notation(latex: .constant(symbol: "\\mathbf{I}"), unicode: .constant(symbol: "I"))
    case .ones:
      Notation(latex: .filled(symbol: "\\mathbf{1}"), unicode: .function(name: "ones"))
    case .zeros:
      Notation(latex: .filled(symbol: "\\mathbf{0}"), unicode: .function(name: "zeros"))
    case .constantVector:
      Notation(latex: .multipleOfOnes(matrix: false), unicode: .function(name: "vector"))
    case .constantMatrix:
      Notation(latex: .multipleOfOnes(matrix: true), unicode: .function(name: "matrix"))
    case .commutation:
      Notation(latex: .constant(symbol: "\\mathbf{K}"), unicode: .function(name: "commutation"))
    case .duplication:
      Notation(latex: .constant(symbol: "\\mathbf{D}"), unicode: .function(name: "duplication"))

    // MARK: Linear algebra
    case .inv: Notation(latex: .superscript("-1"), unicode: .superscript("⁻¹"))
    case .pinv: Notation(latex: .superscript("+"), unicode: .superscript("⁺"))
    case .adj: .named("adj")
    case .cof: .named("cof")
    case .chol: .named("chol")
    case .qrq: .function("\\operatorname{qr}_{Q}", "qrq")
    case .qrr: .function("\\operatorname{qr}_{R}", "qrr")
    case .lul: .function("\\operatorname{lu}_{L}", "lul")
    case .luu: .function("\\operatorname{lu}_{U}", "luu")
    case .gapinv: .function("\\operatorname{F}", "F")
    case .suminv: .function("\\operatorname{E}", "E")
    case .divdiff: .named("divdiff")
    case .eigvals: .named("eigvals")
    case .eigvecs: .named("eigvecs")
    case .lambdamax: .function("\\lambda_{\\max}", "lambdamax")
    case .lambdamin: .function("\\lambda_{\\min}", "lambdamin")
    case .svdvals: .named("svdvals")
    case .svdu: .function("\\operatorname{svd}_{U}", "svdu")
    case .svdv: .function("\\operatorname{svd}_{V}", "svdv")
    case .expm: .named("expm")
    case .logm: .named("logm")
    case .sqrtm: Notation(latex: .superscript("1/2"), unicode: .function(name: "sqrtm"))
    case .sinm: .named("sinm")
    case .cosm: .named("cosm")
    case .dexpm: .function("L_{\\exp}", "L_exp")
    case .dlogm: .function("L_{\\log}", "L_log")
    case .dsinm: .function("L_{\\sin}", "L_sin")
    case .dcosm: .function("L_{\\cos}", "L_cos")
    case .solve: .named("solve")
    case .sylvester: .named("sylvester")
    case .lyapunov: .named("lyapunov")
    case .cross: Notation(latex: .infix(symbol: "\\times"), unicode: .infix(symbol: "×"))

    // MARK: Convolution
    case .im2col: .reduction("\\operatorname{im2col}", "im2col")
    case .col2im: .reduction("\\operatorname{col2im}", "col2im")
    case .conv1d: Notation.convolution("conv1d")
    case .conv2d: Notation.convolution("conv2d")
    }
  }
}

extension Notation {
  /// A convolution: its two operands, stride and padding below the name in LaTeX.
  static func convolution(_ name: String) -> Notation {
    Notation(
      latex: .indexed(name: "\\operatorname{\(name)}", operands: 2), unicode: .function(name: name))
  }
}
