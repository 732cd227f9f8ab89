import Evaluation
import ExpressionCore
import ExpressionLanguage
import Planning
import Testing

@testable import Compilation

/// The largest difference of two matrices, relative to the largest entry of the second.
func relativeDistance(_ a: Matrix, _ b: Matrix) -> Double {
  guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
  var largest = 0.0
  for (x, y) in zip(a.values, b.values) where !(x == y || x.isNaN && y.isNaN) {
    largest = x.isNaN || y.isNaN ? .infinity : max(largest, (x - y).magnitude)
  }
  return largest / max(b.maxMagnitude, 1)
}

extension Program {
  /// Compiles one input that computes its value.
  init(
    _ input: TypedInput, sizes: [String: Int], options: Options = Options()
  ) throws {
    let formula = Listing.Formula(role: .value, input: input, text: input.source)
    try self.init(Listing([formula]), sizes: sizes, options: options)
  }
}
