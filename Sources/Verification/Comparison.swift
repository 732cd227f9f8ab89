import Evaluation
import ExpressionCore
import ExpressionLanguage

/// One claim compared with one difference quotient.
struct Comparison {
  let function: TypedInput
  let claim: TypedInput
  let rows: Variable
  let columns: Variable
  let kind: ClaimKind
  let options: ClaimOptions
  let tolerance: Double
  private let pace = Pace()

  /// The step to begin with, learned from the directions before: coarser ones are wasted on a
  /// function that oscillates within them.
  private final class Pace {
    var step = Double.infinity

    func learn(from estimate: DifferenceEstimate) {
      if estimate.step < 1e-4 { step = 32 * estimate.step }
    }
  }

  init(
    function: TypedInput, claim: TypedInput, rows: Variable, columns: Variable, kind: ClaimKind,
    options: ClaimOptions, tolerance: Double
  ) {
    self.function = function
    self.claim = claim
    self.rows = rows
    self.columns = columns
    self.kind = kind
    self.options = options
    self.tolerance = tolerance
  }

  enum Outcome {
    case agrees(Double)
    case disagrees(Double, VerificationFailure)
    case undecided(VerificationFailure)

    /// With the larger error where both agree.
    func raised(to error: Double) -> Outcome {
      if case .agrees(let own) = self { .agrees(max(own, error)) } else { self }
    }
  }

  /// The steps that must all confirm a difference: a kink may be near, or a function may turn many
  /// times within one step. A second difference needs longer ones against rounding.
  var confirmingSteps: [Double] {
    switch kind {
    case .gradient, .derivative, .jacobian, .differential: [0.004, 0.000_2]
    case .hessian, .hessianProduct, .secondDifferential: [0.02, 0.004]
    }
  }

  /// The names that stand for directions in the claim.
  var directions: Set<String> {
    switch kind {
    case .differential(let name), .hessianProduct(let name): [name]
    case .secondDifferential(let rows, let columns): [rows, columns]
    case .gradient, .derivative, .jacobian, .hessian: []
    }
  }

  func outcome(at point: RandomPoint, step: Double, using generator: inout SplitMix64) -> Outcome {
    switch kind {
    case .gradient: gradient(point, step, &generator)
    case .derivative: derivative(point, step, &generator)
    case .jacobian: jacobian(point, step, &generator)
    case .differential(let name): differential(name, point, step, &generator)
    case .hessian: hessian(nil, point, step, &generator)
    case .hessianProduct(let name): hessian(name, point, step, &generator)
    case .secondDifferential(let rows, let columns):
      secondDifferential((rows, columns), point, step, &generator)
    }
  }

  // MARK: First order

  private func gradient(
    _ point: RandomPoint, _ step: Double, _ generator: inout SplitMix64
  ) -> Outcome {
    guard let x = point.values[rows.name] else { return .undecided(.unknownVariable(rows.name)) }
    let curve = Curve(rows, at: x, ambient: options.unstructured, using: &generator)
    return withClaim(point) { claimed in
      var gradient = claimed
      if options.layout == .numerator { gradient = gradient.transposed }
      guard gradient.size == x.size else {
        return .disagrees(.infinity, shapeFailure(x.size, claimed, options.layout == .numerator))
      }
      let space = GradientSpace(variable: rows, options: options, point: x)
      if let (name, part) = space.excess(gradient) {
        let error = part.frobeniusNorm / max(gradient.frobeniusNorm, 1e-7)
        // Projections cancel: what is wrong in truth is wrong by far more.
        if error > tolerance {
          return .disagrees(error, .outsideSpace(space: name, relativeError: error))
        }
      }
      let size = gradient.frobeniusNorm * curve.direction.frobeniusNorm
      return compare(
        Matrix(space.inner(gradient, curve.direction)), along: curve, at: point, step,
        scale: size / Double(max(x.count, 1)))
    }
  }

