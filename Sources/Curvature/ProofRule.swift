import ExpressionCore

/// The rules that proofs of curvature are made of.
///
/// The rules for semidefinite matrices are the grammar of Klaus, Merk, Wiedom, Laue and Giesen,
/// Convexity Certificates from Hessians (NeurIPS 2022), with Schur complements added; those of
/// composition are section 3.2 of Boyd and Vandenberghe, Convex Optimization (2004), made a
/// calculus by Grant, Boyd and Ye, Disciplined Convex Programming (2006).
public enum ProofRule: Hashable, Sendable {
  // MARK: Intervals of entries
  case declared
  case onTheDomain
  case number
  /// The values that an elementwise function takes.
  case rangeOf(Primitive)
  case signs
  case evenPower
  case average
  case entriesOfParts
  case quadraticForm
  case traceOfProduct
  case commonDenominator

  // MARK: Semidefinite matrices
  case identity
  case nonnegativeDiagonal
  case nonnegativeMultiple
  case congruence
  case gram
  case outerProduct
  case sumOfSemidefinite
  case commonFactor
  case schurComplement
  case schurProduct
  case diagonalDominance
  case kronecker
  case inverse
  case matrixExponential
  case principalRoot
  case evenMatrixPower
  case symmetricPart
  case symmetricDirections
  case matrixOfNumbers
  case zeroMatrix

  // MARK: From the second derivative
  case secondOrderCondition
  case secondDifferential

  // MARK: Composition
  case affineMap
  case nonnegativeSum
  case nonnegativeLinearMap
  case composition(Primitive)
  case power
  case evenPowerOfAffine
  case squareOfConvex
  case euclideanNorm
  case pNorm
  case powersProduct
  case geometricMean
  case reciprocalOfConcave
  case negativeEntropy
  case relativeEntropy
  case logOfProduct
  case logOfLogConvex
  case logOfLogConcave
  case matrixFractional
  case traceOfInverse
  case logDeterminant
  case determinantRoot
  case determinantReciprocal
  case spectralFunction
  case spectralNorm
  case perspective
}

extension ProofRule {
  /// Whether a reader sees it at once, so that it is a step only where it is all there is.
  var isEvident: Bool {
    switch self {
    case .number, .signs, .entriesOfParts, .identity, .zeroMatrix, .affineMap, .nonnegativeSum,
      .nonnegativeLinearMap, .symmetricPart:
      true
    default: false
    }
  }

  /// The words for a conclusion that is strict, where they differ.
  public func words(isStrict: Bool) -> String {
    guard isStrict else { return words }
    switch self {
    case .nonnegativeDiagonal: return "`diag(v)` ≻ 0 where `v` > 0"
    case .nonnegativeMultiple: return "`c*M` ≻ 0 where `c` > 0 and `M` ≻ 0"
    case .congruence: return "`P'*M*P` ≻ 0 where `M` ≻ 0 and `P` has an inverse"
    case .sumOfSemidefinite: return "`M + N` ≻ 0 where `M` ≻ 0 and `N` ⪰ 0"
    case .kronecker: return "`M⊗N` ≻ 0 where `M` ≻ 0 and `N` ≻ 0"
    case .schurComplement: return "`M - v*v'` ≻ 0 where `M` ≻ 0 and `v'*inv(M)*v` < 1"
    case .schurProduct: return "`M.*N` ≻ 0 where `M` ≻ 0 and `N` ≻ 0"
    default: return words
    }
  }

