import CKernels
import Evaluation
import ExpressionCore
import Planning

/// Rewrites a listing at given sizes in the operations that a program has.
struct Elementary {
  let listing: Listing
  let sizes: [String: Int]
  /// Whether factorizations can be made here.
  let hasLibrary: Bool
  var builder = ValueBuilder()
  /// The value of each node.
  var place: [Int] = []
  /// The variables that are used, in their order: the inputs of the program.
  let variables: [Int]

  init(_ listing: Listing, sizes: [String: Int], hasLibrary: Bool) {
    self.listing = listing
    self.sizes = sizes
    self.hasLibrary = hasLibrary
    var used: Set<Int> = []
    for node in listing.nodes {
      if case .variable(let index) = node.operation { used.insert(index) }
    }
    variables = used.sorted()
  }

  mutating func run() throws(EvaluationError) {
    for (index, node) in listing.nodes.enumerated() {
      builder.origin = index
      place.append(try value(of: node, at: index))
    }
  }

  // MARK: Sizes

  func size(_ dimension: Dim, _ node: Listing.Node) throws(EvaluationError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .unknownSize(Place(text: Self.text(node)), dimension: dimension)
    }
    return value
  }

  static func text(_ node: Listing.Node) -> String {
    switch node.operation {
    case .variable, .number, .pi: "the input"
    case .dimension(let dim): "\(dim)"
    case .primitive(let primitive): primitive.rawValue
    case .factor, .solve: "solve"
    case .logdet: "logdet"
    }
  }

  private func sizeOf(_ node: Listing.Node) throws(EvaluationError) -> (rows: Int, columns: Int) {
    var result: [Int] = []
    for dimension in [node.shape.rows, node.shape.columns] {
      let value = try size(dimension, node)
      guard value >= 1 else {
        throw .invalidSize(Place(text: Self.text(node)), dimension: dimension, value: value)
      }
      result.append(value)
    }
    let (count, overflow) = result[0].multipliedReportingOverflow(by: result[1])
    guard !overflow, count <= Self.largestCount else {
      throw .tooLarge(
        Place(text: Self.text(node)), MatrixSize(result[0], result[1]), limit: Self.largestCount)
    }
    return (result[0], result[1])
  }

  /// More entries than this are refused whatever the memory, so that sizes can be counted.
  private static let largestCount = 1 << 40

  // MARK: Nodes

  private mutating func value(
    of node: Listing.Node, at index: Int
  ) throws(EvaluationError) -> Int {
    let (rows, columns) = try sizeOf(node)
    let x = node.operands.map { place[$0] }
    func make(_ operation: Value.Operation, _ operands: [Int], _ builder: inout ValueBuilder) -> Int
    {
      builder.add(operation, operands, node.shape, rows, columns)
    }
    switch node.operation {
    case .variable(let variable):
      return make(.input(variables.firstIndex(of: variable) ?? 0), [], &builder)
    case .number(let number): return builder.constant(number.double)
    case .pi: return builder.constant(.pi)
    case .dimension: return builder.constant(Double(try dimension(node)))
    case .factor(let kind): return make(.factor(kind), x, &builder)
    case .solve(let kind, let transposed):
      let isIdentity = builder.values[x[1]].operation == .identity
      if isIdentity, !transposed { return make(.inverse(kind), [x[0]], &builder) }
      return make(.solve(kind, transposed: transposed), x, &builder)
    case .logdet(let kind): return make(.logdet(kind), x, &builder)
    case .primitive(let primitive):
      if let value = try structure(primitive, node, x, rows, columns) { return value }
      if let value = entrywise(primitive, node, x, rows, columns) { return value }
      if let value = try algebra(primitive, node, x, index) { return value }
      var parameters: [Int] = []
      for parameter in node.parameters { parameters.append(try size(parameter, node)) }
      return make(.reference(primitive, parameters: parameters), x, &builder)
    }
  }

  private func dimension(_ node: Listing.Node) throws(EvaluationError) -> Int {
    guard case .dimension(let dim) = node.operation else { return 1 }
    return try size(dim, node)
  }
}

// MARK: - Entry by entry and reductions

