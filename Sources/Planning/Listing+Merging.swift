import Differentiation
import ExpressionCore
import ExpressionLanguage

extension Listing {
  /// One result to write: a value or a derivative, as an input of its own.
  ///
  /// Variables of one name are one; a formula's direction has a name of its own.
  public struct Formula: Sendable {
    public let role: Role
    public let input: TypedInput
    public let text: String

    public init(role: Role, input: TypedInput, text: String) {
      self.role = role
      self.input = input
      self.text = text
    }
  }

  /// Joins formulas, so that what is equal in value is there once.
  public init(_ formulas: [Formula]) {
    let (joined, results) = TypedInput.joining(formulas.map(\.input))
    self.init(variables: joined.variables)
    merge(joined, results, formulas)
  }

  /// Takes over the nodes that the results need; nodes of one canonical expression become one. What
  /// divides by the number 0 has no canonical expression, and stays as it is.
  private mutating func merge(_ joined: TypedInput, _ results: [Int], _ formulas: [Formula]) {
    let graph = Graph()
    let lowering = Lowering(joined, into: graph)
    var representative: [CanonicalNode: Int] = [:]
    var needed = [Bool](repeating: false, count: joined.nodes.count)
    let domains = DeterminantDomains(joined, lowering, graph)
    let same = joined.nodes.indices.map { index in
      guard graph.failure == nil, let expr = lowering.nodes[index] else { return index }
      let key = CanonicalNode(expr: expr, positiveDeterminants: domains.nodes[index])
      if let known = representative[key] { return known }
      representative[key] = index
      return index
    }
    for result in results { needed[same[result]] = true }
    for index in joined.nodes.indices.reversed() where needed[index] {
      for operand in joined.nodes[index].operands { needed[same[operand]] = true }
    }
    var place = [Int](repeating: 0, count: joined.nodes.count)
    var multiples = Multiples()
    // What a node is a multiple of, itself where of nothing else.
    var bases = Array(joined.nodes.indices)
    for (index, node) in joined.nodes.enumerated() where needed[index] {
      let operands = node.operands.map { place[same[$0]] }
      let expr = graph.failure == nil ? lowering.nodes[index] : nil
      let multiple = expr.flatMap {
        multiples.multiple(index, $0, positiveDeterminants: domains.nodes[index], in: graph)
      }
      if let multiple { bases[index] = multiple.base }
      // -A/2 is no better as a multiple of A.
      if let (base, factor) = multiple,
        !node.operands.contains(where: { bases[same[$0]] == base })
      {
        append(multipleOf: place[base], by: factor, node.shape)
      } else {
        append(
          Node(
            operation: Operation(node.operation), operands: operands,
            parameters: node.parameters, shape: node.shape))
      }
      place[index] = nodes.count - 1
      facts[nodes.count - 1] = expr.map { graph.allFacts($0) } ?? []
    }
    for definition in joined.definitions where needed[same[definition.node]] {
      names[place[same[definition.node]]] = definition.name
    }
    outputs = zip(formulas, results).map { formula, result in
      Output(role: formula.role, node: place[same[result]], formula: formula.text)
    }
    self = withoutUnused
  }

  private mutating func append(_ node: Node) {
    nodes.append(node)
    facts.append([])
  }

  private mutating func append(multipleOf base: Int, by factor: Number, _ shape: Shape) {
    guard factor != .minusOne else {
      return append(Node(operation: .primitive(.negate), operands: [base], shape: shape))
    }
    append(Node(operation: .number(factor), shape: .scalar))
    let operands = [nodes.count - 1, base]
    append(Node(operation: .primitive(.multiply), operands: operands, shape: shape))
  }

  init(variables: [Variable]) { self.variables = variables }

  /// A sequence of operations of which no facts are known.
  public init(variables: [Variable], nodes: [Node], outputs: [Output]) {
    self.variables = variables
    self.nodes = nodes
    self.outputs = outputs
    facts = nodes.map { _ in [] }
  }
}

extension TypedInput {
  /// Inputs as one tape, on which equal nodes are there once, and the node of each result.
  ///
  /// All share the variables of the first one, at the same places; what one has more comes after
  /// them.
  public static func joining(_ inputs: [TypedInput]) -> (joined: TypedInput, results: [Int]) {
    var variables: [Variable] = []
    var position: [String: Int] = [:]
    for variable in inputs.flatMap(\.variables) where position[variable.name] == nil {
      position[variable.name] = variables.count
      variables.append(variable)
    }
    var joined = TypedInput(
      source: "", variables: variables, nodes: [],
      definitions: [], result: 0, dimensions: inputs.first?.dimensions ?? [], notes: [])
    var known: [TypedNode: Int] = [:]
    var results: [Int] = []
    for input in inputs {
      var place: [Int] = []
      for node in input.nodes {
        var operation = node.operation
        if case .variable(let index) = operation {
          operation = .variable(position[input.variables[index].name] ?? index)
        }
        let key = TypedNode(
          operation: operation, operands: node.operands.map { place[$0] },
          parameters: node.parameters, shape: node.shape)
        if let index = known[key] {
          place.append(index)
        } else {
          known[key] = joined.nodes.count
          place.append(joined.nodes.count)
          joined.nodes.append(
            TypedInput.Node(
              key.operation, key.operands, parameters: key.parameters, shape: key.shape))
        }
      }
      for definition in input.definitions {
        joined.definitions.append(
          TypedInput.Definition(name: definition.name, node: place[definition.node]))
      }
      results.append(place[input.result])
    }
    return (joined, results)
  }
}

/// A node of a typed input without its place in the text.
private struct TypedNode: Hashable {
  let operation: TypedInput.Operation
  let operands: [Int]
  let parameters: [Dim]
  let shape: Shape
}

/// What nodes of one value have in common: the canonical expression, and where there is a value.
private struct CanonicalNode: Hashable {
  let expr: Expr
  let positiveDeterminants: Set<Expr>
}

/// The canonical `log(det(X))` is `logdet(X)`, which has a value where det(X) < 0 too. This finds the
/// matrices whose determinant must be positive for each node to have a value.
private struct DeterminantDomains {
  private(set) var nodes: [Set<Expr>] = []

  init(_ input: TypedInput, _ lowering: Lowering, _ graph: Graph) {
    nodes.reserveCapacity(input.nodes.count)
    for node in input.nodes {
      var own = node.operands.reduce(into: Set<Expr>()) { $0.formUnion(nodes[$1]) }
      if let matrix = input.determinantMatrix(ofLogarithm: node),
        let expr = lowering.nodes[matrix], !graph.facts(expr).contains(.positiveDefinite)
      {
        own.insert(expr)
      }
      nodes.append(own)
    }
  }
}

extension Listing.Operation {
  fileprivate init(_ operation: TypedInput.Operation) {
    self =
      switch operation {
      case .variable(let index): .variable(index)
      case .number(let value): .number(value)
      case .pi: .pi
      case .dimension(let dim): .dimension(dim)
      case .primitive(let primitive): .primitive(primitive)
      }
  }
}

extension Graph {
  /// The facts of an expression, symmetry included.
  fileprivate func allFacts(_ e: Expr) -> Facts {
    isSymmetric(e) ? facts(e).union(.symmetric) : facts(e)
  }
}
