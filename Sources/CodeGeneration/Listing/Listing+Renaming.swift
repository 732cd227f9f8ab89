import ExpressionCore

extension Listing {
  /// The listing in identifiers of a target.
  func renamed(by identifiers: inout Identifiers) -> Listing {
    var names: [String] = variables.map(\.name)
    for variable in variables { names += variable.shape.rows.names + variable.shape.columns.names }
    for node in nodes {
      names += (node.parameters + [node.shape.rows, node.shape.columns]).flatMap(\.names)
    }
    identifiers.declare(names)
    let known = identifiers
    func rename(_ dim: Dim) -> Dim { dim.substituting { .name(known.variable($0)) } }
    func rename(_ shape: Shape) -> Shape { Shape(rename(shape.rows), rename(shape.columns)) }
    var result = self
    result.variables = variables.map {
      Variable(
        name: known.variable($0.name), shape: rename($0.shape), type: $0.type, sign: $0.sign)
    }
    for index in nodes.indices {
      result.nodes[index].parameters = nodes[index].parameters.map(rename)
      result.nodes[index].shape = rename(nodes[index].shape)
      if case .dimension(let dim) = nodes[index].operation {
        result.nodes[index].operation = .dimension(rename(dim))
      }
    }
    return result
  }
}
