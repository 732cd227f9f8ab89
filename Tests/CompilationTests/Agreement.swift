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

extension Program.Options {
  /// Products and matrices of all sizes in single precision, where large ones would be.
  static var everythingNarrow: Self {
    var options = Self()
    options.smallestSingleProduct = 0
    options.smallestNarrowMatrix = 0
    return options
  }
}

/// Whether the program for floats computes what the one for doubles does at the same data, but for
/// the bound of what is stored and multiplied as floats: one rounding of the result where nothing
/// else is.
func expectWithinBound(
  _ input: TypedInput, _ matrices: [String: Matrix], sizes: [String: Int] = [:],
  options: Program.Options = Program.Options()
) throws {
  try expectWithinBound([input], matrices, sizes: sizes, options: options)
}

/// The same of several outputs of one program.
func expectWithinBound(
  _ inputs: [TypedInput], _ matrices: [String: Matrix], sizes: [String: Int] = [:],
  options: Program.Options = Program.Options()
) throws {
  let data = matrices.mapValues { $0.rounded(to: .float) }
  let listing = Listing(
    inputs.map { Listing.Formula(role: .value, input: $0, text: $0.source) })
  guard let expected = try? Program(listing, sizes: sizes, options: options)(data),
    expected.allSatisfy(\.allFinite)
  else { return }
  var options = options
  options.precision = .float
  let values = try ProgramValues(listing, sizes: sizes, options: options)
  let bounds = try ErrorBound.outputs(values, data)
  let results = try Program(values, options: options)(data)
  for (position, input) in inputs.enumerated() {
    let (result, expected) = (results[position], expected[position])
    #expect(result == result.rounded(to: .float))
    let isWithin = isWithin(result, expected, bounds[position].error)
    #expect(isWithin, "\(input.source): \(result) instead of \(expected)")
  }
}

/// Besides the bound there may be that of another order of operations in double precision.
func isWithin(_ result: Matrix, _ expected: Matrix, _ bound: Matrix) -> Bool {
  let doubles = 1e-10 * max(expected.maxMagnitude, 1)
  return result.size == expected.size
    && result.values.indices.allSatisfy { entry in
      let (a, b) = (result[entry], expected[entry])
      return a == b || (a - b).magnitude <= bound[entry] + doubles
    }
}
