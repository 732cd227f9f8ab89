import CKernels
import ExpressionCore

/// Diagonal matrices are known by their entries: scaling one, and adding it to a matrix, takes n
/// operations instead of n².
extension ValueBuilder {
  /// The entries on the diagonal of a diagonal matrix: a vector, or a number for all of them.
  private mutating func diagonalEntries(_ x: Int) -> Int? {
    let value = values[x]
    guard value.rows > 1, value.rows == value.columns else { return nil }
    switch value.operation {
    case .identity: return constant(1)
    case .diagonalMatrix: return value.operands[0]
    default: return nil
    }
  }

  private mutating func diagonalMatrix(_ entries: Int, _ shape: Shape, _ order: Int) -> Int {
    if values[entries].constant == 1 { return add(.identity, [], shape, order, order) }
    return add(.diagonalMatrix, [entries], shape, order, order)
  }

  /// -diag(d).
  mutating func negatedDiagonal(_ x: Int) -> Int? {
    guard let entries = diagonalEntries(x) else { return nil }
    return diagonalMatrix(unary(FKUnaryNegate, entries), values[x].shape, values[x].rows)
  }

  /// An operation on matrices of which one is diagonal; nil where its zeros do not help.
  mutating func diagonalBinary(
    _ operation: FKBinary, _ a: Int, _ b: Int, _ shape: Shape, _ order: Int
  ) -> Int? {
    switch operation {
    case FKBinaryMultiply:
      for (matrix, factor) in [(a, b), (b, a)] where values[factor].isScalar {
        guard let entries = diagonalEntries(matrix) else { continue }
        return diagonalMatrix(scaledEntries(operation, entries, factor), shape, order)
      }
      return scaledSum(operation, a, b, shape, order)
    case FKBinaryDivide:
      guard values[b].isScalar, let entries = diagonalEntries(a) else { return nil }
      return diagonalMatrix(scaledEntries(operation, entries, b), shape, order)
    case FKBinaryAdd: return diagonalSum(a, b, isDifference: false, shape, order)
    case FKBinarySubtract: return diagonalSum(a, b, isDifference: true, shape, order)
    default: return nil
    }
  }

  /// s*(A + diag(d)) as s*A + diag(s*d), so that a product before the sum takes the factor in.
  private mutating func scaledSum(
    _ operation: FKBinary, _ a: Int, _ b: Int, _ shape: Shape, _ order: Int
  ) -> Int? {
    for (sum, factor) in [(a, b), (b, a)] where values[factor].constant != nil {
      guard values[factor].isScalar, values[sum].operation == .plusDiagonal else { continue }
      let (matrix, entries) = (values[sum].operands[0], values[sum].operands[1])
      let scaled = binary(operation, matrix, factor, shape, order, order)
      return add(
        .plusDiagonal, [scaled, scaledEntries(operation, entries, factor)], shape, order, order)
    }
    return nil
  }

  private mutating func scaledEntries(_ operation: FKBinary, _ entries: Int, _ factor: Int) -> Int {
    if operation == FKBinaryMultiply, values[entries].constant == 1 { return factor }
    return binary(operation, entries, factor, like: entries)
  }

  private mutating func diagonalSum(
    _ a: Int, _ b: Int, isDifference: Bool, _ shape: Shape, _ order: Int
  ) -> Int? {
    let operation = isDifference ? FKBinarySubtract : FKBinaryAdd
    let (left, right) = (diagonalEntries(a), diagonalEntries(b))
    if let left, let right {
      let larger = values[left].isScalar ? right : left
      return diagonalMatrix(binary(operation, left, right, like: larger), shape, order)
    }
    if let right, let matrix = whole(a, shape, order) {
      let entries = isDifference ? unary(FKUnaryNegate, right) : right
      return add(.plusDiagonal, [matrix, entries], shape, order, order)
    }
    if let left, let matrix = whole(b, shape, order) {
      let rest = isDifference ? unary(FKUnaryNegate, matrix) : matrix
      return add(.plusDiagonal, [rest, left], shape, order, order)
    }
    // The diagonal is added last, so that what is added before it may be one pass or one product.
    for (position, (sum, other)) in [(a, b), (b, a)].enumerated() {
      guard values[sum].operation == .plusDiagonal, let other = whole(other, shape, order) else {
        continue
      }
      let (matrix, entries) = (values[sum].operands[0], values[sum].operands[1])
      let both = position == 0 ? (matrix, other) : (other, matrix)
      let rest = binary(operation, both.0, both.1, shape, order, order)
      let negates = isDifference && position == 1
      return add(
        .plusDiagonal, [rest, negates ? unary(FKUnaryNegate, entries) : entries], shape, order,
        order)
    }
    return nil
  }

  /// A matrix of the whole size, not one that is spread.
  private mutating func whole(_ x: Int, _ shape: Shape, _ order: Int) -> Int? {
    if values[x].rows == order, values[x].columns == order { return x }
    guard let number = values[x].constant else { return nil }
    return add(.constant(number), [], shape, order, order)
  }
}
