import ExpressionCore

/// A move of a derivation: what a line does to the one before.
public enum Rule: Hashable, Sendable {
  // MARK: Differentials
  case start
  case sum, constantFactor, transposition
  /// The differential passes through a linear operation.
  case linear(Primitive)
  case product, elementwiseProduct, quotient
  /// The differential of an operation, from the engine's own rule.
  case differential(Primitive)
  /// Of an operation on another one, where the two together are simpler: `log(det(X))`.
  case composition([Primitive], String)

  // MARK: To the form in which the derivative can be read off
  case scalarTranspose, traceTranspose, traceTrick, cyclic, outerTrace, elementwiseShift
  case sumOfProducts, sumByOnes, scalarsCommute, symmetry
  case adjoint(Primitive)
  case diagonalFactor, columnwise, vectorized
  case collect

  // MARK: Reading it off
  case identifyGradient, identifyJacobian, identifyHessian, identifyDerivative
  case directional
  case structure(StructureType)
  case freeEntries, affineMetric
  case layout, inIndices
  case simplify, substitute, noDependence

  // MARK: Networks and second order
  case nameLayers
  case layer(String)
  case gradientName(String)
  case firstDerivative
  /// All rules of differentials at once, where single ones would fill pages.
  case allRules

  /// Whether a teacher would do it on the way, without a line of its own.
  public var isBookkeeping: Bool {
    switch self {
    case .sum, .constantFactor, .transposition, .linear, .scalarsCommute, .sumByOnes:
      true
    default: false
    }
  }
}
