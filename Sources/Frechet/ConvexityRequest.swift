import Curvature
import ExpressionCore
import ExpressionLanguage
import Verification

/// Asks how a function bends in its variables: affine, convex, concave, neither, or not known.
public struct ConvexityRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variables; each alone, the others held fixed.
  public var wrt: [String]
  /// All variables together instead.
  public var jointly: Bool
  /// Compares what was derived with values at random segments, and looks there for what was not.
  public var verify: Bool
  public var limits: ProofLimits
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], declarations: [String] = [], jointly: Bool = false,
    verify: Bool = true, limits: ProofLimits = ProofLimits(), timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.jointly = jointly
    self.verify = verify
    self.limits = limits
    self.timeLimit = timeLimit
  }

  /// Derives the curvature: one report for each variable, or one for all together.
  ///
  /// Throws where the input is wrong, is not 1×1, or where the time is over. That nothing could be
  /// derived is a report.
  public func answer() throws(FrechetError) -> [ConvexityReport] {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      if wrt.isEmpty { throw .variableMissing(in: typed.variables.map(\.name)) }
      var reports: [ConvexityReport] = []
      for names in jointly ? [wrt] : wrt.map({ [$0] }) {
        try deadline?.check()
        reports.append(try report(on: names, of: typed))
      }
      return reports
    }
  }

  func report(
    on names: [String], of typed: TypedInput
  ) throws(FrechetError) -> ConvexityReport {
    let derived: DerivedCurvature
    do {
      derived = try deriveCurvature(of: typed, wrt: names, limits: limits)
    } catch {
      throw FrechetError(curvature: error, in: typed)
    }
    let samples = verify ? derived.sampled() : nil
    return ConvexityReport(input: input, typed: typed, derived: derived, samples: samples)
  }
}

extension DerivedCurvature {
  /// Values at random segments of the domain.
  func sampled(points: Int = 8) -> CurvatureSamples {
    let conditions = conditions.map { condition in
      let kind: SampleCondition.Kind =
        switch condition.kind {
        case .above(let bound): .above(bound.double)
        case .below(let bound): .below(bound.double)
        case .definite: .definite
        }
      return SampleCondition(kind, node: condition.node)
    }
    return sampleCurvature(of: input, wrt: wrt, conditions: conditions, points: points)
  }
}

extension FrechetError {
  init(curvature error: CurvatureError, in input: TypedInput) {
    switch error {
    case .unknownVariable(let name, let known):
      self.init(DerivativeError.unknownVariable(name, known: known), in: input)
    case .limit(let limit): self.init(DerivativeError.limit(limit), in: input)
    case .notScalar(let shape):
      self = .derivative(
        "convexity: a function that is convex or concave is a scalar, and the input is \(shape). "
          + "sum(…), u'*(…) or entry(…,1,1) would be one.")
    case .notConvex(let variable, let type):
      self = .derivative(
        "convexity: the \(type.rawValue) matrices are no convex set, so nothing is convex in "
          + "\(variable). `\(variable): matrix` would ask about all matrices.")
    }
  }
}
