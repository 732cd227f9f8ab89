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

/// Whether the program for floats computes what the one for doubles does at the same data, and
/// rounds it: the error is half a unit in the last place of a float, besides that of another order of
/// operations in double precision.
func expectRounded(
  _ input: TypedInput, _ matrices: [String: Matrix], sizes: [String: Int] = [:],
  options: Program.Options = Program.Options()
) throws {
  let data = matrices.mapValues { $0.rounded(to: .float) }
  guard let expected = try? Program(input, sizes: sizes, options: options)(data)[0],
    expected.allFinite
  else { return }
  var options = options
  options.precision = .float
  let result = try Program(input, sizes: sizes, options: options)(data)[0]
  #expect(result == result.rounded(to: .float))
  #expect(
    isRounded(result, expected), "\(input.source): \(result) instead of \(expected)")
}

func isRounded(_ result: Matrix, _ expected: Matrix) -> Bool {
  let doubles = 1e-10 * max(expected.maxMagnitude, 1)
  return result.size == expected.size
    && zip(result.values, expected.values).allSatisfy { a, b in
      a == b || (a - b).magnitude <= Double(Float(b).ulp) * 0.5000001 + doubles
    }
}
