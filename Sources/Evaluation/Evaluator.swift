import ExpressionCore
import ExpressionLanguage

/// What an evaluation refuses and reports.
public struct EvaluationOptions: Hashable, Sendable {
  /// Which repeated values make their eigenvectors and singular vectors an error: these are not
  /// unique, so that a derivative built from single ones means nothing.
  public enum Repetitions: Hashable, Sendable {
    case none
    /// Those of the columns that `col(·, j)` takes.
    case ofColumns
    /// Where only `col(·, j)` uses the vectors, those of value j; otherwise all.
    case all
  }

  public var refusedRepetitions = Repetitions.none
  /// Whether singular vectors of zero values are an error, which are not unique either.
  public var refusesZeroSingularValues = false
  /// Variables that a derivative is with respect to: where one does not have full rank, its
  /// pseudoinverse has no derivative, which is an error.
  public var differentiated: Set<String> = []
  /// The most entries that a matrix may have.
  public var maximumEntries = 1 << 28
  /// Whether the largest size of an entry on the way is recorded, to judge cancellation by.
  public var tracksMagnitude = false
  /// Whether a warning says where finite entries first give one that is not.
  public var tracksFiniteness = false
  /// A warning is given below this reciprocal condition number.
  public var conditionWarning = 1e-12

  public init() {}
}

/// The values of the nodes of a tape.
public struct Evaluation: Sendable {
  /// The value of the final expression.
  public let result: Matrix
  /// The values of the nodes that were asked for, by index.
  public let values: [Int: Matrix]
  /// The names of dimensions.
  public let sizes: [String: Int]
  public let warnings: [EvaluationWarning]
  /// The largest size of an entry of any value on the way, where `tracksMagnitude` asked for it.
  public let largestMagnitude: Double
}

/// The values of some nodes of a tape, by index.
public struct EvaluatedNodes: Sendable {
  public let values: [Int: Matrix]
  /// The names of dimensions.
  public let sizes: [String: Int]
  public let warnings: [EvaluationWarning]
  /// The largest size of an entry of any value on the way, where `tracksMagnitude` asked for it.
  public let largestMagnitude: Double
}

/// Runs the tape of an input on matrices, one node after the other.
public struct Evaluator: Sendable {
  public let input: TypedInput
  public let options: EvaluationOptions

  public init(_ input: TypedInput, options: EvaluationOptions = EvaluationOptions()) {
    self.input = input
    self.options = options
  }

  /// The value of the final expression, and of the nodes of `roots`.
  ///
  /// Sizes of dimensions are read off `variables` and checked; `sizes` gives those that no
  /// variable fixes. Only nodes that the asked ones use are run, so only their variables are
  /// needed.
  public func evaluate(
    _ variables: [String: Matrix], sizes: [String: Int] = [:], roots: [Int] = []
  ) throws(EvaluationError) -> Evaluation {
    let all = try values(of: roots + [input.result], at: variables, sizes: sizes)
    guard let result = all.values[input.result] else {
      throw .malformed(Place(text: input.source), reason: "the result has no value")
    }
    var asked: [Int: Matrix] = [:]
    for root in roots { asked[root] = all.values[root] }
    return Evaluation(
      result: result, values: asked, sizes: all.sizes, warnings: all.warnings,
      largestMagnitude: all.largestMagnitude)
  }

