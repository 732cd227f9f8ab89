import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Whether `claim` is the derivative of `function`, by difference quotients of `function` along
/// random directions at random points that respect the declared structure.
///
/// Nothing symbolic is used: both tapes are run as they were written. A point where the quotients
/// do not settle (a kink, the edge of the domain) is replaced by another one.
///
/// - Parameters:
///   - claim: The derivative as an input of its own, with the same variables (and `dX` or `V`
///     where `kind` is a differential or a product).
///   - wrt: The variable of differentiation; of a block of order 2, the rows' one.
///   - secondWrt: Of a block of order 2, the columns' variable.
public func verifyDerivative(
  of function: TypedInput, claim: TypedInput, wrt: String, secondWrt: String? = nil,
  kind: ClaimKind, options: ClaimOptions = ClaimOptions(), points: Int = 3,
  tolerance: Double = 1e-6, seed: UInt64 = 0x5EED
) -> VerificationReport {
  let rows = function.variables.first { $0.name == wrt }
  let columns = function.variables.first { $0.name == secondWrt ?? wrt }
  guard let rows, let columns else {
    return VerificationReport(
      passed: false, points: 0, maxRelativeError: .infinity,
      failure: .unknownVariable(rows == nil ? wrt : secondWrt ?? wrt))
  }
  let comparison = Comparison(
    function: function, claim: claim, rows: rows, columns: columns, kind: kind, options: options,
    tolerance: tolerance)
  var sampler = RandomPoints(
    [function, claim], excluding: comparison.directions, seed: seed)
  // Two directions at each point: one alone may miss a wrong part by chance. A tape of tens of
  // thousands of nodes is run for seconds, and three points are enough to tell.
  let isLong = function.nodes.count > 20_000
  var worst = 0.0
  var decided = 0
  var lastFailure: VerificationFailure?
  for _ in 0..<(10 * points) where decided < points {
    guard let point = sampler.next() else { break }
    var outcome = sampler.withGenerator { comparison.outcome(at: point, step: 0.1, using: &$0) }
    if !isLong, case .agrees(let first) = outcome {
      let second = sampler.withGenerator { comparison.outcome(at: point, step: 0.1, using: &$0) }
      outcome = second.raised(to: first)
    }
    for step in comparison.confirmingSteps {
      guard case .disagrees(_, .mismatch(let error)) = outcome else { break }
      lastFailure = .mismatch(relativeError: error)
      outcome = sampler.withGenerator { comparison.outcome(at: point, step: step, using: &$0) }
    }
    switch outcome {
    case .agrees(let error):
      worst = max(worst, error)
      decided += 1
    case .disagrees(let error, let failure):
      return VerificationReport(
        passed: false, points: decided + 1, maxRelativeError: max(worst, error), failure: failure)
    case .undecided(let failure):
      lastFailure = lastFailure ?? failure
    }
  }
  guard decided == points else {
    return VerificationReport(
      passed: false, points: decided, maxRelativeError: decided > 0 ? worst : .infinity,
      failure: lastFailure ?? .noPoint(sampler.lastError))
  }
  return VerificationReport(passed: true, points: decided, maxRelativeError: worst, failure: nil)
}
