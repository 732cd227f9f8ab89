import CKernels

/// Rewrites values for inputs and outputs that are floats. Passes and products with vectors read
/// floats as they are; all else reads a copy, which a pass makes, as one makes every output.
struct Widening {
  private let source: ValueBuilder
  private var builder = ValueBuilder()
  private var place: [Int] = []

  static func run(_ source: ValueBuilder, outputs: [Int]) -> (ValueBuilder, [Int]) {
    var widening = Widening(source: source)
    for index in source.values.indices {
      widening.builder.origin = source.origins[index]
      let rewritten = widening.rewritten(source.values[index])
      widening.place.append(rewritten)
    }
    let results = outputs.map { widening.copy(widening.place[$0]) }
    return (widening.builder, results)
  }

  private init(source: ValueBuilder) { self.source = source }

  private mutating func rewritten(_ value: Value) -> Int {
    var value = value
    switch value.operation {
    case .unary, .binary, .reduction, .reshape:
      value.operands = value.operands.map { place[$0] }
    case .product(let form):
      // Kernels for triangular and symmetric matrices read doubles.
      let isGeneral = form.left == .general && form.right == .general
      let matrix =
        isGeneral ? ProductPairs.matrixTimesVector(value, form, source.values)?.0 : nil
      value.operands = value.operands.map { $0 == matrix ? place[$0] : widened(place[$0]) }
    case .norm where isNarrow(place[value.operands[0]]):
      // Squares of floats neither overflow nor vanish in double precision.
      let x = place[value.operands[0]]
      let squares = builder.add(.reduction(FKReductionDot, .all), [x, x], .scalar, 1, 1)
      return builder.unary(FKUnarySqrt, squares)
    default:
      value.operands = value.operands.map { widened(place[$0]) }
    }
    return builder.add(value)
  }

  private func isNarrow(_ index: Int) -> Bool {
    let value = builder.values[index]
    let base = value.operation == .reshape ? builder.values[value.operands[0]] : value
    if case .input = base.operation { return true }
    return false
  }

  private mutating func widened(_ index: Int) -> Int { isNarrow(index) ? copy(index) : index }

  private mutating func copy(_ index: Int) -> Int {
    let value = builder.values[index]
    return builder.add(.unary(FKUnaryCopy), [index], value.shape, value.rows, value.columns)
  }
}
