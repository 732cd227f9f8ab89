import ExpressionCore

extension Rule {
  /// What the rule is called beside a line.
  public var name: String {
    switch self {
    case .start: "take the differential"
    case .sum: "sum rule"
    case .constantFactor: "constants stay"
    case .transposition: "differential of a transpose"
    case .linear(let primitive): "\(primitive.rawName) is linear"
    case .product: "product rule"
    case .elementwiseProduct: "product rule, elementwise"
    case .quotient: "quotient rule"
    case .differential(let primitive): Self.name(of: primitive)
    case .composition(let heads, let pattern): Self.name(ofComposition: heads, pattern)
    case .scalarTranspose: "a scalar equals its transpose"
    case .traceTranspose: "trace of a transpose"
    case .traceTrick: "trace trick"
    case .cyclic: "cyclic permutation"
    case .outerTrace: "trace of an outer product"
    case .elementwiseShift: "move the elementwise factor"
    case .sumOfProducts: "sum of products as inner product"
    case .sumByOnes: "a sum is a product with ones"
    case .scalarsCommute: "scalars commute"
    case .symmetry: "symmetry"
    case .adjoint(let primitive): "adjoint of \(primitive.rawName)"
    case .diagonalFactor: "elementwise product as diagonal matrix"
    case .columnwise: "matrix times dx"
    case .vectorized: "vec of a product"
    case .collect: "collect"
    case .identifyGradient: "identify the gradient"
    case .identifyJacobian: "identify the Jacobian"
    case .identifyHessian: "identify the Hessian"
    case .identifyDerivative: "coefficient of the differential"
    case .directional: "V for the differential"
    case .structure(let type): Self.name(of: type)
    case .freeEntries: "derivatives by free entries"
    case .affineMetric: "affine-invariant metric"
    case .inIndices: "in indices"
    case .layout: "layout"
    case .simplify: "simplify"
    case .substitute: "substitute and simplify"
    case .noDependence: "no dependence"
    case .nameLayers: "name the layers"
    case .layer(let name): "through \(name)"
    case .gradientName(let name): "gradient by \(name)"
    case .firstDerivative: "first derivative"
    case .allRules: "rules of differentials"
    }
  }

  private static func name(ofComposition heads: [Primitive], _ pattern: String) -> String {
    switch heads {
    case [.power, .norm2], [.power, .normF], [.square, .norm2]: "squared norm"
    case [.log, .det], [.log, .abs, .det]: "log-determinant"
    default: "chain rule through \(pattern)"
    }
  }

  private static func name(of type: StructureType) -> String {
    switch type {
    case .symmetric, .spd, .psd: "projection on the symmetric matrices"
    case .skew: "projection on the skew matrices"
    case .diagonal: "projection on the diagonal matrices"
    case .lower, .upper: "projection on the triangular matrices"
    case .orthogonal, .stiefel: "projection on the tangent space"
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: "structure"
    }
  }

  private static func name(of primitive: Primitive) -> String {
    switch primitive {
    case .inv: "differential of the inverse"
    case .det: "differential of the determinant"
    case .logdet: "differential of the log-determinant"
    case .power, .elementwisePower, .square: "power rule"
    case .norm2, .normF: "differential of the norm"
    case .norm1: "differential of the 1-norm"
    case .chol: "differential of the Cholesky factor"
    case .pinv: "differential of the pseudoinverse"
    case .eigvals: "differential of eigenvalues"
    case .lambdamax, .lambdamin: "differential of an eigenvalue"
    case .eigvecs: "differential of eigenvectors"
    case .svdvals: "differential of singular values"
    case .softmax: "differential of softmax"
    case .logsumexp: "differential of logsumexp"
    case .sqrtm: "differential of the matrix square root"
    case .expm: "differential of the matrix exponential"
    default:
      if case .elementwise = primitive.rule.derivative {
        "chain rule through \(primitive.rawName)"
      } else {
        "differential of \(primitive.rawName)"
      }
    }
  }
}

extension Primitive {
  /// The name in the language.
  var rawName: String {
    switch self {
    case .maximum: "max"
    case .minimum: "min"
    case .diagonal: "diag"
    case .tr: "the trace"
    case .multiply, .divide: "a product"
    case .elementwisePower, .power: "a power"
    case .elementwiseDivide: "a quotient"
    case .hadamard: "an elementwise product"
    default: rawValue
    }
  }
}
