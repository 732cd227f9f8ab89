import ExpressionCore

/// Chains of factors in the cheapest order.
extension ProductRewriting {
  /// A factor of a chain, as its neighbours use it.
  enum Factor {
    case plain(Int)
    case inverse(Int)
    case diagonal(Int)

    var isDiagonal: Bool { if case .diagonal = self { true } else { false } }
  }

  mutating func factors(of root: Int) -> (scalars: [Int], chain: [Factor]) {
    var scalars: [Int] = []
    var chain: [Factor] = []
    var pending = [root]
    while let index = pending.popLast() {
      if index == root || absorbed[index] {
        pending += source.nodes[index].operands.reversed()
      } else if source.nodes[index].shape.isScalar {
        scalars.append(unsigned(place[index], &scalars))
      } else {
        switch factor(index) {
        case .plain(let node) where source.names[index] == nil:
          chain.append(.plain(unsigned(node, &scalars)))
        case .inverse(let matrix): chain += inverses(matrix)
        case let other: chain.append(other)
        }
      }
    }
    return (scalars, chain)
  }

  /// inv(L*L') as inv(L')*inv(L), where the factors are triangular and need no factorization.
  private func inverses(_ matrix: Int) -> [Factor] {
    let factors = result.listing.triangularFactors(matrix)
    return factors.count > 1 ? factors.reversed().map { .inverse($0) } : [.inverse(matrix)]
  }

  /// Of -A the A: the sign goes to the numbers before the product, so that (-A)*b and A*b are one.
  private mutating func unsigned(_ node: Int, _ scalars: inout [Int]) -> Int {
    let negated = result.listing.nodes[node]
    guard negated.operation == .primitive(.negate) else { return node }
    scalars.append(result.add(.minusOne))
    return negated.operands[0]
  }

  mutating func factor(_ index: Int) -> Factor {
    let node = source.nodes[index]
    if solved[index] {
      if node.operation == .primitive(.inv) { return .inverse(place[node.operands[0]]) }
      let inverse = source.nodes[node.operands[0]]
      return .inverse(result.transposed(place[inverse.operands[0]]))
    }
    if node.operation == .primitive(.diag), !source.nodes[index].shape.isScalar {
      let v = place[node.operands[0]]
      return .diagonal(result.shape(v).isRow ? result.transposed(v) : v)
    }
    return .plain(place[index])
  }

  mutating func product(of root: Int) -> Int {
    var (scalars, chain) = factors(of: root)
    guard !chain.isEmpty else { return scaled(nil, by: scalars) }
    cancelHalf(&scalars, &chain)
    let shape = source.nodes[root].shape
    // A number on the left factor of an outer product costs less than on the result.
    if let first = chain.first, case .plain(let node) = first, chain.count > 1, !scalars.isEmpty,
      size(result.shape(node)) < size(shape)
    {
      return whole([.plain(scaled(node, by: scalars))] + chain.dropFirst())
    }
    return scaled(whole(chain), by: scalars)
  }

  /// The product of a chain, term by term where a sum in it is better not formed.
  mutating func whole(_ chain: [Factor], depth: Int = 0) -> Int {
    if let terms = distributed(chain, depth) { return terms }
    return materialised(combined(chain))
  }

  /// 2*sym(X) is X + X', 2*skew(X) is X - X'.
  private mutating func cancelHalf(_ scalars: inout [Int], _ chain: inout [Factor]) {
    guard let two = scalars.firstIndex(where: { result.listing.number($0) == .two }) else { return }
    for (position, factor) in chain.enumerated() {
      guard case .plain(let node) = factor, chain.count == 1 || usedOnce.contains(node) else {
        continue
      }
      let operation = result.listing.nodes[node].operation
      guard operation == .primitive(.sym) || operation == .primitive(.skew) else { continue }
      let operand = result.listing.nodes[node].operands[0]
      let mirrored = result.transposed(operand)
      let isSum = operation == .primitive(.sym)
      scalars.remove(at: two)
      chain[position] = .plain(
        result.apply(
          isSum ? .add : .subtract, [operand, mirrored], [], result.shape(node),
          facts: isSum ? .symmetric : []))
      return
    }
  }

