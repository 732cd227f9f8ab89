import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// Whether a claimed derivative is right, and what is wrong with it if not.
///
/// Everything is decided by values at random points: of the claim, of the right derivative, and of
/// each of them with one thing changed as a known mistake would change it.
public struct ClaimCheck: Sendable {
  /// The input whose derivative is claimed.
  public let input: TypedInput
  /// The right derivative in the language; nil where only the claim can be measured.
  public let expected: String?
  public let wrt: String
  /// Of a block of order 2, the columns' variable.
  public let secondWrt: String?
  public let kind: ClaimKind
  public let options: ClaimOptions
  /// Writes a part of the derivative in fewer words, where there are any.
  private let shorter: @Sendable (Syntax) -> Syntax?

  public init(
    _ input: TypedInput, expected: String?, wrt: String, secondWrt: String? = nil, kind: ClaimKind,
    options: ClaimOptions = ClaimOptions(),
    shorter: @escaping @Sendable (Syntax) -> Syntax? = { _ in nil }
  ) {
    self.input = input
    self.expected = expected
    self.wrt = wrt
    self.secondWrt = secondWrt
    self.kind = kind
    self.options = options
    self.shorter = shorter
  }

  /// The verdict on a claim. Throws where the claim is no expression in the input's names; one
  /// whose shapes do not fit is a wrong claim.
  public func verdict(on text: String) throws(Diagnostics) -> ClaimVerdict {
    let reader = ClaimReader(input: input, differentials: differentials)
    let claim: Claim
    do {
      claim = try Claim(text, reader)
    } catch {
      guard error.first.problem.isOfShapes else { throw error }
      return ClaimVerdict(finding: Finding(.shape, error.first.text))
    }
    guard let expected, let right = try? Claim(expected, reader) else {
      return measured(claim)
    }
    let direction = differentials.isEmpty ? nil : input.variables.first { $0.name == wrt }
    let samples = Samples(input, right.typed, directionOf: direction)
    guard samples.points.count >= 2 else { return measured(claim) }
    let values = samples.values(of: claim.typed)
    if samples.agree(values, samples.expected) { return ClaimVerdict(finding: nil) }
    // The last word on what agrees only nearly is the measurement's.
    if samples.largestDifference(values) ?? 1 < 1e-4, measured(claim).isCorrect {
      return ClaimVerdict(finding: nil)
    }
    let explanation = Explanation(
      input: input, samples: samples, claim: claim, expected: right, values: values,
      shorter: shorter)
    return ClaimVerdict(
      finding: explanation.finding, relativeDifference: samples.largestDifference(values),
      difference: difference(right, claim))
  }

  private func difference(_ right: Claim, _ claim: Claim) -> Syntax? {
    guard right.shape == claim.shape, let minuend = right.tree, let subtrahend = claim.tree else {
      return nil
    }
    return Syntax(.sum(minuend, [(negative: true, term: subtrahend)]))
  }

  private var differentials: [String] {
    switch kind {
    case .differential: [wrt]
    case .gradient, .derivative, .jacobian, .hessian, .hessianProduct: []
    }
  }

  /// The verdict of difference quotients alone.
  private func measured(_ claim: Claim) -> ClaimVerdict {
    let report = verifyDerivative(
      of: input, claim: claim.typed, wrt: wrt, secondWrt: secondWrt, kind: kind, options: options)
    guard let failure = report.failure else { return ClaimVerdict(finding: nil) }
    switch failure {
    case .wrongShape:
      return ClaimVerdict(finding: Finding(.shape, "\(failure)."))
    case .mismatch(let error):
      return ClaimVerdict(
        finding: Finding(.unknown, "\(failure)."), relativeDifference: error)
    case .outsideSpace, .noPoint, .unsettled, .unknownVariable:
      return ClaimVerdict(finding: Finding(.unknown, "\(failure)."))
    }
  }
}

/// What was found of a claim.
public struct ClaimVerdict: Sendable {
  /// What explains a wrong claim; nil of a right one.
  public let finding: Finding?
  /// The largest relative difference from the right derivative, where the shapes are the same.
  public let relativeDifference: Double?
  /// The right derivative less the claim, where the shapes are the same.
  public let difference: Syntax?

  public var isCorrect: Bool { finding == nil }

  init(finding: Finding?, relativeDifference: Double? = nil, difference: Syntax? = nil) {
    self.finding = finding
    self.difference = difference
    self.relativeDifference = relativeDifference.flatMap { $0.isFinite ? $0 : nil }
  }
}

extension Problem {
  /// Whether the names are right and the shapes do not fit.
  fileprivate var isOfShapes: Bool {
    switch self {
    case .cannotMultiply, .cannotCombine, .columnWithRow, .cannotDivide, .vectorPower,
      .matrixExponent, .notSquare, .notAVector, .notAScalar, .axisRequired, .shapesDiffer,
      .wrongShape, .sizesDisagree, .sizesUnknown:
      true
    case .invalidUTF8, .unexpectedCharacter, .foreignSpelling, .numberOutOfRange,
      .expectedExpression, .missingOperator, .unclosed, .unexpectedClosing, .misplaced,
      .nestedTooDeeply, .empty, .missingResult, .severalResults, .malformedDeclaration,
      .unknownType, .sizeCount, .reservedName, .declaredTwice, .definedTwice,
      .usedBeforeDefinition, .dimensionAndVariable, .redefinedInput, .unknownName,
      .unknownFunction, .notAFunction, .functionWithoutArguments, .argumentCount, .notASize,
      .notASizeOfTheInput, .contradictoryAssumption, .badArgument, .declarationMismatch,
      .shrinksToScalar, .sizesTooLarge, .divisionByZero,
      .noDerivative:
      false
    }
  }
}