  /// The rule in words and formulas of the language between backquotes.
  public var words: String {
    switch self {
    case .declared: "declared"
    case .onTheDomain: "on the domain"
    case .number: "a number"
    case .rangeOf(let primitive): "the range of \(primitive.rawValue)"
    case .signs: "signs of factors and terms"
    case .evenPower: "even powers are nonnegative"
    case .average: "weighted averages lie between the extremes"
    case .entriesOfParts: "entry by entry"
    case .quadraticForm: "`v'*M*v` ≥ 0 where `M` ⪰ 0"
    case .traceOfProduct: "`tr(M*N)` ≥ 0 where `M` ⪰ 0 and `N` ⪰ 0"
    case .commonDenominator: "over the common positive denominator"
    case .identity: "the identity"
    case .nonnegativeDiagonal: "`diag(v)` ⪰ 0 where `v` ≥ 0"
    case .nonnegativeMultiple: "`c*M` ⪰ 0 where `c` ≥ 0 and `M` ⪰ 0"
    case .congruence: "`P'*M*P` ⪰ 0 where `M` ⪰ 0"
    case .gram: "`P'*P` ⪰ 0"
    case .outerProduct: "`v*v'` ⪰ 0"
    case .sumOfSemidefinite: "`M + N` ⪰ 0 where `M` ⪰ 0 and `N` ⪰ 0"
    case .commonFactor: "a common factor taken out"
    case .schurComplement: "`M - v*v'` ⪰ 0 where `M` ≻ 0 and `v'*inv(M)*v` ≤ 1"
    case .schurProduct: "`M.*N` ⪰ 0 where `M` ⪰ 0 and `N` ⪰ 0"
    case .diagonalDominance: "a diagonal that dominates its rows is semidefinite"
    case .kronecker: "`M⊗N` ⪰ 0 where `M` ⪰ 0 and `N` ⪰ 0"
    case .inverse: "`inv(M)` ≻ 0 where `M` ≻ 0"
    case .matrixExponential: "`expm(M)` ≻ 0 where `M` is symmetric"
    case .principalRoot: "`sqrtm(M)` ⪰ 0 where `M` ⪰ 0"
    case .evenMatrixPower: "`M*M` ⪰ 0 where `M` is symmetric"
    case .symmetricPart: "`v'*M*v` is that of the symmetric part of `M`"
    case .symmetricDirections: "the commutation matrix keeps `vec(V)` where `V` is symmetric"
    case .matrixOfNumbers: "the pivots of a matrix of numbers"
    case .zeroMatrix: "zero"
    case .secondOrderCondition: "second-order condition"
    case .secondDifferential: "the sign of the second differential in every direction"
    case .affineMap: "linear in the variables, plus what does not depend on them"
    case .nonnegativeSum: "sums of convex functions with nonnegative weights are convex"
    case .nonnegativeLinearMap: "a nonnegative linear map keeps convexity"
    case .composition(let primitive): Self.words(of: primitive)
    case .power: "powers of a nonnegative convex or concave function"
    case .evenPowerOfAffine: "an even power of an affine function is convex"
    case .squareOfConvex: "the square of a nonnegative convex function is convex"
    case .euclideanNorm: "a norm of an affine function is convex"
    case .pNorm: "the p-norm, p ≥ 1, of nonnegative convex functions is convex"
    case .powersProduct:
      "`s^p/t^q`, p ≥ q + 1, of a nonnegative convex s and a positive concave t is convex"
    case .geometricMean:
      "products of powers of nonnegative concave functions, the powers in sum at most 1, are concave"
    case .reciprocalOfConcave: "negative powers of positive concave functions are convex"
    case .negativeEntropy: "`t*log(t)` is convex"
    case .relativeEntropy: "`s*log(s/t)` is convex in both"
    case .logOfProduct: "the logarithm of a product is the sum of the logarithms"
    case .logOfLogConvex: "a sum of log-convex functions is log-convex"
    case .logOfLogConcave: "the function is log-concave"
    case .matrixFractional: "`v'*inv(M)*v` is convex in both where `M` ≻ 0"
    case .traceOfInverse: "`tr(N*inv(M))` is convex where `M` ≻ 0 and `N` ⪰ 0"
    case .logDeterminant: "`logdet(M)` is concave where `M` ≻ 0"
    case .determinantRoot: "`det(M)^(1/n)` is concave where `M` ⪰ 0"
    case .determinantReciprocal: "negative powers of `det(M)` are convex where `M` ≻ 0"
    case .spectralFunction: "the trace of a convex function of a symmetric matrix is convex"
    case .perspective: "the perspective t g(s/t), t > 0, of a convex g is convex"
    case .spectralNorm: "the largest eigenvalue and the norms of a matrix are convex"
    }
  }