  private func derivative(
    _ point: RandomPoint, _ step: Double, _ generator: inout SplitMix64
  ) -> Outcome {
    guard let x = point.values[rows.name] else { return .undecided(.unknownVariable(rows.name)) }
    let curve = Curve(rows, at: x, ambient: true, using: &generator)
    guard let factor = curve.direction.scalar else {
      return .disagrees(.infinity, .wrongShape(expected: MatrixSize(1, 1), got: x.size))
    }
    return withClaim(point) { claimed in
      compare(claimed.scaled(by: factor), along: curve, at: point, step)
    }
  }

  private func jacobian(
    _ point: RandomPoint, _ step: Double, _ generator: inout SplitMix64
  ) -> Outcome {
    guard let x = point.values[rows.name], let value = point.finiteValue(of: function) else {
      return .undecided(.unknownVariable(rows.name))
    }
    let curve = Curve(rows, at: x, ambient: true, using: &generator)
    return withClaim(point) { claimed in
      let transposed = options.layout == .jacobianTransposed
      let jacobian = transposed ? claimed.transposed : claimed
      let expected = MatrixSize(value.count, x.count)
      guard jacobian.size == expected else {
        return .disagrees(.infinity, shapeFailure(expected, claimed, transposed))
      }
      let product = jacobian.times(curve.direction.vectorized)
      return compare(product.shaped(like: value), along: curve, at: point, step)
    }
  }

  private func differential(
    _ name: String, _ point: RandomPoint, _ step: Double, _ generator: inout SplitMix64
  ) -> Outcome {
    guard let x = point.values[rows.name] else { return .undecided(.unknownVariable(rows.name)) }
    let curve = Curve(rows, at: x, ambient: options.unstructured, using: &generator)
    var extended = point
    extended.values[name] = curve.direction
    return withClaim(extended) { compare($0, along: curve, at: point, step) }
  }

  /// Compares with the derivative of the function along a curve.
  private func compare(
    _ claimed: Matrix, along curve: Curve, at point: RandomPoint, _ step: Double,
    scale: Double = 0
  ) -> Outcome {
    guard let value = point.finiteValue(of: function) else { return .undecided(.unsettled) }
    guard claimed.size == value.size else {
      return .disagrees(.infinity, .wrongShape(expected: value.size, got: claimed.size))
    }
    func moved(_ t: Double) -> Matrix? {
      guard let moved = curve.at(t) else { return nil }
      var point = point
      point.values[rows.name] = moved
      return try? point.value(of: function).result
    }
    let estimate = FiniteDifference.first(step: min(step, pace.step), of: moved)
    let outcome = verdict(claimed, estimate, scale: max(scale, 1e-5 * value.frobeniusNorm))
    if case .agrees = outcome, let estimate { pace.learn(from: estimate) }
    if case .disagrees = outcome, let estimate {
      // Quotients that do not agree with one another refute nothing, however large the claim.
      let isSettled =
        estimate.error <= 1e-3 * estimate.value.frobeniusNorm
        || estimate.error <= 1e-8 * value.frobeniusNorm
      if !isSettled || FiniteDifference.favours(claimed, over: estimate, moved)
        || FiniteDifference.bends(at: value, moved)
        || isHidden(claimed, estimate, order: 1, value, at: point)
      {
        return .undecided(.unsettled)
      }
    }
    return outcome
  }

  // MARK: Verdicts

