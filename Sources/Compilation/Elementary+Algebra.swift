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
      return product(
        x[0], x[1], isSymmetric: listing.isSymmetric(index),
        structures: (structure(node.operands[0]), structure(node.operands[1])))
    case .divide:
      guard builder.values[x[1]].isScalar else { return nil }
      return builder.binary(FKBinaryDivide, x[0], x[1], like: x[0])
    case .leftDivide, .solve:
      if builder.values[x[0]].isScalar {
        return builder.binary(FKBinaryDivide, x[1], x[0], like: x[1])
      }
      guard builder.values[x[1]].rows == builder.values[x[0]].rows else { return nil }
      if let quotient = try divided(x[1], by: node.operands[0]) { return quotient }
      let kind = factorization(node.operands[0])
      let right = builder.values[x[1]]
      if right.operation == .identity { return inverse(x[0], kind) }
      let (source, transposed) = factored(x[0], kind)
      return builder.add(
        .solve(kind, transposed: transposed), [source, x[1]], right.shape, right.rows,
        right.columns)
    case .inv:
      guard !builder.values[x[0]].isScalar else { return nil }
      let value = builder.values[x[0]]
      let identity = builder.add(.identity, [], value.shape, value.rows, value.columns)
      if let inverse = try divided(identity, by: node.operands[0]) { return inverse }
      return inverse(x[0], factorization(node.operands[0]))
    case .logdet:
      guard !builder.values[x[0]].isScalar else { return nil }
      if let sum = try triangularLogdet(of: node.operands[0]) { return sum }
      let kind = factorization(node.operands[0])
      return builder.add(
        .logdet(kind, isOfDeterminant: false), [factored(x[0], kind).factor], .scalar, 1, 1)
    case .chol:
      guard !builder.values[x[0]].isScalar else { return nil }
      return choleskyFactor(x[0], isSymmetric: listing.isSymmetric(node.operands[0]))
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

  private func structure(_ node: Int) -> Value.Structure {
    let facts = listing.facts[node]
    if facts.contains(.diagonal) { return .diagonal }
    if facts.contains(.lower) { return .lower }
    if facts.contains(.upper) { return .upper }
    return facts.contains(.symmetric) ? .symmetric : .general
  }

  private func factorization(_ node: Int) -> Listing.Factorization {
    listing.isPositiveDefinite(node) ? .cholesky : .lu
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

  // MARK: Triangular matrices

  /// inv(A*B)*X as inv(B)*(inv(A)*X); nil where the matrix has no triangular factors.
  private mutating func divided(
    _ right: Int, by matrix: Int
  ) throws(EvaluationError) -> Int? {
    let factors = listing.triangularFactors(matrix)
    guard !factors.isEmpty else { return nil }
    var result = right
    for factor in factors {
      result = triangularSolve(try value(factor), structure(factor), result)
    }
    return result
  }

  private mutating func triangularLogdet(of matrix: Int) throws(EvaluationError) -> Int? {
    var terms: [Int] = []
    for factor in listing.triangularFactors(matrix) {
      terms.append(builder.add(.triangularLogdet, [try value(factor)], .scalar, 1, 1))
    }
    guard let first = terms.first else { return nil }
    return terms.dropFirst().reduce(first) {
      builder.binary(FKBinaryAdd, $0, $1, .scalar, 1, 1)
    }
  }

  private mutating func triangularSolve(
    _ x: Int, _ structure: Value.Structure, _ right: Int
  ) -> Int {
    let value = builder.values[right]
    if value.operation == .identity { return triangularInverse(x, structure) }
    let (source, transposed) = untransposed(x)
    return builder.add(
      .triangularSolve(transposed ? structure.transposed : structure, transposed: transposed),
      [source, right], value.shape, value.rows, value.columns)
  }

  private mutating func triangularInverse(_ x: Int, _ structure: Value.Structure) -> Int {
    let value = builder.values[x]
    return builder.add(
      .triangularInverse(structure), [x], value.shape, value.rows, value.columns)
  }

  private func untransposed(_ x: Int) -> (source: Int, transposed: Bool) {
    builder.values[x].operation == .transpose ? (builder.values[x].operands[0], true) : (x, false)
  }

  /// That of the symmetric part, as everywhere in the language.
  private mutating func choleskyFactor(_ x: Int, isSymmetric: Bool) -> Int {
    var source = x
    let value = builder.values[x]
    if !isSymmetric {
      let both = builder.binary(FKBinaryAdd, x, builder.transposed(x), like: x)
      source = builder.scaled(both, by: 0.5)
    }
    let factor = builder.add(
      .factor(.cholesky), [source], value.shape, value.rows, value.columns)
    return builder.add(
      .triangle(lower: true), [factor], value.shape, value.rows, value.columns)
  }

  // MARK: Products

  /// From this order on a product with a vector gains from reading half of a matrix.
  private static let smallestHalf = 256
  /// From this order on the product of a triangular matrix with a matrix gains from its zeros.
  private static let smallestTriangle = 64

  private func repays(_ matrix: Value, _ structure: Value.Structure, _ other: Value) -> Bool {
    if other.isVector { return matrix.rows >= Self.smallestHalf && structure != .general }
    return matrix.rows >= Self.smallestTriangle
      && (structure == .lower || structure == .upper)
  }

  mutating func product(
    _ a: Int, _ b: Int, isSymmetric: Bool = false,
    structures: (left: Value.Structure, right: Value.Structure) = (.general, .general)
  ) -> Int {
    let (left, right) = (builder.values[a], builder.values[b])
    if left.isScalar { return builder.binary(FKBinaryMultiply, b, a, like: b) }
    if right.isScalar { return builder.binary(FKBinaryMultiply, a, b, like: a) }
    if left.operation == .identity { return b }
    if right.operation == .identity { return a }
    let shape = Shape(left.shape.rows, right.shape.columns)
    if let scaled = builder.scaledByDiagonal(a, b, shape) { return scaled }
    if structures.left == .diagonal {
      return builder.binary(
        FKBinaryMultiply, b, builder.diagonal(of: a), shape, left.rows, right.columns)
    }
    if structures.right == .diagonal {
      let scale = builder.transposed(builder.diagonal(of: b))
      return builder.binary(FKBinaryMultiply, a, scale, shape, left.rows, right.columns)
    }
    if left.rows == 1, let factor = left.constant {
      return builder.scaled(builder.reduction(FKReductionSum, .rows, [b]), by: factor)
    }
    if right.columns == 1, let factor = right.constant {
      return builder.scaled(builder.reduction(FKReductionSum, .columns, [a]), by: factor)
    }
    if left.rows == 1, right.columns == 1 {
      return builder.reduction(FKReductionDot, .all, [a, b])
    }
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
    if repays(left, structures.left, right) {
      form.left = form.transposesLeft ? structures.left.transposed : structures.left
    } else if repays(right, structures.right, left) {
      form.right = form.transposesRight ? structures.right.transposed : structures.right
    }
    return builder.add(.product(form), operands, shape, left.rows, right.columns)
  }
}