  /// The values of some nodes, whether or not there is one of the final expression.
  public func values(
    of roots: [Int], at variables: [String: Matrix], sizes: [String: Int] = [:]
  ) throws(EvaluationError) -> EvaluatedNodes {
    var inference = try SizeInference(input, variables.mapValues(\.size), given: sizes)
    let plan = try plan(roots)
    var values = [Matrix?](repeating: nil, count: input.nodes.count)
    var largest = 0.0
    guard input.nodes.indices.contains(input.result) else {
      throw .malformed(Place(text: input.source), reason: "there is no node \(input.result)")
    }
    var step = Step(input.nodes[input.result], of: input, options: options)
    step.sizes = inference.sizes
    for index in plan.order {
      let node = input.nodes[index]
      step.begin(
        node, columns: plan.columns[index] ?? [], isUsedWhole: plan.isUsedWhole[index])
      let expected = try step.expectedSize()
      for operand in operands(of: node) {
        guard let value = values[operand] else {
          throw .malformed(step.place, reason: "operand \(operand) has no value")
        }
        step.operands.append(value)
      }
      let value = try run(&step, variables)
      guard value.rows == expected.rows ?? value.rows,
        value.columns == expected.columns ?? value.columns
      else { throw .sizesDoNotFit(step.place, step.operands.map(\.size)) }
      if expected.rows == nil || expected.columns == nil {
        inference.learn(node.shape, value.size)
        step.sizes = inference.sizes
      }
      values[index] = value
      if options.tracksMagnitude { largest = max(largest, value.maxMagnitude) }
      if options.tracksFiniteness { step.warnIfNotFinite(value) }
      for operand in operands(of: node) where plan.lastUse[operand] == index {
        values[operand] = nil
      }
    }
    var asked: [Int: Matrix] = [:]
    for root in roots { asked[root] = values[root] }
    return EvaluatedNodes(
      values: asked, sizes: inference.sizes, warnings: step.warnings, largestMagnitude: largest)
  }

  /// The names of dimensions that matrices of these sizes fix.
  public func sizes(of variables: [String: MatrixSize]) throws(EvaluationError) -> [String: Int] {
    try SizeInference(input, variables, given: [:]).sizes
  }

  /// What a node is computed from: `log(det(X))` from X.
  private func operands(of node: TypedInput.Node) -> [Int] {
    input.determinantMatrix(ofLogarithm: node).map { [$0] } ?? node.operands
  }

  private func run(
    _ step: inout Step, _ variables: [String: Matrix]
  ) throws(EvaluationError) -> Matrix {
    switch step.node.operation {
    case .variable(let index):
      guard input.variables.indices.contains(index) else {
        throw .malformed(step.place, reason: "there is no variable \(index)")
      }
      let variable = input.variables[index]
      guard let matrix = variables[variable.name] else {
        throw .missingVariable(name: variable.name, expected: variable.shape)
      }
      return matrix
    case .number(let number): return Matrix(number.double)
    case .pi: return Matrix(.pi)
    case .dimension(let dimension): return Matrix(Double(try step.size(dimension)))
    case .primitive(.log) where input.determinantMatrix(ofLogarithm: step.node) != nil:
      return try step.logarithmOfDeterminant()
    case .primitive(let primitive): return try step.run(primitive)
    }
  }
}

extension Evaluator {
  private struct Plan {
    /// The nodes to run, operands first.
    var order: [Int] = []
    /// The last node that uses each one, by index; nil for those whose value is kept.
    var lastUse: [Int?] = []
    /// The columns, from 1, that `col(·, j)` takes of a node.
    var columns: [Int: [Dim]] = [:]
    /// Whether anything else uses the node.
    var isUsedWhole: [Bool] = []
  }

  private func plan(_ roots: [Int]) throws(EvaluationError) -> Plan {
    let count = input.nodes.count
    var needed = [Bool](repeating: false, count: count)
    for root in roots {
      guard needed.indices.contains(root) else {
        throw .malformed(Place(text: input.source), reason: "there is no node \(root)")
      }
      needed[root] = true
    }
    var plan = Plan()
    plan.lastUse = [Int?](repeating: nil, count: count)
    var wholly = needed
    for index in stride(from: count - 1, through: 0, by: -1) where needed[index] {
      let node = input.nodes[index]
      for operand in operands(of: node) {
        guard operand >= 0, operand < index else {
          throw .malformed(
            input.place(of: node), reason: "operand \(operand) does not come before it")
        }
        needed[operand] = true
        if plan.lastUse[operand] == nil { plan.lastUse[operand] = index }
        if case .primitive(.col) = node.operation, let position = node.parameters.first {
          plan.columns[operand, default: []].append(position)
        } else {
          wholly[operand] = true
        }
      }
    }
    for kept in roots { plan.lastUse[kept] = nil }
    plan.isUsedWhole = wholly
    plan.order = (0..<count).filter { needed[$0] }
    return plan
  }
}
