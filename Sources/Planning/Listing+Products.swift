import ExpressionCore

extension Listing {
  /// Products as an expert computes them: in the cheapest order, inverses as solves, diagonal
  /// matrices as scalings, scalars on the smallest factor, traces of products as sums.
  ///
  /// - Parameter size: the size of a dimension, where it is known; others are taken to be 100.
  public func withFastProducts(size: (String) -> Int? = { _ in nil }) -> Listing {
    var sizes: [String: Int] = [:]
    for name in dimensionNames { sizes[name] = size(name) }
    var rewriting = ProductRewriting(self, sizes)
    return rewriting.run()
  }
}

/// Walks a listing and makes its products anew.
private struct ProductRewriting {
  let source: Listing
  let sizes: [String: Int]
  let uses: [Int]
  /// Products that only a product or a trace above uses: their factors go to it.
  var absorbed: [Bool]
  /// Inverses that only products use: they become solves.
  let solved: [Bool]
  var result: Rebuilding
  var place: [Int]
  /// Nodes of the result that one node alone refers to.
  var usedOnce: Set<Int> = []
  private var seen: Set<Int> = []

  init(_ source: Listing, _ sizes: [String: Int]) {
    self.source = source
    self.sizes = sizes
    let uses = source.useCounts
    self.uses = uses
    absorbed = Self.absorbed(source, uses)
    solved = Self.solved(source, uses, absorbed)
    result = Rebuilding(variables: source.variables)
    place = [Int](repeating: -1, count: source.nodes.count)
  }

  mutating func run() -> Listing {
    for index in source.nodes.indices where !absorbed[index] {
      place[index] = rewrite(index)
      noteUse(of: index)
    }
    return result.finished(like: source, place)
  }

  private static func isProduct(_ node: Listing.Node) -> Bool {
    node.operation == .primitive(.multiply)
  }

  private static func absorbed(_ source: Listing, _ uses: [Int]) -> [Bool] {
    var absorbed = [Bool](repeating: false, count: source.nodes.count)
    var inProducts = [Int](repeating: 0, count: source.nodes.count)
    for node in source.nodes where isProduct(node) {
      for operand in node.operands { inProducts[operand] += 1 }
    }
    for (index, node) in source.nodes.enumerated()
    // Of 2*A in 2*A*x and 2*A*y, the number goes to the vectors.
    where isProduct(node) && !node.shape.isScalar && uses[index] == inProducts[index]
      && source.names[index] == nil
      && node.operands.contains(where: { source.number($0) != nil })
    { absorbed[index] = true }
    for node in source.nodes
    where isProduct(node) || node.operation == .primitive(.tr) {
      for operand in node.operands
      where isProduct(source.nodes[operand]) && uses[operand] == 1 && source.names[operand] == nil
        // In (x'*y)*z the parenthesis is a scalar, and y*z is nothing.
        && !source.nodes[operand].shape.isScalar
      { absorbed[operand] = true }
    }
    return absorbed
  }

  private static func solved(
    _ source: Listing, _ uses: [Int], _ absorbed: [Bool]
  ) -> [Bool] {
    var inProducts = [Int](repeating: 0, count: source.nodes.count)
    for (index, node) in source.nodes.enumerated()
    where isProduct(node)
      // Of c*inv(A)*B, c*inv(A) is a part.
      && (absorbed[index] || !node.operands.contains { source.nodes[$0].shape.isScalar })
    {
      for operand in node.operands { inProducts[operand] += 1 }
    }
    return source.nodes.indices.map { index in
      guard uses[index] == inProducts[index], source.names[index] == nil else { return false }
      switch source.nodes[index].operation {
      case .primitive(.inv): return true
      case .primitive(.transpose):
        let inverse = source.nodes[index].operands[0]
        return source.nodes[inverse].operation == .primitive(.inv) && uses[inverse] == 1
      default: return false
      }
    }
  }

