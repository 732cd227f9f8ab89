import ExpressionCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Android)
  import Android
#elseif canImport(ucrt)
  import ucrt
#endif

extension Step {
  /// The value of the operation at the operands. Every primitive has its line.
  mutating func run(_ primitive: Primitive) throws(EvaluationError) -> Matrix {
    let x = operands.first ?? Matrix.zeros(0, 0)
    switch primitive {
    // MARK: Operators
    case .add: return try spread(+)
    case .subtract: return try spread(-)
    case .negate: return x.map { -$0 }
    case .multiply: return try product()
    case .divide: return try quotient()
    case .leftDivide, .solve: return try solution()
    case .hadamard: return try spread(*)
    case .elementwiseDivide: return try spread(/)
    case .power: return try matrixPower()
    case .elementwisePower: return try elementwisePower()
    case .transpose: return x.transposed
    case .blocks: return try blocks()

    // MARK: Elementwise
    case .exp: return x.map { exp($0) }
    case .expm1: return x.map { expm1($0) }
    case .log: return x.map { log($0) }
    case .log1p: return x.map { log1p($0) }
    case .log2: return x.map { log2($0) }
    case .log10: return x.map { log10($0) }
    case .sqrt: return x.map { $0.squareRoot() }
    case .abs: return x.map(\.magnitude)
    case .sign: return x.map { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .square: return x.map { $0 * $0 }
    case .sin: return x.map { sin($0) }
    case .cos: return x.map { cos($0) }
    case .tan: return x.map { tan($0) }
    case .asin: return x.map { asin($0) }
    case .acos: return x.map { acos($0) }
    case .atan: return x.map { atan($0) }
    case .sinh: return x.map { sinh($0) }
    case .cosh: return x.map { cosh($0) }
    case .tanh: return x.map { tanh($0) }
    case .sigmoid: return x.map(SpecialFunctions.sigmoid)
    case .softplus: return x.map(SpecialFunctions.softplus)
    case .relu: return x.map { $0 <= 0 ? 0 : $0 }
    case .leakyrelu: return try leakyRelu()
    case .elu: return x.map { $0 > 0 ? $0 : expm1($0) }
    case .gelu: return x.map { $0 * SpecialFunctions.normalDistribution($0) }
    case .silu: return x.map { $0 * SpecialFunctions.sigmoid($0) }
    case .step: return x.map { $0.isNaN ? $0 : $0 > 0 ? 1 : 0 }
    case .erf: return x.map { erf($0) }
    case .erfc: return x.map { erfc($0) }
    case .normcdf: return x.map(SpecialFunctions.normalDistribution)
    case .normpdf: return x.map(SpecialFunctions.normalDensity)
    case .lgamma: return x.map(logGamma)
    case .digamma: return x.map(SpecialFunctions.digamma)
    case .trigamma: return x.map(SpecialFunctions.trigamma)
    case .polygamma: return try polygamma()
    case .clip: return try clip()
    case .max: return try spread(largerOf)
    case .min: return try spread(smallerOf)

    // MARK: Reductions
    case .sum: return try reduce(Reductions.sum)
    case .mean: return try reduce { Reductions.sum($0) / Double($0.count) }
    case .prod: return try reduce { $0.reduce(1, *) }
    case .logsumexp: return try reduce(Reductions.logSumExp)
    case .maximum: return try reduce { $0.reduce(-.infinity, largerOf) }
    case .minimum: return try reduce { $0.reduce(.infinity, smallerOf) }
    case .tr: return try trace()
    case .det: return try determinant()
    case .logdet: return try logDeterminant()
    case .norm1: return Matrix(Reductions.sum(x.values.map(\.magnitude)))
    case .norm2, .normF: return Matrix(x.frobeniusNorm)
    case .normp: return try pNorm()
    case .norminf: return Matrix(x.maxMagnitude)
    case .nucnorm: return Matrix(Reductions.sum(try singular().values))
    case .specnorm: return Matrix(try singular().values.first ?? 0)
    case .dot: return try dotProduct()
    case .softmax: return try softmax(logarithmic: false)
    case .logsoftmax: return try softmax(logarithmic: true)

    // MARK: Structure
    case .diag: return try diagonalMatrix()
    case .diagonal: return try diagonalOf()
    case .col: return try column()
    case .row: return try row()
    case .entry: return try entry()
    case .unit: return try unitVector()
    case .vec: return Matrix(x.count, 1, storage: x.storage)
    case .reshape: return try reshaped()
    case .kron: return try kronecker()
    case .khatrirao: return try khatriRao()
    case .vech: return try halfVectorized()
    case .tril: return Matrix(rows: x.rows, columns: x.columns) { $0 >= $1 ? x[$0, $1] : 0 }
    case .triu: return Matrix(rows: x.rows, columns: x.columns) { $0 <= $1 ? x[$0, $1] : 0 }
    case .stril: return try square().weightedBelow(diagonal: 0)
    case .halftril: return try square().weightedBelow(diagonal: 0.5)
    case .sym: return try square().symmetricPart
    case .skew: return try square().skewPart
    case .eye: return try identity()
    case .ones: return try constant(1)
    case .zeros: return try constant(0)
    case .constantVector, .constantMatrix: return try constant(try scalar(0))
    case .commutation: return try commutation()
    case .duplication: return try duplication()

    // MARK: Linear algebra
    case .inv: return try inverse()
    case .pinv: return try pseudoinverse()
    case .adj: return try attempt { () throws(LinearAlgebraError) in try x.adjugate() }
    case .cof: return try attempt { () throws(LinearAlgebraError) in try x.adjugate().transposed }
    case .chol: return try attempt { () throws(LinearAlgebraError) in try x.cholesky() }
    case .qrq: return try attempt { () throws(LinearAlgebraError) in try x.orthonormalFactor() }
    case .qrr: return try attempt { () throws(LinearAlgebraError) in try x.qr().r }
    case .lul:
      return try attempt { () throws(LinearAlgebraError) in try x.luWithoutPivoting().lower }
    case .luu:
      return try attempt { () throws(LinearAlgebraError) in try x.luWithoutPivoting().upper }
    case .eigvals: return Matrix(column: try eigen().values)
    case .eigvecs: return try eigenvectors()
    case .lambdamax: return Matrix(try eigen().values.last ?? 0)
    case .lambdamin: return Matrix(try eigen().values.first ?? 0)
    case .svdvals: return Matrix(column: try singular().values)
    case .svdu: return try singularVectors().u
    case .svdv: return try singularVectors().v
    case .gapinv: return try reciprocalGaps()
    case .suminv: return try reciprocalSums()
    case .divdiff: return try dividedDifferences()
    case .expm: return try attempt { () throws(LinearAlgebraError) in try x.exponential() }
    case .logm: return try attempt { () throws(LinearAlgebraError) in try x.logarithm() }
    case .sqrtm: return try attempt { () throws(LinearAlgebraError) in try x.squareRoot() }
    case .sinm: return try attempt { () throws(LinearAlgebraError) in try x.cosineAndSine().sine }
    case .cosm: return try attempt { () throws(LinearAlgebraError) in try x.cosineAndSine().cosine }
    case .dexpm:
      return try frechet { a throws(LinearAlgebraError) in try a.exponential() }
    case .dlogm:
      return try frechet { a throws(LinearAlgebraError) in try a.logarithm() }
    case .dsinm:
      return try frechet { a throws(LinearAlgebraError) in try a.cosineAndSine().sine }
    case .dcosm:
      return try frechet { a throws(LinearAlgebraError) in try a.cosineAndSine().cosine }
    case .sylvester: return try sylvester()
    case .lyapunov: return try lyapunov()
    case .cross: return try crossProduct()

    // MARK: Convolution
    case .im2col: return try patches()
    case .col2im: return try fromPatches()
    case .conv1d: return try convolution1D()
    case .conv2d: return try convolution2D()
    }
  }
}
