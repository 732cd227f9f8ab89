import ExpressionCore
import ExpressionLanguage

/// The node that is being evaluated: what the kernels of all families share.
struct Step {
  let input: TypedInput
  let options: EvaluationOptions
  /// The sizes that are known so far.
  var sizes: [String: Int] = [:]
  private(set) var node: TypedInput.Node
  var operands: [Matrix] = []
  /// The columns that `col(·, j)` takes of the value.
  private(set) var columns: [Dim] = []
  private(set) var isUsedWhole = true
  var warnings: [EvaluationWarning] = []

  init(_ node: TypedInput.Node, of input: TypedInput, options: EvaluationOptions) {
    self.node = node
    self.input = input
    self.options = options
  }

  /// Goes on to another node: a step is made once for a whole tape.
  mutating func begin(_ node: TypedInput.Node, columns: [Dim], isUsedWhole: Bool) {
    self.node = node
    self.columns = columns
    self.isUsedWhole = isUsedWhole
    operands.removeAll(keepingCapacity: true)
  }

  /// Made where it is asked for: the texts of all sums of a long sum are quadratic in its length.
  var place: Place { input.place(of: node) }

  func operand(_ index: Int) throws(EvaluationError) -> Matrix {
    guard operands.indices.contains(index) else {
      throw .malformed(place, reason: "operand \(index + 1) is missing")
    }
    return operands[index]
  }

  /// The value of a 1×1 operand.
  func scalar(_ index: Int) throws(EvaluationError) -> Double {
    guard let value = try operand(index).scalar else { throw misfit }
    return value
  }

  func parameter(_ index: Int) throws(EvaluationError) -> Int {
    guard node.parameters.indices.contains(index) else {
      throw .malformed(place, reason: "argument \(index + 1) is missing")
    }
    return try size(node.parameters[index])
  }

  /// A parameter within bounds.
  func parameter(
    _ index: Int, _ what: String, in allowed: ClosedRange<Int>
  ) throws(EvaluationError) -> Int {
    let value = try parameter(index)
    guard allowed.contains(value) else {
      throw .invalidArgument(place, what: what, got: value, allowed: allowed)
    }
    return value
  }

  /// A position from 1 to `count`, counted from 0.
  func position(_ index: Int, _ what: String, _ count: Int) throws(EvaluationError) -> Int {
    try parameter(index, what, in: 1...Swift.max(count, 1)) - 1
  }

  /// nil, 1 or 2.
  func axis() throws(EvaluationError) -> Axis {
    guard !node.parameters.isEmpty else { return .all }
    return try parameter(0, "axis", in: 1...2) == 1 ? .columns : .rows
  }

  func size(_ dimension: Dim) throws(EvaluationError) -> Int {
    guard let value = dimension.value({ sizes[$0] }) else {
      throw .unknownSize(place, dimension: dimension)
    }
    return value
  }

  /// The size of the node's shape, for operations that nothing else gives one.
  func ownSize() throws(EvaluationError) -> MatrixSize {
    MatrixSize(try size(node.shape.rows), try size(node.shape.columns))
  }

  /// The size that was inferred, as far as it is known. Throws where it cannot be made.
  func expectedSize() throws(EvaluationError) -> (rows: Int?, columns: Int?) {
    let rows = node.shape.rows.value { sizes[$0] }
    let columns = node.shape.columns.value { sizes[$0] }
    for (dimension, value) in [(node.shape.rows, rows), (node.shape.columns, columns)] {
      if let value, value < 1 {
        throw .invalidSize(place, dimension: dimension, value: value)
      }
    }
    if let rows, let columns { try requireRoom(rows, columns) }
    return (rows, columns)
  }

  /// Throws where a matrix would have too many entries.
  func requireRoom(_ rows: Int, _ columns: Int) throws(EvaluationError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    if overflow || count > options.maximumEntries {
      throw .tooLarge(place, MatrixSize(rows, columns), limit: options.maximumEntries)
    }
  }

  var misfit: EvaluationError { .sizesDoNotFit(place, operands.map(\.size)) }

  func require(_ condition: Bool) throws(EvaluationError) {
    if !condition { throw misfit }
  }

  func square(_ index: Int = 0) throws(EvaluationError) -> Matrix {
    let matrix = try operand(index)
    guard matrix.isSquare else { throw .linearAlgebra(place, .notSquare(matrix.size)) }
    return matrix
  }

  /// Names the expression in the error of a kernel.
  func attempt<Value>(
    _ body: () throws(LinearAlgebraError) -> Value
  ) throws(EvaluationError) -> Value {
    do {
      return try body()
    } catch {
      throw .linearAlgebra(place, error)
    }
  }

  /// Factors a matrix that is to be inverted, with a warning where it is nearly singular.
  mutating func factor(_ matrix: Matrix) throws(EvaluationError) -> LUFactorization {
    let factorization = try attempt { () throws(LinearAlgebraError) in
      let factorization = try LUFactorization(matrix)
      try factorization.requireRegular()
      return factorization
    }
    let condition = factorization.reciprocalCondition
    if condition < options.conditionWarning {
      warnings.append(.nearlySingular(place, reciprocalCondition: condition))
    }
    return factorization
  }
}

extension Step {
  /// Warns where the value of the node is not finite although its operands are.
  mutating func warnIfNotFinite(_ value: Matrix) {
    guard !value.allFinite, operands.allSatisfy(\.allFinite) else { return }
    let position = value.values.firstIndex { !$0.isFinite } ?? 0
    warnings.append(
      .notFinite(
        place, value: value[position], row: position % value.rows + 1,
        column: position / value.rows + 1, isScalar: value.isScalar))
  }
}

/// What a reduction runs over.
enum Axis {
  /// All entries, to a 1×1 matrix.
  case all
  /// Each column, to a 1×n row.
  case columns
  /// Each row, to an m×1 column.
  case rows
}