  /// Runs the claim at a point; its errors and infinite values decide nothing.
  func withClaim(_ point: RandomPoint, _ body: (Matrix) -> Outcome) -> Outcome {
    do throws(EvaluationError) {
      var tracking = EvaluationOptions()
      tracking.tracksMagnitude = true
      let evaluation = try point.value(of: claim, options: tracking)
      // Nearly singular matrices make rounding errors of any size.
      guard RandomPoints.isSound(evaluation) else { return .undecided(.noPoint(nil)) }
      let outcome = body(evaluation.result)
      // Where large numbers cancel, rounding errors are left, which refute nothing.
      if case .disagrees(_, .mismatch) = outcome,
        evaluation.result.maxMagnitude < 1e-10 * evaluation.largestMagnitude
          || roundingError(of: claim, evaluation.result, at: point)
            > tolerance / 10 * evaluation.result.frobeniusNorm
      {
        return .undecided(.unsettled)
      }
      return outcome
    } catch {
      return .undecided(.noPoint(error))
    }
  }

  /// The rounding error of a value, which is large where large numbers cancel on the way: its third
  /// differences where all data are scaled, which of the function itself are below any rounding.
  ///
  /// Too small a change is rounded away, and over too large a one a function may turn: the middle one
  /// of three counts.
  private func roundingError(of input: TypedInput, _ value: Matrix, at point: RandomPoint) -> Double
  {
    func scaled(_ factor: Double) -> Matrix? {
      var near = point
      near.values = point.values.mapValues { $0.scaled(by: 1 + factor) }
      guard let moved = try? near.value(of: input).result, moved.size == value.size else {
        return nil
      }
      return moved
    }
    let errors = [1e-6, 1e-7, 1e-8].map { step in
      let values = (-3...3).compactMap { $0 == 0 ? value : scaled(Double($0) * step) }
      guard values.count == 7 else { return Double.infinity }
      return (0...3).reduce(0) { largest, i in
        let inner = values[i + 2].subtracting(values[i + 1])
        let difference = values[i + 3].subtracting(values[i]).adding(inner, times: -3)
        return max(largest, difference.frobeniusNorm)
      }
    }
    return errors.sorted()[1]
  }

  /// Whether rounding errors of the function explain differences from its quotients of an order.
  func isHidden(
    _ claimed: Matrix, _ estimate: DifferenceEstimate, order: Int, _ value: Matrix,
    at point: RandomPoint
  ) -> Bool {
    let noise = roundingError(of: function, value, at: point)
    let larger = max(claimed.frobeniusNorm, estimate.value.frobeniusNorm)
    return noise > tolerance / 10 * larger
      * (order == 1 ? estimate.step : estimate.step * estimate.step)
  }

  /// Relative to the larger of both and to `scale`, below which rounding hides everything.
  func verdict(
    _ claimed: Matrix, _ estimate: DifferenceEstimate?, scale: Double
  ) -> Outcome {
    guard let estimate else { return .undecided(.unsettled) }
    let larger = max(claimed.frobeniusNorm, estimate.value.frobeniusNorm, scale)
    guard larger > 0 else { return .agrees(0) }
    // Where the function is constant the quotients are rounding errors.
    let value = estimate.value.frobeniusNorm
    if claimed.maxMagnitude == 0, value < max(1e-9, 1e-3 * scale), estimate.error > value / 100 {
      return .agrees(value)
    }
    if larger < 1e-11 { return .undecided(.unsettled) }
    // Quotients that are uncertain by more than a tenth of the tolerance decide nothing.
    if estimate.error > tolerance / 10 * larger { return .undecided(.unsettled) }
    let error = claimed.subtracting(estimate.value).frobeniusNorm / larger
    return error <= tolerance ? .agrees(error) : .disagrees(error, .mismatch(relativeError: error))
  }

  /// States the shapes as the claim's layout has them.
  func shapeFailure(
    _ expected: MatrixSize, _ claimed: Matrix, _ transposed: Bool
  ) -> VerificationFailure {
    .wrongShape(
      expected: transposed ? MatrixSize(expected.columns, expected.rows) : expected,
      got: claimed.size)
  }
}

extension Matrix {
  /// The columns, stacked.
  var vectorized: Matrix { Matrix(column: values) }

  func shaped(like other: Matrix) -> Matrix {
    Matrix(rows: other.rows, columns: other.columns, values: values) ?? self
  }
}
