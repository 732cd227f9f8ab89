import Evaluation
import ExpressionLanguage

/// Whether two inputs have one shape and one value at random points.
///
/// Points where only one of them has a finite value decide nothing.
public func verifyEqual(
  _ a: TypedInput, _ b: TypedInput, points: Int = 3, tolerance: Double = 1e-8,
  seed: UInt64 = 0x5EED
) -> VerificationReport {
  var sampler = RandomPoints([a, b], seed: seed)
  var worst = 0.0
  var decided = 0
  var lastError: EvaluationError?
  for _ in 0..<(12 * points) where decided < points {
    guard let point = sampler.next() else { break }
    do throws(EvaluationError) {
      let left = try point.value(of: a)
      let right = try point.value(of: b)
      guard left.result.size == right.result.size else {
        return VerificationReport(
          passed: false, points: decided + 1, maxRelativeError: .infinity,
          failure: .wrongShape(expected: left.result.size, got: right.result.size))
      }
      guard RandomPoints.isSound(right) else { continue }
      let error = relativeDifference(left.result, right.result, floor: 1e-10)
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