  mutating func scaled(_ node: Int?, by scalars: [Int]) -> Int {
    var (node, scalars) = withOneNumber(node, scalars)
    if scalars.count > 1 || node != nil,
      let sign = scalars.firstIndex(where: { result.listing.number($0) == .minusOne })
    {
      scalars.remove(at: sign)
      let positive = scaled(node, by: scalars)
      return result.apply(.negate, [positive], [], result.shape(positive))
    }
    var scale: Int?
    for scalar in scalars {
      scale = scale.map { result.apply(.multiply, [$0, scalar], [], .scalar) } ?? scalar
    }
    guard let node else { return scale ?? result.add(.one) }
    guard let scale else { return node }
    return result.apply(.multiply, [scale, node], [], result.shape(node))
  }

  /// The same factors with their numbers, and that of the node, multiplied to one.
  private mutating func withOneNumber(_ node: Int?, _ scalars: [Int]) -> (Int?, [Int]) {
    var (node, scalars) = (node, scalars)
    if let scaled = node, !scalars.isEmpty {
      let inner = result.listing.nodes[scaled]
      if inner.operation == .primitive(.multiply), result.listing.number(inner.operands[0]) != nil {
        scalars.append(inner.operands[0])
        node = inner.operands[1]
      }
    }
    let numbers = scalars.compactMap { result.listing.number($0) }
    guard numbers.count > 1 else { return (node, scalars) }
    scalars.removeAll { result.listing.number($0) != nil }
    let product = numbers.reduce(.one) { $0 * $1 }
    guard product != .one else { return (node, scalars) }
    let number = Listing.Node(operation: .number(product), shape: .scalar)
    return (node, [result.add(number)] + scalars)
  }

  mutating func trace(of root: Int) -> Int {
    var (scalars, chain) = factors(of: root)
    if let i = chain.firstIndex(where: { if case .inverse = $0 { true } else { false } }) {
      chain = Array(chain[i...] + chain[..<i])
    }
    guard chain.count > 1, let last = chain.popLast() else {
      let whole = materialised(combined(chain))
      return scaled(result.apply(.tr, [whole], [], .scalar), by: scalars)
    }
    let right = materialised(last)
    if chain.count == 1, case .inverse = chain[0] {
      let quotient = materialised(combined([chain[0], .plain(right)]))
      return scaled(result.apply(.tr, [quotient], [], .scalar), by: scalars)
    }
    let left = materialised(combined(chain))
    let other = result.transposed(right)
    return scaled(result.apply(.dot, [left, other], [], .scalar), by: scalars)
  }

  /// The chain in the cheapest order (Cormen et al., Introduction to Algorithms, 14.2).
  mutating func combined(_ chain: [Factor]) -> Factor {
    guard chain.count > 2 else {
      return chain.count == 2 ? combined(chain[0], chain[1]) : chain[0]
    }
    let limit = 40
    guard chain.count <= limit else {
      // From the side of a vector, if there is one.
      if shape(chain[chain.count - 1]).isVector {
        return chain.dropLast().reversed().reduce(chain[chain.count - 1]) { combined($1, $0) }
      }
      return chain.dropFirst().reduce(chain[0]) { combined($0, $1) }
    }
    return combined(chain, 0, chain.count - 1, cheapestOrder(chain).splits)
  }

  /// No deeper than a chain is long, which is limited.
  mutating func combined(
    _ chain: [Factor], _ i: Int, _ j: Int, _ splits: [[Int]]
  ) -> Factor {
    if i == j { return chain[i] }
    let left = combined(chain, i, splits[i][j], splits)
    let right = combined(chain, splits[i][j] + 1, j, splits)
    return combined(left, right)
  }

