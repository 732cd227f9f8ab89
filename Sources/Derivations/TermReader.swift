import ExpressionCore
import ExpressionLanguage

/// Reads terms off a tape.
struct TermReader {
  /// What stands for a variable; others are constant names.
  var terms: [String: Term] = [:]

  /// The terms of all nodes; a definition is its name wherever it is used.
  ///
  /// - Returns: the value of each node, in full.
  func read(_ input: TypedInput) -> [Term] {
    var names: [Int: String] = [:]
    for definition in input.definitions { names[definition.node] = definition.name }
    var values: [Term] = []
    var uses: [Term] = []
    for (i, node) in input.nodes.enumerated() {
      let value = self.value(node, node.operands.map { uses[$0] }, input)
      values.append(value)
      var use = value
      if let name = names[i] {
        if case .leaf = value.kind {
        } else {
          use = .name(name, node.shape, depends: value.depends, moves: value.moves)
        }
      }
      uses.append(use)
    }
    return values
  }

  private func value(_ node: TypedInput.Node, _ x: [Term], _ input: TypedInput) -> Term {
    switch node.operation {
    case .variable(let i):
      let variable = input.variables[i]
      return terms[variable.name] ?? .name(variable.name, variable.shape)
    case .number(let value): return .number(value)
    case .pi: return .name("pi", .scalar)
    case .dimension(let dim): return .dimension(dim)
    case .primitive(let primitive): return value(primitive, x, node)
    }
  }

  private func value(_ primitive: Primitive, _ x: [Term], _ node: TypedInput.Node) -> Term {
    let shape = node.shape
    switch primitive {
    case .add: return sum(x[0], x[1], negative: false, shape)
    case .subtract: return sum(x[0], x[1], negative: true, shape)
    case .negate: return .negated(x[0])
    case .transpose: return .bareTranspose(x[0])
    case .multiply: return product(x[0], x[1])
    case .divide:
      if x[1].shape.isScalar { return .quotient(x[0], x[1]) }
      return product(x[0], .apply(.inv, [x[1]], [], x[1].shape.transposed))
    case .leftDivide where x[0].shape.isScalar: return .quotient(x[1], x[0])
    case .leftDivide, .solve:
      return product(.apply(.inv, [x[0]], [], x[0].shape.transposed), x[1])
    case .hadamard:
      return x.contains { $0.shape.isScalar } ? product(x[0], x[1]) : .hadamard(x, shape)
    case .elementwiseDivide:
      return x[1].shape.isScalar ? .quotient(x[0], x[1]) : .elementwiseQuotient(x[0], x[1], shape)
    case .dot where x.allSatisfy({ $0.shape.isVector }):
      return .product([.bareTranspose(x[0]), x[1]])
    case .constantVector, .constantMatrix: return .spread(x[0], to: shape)
    default: return .apply(primitive, x, node.parameters, shape)
    }
  }

  /// The run of a sum goes on to the left, as it was read.
  private func sum(_ a: Term, _ b: Term, negative: Bool, _ shape: Shape) -> Term {
    Term.sum([Term.Signed(a), Term.Signed(b, negative: negative)], shape)
  }

  private func product(_ a: Term, _ b: Term) -> Term { .product([a, b]) }
}
