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

  /// diag(d)*B or A*diag(d), as a scaling of rows or columns.
  mutating func scaledByDiagonal(_ a: Int, _ b: Int, _ shape: Shape) -> Int? {
    let (m, n) = (values[a].rows, values[b].columns)
    if let left = diagonalEntries(a), let right = diagonalEntries(b) {
      let larger = values[left].isScalar ? right : left
      return diagonalMatrix(binary(FKBinaryMultiply, left, right, like: larger), shape, m)
    }
    if let entries = diagonalEntries(a) {
      return binary(FKBinaryMultiply, b, entries, shape, m, n)
    }
    guard let entries = diagonalEntries(b) else { return nil }
    let row =
      values[entries].isScalar
      ? entries : reshaped(entries, Shape(1, values[entries].shape.rows), 1, n)
    return binary(FKBinaryMultiply, a, row, shape, m, n)
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

  // MARK: The diagonal of a matrix

  /// The diagonal of a square matrix, without the rest of the entries of what it is made of.
  mutating func diagonal(of x: Int) -> Int {
    diagonal(of: x, depth: 0)
  }

  /// Sums and products this deep are looked into.
  private static var deepest: Int { 20 }

  private mutating func diagonal(of x: Int, depth: Int) -> Int {
    let value = values[x]
    if value.isScalar { return x }
    let (shape, order) = (Shape(value.shape.rows, 1), value.rows)
    /// The entries that an operand of an operation on entries puts on the diagonal.
    func part(_ operand: Int, _ builder: inout ValueBuilder) -> Int {
      let part = builder.values[operand]
      if part.isScalar || part.columns == 1 { return operand }
      if part.rows == 1 { return builder.reshaped(operand, shape, order, 1) }
      return builder.diagonal(of: operand, depth: depth + 1)
    }
    guard depth < Self.deepest else { return add(.diagonalOf, [x], shape, order, 1) }
    switch value.operation {
    case .constant(let number): return add(.constant(number), [], shape, order, 1)
    case .identity: return add(.constant(1), [], shape, order, 1)
    case .transpose: return diagonal(of: value.operands[0], depth: depth + 1)
    case .unary(let function):
      let entries = part(value.operands[0], &self)
      if values[entries].isScalar { return add(.unary(function), [entries], shape, order, 1) }
      return unary(function, entries)
    case .binary(let function):
      let (a, b) = (part(value.operands[0], &self), part(value.operands[1], &self))
      return binary(function, a, b, shape, order, 1)
    case .plusDiagonal:
      let rest = diagonal(of: value.operands[0], depth: depth + 1)
      return binary(FKBinaryAdd, rest, value.operands[1], shape, order, 1)
    case .diagonalMatrix where values[value.operands[0]].count == order:
      return reshaped(value.operands[0], shape, order, 1)
    case .product(let form) where form.beta == 0: return diagonalOfProduct(value, form, shape)
    default: return add(.diagonalOf, [x], shape, order, 1)
    }
  }

  /// diag(A*B), entry i of which is the dot product of A's row i and B's column i.
  private mutating func diagonalOfProduct(
    _ value: Value, _ form: Value.ProductForm, _ shape: Shape
  ) -> Int {
    let (a, b) = (value.operands[0], value.operands[1])
    // Rows of A beside columns of B as they lie, where one of the two has to be turned anyway.
    let leftIsTurned = form.transposesLeft != (values[a].operation == .transpose)
    let rightIsTurned = form.transposesRight != (values[b].operation == .transpose)
    let entries: Int
    if leftIsTurned, !rightIsTurned {
      let left = form.transposesLeft ? a : transposed(a)
      let right = form.transposesRight ? transposed(b) : b
      entries = reshaped(
        reduction(FKReductionDot, .rows, [left, right]), shape, value.rows, 1)
    } else {
      let left = form.transposesLeft ? transposed(a) : a
      let right = form.transposesRight ? b : transposed(b)
      entries = reduction(FKReductionDot, .columns, [left, right])
    }
    return form.alpha == 1 ? entries : scaled(entries, by: form.alpha)
  }
}