  private mutating func rewrite(_ index: Int) -> Int {
    let node = source.nodes[index]
    switch node.operation {
    case .primitive(.multiply): return product(of: index)
    case .primitive(.subtract): return softplusOfOpposite(node) ?? copy(index)
    case .primitive(.tr):
      let operand = node.operands[0]
      return absorbed[operand] ? trace(of: operand) : copy(index)
    case .primitive(.power):
      return squaredNorm(node) ?? copy(index)
    case .primitive(.divide) where !source.nodes[node.operands[1]].shape.isScalar:
      let factors = [Factor.plain(place[node.operands[0]]), .inverse(place[node.operands[1]])]
      return materialised(combined(factors))
    default: return copy(index)
    }
  }

  private mutating func copy(_ index: Int) -> Int {
    var node = source.nodes[index]
    node.operands = node.operands.map { place[$0] }
    return result.add(node, facts: source.facts[index])
  }

  /// Two nodes of the source may have become one.
  private mutating func noteUse(of index: Int) {
    let isNew = seen.insert(place[index]).inserted
    if isNew, uses[index] == 1, source.names[index] == nil {
      usedOnce.insert(place[index])
    } else {
      usedOnce.remove(place[index])
    }
  }

  /// norm2(x)^2 is a sum of squares.
  private mutating func squaredNorm(_ node: Listing.Node) -> Int? {
    let base = source.nodes[node.operands[0]]
    guard source.number(node.operands[1]) == .two, uses[node.operands[0]] == 1,
      base.operation == .primitive(.norm2) || base.operation == .primitive(.normF)
    else { return nil }
    let x = place[base.operands[0]]
    return result.apply(.dot, [x, x], [], .scalar)
  }

  /// softplus(t) - t is softplus(-t), without the cancellation.
  private mutating func softplusOfOpposite(_ node: Listing.Node) -> Int? {
    let (a, t) = (node.operands[0], node.operands[1])
    guard source.nodes[a].operation == .primitive(.softplus), source.nodes[a].operands == [t]
    else { return nil }
    let opposite = result.apply(.negate, [place[t]], [], node.shape)
    return result.apply(.softplus, [opposite], [], node.shape)
  }

  // MARK: Chains

  /// A factor of a chain, as its neighbours use it.
  private enum Factor {
    case plain(Int)
    case inverse(Int)
    case diagonal(Int)
  }

  private mutating func factors(of root: Int) -> (scalars: [Int], chain: [Factor]) {
    var scalars: [Int] = []
    var chain: [Factor] = []
    var pending = [root]
    while let index = pending.popLast() {
      if index == root || absorbed[index] {
        pending += source.nodes[index].operands.reversed()
      } else if source.nodes[index].shape.isScalar {
        scalars.append(place[index])
      } else {
        chain.append(factor(index))
      }
    }
    return (scalars, chain)
  }

  private mutating func factor(_ index: Int) -> Factor {
    let node = source.nodes[index]
    if solved[index] {
      if node.operation == .primitive(.inv) { return .inverse(place[node.operands[0]]) }
      let inverse = source.nodes[node.operands[0]]
      return .inverse(result.transposed(place[inverse.operands[0]]))
    }
    if node.operation == .primitive(.diag), uses[index] == 1, source.names[index] == nil {
      let v = place[node.operands[0]]
      return .diagonal(result.shape(v).isRow ? result.transposed(v) : v)
    }
    return .plain(place[index])
  }

  private mutating func product(of root: Int) -> Int {
    let (scalars, chain) = factors(of: root)
    guard !chain.isEmpty else { return scaled(nil, by: scalars) }
    let shape = source.nodes[root].shape
    // A number on the left factor of an outer product costs less than on the result.
    if let first = chain.first, case .plain(let node) = first, chain.count > 1, !scalars.isEmpty,
      size(result.shape(node)) < size(shape)
    {
      return materialised(combined([.plain(scaled(node, by: scalars))] + chain.dropFirst()))
    }
    return withoutHalf(materialised(combined(chain)), scalars)
      ?? scaled(materialised(combined(chain)), by: scalars)
  }

