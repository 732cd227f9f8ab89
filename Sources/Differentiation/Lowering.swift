import ExpressionCore
import ExpressionLanguage

/// An input as expressions of a graph.
public struct Lowering {
  public let graph: Graph
  /// One for each variable of the input.
  public let variables: [Expr]
  /// One for each definition of the input.
  public let definitions: [Expr]
  /// One for each node of the input; nil where a sum above it took its terms directly.
  public let nodes: [Expr?]
  public let result: Expr

  /// - Parameter plain: the variables whose structure is ignored. While deriving with respect to a
  ///   structured variable its structure must be off: with X' = X the transpose of a differential
  ///   would be lost.
  public init(_ input: TypedInput, into graph: Graph, plain: Set<Int> = []) {
    self.graph = graph
    graph.sizeOrder = input.sizeOrder
    // Made as they appear, so that the order of expressions is the author's.
    var symbols = [Expr?](repeating: nil, count: input.variables.count)
    func symbol(_ index: Int) -> Expr {
      if let known = symbols[index] { return known }
      let variable = input.variables[index]
      let made = graph.makeSymbol(plain.contains(index) ? variable.withoutStructure : variable)
      symbols[index] = made
      return made
    }
    var lowered = [Expr?](repeating: nil, count: input.nodes.count)
    let absorbed = Self.absorbedSums(input)
    for (i, node) in input.nodes.enumerated() where !absorbed[i] {
      switch node.operation {
      case .variable(let v): lowered[i] = symbol(v)
      case .number(let value): lowered[i] = graph.number(value)
      case .pi: lowered[i] = graph.pi
      case .dimension(let dim): lowered[i] = graph.dimension(dim)
      case .primitive(let primitive):
        if primitive == .add || primitive == .subtract {
          lowered[i] = Self.sum(i, input, absorbed, lowered, graph)
        } else {
          let operands = node.operands.map { lowered[$0] ?? graph.number(0) }
          lowered[i] = graph.apply(primitive, operands, node.parameters, shape: node.shape)
        }
      }
    }
    variables = input.variables.indices.map { symbol($0) }
    nodes = lowered
    definitions = input.definitions.map { lowered[$0.node] ?? graph.number(0) }
    result = lowered[input.result] ?? graph.number(0)
  }

  /// Sums that only a sum of the same shape uses: their terms go to it, so that a sum of ten
  /// thousand terms is made once and not term by term.
  private static func absorbedSums(_ input: TypedInput) -> [Bool] {
    var uses = [Int](repeating: 0, count: input.nodes.count)
    for node in input.nodes { for operand in node.operands { uses[operand] += 1 } }
    uses[input.result] += 1
    for definition in input.definitions { uses[definition.node] += 1 }
    var absorbed = [Bool](repeating: false, count: input.nodes.count)
    for node in input.nodes where isSum(node) {
      for operand in node.operands
      where uses[operand] == 1 && isSum(input.nodes[operand])
        && input.nodes[operand].shape == node.shape
      {
        absorbed[operand] = true
      }
    }
    return absorbed
  }

  private static func isSum(_ node: TypedInput.Node) -> Bool {
    node.operation == .primitive(.add) || node.operation == .primitive(.subtract)
  }

  private static func sum(
    _ root: Int, _ input: TypedInput, _ absorbed: [Bool], _ lowered: [Expr?], _ graph: Graph
  ) -> Expr {
    let shape = input.nodes[root].shape
    var terms: [Term] = []
    var pending: [(node: Int, sign: Number)] = [(root, .one)]
    while let (i, sign) = pending.popLast() {
      if i == root || absorbed[i] {
        let subtracts = input.nodes[i].operation == .primitive(.subtract)
        for (position, operand) in input.nodes[i].operands.enumerated() {
          pending.append((operand, subtracts && position > 0 ? -sign : sign))
        }
      } else if let e = lowered[i] {
        terms.append(Term(sign, graph.spread(e, to: shape)))
      }
    }
    return graph.sum(terms, shape: shape)
  }
}

extension Variable {
  /// The same variable with nothing known of its structure; the signs of its entries remain.
  var withoutStructure: Variable {
    let plain: StructureType =
      shape.isScalar ? .scalar : shape.isVector ? .vector : shape.isRow ? .row : .matrix
    return Variable(name: name, shape: shape, type: plain, sign: signOfEveryEntry)
  }

  var isStructured: Bool {
    switch type {
    case .scalar, .vector, .row, .matrix: false
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal, .stiefel, .simplex,
      .stochastic:
      true
    }
  }
}