  /// Where to take a chain apart, and the multiplications that it then needs.
  func cheapestOrder(_ chain: [Factor]) -> (splits: [[Int]], cost: Double) {
    let n = chain.count
    let shapes = chain.map { shape($0) }
    let sizes = shapes.map { typical($0.rows) } + [typical(shapes[n - 1].columns)]
    var cost = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    var splits = [[Int]](repeating: [Int](repeating: 0, count: n), count: n)
    for length in 1..<max(n, 1) {
      for i in 0..<(n - length) {
        let j = i + length
        cost[i][j] = .infinity
        // Of orders that cost the same, a chain and its transpose take the same one.
        let prefersFirst = identity(chain[i]) > identity(chain[j])
        for k in i..<j {
          let inner = scales(chain, i, k, j) ?? sizes[k + 1]
          let total = cost[i][k] + cost[k + 1][j] + sizes[i] * inner * sizes[j + 1]
          if prefersFirst ? total < cost[i][j] : total <= cost[i][j] {
            (cost[i][j], splits[i][j]) = (total, k)
          }
        }
      }
    }
    return (splits, n > 0 ? cost[0][n - 1] : 0)
  }

  /// The node of a factor, whichever way it is turned.
  private func identity(_ factor: Factor) -> Int {
    switch factor {
    case .plain(let node), .inverse(let node), .diagonal(let node):
      let turned = result.listing.nodes[node]
      return turned.operation == .primitive(.transpose) ? turned.operands[0] : node
    }
  }

  /// The operations for an entry of a product of which a diagonal matrix is a factor; those that
  /// scale a transpose need it made.
  private func scales(_ chain: [Factor], _ i: Int, _ k: Int, _ j: Int) -> Double? {
    guard i == k && chain[i].isDiagonal || k + 1 == j && chain[j].isDiagonal else { return nil }
    guard j == i + 1, case .plain(let node) = chain[chain[i].isDiagonal ? j : i] else { return 1 }
    return result.listing.nodes[node].operation == .primitive(.transpose) ? 2 : 1
  }

  func typical(_ dim: Dim) -> Double { Double(dim.value { sizes[$0] ?? 100 } ?? 100) }

  func size(_ shape: Shape) -> Double {
    typical(shape.rows) * typical(shape.columns)
  }

  func shape(_ factor: Factor) -> Shape {
    switch factor {
    case .plain(let node), .inverse(let node): return result.shape(node)
    case .diagonal(let v): return Shape(result.shape(v).rows, result.shape(v).rows)
    }
  }

  mutating func combined(_ a: Factor, _ b: Factor) -> Factor {
    let shape = Shape(shape(a).rows, shape(b).columns)
    switch (a, b) {
    case (.diagonal(let v), .diagonal(let w)):
      return .diagonal(result.apply(.hadamard, [v, w], [], result.shape(v)))
    case (.diagonal(let v), _):
      return .plain(result.apply(.hadamard, [v, materialised(b)], [], shape))
    case (_, .diagonal(let w)):
      return .plain(
        result.apply(.hadamard, [materialised(a), result.transposed(w)], [], shape))
    case (.inverse(let m), _):
      return .plain(result.apply(.leftDivide, [m, materialised(b)], [], shape))
    case (.plain(let left), .inverse(let m)):
      let quotient = result.apply(
        .leftDivide, [result.transposed(m), result.transposed(left)], [], shape.transposed)
      return .plain(result.transposed(quotient))
    case (.plain(let left), .plain(let right)):
      if result.shape(right).isVector, let applied = applied(left, to: right) {
        return .plain(applied)
      }
      return .plain(result.product(left, right))
    }
  }

  mutating func materialised(_ factor: Factor) -> Int {
    switch factor {
    case .plain(let node): return node
    case .inverse(let m): return result.apply(.inv, [m], [], result.shape(m))
    case .diagonal(let v): return result.apply(.diag, [v], [], shape(factor))
    }
  }
}

extension Listing.Node {
  fileprivate static let one = Listing.Node(operation: .number(.one), shape: .scalar)
  fileprivate static let minusOne = Listing.Node(operation: .number(.minusOne), shape: .scalar)
}