  /// 2*sym(X) is X + X'.
  private mutating func withoutHalf(_ node: Int, _ scalars: [Int]) -> Int? {
    guard case .primitive(.sym) = result.listing.nodes[node].operation,
      let two = scalars.firstIndex(where: { result.listing.number($0) == .two })
    else { return nil }
    var others = scalars
    others.remove(at: two)
    let operand = result.listing.nodes[node].operands[0]
    let shape = result.shape(node)
    let sum = result.apply(
      .add, [operand, result.transposed(operand)], [], shape, facts: .symmetric)
    return scaled(sum, by: others)
  }

  private mutating func scaled(_ node: Int?, by scalars: [Int]) -> Int {
    var (node, scalars) = (node, scalars)
    // Numbers become one.
    if let inner = node, case .primitive(.multiply) = result.listing.nodes[inner].operation,
      result.listing.number(result.listing.nodes[inner].operands[0]) != nil, !scalars.isEmpty
    {
      let operands = result.listing.nodes[inner].operands
      scalars.append(operands[0])
      node = operands[1]
    }
    let numbers = scalars.compactMap { result.listing.number($0) }
    if numbers.count > 1 {
      scalars.removeAll { result.listing.number($0) != nil }
      let product = numbers.reduce(.one) { $0 * $1 }
      if product != .one || (node == nil && scalars.isEmpty) {
        scalars.insert(
          result.add(Listing.Node(operation: .number(product), shape: .scalar)), at: 0)
      }
    }
    var scale: Int?
    for scalar in scalars {
      scale = scale.map { result.apply(.multiply, [$0, scalar], [], .scalar) } ?? scalar
    }
    guard let node else { return scale ?? result.add(.one) }
    guard let scale else { return node }
    return result.apply(.multiply, [scale, node], [], result.shape(node))
  }

