import ExpressionCore

extension Listing {
  /// Whether each node is made of Kronecker products, Khatri-Rao products or commutation matrices,
  /// so that it is worth more as what it is made of than as a matrix: its size is the product of
  /// theirs.
  ///
  /// Sums and products of such nodes are such nodes; a product that is a vector ends them.
  public var kroneckerNodes: [Bool] {
    var result: [Bool] = []
    var spreads: [Bool] = []
    for node in nodes {
      let isMade = isKronecker(node) { spreads[$0] }
      result.append(isMade)
      spreads.append(isMade && !node.shape.isVector && !node.shape.isRow)
    }
    return result
  }

  private func isKronecker(_ node: Node, _ isKronecker: (Int) -> Bool) -> Bool {
    guard case .primitive(let primitive) = node.operation, !node.shape.isScalar else {
      return false
    }
    func isMatrix(_ operand: Int) -> Bool { !nodes[operand].shape.isScalar }
    switch primitive {
    case .kron, .khatrirao: return node.operands.allSatisfy(isMatrix)
    case .commutation: return true
    case .transpose, .negate, .sym, .skew, .vec, .reshape, .diag, .add, .subtract, .multiply,
      .hadamard:
      return node.operands.contains(where: isKronecker)
    case .divide, .elementwiseDivide:
      return isKronecker(node.operands[0]) && !isMatrix(node.operands[1])
    default: return false
    }
  }
}
