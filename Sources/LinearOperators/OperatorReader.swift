import Evaluation
import ExpressionCore
import ExpressionLanguage

/// The operator that an expression stands for at given data.
public struct EvaluatedOperator: Sendable {
  public let `operator`: LinearOperator
  /// The names of dimensions.
  public let sizes: [String: Int]
  public let warnings: [EvaluationWarning]

  /// The matrix that the expression stands for, in the structure of the expression: `kron`,
  /// `commutation`, `diag`, sums, products, inverses and transposes are kept; what is inside them
  /// is evaluated.
  ///
  /// Throws `evaluation` where a part has no value or is too large, `singular`, `sizesDiffer`.
  public init(
    _ input: TypedInput, at data: [String: Matrix],
    options: EvaluationOptions = EvaluationOptions()
  ) throws(LinearOperatorError) {
    self = try Self.all([input.result], of: input, at: data, options: options)[0]
  }

  /// Several nodes of one tape as operators: what they share is evaluated once. Throws as `init`
  /// does.
  public static func all(
    _ results: [Int], of input: TypedInput, at data: [String: Matrix],
    options: EvaluationOptions = EvaluationOptions()
  ) throws(LinearOperatorError) -> [EvaluatedOperator] {
    try OperatorReader(input, results).read(data, options)
  }

  /// Of the transposed expression.
  public var transposed: EvaluatedOperator {
    EvaluatedOperator(self.operator.transposed, sizes, warnings)
  }

  fileprivate init(
    _ result: LinearOperator, _ sizes: [String: Int], _ warnings: [EvaluationWarning]
  ) {
    self.operator = result
    self.sizes = sizes
    self.warnings = warnings
  }
}

/// Reads a tape as an operator.
private struct OperatorReader {
  private let input: TypedInput
  private let results: [Int]
  private var uses: [Use]
  /// Deeper structure is evaluated: what recurses over an operator must end.
  private static let depthLimit = 100

  private enum Use {
    case none
    case value
    /// At a depth of structure.
    case structure(Int)
  }

  init(_ input: TypedInput, _ results: [Int]) {
    self.input = input
    self.results = results
    uses = Array(repeating: .none, count: input.nodes.count)
    for result in results where uses.indices.contains(result) { uses[result] = .structure(0) }
    for i in uses.indices.reversed() {
      guard case .structure(let depth) = uses[i] else { continue }
      let node = input.nodes[i]
      guard depth < Self.depthLimit, !node.shape.isScalar,
        case .primitive(let primitive) = node.operation, primitive.isStructural(node, input)
      else {
        uses[i] = .value
        continue
      }
      for operand in node.operands {
        guard operand < i, operand >= 0, case .structure(let known) = uses[operand] else {
          if operand < i, operand >= 0 { uses[operand] = asked(of: operand, by: node, depth) }
          continue
        }
        uses[operand] = .structure(max(known, nested(operand, in: node, depth)))
      }
    }
  }

  /// Runs of sums and of products are flat.
  private func nested(_ operand: Int, in node: TypedInput.Node, _ depth: Int) -> Int {
    input.nodes[operand].operation == node.operation ? depth : depth + 1
  }

  private func asked(of operand: Int, by node: TypedInput.Node, _ depth: Int) -> Use {
    if input.nodes[operand].shape.isScalar { return .value }
    return .structure(nested(operand, in: node, depth))
  }

  func read(
    _ data: [String: Matrix], _ options: EvaluationOptions
  ) throws(LinearOperatorError) -> [EvaluatedOperator] {
    let leaves = uses.indices.filter { if case .value = uses[$0] { true } else { false } }
    let values: EvaluatedNodes
    do {
      values = try Evaluator(input, options: options).values(of: leaves, at: data)
    } catch {
      throw .evaluation(error)
    }
    var operators: [Int: LinearOperator] = values.values.mapValues { .dense($0) }
    var warnings = values.warnings
    for (i, use) in uses.enumerated() {
      guard case .structure = use else { continue }
      var node = OperatorNode(
        input: input, node: input.nodes[i], operators: operators, sizes: values.sizes,
        options: options)
      operators[i] = try node.read()
      warnings += node.warnings
    }
    var found: [EvaluatedOperator] = []
    for result in results {
      guard let own = operators[result] else {
        throw .evaluation(.malformed(Place(text: input.source), reason: "the result has no value"))
      }
      found.append(EvaluatedOperator(own, values.sizes, warnings))
    }
    return found
  }
}

extension Primitive {
  /// Whether an operation on matrices is one of operators.
  fileprivate func isStructural(_ node: TypedInput.Node, _ input: TypedInput) -> Bool {
    func isScalar(_ i: Int) -> Bool {
      node.operands.indices.contains(i) && input.nodes.indices.contains(node.operands[i])
        && input.nodes[node.operands[i]].shape.isScalar
    }
    switch self {
    case .add, .subtract, .negate, .multiply, .divide, .leftDivide, .solve, .transpose, .kron,
      .khatrirao, .commutation, .duplication, .diag, .eye, .ones, .zeros, .constantMatrix, .sym,
      .skew, .inv, .blocks:
      return true
    case .hadamard: return isScalar(0) || isScalar(1)
    case .elementwiseDivide: return isScalar(1)
    case _: return false
    }
  }
}
