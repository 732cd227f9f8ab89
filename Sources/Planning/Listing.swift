import ExpressionCore
import ExpressionLanguage

/// A value and its derivatives as one sequence of operations, each done once: what a target writes
/// down as a program.
public struct Listing: Sendable {
  /// What a node does: an operation of the language, or one that shares a factorization.
  public enum Operation: Hashable, Sendable {
    /// By index into `variables`.
    case variable(Int)
    case number(Number)
    case pi
    /// A dimension as a scalar.
    case dimension(Dim)
    case primitive(Primitive)
    /// A matrix factored once for all that divide by it.
    case factor(Factorization)
    /// The factored matrix, or its transpose, divided into the second operand.
    case solve(Factorization, transposed: Bool)
    /// log|det| of the factored matrix.
    case logdet(Factorization)
    /// log(det) of the matrix that is the second operand, factored by the first: nothing where the
    /// determinant is negative.
    case logOfDeterminant
  }

  public enum Factorization: Hashable, Sendable {
    /// Of a symmetric positive definite matrix.
    case cholesky
    /// With partial pivoting.
    case lu
  }

  public struct Node: Hashable, Sendable {
    public var operation: Operation
    /// Indices of earlier nodes.
    public var operands: [Int]
    public var parameters: [Dim]
    public var shape: Shape

    public init(
      operation: Operation, operands: [Int] = [], parameters: [Dim] = [], shape: Shape
    ) {
      self.operation = operation
      self.operands = operands
      self.parameters = parameters
      self.shape = shape
    }
  }

  public struct Output: Sendable {
    /// A word for the result: `value`, `gradient`, `hessian`.
    public let role: Role
    public let node: Int
    /// The formula in the language, for the comment beside it.
    public let formula: String

    public init(role: Role, node: Int, formula: String) {
      self.role = role
      self.node = node
      self.formula = formula
    }
  }

  public enum Role: Hashable, Sendable {
    case value
    case gradient(String)
    case derivative(String)
    case jacobian(String)
    /// A block of the Hessian: rows by the first variable, columns by the second.
    case hessian(String, String)
    /// The derivative applied to a direction: the first name is the variable's, the second the
    /// direction's.
    case product(String, direction: String)
  }

  public var variables: [Variable]
  /// In an order in which operands come first.
  public var nodes: [Node] = []
  /// What is known of each node's values, by index.
  public var facts: [Facts] = []
  public var outputs: [Output] = []
  /// The names that the author, or the notation of an answer, gave to nodes.
  public var names: [Int: String] = [:]

  /// The variables that a node uses, in the order of `variables`.
  public var usedVariables: [Variable] {
    var used = [Bool](repeating: false, count: variables.count)
    for node in nodes { if case .variable(let i) = node.operation { used[i] = true } }
    return variables.indices.filter { used[$0] }.map { variables[$0] }
  }

  /// The names of the directions along which outputs are derivatives.
  public var directions: [String] {
    outputs.compactMap { if case .product(_, let name) = $0.role { name } else { nil } }
  }

  /// How many operands and outputs refer to each node.
  public var useCounts: [Int] {
    var uses = [Int](repeating: 0, count: nodes.count)
    for node in nodes { for operand in node.operands { uses[operand] += 1 } }
    for output in outputs { uses[output.node] += 1 }
    return uses
  }

  public func isSymmetric(_ node: Int) -> Bool { facts[node].contains(.symmetric) }
  public func isPositiveDefinite(_ node: Int) -> Bool { facts[node].contains(.positiveDefinite) }

  /// The triangular and diagonal matrices whose product a node is: dividing by them takes no
  /// factorization. Empty where there are none.
  public func triangularFactors(_ node: Int) -> [Int] {
    func isTriangular(_ node: Int) -> Bool {
      !facts[node].isDisjoint(with: [.lower, .upper, .diagonal])
    }
    if isTriangular(node) { return [node] }
    let factors = nodes[node].operands
    return nodes[node].operation == .primitive(.multiply) && factors.allSatisfy(isTriangular)
      ? factors : []
  }

  /// The number that a node is, if it is one.
  public func number(_ node: Int) -> Number? {
    if case .number(let value) = nodes[node].operation { value } else { nil }
  }
}
