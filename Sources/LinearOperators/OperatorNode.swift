import Evaluation
import ExpressionCore
import ExpressionLanguage

/// One operation of a tape, its operands read already.
struct OperatorNode {
  let input: TypedInput
  let node: TypedInput.Node
  let operators: [Int: LinearOperator]
  let sizes: [String: Int]
  let options: EvaluationOptions
  private(set) var warnings: [EvaluationWarning] = []

  init(
    input: TypedInput, node: TypedInput.Node, operators: [Int: LinearOperator],
    sizes: [String: Int], options: EvaluationOptions
  ) {
    self.input = input
    self.node = node
    self.operators = operators
    self.sizes = sizes
    self.options = options
  }

  mutating func read() throws(LinearOperatorError) -> LinearOperator {
    guard case .primitive(let primitive) = node.operation else { throw malformed }
    switch primitive {
    case .add: return try .sum([try spread(0), try spread(1)])
    case .subtract: return try .sum([try spread(0), try spread(1).scaled(by: -1)])
    case .negate: return try operand(0).scaled(by: -1)
    case .multiply, .hadamard: return try multiplied(try operand(0), try operand(1))
    case .divide, .elementwiseDivide:
      let divisor = try operand(1)
      if let number = divisor.number { return try operand(0).scaled(by: 1 / number) }
      return try multiplied(try operand(0), inverse(of: divisor))
    case .leftDivide, .solve:
      let divisor = try operand(0)
      if let number = divisor.number { return try operand(1).scaled(by: 1 / number) }
      return try multiplied(inverse(of: divisor), try operand(1))
    case .inv: return try inverse(of: try operand(0))
    case .transpose: return try operand(0).transposed
    case .sym:
      let x = try operand(0)
      return try .sum([x.scaled(by: 0.5), x.transposed.scaled(by: 0.5)])
    case .skew:
      let x = try operand(0)
      return try .sum([x.scaled(by: 0.5), x.transposed.scaled(by: -0.5)])
    case .kron: return try .kronecker(try operand(0), try operand(1))
    case .khatrirao: return try .khatriRao(try operand(0), try operand(1))
    case .commutation: return try .commutation(try parameter(0), try parameter(1))
    case .duplication: return try .duplication(try parameter(0))
    case .diag:
      var workspace = Workspace(maximumEntries: options.maximumEntries)
      return .diagonal(try operand(0).materialised(in: &workspace).values)
    case .eye: return .identity(try size(node.shape.rows))
    case .zeros: return .zero(try size(node.shape.rows), try size(node.shape.columns))
    case .ones: return try constant(1)
    case .constantMatrix:
      guard let value = try operand(0).number else { throw malformed }
      return try constant(value)
    case .blocks: return try blocks()
    case _: throw malformed
    }
  }

  private var malformed: LinearOperatorError {
    .evaluation(.malformed(input.place(of: node), reason: "this is no operation of operators"))
  }

  private func operand(_ index: Int) throws(LinearOperatorError) -> LinearOperator {
    guard node.operands.indices.contains(index), let x = operators[node.operands[index]] else {
      throw malformed
    }
    return x
  }

  private func size(_ dimension: Dim) throws(LinearOperatorError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .evaluation(.unknownSize(input.place(of: node), dimension: dimension))
    }
    guard value > 0, value <= 1 << 40 else {
      throw .evaluation(.invalidSize(input.place(of: node), dimension: dimension, value: value))
    }
    return value
  }

  private func parameter(_ index: Int) throws(LinearOperatorError) -> Int {
    guard node.parameters.indices.contains(index) else { throw malformed }
    return try size(node.parameters[index])
  }

  /// Of a matrix with the errors and warnings of an evaluation.
  private mutating func inverse(
    of x: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator {
    guard let matrix = x.matrix else { return try .inverse(of: x) }
    let lu: LUFactorization
    do {
      lu = try LUFactorization(matrix)
      try lu.requireRegular()
    } catch {
      throw .evaluation(.linearAlgebra(input.place(of: node), error))
    }
    let condition = lu.reciprocalCondition
    if condition < options.conditionWarning {
      warnings.append(.nearlySingular(input.place(of: node), reciprocalCondition: condition))
    }
    return LinearOperator(
      x.rows, x.columns, .inverse(OperatorFactorization(x, .lu(lu))))
  }

  private func multiplied(
    _ a: LinearOperator, _ b: LinearOperator
  ) throws(LinearOperatorError) -> LinearOperator {
    if let number = a.number { return b.scaled(by: number) }
    if let number = b.number { return a.scaled(by: number) }
    return try .product([a, b])
  }

  /// `c*ones(m,1)*ones(1,n)`.
  private func constant(_ value: Double) throws(LinearOperatorError) -> LinearOperator {
    var workspace = Workspace(maximumEntries: options.maximumEntries)
    let (rows, columns) = (try size(node.shape.rows), try size(node.shape.columns))
    try workspace.reserve(rows, 1)
    try workspace.reserve(1, columns)
    return try outer(Matrix(rows: rows, columns: 1, repeating: value), columns)
  }

  /// A column repeated.
  private func outer(_ column: Matrix, _ count: Int) throws(LinearOperatorError) -> LinearOperator {
    try .product([.dense(column), .dense(Matrix(rows: 1, columns: count, repeating: 1))])
  }

  /// An operand of a sum, spread over the shape of the node where it is smaller.
  private func spread(_ index: Int) throws(LinearOperatorError) -> LinearOperator {
    let x = try operand(index)
    let (rows, columns) = (try size(node.shape.rows), try size(node.shape.columns))
    if x.rows == rows, x.columns == columns { return x }
    if let number = x.number { return try constant(number) }
    if x.rows == rows, x.columns == 1 { return try outer(x.materialise(), columns) }
    if x.columns == columns, x.rows == 1 {
      return try outer(x.materialise().transposed, rows).transposed
    }
    throw .sizesDiffer(operation: "sum", MatrixSize(rows, columns), x.size)
  }

  /// The parameters are the number of block rows and the blocks in each.
  private func blocks() throws(LinearOperatorError) -> LinearOperator {
    var next = 0
    var lines: [LinearOperator] = []
    var grid: [[LinearOperator]] = []
    for r in 0..<(try parameter(0)) {
      var line: [LinearOperator] = []
      for _ in 0..<(try parameter(r + 1)) {
        line.append(try operand(next))
        next += 1
      }
      grid.append(line)
      lines.append(try .blocks([line]))
    }
    // Rows that are cut in one way make one grid; others are set below each other.
    let isGrid = grid.allSatisfy { $0.map(\.columns) == grid[0].map(\.columns) }
    return try .blocks(isGrid ? grid : lines.map { [$0] })
  }
}

extension LinearOperator {
  /// The value of a 1×1 operator that is written out.
  fileprivate var number: Double? { matrix?.scalar }
}
