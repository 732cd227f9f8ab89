import ExpressionCore

extension Listing {
  /// Products as an expert computes them: in the cheapest order, inverses as solves, diagonal
  /// matrices as scalings, scalars on the smallest factor, traces of products as sums.
  ///
  /// - Parameters:
  ///   - keepsKronecker: whether products of Kronecker products are left as they are, for one who
  ///     does not form them.
  ///   - size: the size of a dimension, where it is known; others are taken to be 100.
  public func withFastProducts(
    keepsKronecker: Bool = false, size: (String) -> Int? = { _ in nil }
  ) -> Listing {
    var sizes: [String: Int] = [:]
    for name in dimensionNames { sizes[name] = size(name) }
    var rewriting = ProductRewriting(
      self, sizes, kept: keepsKronecker ? kroneckerNodes : nodes.map { _ in false })
    return rewriting.run()
  }
}

/// Walks a listing and makes its products anew.
struct ProductRewriting {
  let source: Listing
  let sizes: [String: Int]
  let uses: [Int]
  /// Products that only a product or a trace above uses: their factors go to it.
  var absorbed: [Bool]
  /// Inverses that only products use: they become solves.
  let solved: [Bool]
  /// What stays as it is.
  let kept: [Bool]
  var result: Rebuilding
  var place: [Int]
  /// Nodes of the result that one node alone refers to.
  var usedOnce: Set<Int> = []
  private var seen: Set<Int> = []

  init(_ source: Listing, _ sizes: [String: Int], kept: [Bool]) {
    self.source = source
    self.sizes = sizes
    self.kept = kept
    let uses = source.useCounts
    self.uses = uses
    absorbed = Self.absorbed(source, uses, kept)
    solved = Self.solved(source, uses, absorbed)
    result = Rebuilding(variables: source.variables)
    place = [Int](repeating: -1, count: source.nodes.count)
  }

  mutating func run() -> Listing {
    for index in source.nodes.indices where !absorbed[index] {
      place[index] = rewrite(index)
      result.note(source.facts[index], of: place[index])
      noteUse(of: index)
    }
    return result.finished(like: source, place)
  }

  private static func isProduct(_ node: Listing.Node) -> Bool {
    node.operation == .primitive(.multiply)
  }

  private static func absorbed(
    _ source: Listing, _ uses: [Int], _ kept: [Bool]
  ) -> [Bool] {
    var absorbed = scaledFactors(source, uses, kept)
    for (index, node) in source.nodes.enumerated()
    where !kept[index] && (isProduct(node) || node.operation == .primitive(.tr)) {
      for operand in node.operands
      where isProduct(source.nodes[operand]) && uses[operand] == 1 && source.names[operand] == nil
        && !kept[operand]
        // In (x'*y)*z the parenthesis is a scalar, and y*z is nothing.
        && !source.nodes[operand].shape.isScalar
      { absorbed[operand] = true }
    }
    return absorbed
  }

  /// Multiples of matrices that only products use: of 2*A in 2*A*x and 2*A*y, the number goes to
  /// the vectors.
  private static func scaledFactors(
    _ source: Listing, _ uses: [Int], _ kept: [Bool]
  ) -> [Bool] {
    var inProducts = [Int](repeating: 0, count: source.nodes.count)
    for (index, node) in source.nodes.enumerated() where !kept[index] && isProduct(node) {
      for operand in node.operands { inProducts[operand] += 1 }
    }
    return source.nodes.enumerated().map { index, node in
      isProduct(node) && !kept[index] && !node.shape.isScalar && source.names[index] == nil
        && uses[index] == inProducts[index] && uses[index] > 0
        && node.operands.contains { source.number($0) != nil }
    }
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
    func isWithin(_ index: Int) -> Bool {
      uses[index] == inProducts[index] && source.names[index] == nil
    }
    // A transpose that only products use is no use of its own.
    var transposes = [Int: Int]()
    for (index, node) in source.nodes.enumerated()
    where node.operation == .primitive(.transpose) && isWithin(index) {
      inProducts[node.operands[0]] += 1
      transposes[index] = node.operands[0]
    }
    func isSolved(_ index: Int) -> Bool {
      source.nodes[index].operation == .primitive(.inv) && isWithin(index)
    }
    return source.nodes.indices.map { isSolved($0) || (transposes[$0].map(isSolved) ?? false) }
  }

