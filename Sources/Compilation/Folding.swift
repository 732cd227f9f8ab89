import CKernels
import ExpressionCore

/// Takes scalings and sums into the products next to them, so that BLAS does both at once.
struct Folding {
  private let source: ValueBuilder
  private var uses: [Int]
  private(set) var builder = ValueBuilder()
  private var place: [Int] = []

  /// A product whose inner dimension is longer than this costs far more than adding its result.
  private static let longestInner = 256
  /// From this size a pass over the result is worth saving.
  private static let smallestResult = 4096

  static func run(_ source: ValueBuilder, outputs: [Int]) -> (ValueBuilder, [Int]) {
    var folding = Folding(source, outputs)
    for index in source.values.indices {
      folding.builder.origin = source.origins[index]
      folding.place.append(folding.uses[index] > 0 ? folding.folded(index) : -1)
    }
    return (folding.builder, outputs.map { folding.place[$0] })
  }

  private init(_ source: ValueBuilder, _ outputs: [Int]) {
    self.source = source
    uses = [Int](repeating: 0, count: source.values.count)
    for output in outputs { uses[output] += 1 }
    for index in source.values.indices.reversed() where uses[index] > 0 {
      for operand in source.values[index].operands { uses[operand] += 1 }
    }
  }

  private mutating func folded(_ index: Int) -> Int {
    let value = source.values[index]
    switch value.operation {
    case .unary(FKUnaryNegate):
      if let scaled = scaled(value.operands[0], by: -1) { return scaled }
    case .binary(FKBinaryMultiply):
      if let factor = source.values[value.operands[1]].constant,
        let scaled = scaled(value.operands[0], by: factor)
      {
        return scaled
      }
    case .binary(FKBinaryAdd), .binary(FKBinarySubtract):
      let sign = value.operation == .binary(FKBinarySubtract) ? -1.0 : 1.0
      if let sum = accumulated(value.operands[0], value.operands[1], sign, value) { return sum }
    case .product(let form) where form.beta == 0:
      let (a, b) = (value.operands[0], value.operands[1])
      // B'*inv(A)*B as it is, or with the transpose of the solve on the left.
      let left = form.transposesLeft ? a : source.knownTranspose(of: a)
      let right = form.transposesRight ? source.knownTranspose(of: b) : b
      if let half = (form.transposesRight ? nil : left.flatMap { halved($0, b) })
        ?? (form.transposesLeft ? right.flatMap { halved($0, a) } : nil)
      {
        var product = value
        product.operation = .product(
          Value.ProductForm(transposesLeft: true, alpha: form.alpha, isSymmetric: true))
        product.operands = [half, half]
        return builder.add(product)
      }
    case .reduction(FKReductionDot, .all):
      let (a, b) = (value.operands[0], value.operands[1])
      if let half = halved(a, b) ?? halved(b, a) {
        var dot = value
        dot.operands = [half, half]
        return builder.add(dot)
      }
    default: break
    }
    var copy = value
    copy.operands = value.operands.map { place[$0] }
    return builder.add(copy)
  }

  /// inv(L)*B of B and inv(L*L')*B, which are multiplied with one another and the latter with nothing
  /// else: B'*inv(A)*B takes half of a solve, and is the product of a matrix and its transpose.
  private mutating func halved(_ right: Int, _ quotient: Int) -> Int? {
    let value = source.values[quotient]
    guard value.operation == .solve(.cholesky, transposed: false), !value.isVector,
      value.operands[1] == right, uses[quotient] == 1
    else { return nil }
    var half = value
    half.operation = .halfSolve
    half.operands = value.operands.map { place[$0] }
    return builder.add(half)
  }

  /// The value that already stands for an operand that only this use has.
  private func only(_ operand: Int) -> Value? {
    uses[operand] == 1 ? builder.values[place[operand]] : nil
  }

  private mutating func scaled(_ operand: Int, by factor: Double) -> Int? {
    guard var value = only(operand), let operation = value.operation.scaled(by: factor) else {
      return nil
    }
    value.operation = operation
    return builder.add(value)
  }

  /// a + sign*b, where one of them is a product.
  private mutating func accumulated(
    _ a: Int, _ b: Int, _ sign: Double, _ sum: Value
  ) -> Int? {
    func isWhole(_ operand: Int) -> Bool {
      let value = source.values[operand]
      return value.rows == sum.rows && value.columns == sum.columns && value.constant == nil
    }
    // A vector is added in the pass that goes over it next.
    guard sum.count >= Self.smallestResult, !sum.isVector, isWhole(a), isWhole(b), a != b else {
      return nil
    }
    for (first, other, outer, inner) in [(b, a, sign, 1.0), (a, b, 1.0, sign)] {
      guard let value = only(first), builder.values[place[other]] != value else { continue }
      switch value.operation {
      case .product(var form) where form.beta == 0 && isShort(value, form):
        form.alpha *= outer
        form.beta = inner
        form.isSymmetric = false
        var result = value
        result.operation = .product(form)
        result.operands.append(place[other])
        return builder.add(result)
      case .kronecker(let factors, beta: 0):
        var result = value
        result.operation = .kronecker(factors.map { $0.scaled(by: outer) }, beta: inner)
        result.operands.append(place[other])
        return builder.add(result)
      default: continue
      }
    }
    return nil
  }

  private func isShort(_ value: Value, _ form: Value.ProductForm) -> Bool {
    let left = builder.values[value.operands[0]]
    return (form.transposesLeft ? left.rows : left.columns) <= Self.longestInner
  }
}

extension Value.Operation {
  /// The operation times a number, where it takes one in.
  fileprivate func scaled(by factor: Double) -> Self? {
    switch self {
    case .product(var form):
      form.alpha *= factor
      form.beta *= factor
      return .product(form)
    case .kronecker(let factors, let beta):
      return .kronecker(factors.map { $0.scaled(by: factor) }, beta: beta * factor)
    default: return nil
    }
  }
}

extension Value.KroneckerFactor {
  fileprivate func scaled(by factor: Double) -> Self {
    Self(alpha: alpha * factor, commutes: commutes)
  }
}
