import Evaluation
import ExpressionCore
import ExpressionLanguage

/// A linear map that is known only by an expression linear in one of its variables: `V ↦ A*V + …`.
///
/// What does not depend on that variable is evaluated once.
public struct LinearMap: Sendable {
  private let forward: DirectionalTape
  /// Of the transpose.
  private let adjoint: DirectionalTape

  /// - Parameters:
  ///   - forward: the expression, linear in its direction.
  ///   - adjoint: that of the transposed map; of a symmetric map the same.
  public init(_ forward: DirectionalTape, adjoint: DirectionalTape) {
    self.forward = forward
    self.adjoint = adjoint
  }

  /// The length of results.
  public var rows: Int { adjoint.direction.rows * adjoint.direction.columns }
  public var columns: Int { forward.direction.rows * forward.direction.columns }
  var transposed: LinearMap { LinearMap(adjoint, adjoint: forward) }

  func apply(to v: Matrix) throws(LinearOperatorError) -> Matrix {
    var values: [Double] = []
    for j in 0..<v.columns {
      let result = try forward.value(along: v.column(j))
      guard result.count == rows else {
        throw .sizesDiffer(operation: "apply", MatrixSize(rows, 1), result.size)
      }
      values += result.values
    }
    return Matrix(rows: rows, columns: v.columns, values: values) ?? Matrix.zeros(rows, v.columns)
  }
}

/// An expression as a function of one of its variables, the others fixed.
public struct DirectionalTape: Sendable {
  private let evaluator: Evaluator
  private let data: [String: Matrix]
  private let sizes: [String: Int]
  private let name: String
  /// The size of the direction.
  let direction: MatrixSize

  /// - Parameters:
  ///   - input: an expression, linear in the variable `name`.
  ///   - data: the matrices of the other variables.
  ///   - direction: the size of that variable.
  /// - Throws: where what does not depend on the direction has no value.
  public init(
    _ input: TypedInput, in name: String, of direction: MatrixSize, _ data: [String: Matrix],
    options: EvaluationOptions
  ) throws(EvaluationError) {
    self.name = name
    self.direction = direction
    var data = data
    data[name] = Matrix.zeros(direction.rows, direction.columns)
    let constant = Self.constantFrontier(input, name)
    let values = try Evaluator(input, options: options).values(of: constant, at: data)
    var reduced = input
    for node in constant where values.values[node] != nil {
      let shape = input.nodes[node].shape
      // A name that no text can have.
      let stored = "node \(node)"
      reduced.variables.append(Variable(name: stored, shape: shape, type: .matrix))
      reduced.nodes[node] = TypedInput.Node(
        .variable(reduced.variables.count - 1), shape: shape, range: input.nodes[node].range)
      data[stored] = values.values[node]
    }
    evaluator = Evaluator(reduced, options: options)
    sizes = values.sizes
    self.data = data
  }

  func value(along v: Matrix) throws(LinearOperatorError) -> Matrix {
    var data = data
    data[name] = v.reshaped(direction.rows, direction.columns)
    do {
      return try evaluator.evaluate(data, sizes: sizes).result
    } catch {
      throw .evaluation(error)
    }
  }

  /// The nodes that do not depend on the direction and that one which does uses.
  private static func constantFrontier(_ input: TypedInput, _ name: String) -> [Int] {
    var depends = [Bool](repeating: false, count: input.nodes.count)
    var frontier: Set<Int> = []
    for (i, node) in input.nodes.enumerated() {
      if case .variable(let v) = node.operation, input.variables.indices.contains(v) {
        depends[i] = input.variables[v].name == name
      }
      guard node.operands.contains(where: { $0 < i && depends[$0] }) else { continue }
      depends[i] = true
      for operand in node.operands where !depends[operand] {
        if case .primitive = input.nodes[operand].operation { frontier.insert(operand) }
      }
    }
    return frontier.sorted()
  }
}