extension Elementary {
  private mutating func entrywise(
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
    default:
      if let function = FKUnary(primitive) { return builder.unary(function, x[0]) }
      return reduction(primitive, node, x)
    }
  }

  /// log(1 + exp(t)) as softplus(t), log(1 + t) as log1p(t), and log(sum(exp(Z))) with the largest
  /// entry taken out: nothing overflows and nothing cancels.
  private mutating func logarithm(of x: Int) -> Int {
    let value = builder.values[x]
    switch value.operation {
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
    case .tr:
      let diagonal = diagonal(of: x[0])
      return sum(diagonal, .all)
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

  private mutating func diagonal(of x: Int) -> Int {
    let value = builder.values[x]
    if value.isScalar { return x }
    return builder.add(.diagonalOf, [x], Shape(value.shape.rows, 1), value.rows, 1)
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

// MARK: - Moving entries

extension Elementary {
  private mutating func structure(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Int], _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> Int? {
    func make(_ operation: Value.Operation, _ operands: [Int], _ builder: inout ValueBuilder) -> Int
    {
      builder.add(operation, operands, node.shape, rows, columns)
    }
    switch primitive {
    case .transpose: return builder.transposed(x[0])
    case .vec, .reshape:
      guard builder.values[x[0]].count == rows * columns else { return nil }
      return builder.reshaped(x[0], node.shape, rows, columns)
    case .diag:
      return rows == 1 ? x[0] : make(.diagonalMatrix, x, &builder)
    case .diagonal: return diagonal(of: x[0])
    case .eye: return rows == 1 ? builder.constant(1) : make(.identity, [], &builder)
    case .ones: return make(.constant(1), [], &builder)
    case .zeros: return make(.constant(0), [], &builder)
    case .constantVector, .constantMatrix:
      if let value = builder.values[x[0]].constant { return make(.constant(value), [], &builder) }
      return make(.unary(FKUnaryCopy), x, &builder)
    case .unit:
      let position = try size(node.parameters[node.parameters.count - 1], node)
      guard (1...rows).contains(position) else { return nil }
      return rows == 1 ? builder.constant(1) : make(.unit(position - 1), [], &builder)
    case .col:
      return block(
        x[0], row: 0, column: try size(node.parameters[0], node) - 1, node, rows, columns)
    case .row:
      return block(
        x[0], row: try size(node.parameters[0], node) - 1, column: 0, node, rows, columns)
    case .entry:
      let (i, j) = (try size(node.parameters[0], node), try size(node.parameters[1], node))
      return block(x[0], row: i - 1, column: j - 1, node, rows, columns)
    case .blocks:
      var counts: [Int] = []
      for parameter in node.parameters.dropFirst() { counts.append(try size(parameter, node)) }
      return make(.blocks(counts), x, &builder)
    case .tril: return make(.triangle(lower: true), x, &builder)
    case .triu: return make(.triangle(lower: false), x, &builder)
    case .sym, .skew:
      if rows == 1 { return primitive == .sym ? x[0] : builder.constant(0) }
      let mirrored = builder.transposed(x[0])
      let operation = primitive == .sym ? FKBinaryAdd : FKBinarySubtract
      let both = builder.binary(operation, x[0], mirrored, node.shape, rows, columns)
      return builder.scaled(both, by: 0.5)
    case .kron: return kronecker(x[0], x[1], node.shape, rows, columns)
    case .im2col, .col2im: return try patches(primitive, node, x, rows, columns)
    default: return nil
    }
  }

  private mutating func block(
    _ x: Int, row: Int, column: Int, _ node: Listing.Node, _ rows: Int, _ columns: Int
  ) -> Int? {
    let value = builder.values[x]
    guard row >= 0, column >= 0, row + rows <= value.rows, column + columns <= value.columns else {
      return nil
    }
    if rows == value.rows, columns == value.columns { return x }
    return builder.add(.block(row: row, column: column), [x], node.shape, rows, columns)
  }

  mutating func kronecker(
    _ a: Int, _ b: Int, _ shape: Shape, _ rows: Int, _ columns: Int
  ) -> Int {
    if builder.values[a].isScalar || builder.values[b].isScalar {
      return builder.binary(FKBinaryMultiply, a, b, shape, rows, columns)
    }
    return builder.add(
      .kronecker([Value.KroneckerFactor()], beta: 0), [a, b], shape, rows, columns)
  }

  private mutating func patches(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Int], _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> Int? {
    var parameters: [Int] = []
    for parameter in node.parameters { parameters.append(try size(parameter, node)) }
    let image = builder.values[x[0]]
    let offset = primitive == .im2col ? 0 : 2
    guard parameters.count == offset + 4, parameters[offset + 2] > 0, parameters[offset + 3] >= 0
    else { return nil }
    let form = Value.Patches(
      height: primitive == .im2col ? image.rows : parameters[0],
      width: primitive == .im2col ? image.columns : parameters[1],
      kernelHeight: parameters[offset], kernelWidth: parameters[offset + 1],
      stride: parameters[offset + 2], padding: parameters[offset + 3])
    let patches = primitive == .im2col ? (rows, columns) : (image.rows, image.columns)
    guard form.count == patches.0, form.kernelHeight * form.kernelWidth == patches.1 else {
      return nil
    }
    return builder.add(
      primitive == .im2col ? .patches(form) : .fromPatches(form), [x[0]], node.shape, rows, columns)
  }
}

extension Value.Patches {
  var outputHeight: Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  var outputWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }
  /// The number of patches; 0 where the kernel does not fit.
  var count: Int {
    guard height + 2 * padding >= kernelHeight, width + 2 * padding >= kernelWidth else { return 0 }
    return outputHeight * outputWidth
  }
}

// MARK: - Products and equations

extension Elementary {
  private mutating func algebra(
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
      guard let kind = factorization(node.operands[0]),
        builder.values[x[1]].rows == builder.values[x[0]].rows
      else { return nil }
      let right = builder.values[x[1]]
      if right.operation == .identity { return inverse(x[0], kind) }
      let (source, transposed) = factored(x[0], kind)
      return builder.add(
        .solve(kind, transposed: transposed), [source, x[1]], right.shape, right.rows,
        right.columns)
    case .inv:
      guard !builder.values[x[0]].isScalar, let kind = factorization(node.operands[0]) else {
        return nil
      }
      return inverse(x[0], kind)
    case .logdet:
      guard !builder.values[x[0]].isScalar, let kind = factorization(node.operands[0]) else {
        return nil
      }
      return builder.add(.logdet(kind), [factored(x[0], kind).factor], .scalar, 1, 1)
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

  private func factorization(_ node: Int) -> Listing.Factorization? {
    guard hasLibrary else { return nil }
    return listing.isPositiveDefinite(node) ? .cholesky : .lu
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
    if left.rows == 1, right.columns == 1 {
      return builder.reduction(FKReductionDot, .all, [a, b])
    }
    if let permuted = permuted(a, b, shape) { return permuted }
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

  /// K*(A ⊗ B), made as it is.
  private mutating func commuted(_ x: Int) -> Int? {
    var value = builder.values[x]
    guard case .kronecker(let factors, beta: 0) = value.operation,
      builder.hasSquareFactors(value)
    else { return nil }
    value.operation = .kronecker(
      factors.map { Value.KroneckerFactor(alpha: $0.alpha, commutes: !$0.commutes) }, beta: 0)
    return builder.add(value)
  }

  /// A commutation matrix exchanges rows or columns.
  private mutating func permuted(_ a: Int, _ b: Int, _ shape: Shape) -> Int? {
    let (left, right) = (builder.values[a], builder.values[b])
    if case .reference(.commutation, let sizes) = left.operation {
      if let product = commuted(b) { return product }
      return builder.add(
        .commutedRows(m: sizes[0], n: sizes[1]), [b], shape, left.rows, right.columns)
    }
    if case .reference(.commutation, let sizes) = right.operation {
      if case .kronecker = left.operation, builder.hasSquareFactors(left) {
        // (A ⊗ B)*K = K*(B ⊗ A).
        let exchanged = builder.add(
          left.operation, [left.operands[1], left.operands[0]], left.shape, left.rows,
          left.columns)
        if left.operands.count == 2, let product = commuted(exchanged) { return product }
      }
      return builder.add(
        .commutedColumns(m: sizes[0], n: sizes[1]), [a], shape, left.rows, right.columns)
    }
    return nil
  }
}
