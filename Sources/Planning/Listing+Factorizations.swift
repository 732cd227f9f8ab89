import ExpressionCore

extension Listing {
  /// One factorization for all that divides by a matrix, inverts it or takes its log-determinant,
  /// where there are several such uses.
  ///
  /// - Parameters:
  ///   - isKept: whether a matrix is divided by as it is, since it needs no factorization.
  ///   - logarithms: whether log(det(A)) is one, which has no value where the determinant is
  ///     negative, and is factored even where it is alone: a determinant soon overflows.
  public func withSharedFactorizations(
    ofLogarithms logarithms: Bool = false, except isKept: (Listing, Int) -> Bool = { _, _ in false }
  ) -> Listing {
    var uses: [Int: Int] = [:]
    for node in nodes {
      if let matrix = divisor(node)?.matrix, !isKept(self, matrix) {
        uses[matrix, default: 0] += 1
      }
      if logarithms, let matrix = determinantMatrix(node) { uses[matrix, default: 0] += 2 }
    }
    guard uses.values.contains(where: { $0 > 1 }) else { return self }
    var result = Rebuilding(variables: variables)
    var place: [Int] = []
    for (index, node) in nodes.enumerated() {
      if logarithms, let matrix = determinantMatrix(node) {
        place.append(logarithm(place[matrix], isPositiveDefinite(matrix), &result))
        continue
      }
      var node = node
      node.operands = node.operands.map { place[$0] }
      if let (matrix, transposed) = divisor(nodes[index]), uses[matrix, default: 0] > 1,
        let shared = sharing(node, place[matrix], transposed, isPositiveDefinite(matrix), &result)
      {
        place.append(shared)
      } else {
        place.append(result.add(node, facts: facts[index]))
      }
    }
    return result.finished(like: self, place)
  }

  /// The matrix whose log(det) a node is.
  private func determinantMatrix(_ node: Node) -> Int? {
    guard node.operation == .primitive(.log), let operand = node.operands.first,
      nodes[operand].operation == .primitive(.det), let matrix = nodes[operand].operands.first,
      !nodes[matrix].shape.isScalar
    else { return nil }
    return matrix
  }

  private func logarithm(_ matrix: Int, _ isDefinite: Bool, _ result: inout Rebuilding) -> Int {
    let kind: Factorization = isDefinite ? .cholesky : .lu
    let factor = result.add(
      Node(operation: .factor(kind), operands: [matrix], shape: result.shape(matrix)))
    return isDefinite
      ? result.add(Node(operation: .logdet(kind), operands: [factor], shape: .scalar))
      : result.add(Node(operation: .logOfDeterminant, operands: [factor, matrix], shape: .scalar))
  }

  /// The matrix that a node divides by, and whether it stands there transposed.
  private func divisor(_ node: Node) -> (matrix: Int, transposed: Bool)? {
    guard case .primitive(let primitive) = node.operation, let operand = node.operands.first,
      !nodes[operand].shape.isScalar
    else { return nil }
    switch primitive {
    case .leftDivide, .solve, .logdet, .inv:
      if nodes[operand].operation == .primitive(.transpose) {
        return (nodes[operand].operands[0], true)
      }
      return (operand, false)
    default: return nil
    }
  }

  private func sharing(
    _ node: Node, _ matrix: Int, _ transposed: Bool, _ isDefinite: Bool, _ result: inout Rebuilding
  ) -> Int? {
    guard case .primitive(let primitive) = node.operation else { return nil }
    let kind: Factorization = isDefinite ? .cholesky : .lu
    let shape = result.shape(matrix)
    let factor = result.add(
      Node(operation: .factor(kind), operands: [matrix], parameters: [], shape: shape))
    func make(_ operation: Operation, _ operands: [Int]) -> Int {
      result.add(Node(operation: operation, operands: operands, parameters: [], shape: node.shape))
    }
    switch primitive {
    case .logdet: return make(.logdet(kind), [factor])
    case .inv:
      let identity = result.apply(.eye, [], [], shape)
      return make(.solve(kind, transposed: transposed && kind == .lu), [factor, identity])
    case .leftDivide, .solve:
      return make(.solve(kind, transposed: transposed && kind == .lu), [factor, node.operands[1]])
    default: return nil
    }
  }
}

extension Listing.Operation {
  public var isFactor: Bool { if case .factor = self { true } else { false } }
}
