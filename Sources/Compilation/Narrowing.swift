import CKernels

/// Which values are stored as floats, and the copies between the precisions.
///
/// In a program of floats these are the inputs and outputs, the operands and results of large
/// products of matrices, which are in single precision, and large matrices between passes. Passes,
/// products with vectors and what moves entries read floats as they are. All else is in double
/// precision: factorizations and what is divided by them, sums, vectors and small matrices. In a
/// program of doubles inputs may be floats.
struct Narrowing {
  private(set) var builder = ValueBuilder()
  private(set) var outputs: [Int] = []
  /// By value of the builder.
  private(set) var isNarrow: [Bool] = []

  private let source: ValueBuilder
  private let options: Program.Options
  /// Whether there is a library for products in single precision.
  private let hasLibrary: Bool
  /// By value of the source, whether something reads it that reads doubles alone.
  private var needsDoubles: [Bool]
  private var place: [Int] = []

  /// - Parameter inputs: Those that are floats.
  init(
    _ source: ValueBuilder, outputs: [Int], inputs: Set<Int>, options: Program.Options,
    hasLibrary: Bool
  ) {
    self.source = source
    self.options = options
    self.hasLibrary = hasLibrary
    needsDoubles = [Bool](repeating: false, count: source.values.count)
    findReaders()
    for index in source.values.indices {
      builder.origin = source.origins[index]
      var value = source.values[index]
      if case .input(let variable) = value.operation {
        place.append(add(value, asFloats: inputs.contains(variable)))
      } else if value.operation == .norm, isFloats(place[value.operands[0]]) {
        place.append(norm(place[value.operands[0]]))
      } else {
        let asFloats = storesFloats(index)
        value.operation = operation(value)
        value.operands = value.operands.enumerated().map { position, operand in
          switch reads(value, position) {
          case .either: place[operand]
          case .floats: converted(place[operand], toFloats: true)
          case .doubles: converted(place[operand], toFloats: false)
          }
        }
        place.append(add(value, asFloats: asFloats))
      }
    }
    self.outputs = outputs.map { output in
      options.precision == .float ? converted(place[output], toFloats: true) : place[output]
    }
  }

  // MARK: What is read and stored

  private enum Reading { case either, floats, doubles }

  /// How an operation reads an operand.
  private func reads(_ value: Value, _ position: Int) -> Reading {
    // What a value is added to is copied, unless it lies there already.
    if position == value.operands.count - 1, Storage.accumulatesLast(value) {
      return value.isVector ? .doubles : .either
    }
    switch value.operation {
    case .unary, .binary, .reduction, .reshape, .transpose, .block, .blocks, .diagonalOf:
      return .either
    case .product(let form):
      if isSingle(value) { return .floats }
      let matrix = ProductPairs.matrixTimesVector(value, form, source.values)?.0
      return value.operands[position] == matrix ? .either : .doubles
    default: return .doubles
    }
  }

  /// Whether a value is a product of matrices that repays single precision.
  private func isSingle(_ value: Value) -> Bool {
    guard options.precision == .float, hasLibrary, case .product(let form) = value.operation else {
      return false
    }
    return !value.isVector
      && value.multiplications(form, source.values) >= options.smallestSingleProduct
  }

  private mutating func findReaders() {
    for (index, value) in source.values.enumerated().reversed() {
      for (position, operand) in value.operands.enumerated() {
        let isView = value.operation == .reshape
        if isView ? needsDoubles[index] : reads(value, position) == .doubles {
          needsDoubles[operand] = true
        }
      }
    }
  }

  private func storesFloats(_ index: Int) -> Bool {
    let value = source.values[index]
    switch value.operation {
    case .product: return isSingle(value)
    case .unary, .binary, .transpose, .block, .blocks:
      return options.precision == .float && !value.isVector && !needsDoubles[index]
        && value.count >= options.smallestNarrowMatrix
    default: return false
    }
  }

  /// Kernels for products of symmetric and triangular matrices with vectors read doubles: a copy
  /// would cost more than they save.
  private func operation(_ value: Value) -> Value.Operation {
    guard case .product(var form) = value.operation,
      let (matrix, _, _) = ProductPairs.matrixTimesVector(value, form, source.values),
      isFloats(place[matrix])
    else { return value.operation }
    form.left = .general
    form.right = .general
    return .product(form)
  }

  /// Squares of floats neither overflow nor vanish in double precision.
  private mutating func norm(_ x: Int) -> Int {
    let squares = Value(
      operation: .reduction(FKReductionDot, .all), operands: [x, x], rows: 1, columns: 1,
      shape: .scalar)
    let sum = add(squares, asFloats: false)
    return add(
      Value(
        operation: .unary(FKUnarySqrt), operands: [sum], rows: 1, columns: 1, shape: .scalar),
      asFloats: false)
  }

  // MARK: Making values

  private mutating func add(_ value: Value, asFloats: Bool) -> Int {
    let index = builder.add(value)
    if index == isNarrow.count { isNarrow.append(asFloats) }
    return index
  }

  private func isFloats(_ index: Int) -> Bool {
    let value = builder.values[index]
    return isNarrow[value.operation == .reshape ? value.operands[0] : index]
  }

  private mutating func converted(_ index: Int, toFloats: Bool) -> Int {
    guard isFloats(index) != toFloats else { return index }
    var value = builder.values[index]
    value.operation = .unary(FKUnaryCopy)
    value.operands = [index]
    return add(value, asFloats: toFloats)
  }
}