  private mutating func trace(of root: Int) -> Int {
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
  private mutating func combined(_ chain: [Factor]) -> Factor {
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
    let splits = cheapestSplits(chain.map { shape($0) })
    return combined(chain, 0, chain.count - 1, splits)
  }

  /// No deeper than a chain is long, which is limited.
  private mutating func combined(
    _ chain: [Factor], _ i: Int, _ j: Int, _ splits: [[Int]]
  ) -> Factor {
    if i == j { return chain[i] }
    let left = combined(chain, i, splits[i][j], splits)
    let right = combined(chain, splits[i][j] + 1, j, splits)
    return combined(left, right)
  }

  private func cheapestSplits(_ shapes: [Shape]) -> [[Int]] {
    let n = shapes.count
    let sizes = shapes.map { typical($0.rows) } + [typical(shapes[n - 1].columns)]
    var cost = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    var splits = [[Int]](repeating: [Int](repeating: 0, count: n), count: n)
    for length in 1..<n {
      for i in 0..<(n - length) {
        let j = i + length
        cost[i][j] = .infinity
        for k in i..<j {
          let total = cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
          if total <= cost[i][j] { (cost[i][j], splits[i][j]) = (total, k) }
        }
      }
    }
    return splits
  }

  private func typical(_ dim: Dim) -> Double { Double(dim.value { sizes[$0] ?? 100 } ?? 100) }

  private func size(_ shape: Shape) -> Double {
    typical(shape.rows) * typical(shape.columns)
  }

  private func shape(_ factor: Factor) -> Shape {
    switch factor {
    case .plain(let node), .inverse(let node): return result.shape(node)
    case .diagonal(let v): return Shape(result.shape(v).rows, result.shape(v).rows)
    }
  }

  private mutating func combined(_ a: Factor, _ b: Factor) -> Factor {
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

  // MARK: Sums of matrices times a vector

  /// (A + B)*v as A*v + B*v: the sum is never formed. nil where forming it costs nothing.
  private mutating func applied(_ sum: Int, to vector: Int) -> Int? {
    guard isSum(sum), isCheap(sum, depth: 0) else { return nil }
    return product(sum, with: vector)
  }

  private func isSum(_ node: Int) -> Bool {
    switch result.listing.nodes[node].operation {
    case .primitive(.add), .primitive(.subtract), .primitive(.sym), .primitive(.skew):
      usedOnce.contains(node)
    default: false
    }
  }

  /// Whether a product with a vector needs no more of it than its parts.
  private func isCheap(_ index: Int, depth: Int) -> Bool {
    let node = result.listing.nodes[index]
    let operands = node.operands
    func areCheap() -> Bool {
      depth < 8 && usedOnce.contains(index)
        && operands.allSatisfy {
          result.shape($0) == node.shape && isCheap($0, depth: depth + 1)
        }
    }
    switch node.operation {
    case .variable: return true
    case .primitive(.eye), .primitive(.diag): return true
    case .primitive(.transpose), .primitive(.negate), .primitive(.add), .primitive(.subtract),
      .primitive(.sym), .primitive(.skew):
      if node.operation == .primitive(.transpose),
        case .variable = result.listing.nodes[operands[0]].operation
      {
        return true
      }
      return node.operation != .primitive(.transpose) && areCheap()
    case .primitive(.multiply):
      if result.shape(operands[0]).isScalar {
        return depth < 8 && isCheap(operands[1], depth: depth + 1)
      }
      // Of an outer product, the vectors.
      return !result.shape(operands[1]).isScalar && usedOnce.contains(index)
    default: return false
    }
  }

  /// The product of a cheap matrix with a vector; no deeper than `isCheap` goes.
  private mutating func product(_ index: Int, with vector: Int) -> Int {
    let node = result.listing.nodes[index]
    let shape =
      result.shape(vector).rows == node.shape.columns
      ? Shape(node.shape.rows, 1) : node.shape
    switch node.operation {
    case .primitive(.add), .primitive(.subtract):
      let terms = node.operands.map { product($0, with: vector) }
      guard case .primitive(let operation) = node.operation else { break }
      return result.apply(operation, terms, [], shape)
    case .primitive(.sym), .primitive(.skew):
      let operation: Primitive = node.operation == .primitive(.sym) ? .add : .subtract
      let plain = product(node.operands[0], with: vector)
      let mirrored = mirroredProduct(node.operands[0], with: vector)
      let both = result.apply(operation, [plain, mirrored], [], shape)
      let half = result.add(
        Listing.Node(operation: .number(.half), shape: .scalar))
      return result.apply(.multiply, [half, both], [], shape)
    case .primitive(.negate):
      return result.apply(.negate, [product(node.operands[0], with: vector)], [], shape)
    case .primitive(.multiply):
      let (a, b) = (node.operands[0], node.operands[1])
      if result.shape(a).isScalar {
        return result.apply(.multiply, [a, product(b, with: vector)], [], shape)
      }
      let inner = result.product(b, vector)
      return result.shape(inner).isScalar
        ? result.apply(.multiply, [inner, a], [], shape) : result.product(a, inner)
    case .primitive(.eye): return vector
    case .primitive(.diag):
      let v = node.operands[0]
      let column = result.shape(v).isRow ? result.transposed(v) : v
      return result.apply(.hadamard, [column, vector], [], shape)
    default: break
    }
    return result.product(index, vector)
  }

  /// The product of a transpose: of an outer product, by its vectors.
  private mutating func mirroredProduct(_ index: Int, with vector: Int) -> Int {
    let node = result.listing.nodes[index]
    guard node.operation == .primitive(.multiply), usedOnce.contains(index),
      !result.shape(node.operands[0]).isScalar, !result.shape(node.operands[1]).isScalar
    else { return result.product(result.transposed(index), vector) }
    let inner = result.product(result.transposed(node.operands[0]), vector)
    let right = result.transposed(node.operands[1])
    return result.shape(inner).isScalar
      ? result.apply(.multiply, [inner, right], [], result.shape(right))
      : result.product(right, inner)
  }

  private mutating func materialised(_ factor: Factor) -> Int {
    switch factor {
    case .plain(let node): return node
    case .inverse(let m): return result.apply(.inv, [m], [], result.shape(m))
    case .diagonal(let v): return result.apply(.diag, [v], [], shape(factor))
    }
  }
}

extension Listing.Node {
  fileprivate static let one = Listing.Node(
    operation: .number(.one), operands: [], parameters: [], shape: .scalar)
}