  private static func words(of primitive: Primitive) -> String {
    switch primitive {
    case .max: "a maximum of convex functions is convex, a minimum of concave ones concave"
    case .maximum: "a maximum of convex functions is convex"
    case .min, .minimum: "a minimum of concave functions is concave"
    case .logsumexp: "logsumexp is convex and nondecreasing"
    case .exp: "exp is convex and increasing"
    case .log: "log is concave and increasing"
    case .softplus, .relu, .elu: "\(primitive.rawValue) is convex and nondecreasing"
    case .abs: "the absolute value is convex"
    case .cosh: "cosh is convex"
    case .sinh, .asin: "\(primitive.rawValue) is convex on t ≥ 0, concave on t ≤ 0"
    case .lgamma: "lgamma is convex on t > 0"
    case .digamma: "digamma is concave and increasing on t > 0"
    case .trigamma: "trigamma is convex and decreasing on t > 0"
    default: "\(primitive.rawValue) is concave on t ≥ 0, convex on t ≤ 0"
    }
  }

  /// Where the rule is found.
  public var source: String {
    switch self {
    case .declared, .onTheDomain, .number, .rangeOf, .signs, .evenPower, .average, .entriesOfParts,
      .commonDenominator:
      "interval arithmetic (Moore 1966)"
    case .quadraticForm, .traceOfProduct, .identity, .nonnegativeDiagonal, .nonnegativeMultiple,
      .congruence, .gram, .outerProduct, .sumOfSemidefinite, .commonFactor, .inverse,
      .symmetricPart, .matrixOfNumbers, .zeroMatrix, .evenMatrixPower, .principalRoot,
      .matrixExponential:
      "Horn and Johnson, Matrix Analysis, 7.1; Klaus et al. 2022"
    case .schurProduct: "Schur 1911; Horn and Johnson, Matrix Analysis, 7.5.3"
    case .diagonalDominance: "Gershgorin 1931; Horn and Johnson, Matrix Analysis, 6.1.10"
    case .kronecker: "Horn and Johnson, Topics in Matrix Analysis, 4.2.12"
    case .schurComplement: "Boyd and Vandenberghe, A.5.5"
    case .symmetricDirections: "Magnus and Neudecker, 3.7"
    case .secondOrderCondition: "Boyd and Vandenberghe, 3.1.4"
    case .secondDifferential: "Magnus and Neudecker, 7.7"
    case .affineMap, .nonnegativeSum, .nonnegativeLinearMap: "Boyd and Vandenberghe, 3.2.1-3.2.2"
    case .composition, .power, .evenPowerOfAffine, .squareOfConvex, .reciprocalOfConcave:
      "Boyd and Vandenberghe, 3.2.4"
    case .euclideanNorm, .pNorm, .geometricMean, .logDeterminant, .negativeEntropy:
      "Boyd and Vandenberghe, 3.1.5"
    case .powersProduct, .relativeEntropy, .perspective: "Boyd and Vandenberghe, 3.2.6"
    case .logOfProduct, .logOfLogConvex, .logOfLogConcave: "Boyd and Vandenberghe, 3.5"
    case .matrixFractional: "Boyd and Vandenberghe, example 3.4"
    case .traceOfInverse: "Boyd and Vandenberghe, exercise 3.18"
    case .determinantRoot: "Boyd and Vandenberghe, exercise 3.18"
    case .determinantReciprocal: "Boyd and Vandenberghe, 3.1.5 and 3.5"
    case .spectralFunction: "Davis 1957; Lewis 1996"
    case .spectralNorm: "Boyd and Vandenberghe, example 3.10 and exercise 3.26"
    }
  }
}
