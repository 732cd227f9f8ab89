import CKernels
import Evaluation
import ExpressionCore
import Planning

extension Elementary {
  mutating func algebra(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Int], _ index: Int
  ) throws(EvaluationError) -> Int? {
    switch primitive {
    case .multiply:
      let (left, right) = (builder.values[x[0]], builder.values[x[1]])
      guard left.isScalar || right.isScalar || left.columns == right.rows else {
        throw .sizesDoNotFit(
          Place(text: Self.text(node)),
          [MatrixSize(left.rows, left.columns), MatrixSize(right.rows, right.columns)])
      }
      return product(x[0], x[1], isSymmetric: listing.isSymmetric(index))
    case .divide:
      guard builder.values[x[1]].isScalar else { return nil }
      return builder.binary(FKBinaryDivide, x[0], x[1], like: x[0])
    case .leftDivide, .solve:
      if builder.values[x[0]].isScalar {
        return builder.binary(FKBinaryDivide, x[1], x[0], like: x[1])
      }
      guard builder.values[x[1]].rows == builder.values[x[0]].rows else { return nil }
      let kind = factorization(node.operands[0])
      let right = builder.values[x[1]]
      if right.operation == .identity { return inverse(x[0], kind) }
      let (source, transposed) = factored(x[0], kind)
      return builder.add(
        .solve(kind, transposed: transposed), [source, x[1]], right.shape, right.rows,
        right.columns)
    case .inv:
      guard !builder.values[x[0]].isScalar else { return nil }
      return inverse(x[0], factorization(node.operands[0]))
    case .logdet:
      guard !builder.values[x[0]].isScalar else { return nil }
      let kind = factorization(node.operands[0])
      return builder.add(
        .logdet(kind, isOfDeterminant: false), [factored(x[0], kind).factor], .scalar, 1, 1)
    case .power:
      guard let exponent = builder.values[x[1]].constant else { return nil }
      switch exponent {
      case 1: return x[0]
      case 2: return product(x[0], x[0], isSymmetric: listing.isSymmetric(index))
      default: return nil
      }
    default: return nil
    }
  }

  private func factorization(_ node: Int) -> Listing.Factorization {
    listing.isPositiveDefinite(node) ? .cholesky : .lu
  }

  /// `log(det(X))`, which is `logdet(X)` where the determinant is positive: a determinant may be
  /// too large or too small for a number.
  mutating func logarithmOfDeterminant(_ node: Listing.Node) -> Int? {
    let determinant = listing.nodes[node.operands[0]]
    guard determinant.operation == .primitive(.det), let x = place[determinant.operands[0]] else {
      return nil
    }
    guard !builder.values[x].isScalar else { return builder.unary(FKUnaryLog, x) }
    let kind = factorization(determinant.operands[0])
    return builder.add(
      .logdet(kind, isOfDeterminant: true), [factored(x, kind).factor], .scalar, 1, 1)
  }

  /// The factorization of a matrix, or of what it is the transpose of.
  private mutating func factored(
    _ x: Int, _ kind: Listing.Factorization
  ) -> (factor: Int, transposed: Bool) {
    var source = x
    var transposed = false
    if builder.values[x].operation == .transpose {
      (source, transposed) = (builder.values[x].operands[0], kind == .lu)
    }
    let value = builder.values[source]
    let factor = builder.add(.factor(kind), [source], value.shape, value.rows, value.columns)
    return (factor, transposed)
  }

  private mutating func inverse(_ x: Int, _ kind: Listing.Factorization) -> Int {
    let value = builder.values[x]
    let factor = builder.add(.factor(kind), [x], value.shape, value.rows, value.columns)
    return builder.add(.inverse(kind), [factor], value.shape, value.rows, value.columns)
  }

  mutating func product(_ a: Int, _ b: Int, isSymmetric: Bool = false) -> Int {
    let (left, right) = (builder.values[a], builder.values[b])
    if left.isScalar { return builder.binary(FKBinaryMultiply, b, a, like: b) }
    if right.isScalar { return builder.binary(FKBinaryMultiply, a, b, like: a) }
    if left.operation == .identity { return b }
    if right.operation == .identity { return a }
    let shape = Shape(left.shape.rows, right.shape.columns)
    if left.rows == 1, let factor = left.constant {
      return builder.scaled(builder.reduction(FKReductionSum, .rows, [b]), by: factor)
    }
    if right.columns == 1, let factor = right.constant {
      return builder.scaled(builder.reduction(FKReductionSum, .columns, [a]), by: factor)
    }
    if left.rows == 1, right.columns == 1 {
      return builder.reduction(FKReductionDot, .all, [a, b])
    }
    if let scaled = builder.scaledByDiagonal(a, b, shape) { return scaled }
    if left.columns == 1, right.rows == 1 {
      // An outer product goes along in the pass that uses it.
      return builder.binary(FKBinaryMultiply, a, b, shape, left.rows, right.columns)
    }
    var form = Value.ProductForm()
    var operands = [a, b]
    if left.operation == .transpose || left.rows == 1 {
      form.transposesLeft = true
      operands[0] = builder.transposed(a)
    }
    if right.operation == .transpose || right.rows == 1 {
      form.transposesRight = true
      operands[1] = builder.transposed(b)
    }
    form.isSymmetric = isSymmetric && !left.isVector
    return builder.add(.product(form), operands, shape, left.rows, right.columns)
  }
}