  mutating func rewrite(_ index: Int) -> Int {
    let node = source.nodes[index]
    guard !kept[index] else { return copy(index) }
    switch node.operation {
    case .primitive(.multiply): return product(of: index)
    case .primitive(.add), .primitive(.subtract):
      return softplusOfOpposite(node) ?? difference(node) ?? copy(index)
    case .primitive(.tr):
      let operand = node.operands[0]
      return absorbed[operand] ? trace(of: operand) : copy(index)
    case .primitive(.logdet): return triangularLogdet(node) ?? copy(index)
    case .primitive(.power):
      return squaredNorm(node) ?? copy(index)
    case .primitive(.divide) where !source.nodes[node.operands[1]].shape.isScalar:
      let factors = [Factor.plain(place[node.operands[0]]), .inverse(place[node.operands[1]])]
      return materialised(combined(factors))
    case .primitive(let primitive) where !primitive.oddOperands.isEmpty:
      return withSignBefore(node, primitive.oddOperands) ?? copy(index)
    default: return copy(index)
    }
  }

  mutating func copy(_ index: Int) -> Int {
    var node = source.nodes[index]
    node.operands = node.operands.map { place[$0] }
    return result.add(node, facts: source.facts[index])
  }

  /// Two nodes of the source may have become one.
  mutating func noteUse(of index: Int) {
    let isNew = seen.insert(place[index]).inserted
    if isNew, uses[index] == 1, source.names[index] == nil {
      usedOnce.insert(place[index])
    } else {
      usedOnce.remove(place[index])
    }
  }

  /// The logarithm of a triangular matrix's determinant is the sum of those of its diagonal.
  private mutating func triangularLogdet(_ node: Listing.Node) -> Int? {
    let factors = result.listing.triangularFactors(place[node.operands[0]])
    guard !factors.isEmpty, !source.nodes[node.operands[0]].shape.isScalar else { return nil }
    var total: Int?
    for factor in factors {
      let column = Shape(result.shape(factor).rows, .literal(1))
      let entries = result.apply(.diagonal, [factor], [], column)
      let sizes = result.apply(.abs, [entries], [], column)
      let sum = result.apply(.sum, [result.apply(.log, [sizes], [], column)], [], .scalar)
      total = total.map { result.apply(.add, [$0, sum], [], .scalar) } ?? sum
    }
    return total
  }

  /// norm2(x)^2 is a sum of squares.
  mutating func squaredNorm(_ node: Listing.Node) -> Int? {
    let base = source.nodes[node.operands[0]]
    guard source.number(node.operands[1]) == .two, uses[node.operands[0]] == 1,
      base.operation == .primitive(.norm2) || base.operation == .primitive(.normF)
    else { return nil }
    let x = place[base.operands[0]]
    return result.apply(.dot, [x, x], [], .scalar)
  }

  /// softplus(t) - t is softplus(-t), without the cancellation.
  mutating func softplusOfOpposite(_ node: Listing.Node) -> Int? {
    let (a, b) = (place[node.operands[0]], place[node.operands[1]])
    let subtrahend = node.operation == .primitive(.add) ? opposite(of: b) : b
    let nodes = result.listing.nodes
    guard let t = subtrahend, nodes[a].operation == .primitive(.softplus), nodes[a].operands == [t]
    else { return nil }
    let negated = opposite(of: t) ?? result.apply(.negate, [t], [], node.shape)
    return result.apply(.softplus, [negated], [], node.shape)
  }
}
