import CodeGeneration
import Differentiation
import ExpressionCore
import Planning
import Verification

extension ProgramSample {
  /// A way of drawing data at which all of some formulas exist.
  ///
  /// - Parameter likes: of each formula along a direction, the variable that it is one of.
  init(
    _ formulas: [Listing.Formula], likes: [String?], _ options: DerivativeOptions
  ) throws(FrechetError) {
    var points = RandomPoints(formulas.map(\.input), seed: 0x5EED)
    var found: RandomPoint?
    for _ in 0..<20 where found == nil {
      guard let point = points.next() else { break }
      let isFinite = formulas.allSatisfy { formula in
        (try? point.value(of: formula.input))?.result.allFinite == true
      }
      if isFinite { found = point }
    }
    guard let found else {
      throw .derivative(
        "--test: no random data were found at which the value and all derivatives "
          + "exist; declarations that narrow the domain, such as `x: positive vector(n)`, would help"
      )
    }
    var pairings: [String: Pairing] = [:]
    for variable in formulas.flatMap(\.input.variables) {
      pairings[variable.name] = options.unstructured ? .euclidean : Self.pairing(variable, options)
    }
    var directions: [String: String] = [:]
    for (formula, like) in zip(formulas, likes) {
      if case .product(_, let direction) = formula.role { directions[direction] = like }
    }
    self.init(
      sizes: found.sizes, draws: found.strategies.mapValues { $0.draw }, directions: directions,
      pairings: pairings, transposesGradients: options.layout == .numerator,
      transposesJacobians: options.layout == .jacobianTransposed, order: options.order)
  }

  private static func pairing(_ variable: Variable, _ options: DerivativeOptions) -> Pairing {
    switch variable.type {
    case .spd where options.metric == .affine: .affine
    case .symmetric, .spd, .psd: options.symmetric == .entries ? .entries : .euclidean
    case .orthogonal, .stiefel: options.metric == .canonical ? .canonical : .euclidean
    case .scalar, .vector, .row, .matrix, .skew, .diagonal, .lower, .upper, .simplex, .stochastic:
      .euclidean
    }
  }
}

extension Strategy {
  fileprivate var draw: ProgramSample.Draw {
    switch self {
    case .normal: .normal
    case .positive: .positive
    case .unitInterval: .unitInterval
    case .small: .small
    case .dominant: .dominant
    case .dominantSmall: .dominantSmall
    }
  }
}
