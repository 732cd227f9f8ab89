import Evaluation

/// `‖a - b‖/max(‖a‖, ‖b‖)` in the Frobenius norm: 0 of equal matrices, infinite where the sizes
/// differ or one has an entry that is not finite and the other not the same.
///
/// Differences below `floor` times the scale that the caller names count for little: the
/// denominator is at least `floor`.
public func relativeDifference(_ a: Matrix, _ b: Matrix, floor: Double = 0) -> Double {
  guard a.size == b.size else { return .infinity }
  if a == b { return 0 }
  guard a.allFinite, b.allFinite else { return .infinity }
  let difference = a.subtracting(b).frobeniusNorm
  let scale = max(a.frobeniusNorm, b.frobeniusNorm, floor)
  return scale > 0 ? difference / scale : 0
}

/// Whether two matrices have one size and agree up to rounding.
public func valuesAgree(_ a: Matrix, _ b: Matrix, tolerance: Double = 1e-8) -> Bool {
  relativeDifference(a, b, floor: 1e-10) <= tolerance
}
