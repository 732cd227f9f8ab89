import ExpressionCore

extension Listing {
  /// The names of dimensions, in the order of first use.
  public var dimensionNames: [String] {
    var seen: Set<String> = []
    var names: [String] = []
    func note(_ dim: Dim) {
      for name in dim.names where seen.insert(name).inserted { names.append(name) }
    }
    for variable in variables {
      note(variable.shape.rows)
      note(variable.shape.columns)
    }
    for node in nodes {
      node.parameters.forEach(note)
      note(node.shape.rows)
      note(node.shape.columns)
    }
    return names
  }

  /// The listing with other names for its variables and dimensions.
  public func renamed(_ name: (String) -> String) -> Listing {
    func rename(_ dim: Dim) -> Dim { dim.substituting { .name(name($0)) } }
    func rename(_ shape: Shape) -> Shape { Shape(rename(shape.rows), rename(shape.columns)) }
    var result = self
    result.variables = variables.map {
      Variable(
        name: name($0.name), shape: rename($0.shape), type: $0.type, sign: $0.sign)
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
