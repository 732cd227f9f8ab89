import Evaluation
import ExpressionLanguage

/// Whether two inputs have one shape and one value at random points.
///
/// Points where only one of them has a finite value decide nothing. Where both values are small
/// beside what was computed on the way (an identity whose sides cancel to zero), the difference is
/// measured against the latter.
public func verifyEqual(
  _ a: TypedInput, _ b: TypedInput, points: Int = 3, tolerance: Double = 1e-8,
  seed: UInt64 = 0x5EED
) -> VerificationReport {
  var sampler = RandomPoints([a, b], seed: seed)
  var worst = 0.0
  var decided = 0
  var lastError: EvaluationError?
  var options = EvaluationOptions()
  options.tracksMagnitude = true
  for _ in 0..<(12 * points) where decided < points {
    guard let point = sampler.next() else { break }
    do throws(EvaluationError) {
      let left = try point.value(of: a, options: options)
      let right = try point.value(of: b, options: options)
      guard left.result.size == right.result.size else {
        return VerificationReport(
          passed: false, points: decided + 1, maxRelativeError: .infinity,
          failure: .wrongShape(expected: left.result.size, got: right.result.size))
      }
      guard RandomPoints.isSound(right) else { continue }
      let error = relativeDifference(left.result, right.result, floor: cancellation(left, right))
      worst = max(worst, error)
      decided += 1
      if error > tolerance {
        return VerificationReport(
          passed: false, points: decided, maxRelativeError: worst,
          failure: .mismatch(relativeError: error))
      }
    } catch {
      lastError = error
    }
  }
  guard decided > 0 else {
    return VerificationReport(
      passed: false, points: 0, maxRelativeError: .infinity,
      failure: .noPoint(lastError ?? sampler.lastError))
  }
  return VerificationReport(passed: true, points: decided, maxRelativeError: worst, failure: nil)
}

/// The scale below which a value is what rounding leaves: 0 where there was no cancellation.
private func cancellation(_ a: Evaluation, _ b: Evaluation) -> Double {
  let way = max(a.largestMagnitude, b.largestMagnitude)
  let value = max(a.result.frobeniusNorm, b.result.frobeniusNorm)
  return value < 1e-8 * way ? 1e-4 * way : 0
}
