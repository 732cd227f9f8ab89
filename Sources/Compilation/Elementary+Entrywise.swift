import CKernels
import Evaluation
import ExpressionCore
import Planning

extension Elementary {
  mutating func entrywise(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Int], _ rows: Int, _ columns: Int
  ) -> Int? {
    func binary(_ operation: FKBinary, _ a: Int, _ b: Int, _ builder: inout ValueBuilder) -> Int {
      builder.binary(operation, a, b, node.shape, rows, columns)
    }
    switch primitive {
    case .add: return binary(FKBinaryAdd, x[0], x[1], &builder)
    case .subtract: return binary(FKBinarySubtract, x[0], x[1], &builder)
    case .hadamard: return binary(FKBinaryMultiply, x[0], x[1], &builder)
    case .elementwiseDivide: return binary(FKBinaryDivide, x[0], x[1], &builder)
    case .max: return binary(FKBinaryMax, x[0], x[1], &builder)
    case .min: return binary(FKBinaryMin, x[0], x[1], &builder)
    case .leakyrelu: return binary(FKBinaryLeakyRelu, x[0], x[1], &builder)
    case .clip:
      let raised = binary(FKBinaryMax, x[0], x[1], &builder)
      return binary(FKBinaryMin, raised, x[2], &builder)
    case .elementwisePower:
      return power(x[0], x[1]) ?? binary(FKBinaryPower, x[0], x[1], &builder)
    case .power where builder.values[x[0]].isScalar:
      return power(x[0], x[1]) ?? binary(FKBinaryPower, x[0], x[1], &builder)
    case .negate: return builder.unary(FKUnaryNegate, x[0])
    case .silu:
      let weight = builder.unary(FKUnarySigmoid, x[0])
      return binary(FKBinaryMultiply, x[0], weight, &builder)
    case .gelu:
      return binary(FKBinaryMultiply, x[0], normalDistribution(x[0]), &builder)
    case .normcdf: return normalDistribution(x[0])
    case .normpdf:
      let square = builder.unary(FKUnarySquare, x[0])
      let density = builder.unary(FKUnaryExp, builder.scaled(square, by: -0.5))
      return builder.scaled(density, by: 0.39894228040143267794)
    case .log: return logarithm(of: x[0])
    case .log1p:
      let value = builder.values[x[0]]
      guard value.operation == .unary(FKUnaryExp) else {
        return builder.unary(FKUnaryLog1p, x[0])
      }
      return builder.unary(FKUnarySoftplus, value.operands[0])
    default:
      if let function = FKUnary(primitive) { return builder.unary(function, x[0]) }
      return reduction(primitive, node, x)
    }
  }

  /// log(1 + exp(t)) as softplus(t), log(1 + t) as log1p(t), log(sum(exp(Z))) with the largest
  /// entry taken out, and logarithms of quotients and of the logistic function as differences:
  /// nothing overflows and nothing cancels.
  private mutating func logarithm(of x: Int) -> Int {
    let value = builder.values[x]
    switch value.operation {
    case .unary(FKUnaryExp): return value.operands[0]
    case .unary(FKUnarySigmoid):
      let opposite = builder.unary(FKUnaryNegate, value.operands[0])
      return builder.unary(FKUnaryNegate, builder.unary(FKUnarySoftplus, opposite))
    case .binary(FKBinarySubtract) where builder.values[value.operands[0]].constant == 1:
      let rest = builder.values[value.operands[1]]
      guard rest.operation == .unary(FKUnarySigmoid), rest.count == value.count else { break }
      return builder.unary(FKUnaryNegate, builder.unary(FKUnarySoftplus, rest.operands[0]))
    case .binary(FKBinaryDivide):
      let (numerator, denominator) = (value.operands[0], value.operands[1])
      if builder.values[numerator].constant == 1, builder.values[denominator].count == value.count {
        return builder.unary(FKUnaryNegate, logarithm(of: denominator))
      }
      let weights = builder.values[numerator]
      guard weights.operation == .unary(FKUnaryExp), weights.count == value.count else { break }
      return builder.binary(
        FKBinarySubtract, weights.operands[0], logarithm(of: denominator), like: x)
    case .binary(FKBinaryAdd):
      let (a, b) = (value.operands[0], value.operands[1])
      for (one, other) in [(a, b), (b, a)] where builder.values[one].constant == 1 {
        let rest = builder.values[other]
        guard rest.rows == value.rows, rest.columns == value.columns else { continue }
        return rest.operation == .unary(FKUnaryExp)
          ? builder.unary(FKUnarySoftplus, rest.operands[0])
          : builder.unary(FKUnaryLog1p, other)
      }
    case .reduction(FKReductionSum, let along):
      let weights = builder.values[value.operands[0]]
      if weights.operation == .unary(FKUnaryExp) {
        return logSumExp(weights.operands[0], along)
      }
    default: break
    }
    return builder.unary(FKUnaryLog, x)
  }

  private mutating func logSumExp(_ x: Int, _ along: Value.ReductionAxis) -> Int {
    let (shift, weights) = shiftedExponentials(x, along)
    let total = builder.unary(FKUnaryLog, sum(weights, along))
    return builder.binary(FKBinaryAdd, total, shift, like: total)
  }

  private mutating func normalDistribution(_ x: Int) -> Int {
    let tail = builder.unary(FKUnaryErfc, builder.scaled(x, by: -0.70710678118654752440))
    return builder.scaled(tail, by: 0.5)
  }

  /// Frequent exponents as products and roots.
  private mutating func power(_ x: Int, _ exponent: Int) -> Int? {
    guard let p = builder.values[exponent].constant else { return nil }
    if p < 0, let root = power(x, builder.constant(-p)) {
      return builder.unary(FKUnaryReciprocal, root)
    }
    switch p {
    case 0.5: return builder.unary(FKUnarySqrt, x)
    case 1: return x
    case 2: return builder.unary(FKUnarySquare, x)
    case 3: return builder.unary(FKUnaryCube, x)
    case 4: return builder.unary(FKUnarySquare, builder.unary(FKUnarySquare, x))
    case 1.5:
      return builder.binary(FKBinaryMultiply, x, builder.unary(FKUnarySqrt, x), like: x)
    default: return nil
    }
  }

  private mutating func reduction(_ primitive: Primitive, _ node: Listing.Node, _ x: [Int]) -> Int?
  {
    let axis = node.parameters.first?.literal
    let along: Value.ReductionAxis = axis == 1 ? .rows : axis == 2 ? .columns : .all
    switch primitive {
    case .sum: return sum(x[0], along)
    case .mean:
      let total = sum(x[0], along)
      let value = builder.values[x[0]]
      let count = axis == 1 ? value.rows : axis == 2 ? value.columns : value.count
      return builder.binary(FKBinaryDivide, total, builder.constant(Double(count)), like: total)
    case .prod: return builder.reduction(FKReductionProduct, along, [x[0]])
    case .maximum: return builder.reduction(FKReductionMax, along, [x[0]])
    case .minimum: return builder.reduction(FKReductionMin, along, [x[0]])
    case .norm1: return sum(builder.unary(FKUnaryAbs, x[0]), .all)
    case .norminf: return builder.reduction(FKReductionMax, .all, [builder.unary(FKUnaryAbs, x[0])])
    case .norm2, .normF: return builder.add(.norm, [x[0]], .scalar, 1, 1)
    case .dot: return builder.reduction(FKReductionDot, .all, x)
    case .logsumexp: return logSumExp(x[0], along)
    case .softmax:
      let weights = shiftedExponentials(x[0], along).weights
      return builder.binary(FKBinaryDivide, weights, sum(weights, along), like: weights)
    case .logsoftmax:
      let (shift, weights) = shiftedExponentials(x[0], along)
      let logarithm = builder.unary(FKUnaryLog, sum(weights, along))
      let shifted = builder.binary(FKBinarySubtract, x[0], shift, like: x[0])
      return builder.binary(FKBinarySubtract, shifted, logarithm, like: x[0])
    case .tr: return sum(builder.diagonal(of: x[0]), .all)
    default: return nil
    }
  }

  private mutating func sum(_ x: Int, _ along: Value.ReductionAxis) -> Int {
    // The sum of products of two matrices of one size needs no product in memory.
    if along == .all, case .binary(FKBinaryMultiply) = builder.values[x].operation {
      let value = builder.values[x]
      let spreads = value.operands.contains {
        builder.values[$0].count != value.count || builder.values[$0].rows != value.rows
      }
      if !spreads { return builder.reduction(FKReductionDot, .all, value.operands) }
    }
    if along == .all, case .unary(FKUnarySquare) = builder.values[x].operation {
      let root = builder.values[x].operands[0]
      return builder.reduction(FKReductionDot, .all, [root, root])
    }
    return builder.reduction(FKReductionSum, along, [x])
  }

  /// exp(x - shift) with the largest entry as the shift, so that nothing overflows.
  private mutating func shiftedExponentials(
    _ x: Int, _ along: Value.ReductionAxis
  ) -> (shift: Int, weights: Int) {
    let largest = builder.reduction(FKReductionMax, along, [x])
    let shift = builder.unary(FKUnaryFiniteOrZero, largest)
    let shifted = builder.binary(FKBinarySubtract, x, shift, like: x)
    return (shift, builder.unary(FKUnaryExp, shifted))
  }
}

