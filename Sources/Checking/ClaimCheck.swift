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
  /// Nil of a line of a derivation, which cannot be measured but only compared.
  public let kind: ClaimKind?
  public let options: ClaimOptions
  /// The names of claims that stand for directions.
  public let directions: [Direction]
  public var wording = Wording.claim
  /// The derivative under other conventions.
  public var conventions: @Sendable () -> [Convention] = { [] }
  /// Writes a part of the derivative in fewer words, where there are any.
  public var shorter: @Sendable (Syntax) -> Syntax? = { _ in nil }
  /// Whether the time for finding the mistake is over.
  public var isOver: @Sendable () -> Bool = { false }

  public init(
    _ input: TypedInput, expected: String?, wrt: String, secondWrt: String? = nil, kind: ClaimKind?,
    options: ClaimOptions = ClaimOptions(), directions: [Direction] = []
  ) {
    self.input = input
    self.expected = expected
    self.wrt = wrt
    self.secondWrt = secondWrt
    self.kind = kind
    self.options = options
    self.directions = directions
  }

  /// The verdict on a claim. Throws where the claim is no expression in the input's names; one
  /// whose shapes do not fit is a wrong claim.
  public func verdict(on text: String) throws(Diagnostics) -> ClaimVerdict {
    let reader = ClaimReader(input: input, directions: directions)
    let claim: Claim
    do {
      claim = try Claim(text, reader)
    } catch {
      guard error.all.allSatisfy({ $0.problem.isOfShapes }) else { throw error }
      return ClaimVerdict(finding: Finding(.shape, error.first.text))
    }
    guard let expected, let right = try? Claim(expected, reader) else {
      return measured(claim)
    }
    let samples = Samples(input, right.typed, directions: directions)
    guard samples.points.count >= 2 else { return measured(claim) }
    let candidate = Candidate(claim)
    let values = candidate.values(at: samples.points)
    if samples.agree(values, samples.expected) { return ClaimVerdict(finding: nil) }
    // The last word on what agrees only nearly is the measurement's.
    if samples.largestDifference(values) ?? 1 < 1e-4, measured(claim).isCorrect {
      return ClaimVerdict(finding: nil)
    }
    return ClaimVerdict(
      finding: finding(on: candidate, values, right, samples),
      relativeDifference: samples.largestDifference(values), difference: difference(right, claim))
  }

  /// Whether an expression has the right values; nil where that cannot be said. No mistake is
  /// looked for.
  public func agrees(with text: String) -> Bool? {
    let reader = ClaimReader(input: input, directions: directions)
    guard let expected, let right = try? reader.read(expected) else { return nil }
    guard let claim = try? reader.read(text) else { return false }
    let samples = Samples(input, right, directions: directions)
    return samples.points.count >= 2 ? samples.agree(claim) : nil
  }

  /// The verdict on a program that computes the derivative, of which the results at some points are
  /// known; nil where there is no right derivative to compare with.
  ///
  /// - Parameters:
  ///   - tolerance: The relative difference up to which values agree.
  ///   - program: Runs it at another point, to find the mistake.
  public func verdict(
    on results: [Matrix], at points: [RandomPoint], tolerance: Double,
    program: @escaping (RandomPoint) -> Matrix?
  ) -> ClaimVerdict? {
    let reader = ClaimReader(input: input, directions: directions)
    guard let expected, let right = try? Claim(expected, reader) else { return nil }
    let samples = Samples(points, right.typed, tolerance: tolerance)
    guard samples.points.count == points.count, points.count == results.count else { return nil }
    if samples.agree(results, samples.expected) { return ClaimVerdict(finding: nil) }
    let found =
      notFinite(results, samples) ?? finding(on: Candidate(program), results, right, samples)
    return ClaimVerdict(finding: found, relativeDifference: samples.largestDifference(results))
  }

  private func notFinite(_ results: [Matrix], _ samples: Samples) -> Finding? {
    for (result, expected) in zip(results, samples.expected) where result.size == expected.size {
      guard let place = result.values.firstIndex(where: { !$0.isFinite }) else { continue }
      let (row, column) = (place % result.rows + 1, place / result.rows + 1)
      let value = result[place].isNaN ? "not a number" : "infinite"
      return Finding(
        .unknown,
        "The result is \(value) in row \(row), column \(column), where the derivative is "
          + "\(expected[place]).",
        lesson: "Mind overflow, division by 0, and the edge of the domain.")
    }
    return nil
  }

  private func finding(
    on candidate: Candidate, _ values: [Matrix?], _ expected: Claim, _ samples: Samples
  ) -> Finding {
    Explanation(
      input: input, varying: Set([wrt, secondWrt].compactMap { $0 }), samples: samples,
      candidate: candidate, expected: expected, values: values,
      wording: wording, conventions: conventions, shorter: shorter, isOver: isOver
    ).finding
  }

  private func difference(_ right: Claim, _ claim: Claim) -> Syntax? {
    guard right.shape == claim.shape, let minuend = claim.tree, let subtrahend = right.tree else {
      return nil
    }
    return Syntax(.sum(minuend, [(negative: true, term: subtrahend)]))
  }

  /// The verdict of difference quotients alone.
  private func measured(_ claim: Claim) -> ClaimVerdict {
    guard let kind else {
      return ClaimVerdict(
        finding: Finding(.unknown, "No random point was found where both sides have values."))
    }
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
  /// The claim less the right derivative, where the shapes are the same.
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
