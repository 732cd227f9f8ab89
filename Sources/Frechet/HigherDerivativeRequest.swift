import Differentiation
import Emission
import ExpressionCore
import ExpressionLanguage
import Verification

/// Asks for a derivative of any order, as a multilinear map of directions.
///
/// ```swift
/// let request = HigherDerivativeRequest("logdet(X)", along: ["X", "X"], gradient: "X")
/// print(try request.answer().derivative.text)   // linear in V1 and in V2
/// ```
public struct HigherDerivativeRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variables that move along the directions V1, V2, …, in this order; one may occur several
  /// times.
  public var along: [String]
  /// Of a 1×1 input, the variable of an argument that is left open: the gradient of the map.
  public var gradient: String?
  /// Checks the result numerically at random points.
  public var verify: Bool
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, along: [String], gradient: String? = nil, declarations: [String] = [],
    verify: Bool = true, timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.along = along
    self.gradient = gradient
    self.verify = verify
    self.timeLimit = timeLimit
  }

  /// Derives, writes and verifies: each order against difference quotients of the one below.
  ///
  /// Throws where the input is wrong, where there is no derivative, where the order is none of
  /// `HigherDerivative.orders`, or where the time is over.
  public func answer() throws(FrechetError) -> HigherDerivativeReport {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      let derivation = try HigherDerivation(typed, along: along, gradient: gradient)
      try deadline?.check()
      return HigherDerivativeReport(
        derivative: derivation.formula, directions: derivation.derivative.directions,
        order: derivation.derivative.order, domain: derivation.derivative.domain,
        notes: typed.notes,
        verification: verify ? try derivation.verified(until: deadline) : nil)
    }
  }
}

/// A derivative of any order and all that is known about it.
public struct HigherDerivativeReport: Sendable {
  /// Of the input's shape; of the open argument's where there is one.
  public let derivative: Formula
  /// What it is linear in.
  public let directions: [HigherDerivative.Direction]
  public let order: Int
  /// The conditions under which the derivative exists.
  public let domain: [String]
  public let notes: [String]
  /// Nil where no check was asked for.
  public let verification: VerificationReport?
}

/// A derivative of any order, written and checked.
struct HigherDerivation {
  let input: TypedInput
  let derivative: HigherDerivative
  private let variables: [String]

  init(
    _ input: TypedInput, along variables: [String], gradient: String? = nil,
    alongOne: Bool = false
  ) throws(FrechetError) {
    self.input = input
    self.variables = variables
    do {
      derivative = try higherDerivative(
        input, along: variables, gradient: gradient, alongOne: alongOne)
    } catch {
      throw FrechetError(error, in: input)
    }
  }

  var scope: NameScope {
    var scope = NameScope(input)
    for direction in derivative.directions {
      scope = scope.adding(direction.name, scope.extent(of: direction.variable))
    }
    return scope
  }

  var formula: Formula {
    Formula(RenderedSpelling(derivative.result, scope: scope, text: Parts.text))
  }

  /// The derivative of each order as an input, compared with difference quotients of the one below.
  func verified(until deadline: Deadline?) throws(FrechetError) -> VerificationReport {
    var below = input
    var reports: [VerificationReport] = []
    let moves = (derivative.gradient.map { [$0] } ?? []) + variables
    for (i, (stage, variable)) in zip(derivative.stages, moves).enumerated() {
      try deadline?.check()
      let isGradient = i == 0 && derivative.gradient != nil
      let known = derivative.directions.prefix(derivative.gradient == nil ? i + 1 : i)
      let claim = try read(stage, known)
      var options = ClaimOptions()
      options.unstructured = isGradient
      let kind: ClaimKind =
        isGradient
        ? .gradient : known.last.map { .differential(direction: $0.name) } ?? .derivative
      let report = verifyDerivative(
        of: below, claim: claim, wrt: variable, kind: kind, options: options)
      if !report.passed { return report }
      reports.append(report)
      below = claim
    }
    return VerificationReport(
      passed: true, points: reports.map(\.points).min() ?? 0,
      maxRelativeError: reports.map(\.maxRelativeError).max() ?? 0, failure: nil)
  }

  private func read(
    _ stage: Spelling, _ directions: ArraySlice<HigherDerivative.Direction>
  ) throws(FrechetError) -> TypedInput {
    let extra = directions.compactMap { direction in
      input.variables.first { $0.name == direction.variable }.map {
        Variable(
          name: direction.name, shape: $0.shape, type: Differential.type(of: $0.type))
      }
    }
    let text = Formula.inputText(stage)
    do {
      return try Language.elaborate(text, in: input, extra: extra)
    } catch {
      throw .derivative("the answer cannot be read back: \(text)\n\(error.description)")
    }
  }
}
