import CKernels
import ExpressionCore

/// Values in the making: what is there already is used again, and numbers are computed at once.
struct ValueBuilder {
  private(set) var values: [Value] = []
  private var known: [Value: Int] = [:]
  /// The listing's node that each value belongs to, for the text of errors.
  private(set) var origins: [Int] = []
  var origin = 0

  mutating func add(_ value: Value) -> Int {
    if let index = known[value] { return index }
    let index = values.count
    known[value] = index
    values.append(value)
    origins.append(origin)
    return index
  }

  mutating func add(
    _ operation: Value.Operation, _ operands: [Int], _ shape: Shape, _ rows: Int, _ columns: Int
  ) -> Int {
    add(Value(operation: operation, operands: operands, rows: rows, columns: columns, shape: shape))
  }

  mutating func constant(_ value: Double) -> Int {
    add(.constant(value), [], .scalar, 1, 1)
  }

  // MARK: Entry by entry

  mutating func unary(_ operation: FKUnary, _ x: Int) -> Int {
    let value = values[x]
    if operation == FKUnaryNegate, let diagonal = negatedDiagonal(x) { return diagonal }
    if operation == FKUnaryNegate, let (factor, other) = spreadFactor(x) {
      return binary(FKBinaryMultiply, unary(operation, factor), other, like: x)
    }
    if let number = value.constant {
      var result = number
      withUnsafePointer(to: number) { fk_unary(operation)(&result, $0, 1) }
      return add(.constant(result), [], value.shape, value.rows, value.columns)
    }
    return add(.unary(operation), [x], value.shape, value.rows, value.columns)
  }

  mutating func binary(_ operation: FKBinary, _ a: Int, _ b: Int, like shape: Int) -> Int {
    let size = values[shape]
    return binary(operation, a, b, size.shape, size.rows, size.columns)
  }

  mutating func binary(
    _ operation: FKBinary, _ a: Int, _ b: Int, _ shape: Shape, _ rows: Int, _ columns: Int
  ) -> Int {
    if let x = values[a].constant, let y = values[b].constant {
      var result = 0.0
      withUnsafePointer(to: x) { x in
        withUnsafePointer(to: y) { fk_binary(operation)(&result, x, $0, 1) }
      }
      return add(.constant(result), [], shape, rows, columns)
    }
    if rows == columns, rows > 1, let value = diagonalBinary(operation, a, b, shape, rows) {
      return value
    }
    let fits = values[a].rows == rows && values[a].columns == columns
    if fits, values[b].isScalar, operation == FKBinaryMultiply || operation == FKBinaryDivide,
      let (factor, other) = spreadFactor(a)
    {
      let scaled = binary(operation, factor, b, like: factor)
      return binary(FKBinaryMultiply, scaled, other, shape, rows, columns)
    }
    if fits, let number = values[b].constant {
      if number == 1, operation == FKBinaryMultiply || operation == FKBinaryDivide { return a }
      if number == -1, operation == FKBinaryMultiply { return unary(FKUnaryNegate, a) }
    }
    if operation == FKBinaryMultiply {
      if a == b { return unary(FKUnarySquare, a) }
      if values[a].constant != nil || a > b && values[b].constant == nil {
        return binaryInOrder(operation, b, a, shape, rows, columns)
      }
    }
    return binaryInOrder(operation, a, b, shape, rows, columns)
  }

  /// Of a product of entries in which a vector is spread over a matrix, that vector and the other
  /// factor: a number is multiplied to it once, not to every entry.
  private func spreadFactor(_ x: Int) -> (Int, Int)? {
    let value = values[x]
    guard value.operation == .binary(FKBinaryMultiply) else { return nil }
    let (a, b) = (value.operands[0], value.operands[1])
    let smaller = values[a].count < values[b].count ? a : b
    guard values[smaller].count < value.count, !values[smaller].isScalar else { return nil }
    return (smaller, smaller == a ? b : a)
  }

  private mutating func binaryInOrder(
    _ operation: FKBinary, _ a: Int, _ b: Int, _ shape: Shape, _ rows: Int, _ columns: Int
  ) -> Int {
    let fits = values[a].rows == rows && values[a].columns == columns
    if fits, operation == FKBinaryMultiply, let number = values[b].constant {
      if number == 1 { return a }
      if number == -1 { return unary(FKUnaryNegate, a) }
    }
    return add(.binary(operation), [a, b], shape, rows, columns)
  }

  mutating func scaled(_ x: Int, by factor: Double) -> Int {
    binary(FKBinaryMultiply, x, constant(factor), like: x)
  }

  mutating func reciprocal(_ x: Int) -> Int { unary(FKUnaryReciprocal, x) }

  // MARK: Reductions

  mutating func reduction(
    _ operation: FKReduction, _ axis: Value.ReductionAxis, _ operands: [Int]
  ) -> Int {
    let x = values[operands[0]]
    if axis == .rows && x.rows == 1 || axis == .columns && x.columns == 1 {
      // One entry each: the reduction is the entry.
      guard operation == FKReductionDot else { return operands[0] }
      return binary(FKBinaryMultiply, operands[0], operands[1], like: operands[0])
    }
    switch axis {
    case .all:
      return add(.reduction(operation, .all), operands, .scalar, 1, 1)
    case .rows:
      if x.columns == 1 { return reduction(operation, .all, operands) }
      return add(.reduction(operation, .rows), operands, Shape(1, x.shape.columns), 1, x.columns)
    case .columns:
      if x.rows == 1 { return reduction(operation, .all, operands) }
      return add(.reduction(operation, .columns), operands, Shape(x.shape.rows, 1), x.rows, 1)
    }
  }

  // MARK: Moving entries

  mutating func transposed(_ x: Int) -> Int {
    let value = values[x]
    if value.isScalar { return x }
    let shape = value.shape.transposed
    switch value.operation {
    case .transpose: return value.operands[0]
    case .constant, .identity:
      return add(value.operation, [], shape, value.columns, value.rows)
    default: break
    }
    if value.isVector { return reshaped(x, shape, value.columns, value.rows) }
    return add(.transpose, [x], shape, value.columns, value.rows)
  }

  /// The value that a value is the transpose of, or that is its transpose, if there is one.
  func knownTranspose(of x: Int) -> Int? {
    if values[x].operation == .transpose { return values[x].operands[0] }
    let value = values[x]
    return known[
      Value(
        operation: .transpose, operands: [x], rows: value.columns, columns: value.rows,
        shape: value.shape.transposed)]
  }

  mutating func reshaped(_ x: Int, _ shape: Shape, _ rows: Int, _ columns: Int) -> Int {
    var source = x
    if values[x].operation == .reshape { source = values[x].operands[0] }
    if values[source].rows == rows, values[source].columns == columns { return source }
    if case .constant = values[source].operation {
      return add(values[source].operation, [], shape, rows, columns)
    }
    return add(.reshape, [source], shape, rows, columns)
  }
}
