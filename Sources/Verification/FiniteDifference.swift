import Evaluation

/// A derivative by difference quotients, extrapolated to step 0.
public struct DifferenceEstimate: Sendable {
  public let value: Matrix
  /// What the estimates of neighbouring orders and steps differ by, in the Frobenius norm.
  public let error: Double
  /// The smallest step that it was made from.
  public let step: Double
}

/// Central differences with Richardson's extrapolation.
///
/// Ridders, Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4
/// (1982): steps are halved, orders raised, and the entry of the tableau with the smallest
/// difference from its neighbours is taken.
public enum FiniteDifference {
  /// The derivative at 0 of a curve; nil where it has no values near 0.
  public static func first(
    step: Double = 0.1, of function: (Double) -> Matrix?
  ) -> DifferenceEstimate? {
    extrapolate(from: step, order: 1) { h in
      guard let ahead = function(h), let behind = function(-h), ahead.size == behind.size else {
        return nil
      }
      let noise = (ahead.frobeniusNorm + behind.frobeniusNorm) * Double.ulpOfOne
      return (ahead.subtracting(behind).scaled(by: 1 / (2 * h)), noise / h)
    }
  }

  /// Whether the derivatives from the two sides differ: there the curve has a kink, although the
  /// central quotients, which are their mean, converge.
  static func bends(at value: Matrix, _ function: (Double) -> Matrix?) -> Bool {
    func gap(_ h: Double) -> (difference: Double, size: Double)? {
      guard let ahead = function(h), let behind = function(-h), ahead.size == value.size,
        behind.size == value.size
      else { return nil }
      let second = ahead.adding(behind).adding(value, times: -2).frobeniusNorm / h
      let first = ahead.subtracting(behind).frobeniusNorm / (2 * h)
      return (second, max(first, second))
    }
    guard let near = gap(1e-6), let far = gap(1e-5), far.difference > 1e-4 * far.size else {
      return false
    }
    // Of a smooth curve the gap is a tenth of itself at a tenth of the step.
    return near.difference > far.difference / 2
  }

  /// Whether a quotient of a tiny step is nearer to `claimed` than to the estimate: then the
  /// estimate comes from steps over which the function oscillates, and refutes nothing.
  static func favours(
    _ claimed: Matrix, over estimate: DifferenceEstimate, _ function: (Double) -> Matrix?
  ) -> Bool {
    [1e-6, 1e-7].contains { h in
      guard let ahead = function(h), let behind = function(-h), ahead.size == claimed.size,
        behind.size == claimed.size
      else { return false }
      let quotient = ahead.subtracting(behind).scaled(by: 1 / (2 * h))
      return quotient.subtracting(claimed).frobeniusNorm
        < quotient.subtracting(estimate.value).frobeniusNorm
    }
  }

  /// The mixed second derivative at (0, 0); nil where there are no values near it.
  public static func mixed(
    step: Double = 0.1, of function: (Double, Double) -> Matrix?
  ) -> DifferenceEstimate? {
    extrapolate(from: step, order: 2) { h in
      guard let a = function(h, h), let b = function(h, -h), let c = function(-h, h),
        let d = function(-h, -h), a.size == b.size, a.size == c.size, a.size == d.size
      else { return nil }
      let noise = (a.frobeniusNorm + d.frobeniusNorm) * Double.ulpOfOne
      let difference = a.subtracting(b).subtracting(c).adding(d)
      return (difference.scaled(by: 1 / (4 * h * h)), noise / (h * h))
    }
  }

  /// `quotient` gives the value at a step and the rounding error that it carries.
  private static func extrapolate(
    from step: Double, order: Int, _ quotient: (Double) -> (value: Matrix, noise: Double)?
  ) -> DifferenceEstimate? {
    let levels = order == 1 ? 20 : 11
    var previous: [Matrix] = []
    var best: DifferenceEstimate?
    var worsening = 0
    var h = step
    for level in 0..<levels {
      defer { h /= 2 }
      guard let (value, noise) = quotient(h), value.allFinite else {
        // The step leaves the domain: start afresh with a smaller one.
        previous = []
        continue
      }
      var row = [value]
      var factor = 1.0
      var improved = false
      for j in previous.indices {
        factor *= 4
        let change = row[j].subtracting(previous[j]).scaled(by: 1 / (factor - 1))
        let next = row[j].adding(change)
        row.append(next)
        let error =
          max(
            next.subtracting(row[j]).frobeniusNorm, next.subtracting(previous[j]).frobeniusNorm)
          + noise
        if error < (best?.error ?? .infinity) {
          best = DifferenceEstimate(value: next, error: error, step: h)
          improved = true
        }
      }
      previous = row
      if let best {
        // What took many steps to settle need not be better than the tolerance asks for.
        let goal = level < 8 ? 1e-12 : 1e-9
        if best.error <= goal * best.value.frobeniusNorm { break }
        // A function that oscillates within the first steps settles with later ones.
        let isSettled = best.error <= 1e-4 * best.value.frobeniusNorm
        worsening = improved || !isSettled ? 0 : worsening + 1
        if worsening == 3 { break }
      }
    }
    return best
  }
}
