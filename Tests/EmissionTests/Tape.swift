import ExpressionCore
import ExpressionLanguage

/// Builds typed inputs by hand.
struct Tape {
  private(set) var variables: [Variable] = []
  private(set) var nodes: [TypedInput.Node] = []
  private(set) var definitions: [TypedInput.Definition] = []

  mutating func variable(_ name: String, _ rows: Dim, _ columns: Dim) -> Int {
    let shape = Shape(rows, columns)
    variables.append(Variable(name: name, shape: shape, type: .matrix))
    return node(.variable(variables.count - 1), [], [], shape)
  }

  mutating func number(_ value: Int) -> Int { node(.number(Number(value)), [], [], .scalar) }

  mutating func apply(
    _ primitive: Primitive, _ operands: [Int], _ rows: Dim, _ columns: Dim,
    parameters: [Dim] = []
  ) -> Int {
    node(.primitive(primitive), operands, parameters, Shape(rows, columns))
  }

  mutating func transpose(_ operand: Int) -> Int {
    let shape = nodes[operand].shape.transposed
    return apply(.transpose, [operand], shape.rows, shape.columns)
  }

  mutating func add(_ a: Int, _ b: Int, _ primitive: Primitive = .add) -> Int {
    apply(primitive, [a, b], nodes[a].shape.rows, nodes[a].shape.columns)
  }

  /// The matrix product, or the scaling by a 1×1 operand.
  mutating func multiply(_ a: Int, _ b: Int) -> Int {
    let (left, right) = (nodes[a].shape, nodes[b].shape)
    if left.isScalar { return apply(.multiply, [a, b], right.rows, right.columns) }
    if right.isScalar { return apply(.multiply, [a, b], left.rows, left.columns) }
    return apply(.multiply, [a, b], left.rows, right.columns)
  }

  mutating func define(_ name: String, _ node: Int) {
    definitions.append(TypedInput.Definition(name: name, node: node))
  }

  func input(_ result: Int) -> TypedInput {
    TypedInput(
      source: "", variables: variables, nodes: nodes, definitions: definitions, result: result,
      dimensions: ["m", "n", "p", "q"], notes: [])
  }

  private mutating func node(
    _ operation: TypedInput.Operation, _ operands: [Int], _ parameters: [Dim], _ shape: Shape
  ) -> Int {
    nodes.append(TypedInput.Node(operation, operands, parameters: parameters, shape: shape))
    return nodes.count - 1
  }
}
