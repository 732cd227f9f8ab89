import ExpressionCore

/// Signs, which go before the operations that they are no part of: so that what differs by its sign
/// alone is computed once.
extension ProductRewriting {
  /// a + (-b) is a - b, (-a) + b is b - a, a - (-b) is a + b.
  mutating func difference(_ node: Listing.Node) -> Int? {
    let (a, b) = (place[node.operands[0]], place[node.operands[1]])
    let isSum = node.operation == .primitive(.add)
    if let opposite = opposite(of: b) {
      return result.apply(isSum ? .subtract : .add, [a, opposite], [], node.shape)
    }
    guard isSum, let opposite = opposite(of: a) else { return nil }
    return result.apply(.subtract, [b, opposite], [], node.shape)
  }

  /// What a node is the negative of; nil where it has no sign.
  mutating func opposite(of index: Int) -> Int? {
    let node = result.listing.nodes[index]
    switch node.operation {
    case .primitive(.negate): return node.operands[0]
    case .primitive(.multiply):
      guard usedOnce.contains(index), let number = result.listing.number(node.operands[0]),
        number.isNegative
      else { return nil }
      let magnitude = result.add(
        Listing.Node(operation: .number(number.magnitude), shape: .scalar))
      return result.apply(.multiply, [magnitude, node.operands[1]], [], node.shape)
    default: return nil
    }
  }

  /// A\(-b) is -(A\b), a.*(-b) is -(a.*b); nil where no operand has a sign.
  mutating func withSignBefore(_ node: Listing.Node, _ oddOperands: [Int]) -> Int? {
    var operands = node.operands.map { place[$0] }
    var isNegative = false
    var isChanged = false
    for position in oddOperands where operands.indices.contains(position) {
      let operand = result.listing.nodes[operands[position]]
      guard operand.operation == .primitive(.negate) else { continue }
      operands[position] = operand.operands[0]
      isNegative.toggle()
      isChanged = true
    }
    guard isChanged else { return nil }
    let positive = result.add(
      Listing.Node(
        operation: node.operation, operands: operands, parameters: node.parameters,
        shape: node.shape))
    return isNegative ? result.apply(.negate, [positive], [], node.shape) : positive
  }
}

extension Primitive {
  /// The operands whose sign changes that of the result and nothing else.
  var oddOperands: [Int] {
    switch self {
    case .hadamard, .elementwiseDivide, .divide: [0, 1]
    case .leftDivide, .solve: [1]
    case .transpose, .sum, .mean, .diag, .diagonal, .vec, .reshape: [0]
    default: []
    }
  }
}
