import ExpressionCore

/// A listing in the making: nodes that are there are used again.
struct Rebuilding {
  private(set) var listing: Listing
  private var known: [Listing.Node: Int] = [:]

  init(variables: [Variable]) { listing = Listing(variables: variables) }

  mutating func add(_ node: Listing.Node, facts: Facts = []) -> Int {
    if let index = known[node] {
      listing.facts[index].formUnion(facts)
      return index
    }
    let index = listing.nodes.count
    known[node] = index
    listing.nodes.append(node)
    listing.facts.append(facts)
    return index
  }

  /// Adds what is known of a node's values.
  mutating func note(_ facts: Facts, of node: Int) { listing.facts[node].formUnion(facts) }

  mutating func apply(
    _ primitive: Primitive, _ operands: [Int], _ parameters: [Dim] = [], _ shape: Shape,
    facts: Facts = []
  ) -> Int {
    add(
      Listing.Node(
        operation: .primitive(primitive), operands: operands, parameters: parameters, shape: shape),
      facts: facts)
  }

  /// The product a*b; the transpose of b'*a' where that is there.
  mutating func product(_ a: Int, _ b: Int) -> Int {
    let shape = Shape(shape(a).rows, shape(b).columns)
    let direct = Listing.Node(
      operation: .primitive(.multiply), operands: [a, b], parameters: [], shape: shape)
    if known[direct] == nil, existingTranspose(a) != b, !shape.isScalar,
      let left = existingTranspose(b), let right = existingTranspose(a),
      let mirrored = known[
        Listing.Node(
          operation: .primitive(.multiply), operands: [left, right], parameters: [],
          shape: shape.transposed)]
    {
      return transposed(mirrored)
    }
    return apply(.multiply, [a, b], [], shape)
  }

  /// The transpose if it needs no new node.
  private func existingTranspose(_ node: Int) -> Int? {
    if shape(node).isScalar || listing.isSymmetric(node) { return node }
    if case .primitive(.transpose) = listing.nodes[node].operation {
      return listing.nodes[node].operands.first
    }
    return known[
      Listing.Node(
        operation: .primitive(.transpose), operands: [node], parameters: [],
        shape: shape(node).transposed)]
  }

  func shape(_ node: Int) -> Shape { listing.nodes[node].shape }

  mutating func transposed(_ node: Int) -> Int {
    if shape(node).isScalar || listing.isSymmetric(node) { return node }
    if case .primitive(.transpose) = listing.nodes[node].operation,
      let operand = listing.nodes[node].operands.first
    {
      return operand
    }
    return apply(
      .transpose, [node], [], shape(node).transposed, facts: listing.facts[node].transposed)
  }

  /// Ends with the outputs and names of the listing that it was made from.
  func finished(like source: Listing, _ place: [Int]) -> Listing {
    var result = listing
    for (node, name) in source.names where place.indices.contains(node) && place[node] >= 0 {
      result.names[place[node]] = name
    }
    result.outputs = source.outputs.map {
      Listing.Output(role: $0.role, node: place[$0.node], formula: $0.formula)
    }
    return result.withoutUnused
  }
}

extension Listing {
  /// The nodes that an output needs.
  var withoutUnused: Listing {
    var needed = [Bool](repeating: false, count: nodes.count)
    for output in outputs { needed[output.node] = true }
    for index in nodes.indices.reversed() where needed[index] {
      for operand in nodes[index].operands { needed[operand] = true }
    }
    var place = [Int](repeating: 0, count: nodes.count)
    var result = Listing(variables: variables)
    for (index, node) in nodes.enumerated() where needed[index] {
      place[index] = result.nodes.count
      var node = node
      node.operands = node.operands.map { place[$0] }
      result.nodes.append(node)
      result.facts.append(facts[index])
      if let name = names[index] { result.names[place[index]] = name }
    }
    result.outputs = outputs.map {
      Output(role: $0.role, node: place[$0.node], formula: $0.formula)
    }
    return result
  }
}
