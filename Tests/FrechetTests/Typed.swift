import Frechet
import Testing

/// An input that is right.
func typed(_ text: String, _ declarations: [String] = []) throws -> TypedInput {
  try Language.elaborate(text, declarations: declarations)
}

/// An input in the variables of another one.
func typed(
  _ text: String, in input: TypedInput, extra: [Variable] = []
) throws -> TypedInput {
  try Language.elaborate(text, in: input, extra: extra)
}

/// The largest relative difference of two inputs at three random points, with distinct sizes for
/// distinct names.
func largestDifference(_ a: TypedInput, _ b: TypedInput) throws -> Double {
  var points = RandomPoints([b, a], seed: 2026)
  var largest = 0.0
  for _ in 0..<3 {
    let next = points.next()
    let point = try #require(next, "no point: \(String(describing: points.lastError))")
    // What is zero in exact arithmetic is compared with numbers of the size of 1.
    let difference = relativeDifference(
      try point.value(of: a).result, try point.value(of: b).result, floor: 1e-3)
    largest = max(largest, difference)
  }
  return largest
}