extension FKUnary {
  /// The kernel of an elementwise primitive of one operand.
  fileprivate init?(_ primitive: Primitive) {
    switch primitive {
    case .exp: self = FKUnaryExp
    case .expm1: self = FKUnaryExpm1
    case .log: self = FKUnaryLog
    case .log1p: self = FKUnaryLog1p
    case .log2: self = FKUnaryLog2
    case .log10: self = FKUnaryLog10
    case .sqrt: self = FKUnarySqrt
    case .abs: self = FKUnaryAbs
    case .sign: self = FKUnarySign
    case .square: self = FKUnarySquare
    case .sin: self = FKUnarySin
    case .cos: self = FKUnaryCos
    case .tan: self = FKUnaryTan
    case .asin: self = FKUnaryAsin
    case .acos: self = FKUnaryAcos
    case .atan: self = FKUnaryAtan
    case .sinh: self = FKUnarySinh
    case .cosh: self = FKUnaryCosh
    case .tanh: self = FKUnaryTanh
    case .sigmoid: self = FKUnarySigmoid
    case .softplus: self = FKUnarySoftplus
    case .relu: self = FKUnaryRelu
    case .elu: self = FKUnaryElu
    case .step: self = FKUnaryStep
    case .erf: self = FKUnaryErf
    case .erfc: self = FKUnaryErfc
    default: return nil
    }
  }
}
