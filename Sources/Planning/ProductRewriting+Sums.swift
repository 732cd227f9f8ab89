import ExpressionCore

/// Sums in products that are never formed.
extension ProductRewriting {
  // MARK: Sums of diagonal matrices and products in a chain

  private struct Term {
    var factors: [Factor]
    var isNegative: Bool
  }

  /// A'*(diag(s) - s*s')*A as A'*diag(s)*A - (A'*s)*(s'*A); nil where the sum is better formed.
  mutating func distributed(_ chain: [Factor], _ depth: Int) -> Int? {
    guard depth < 3, (2...20).contains(chain.count) else { return nil }
    for position in chain.indices {
      guard case .plain(let sum) = chain[position], let terms = terms(of: sum) else { continue }
      func product(_ term: Term) -> [Factor] {
        Array(chain[..<position]) + term.factors + chain[(position + 1)...]
      }
      let result = Shape(shape(chain[0]).rows, shape(chain[chain.count - 1]).columns)
      var formed = cheapestOrder(chain).cost
      var apart = Double(terms.count - 1) * size(result)
      for term in terms {
        formed += size(shape(chain[position])) + cheapestOrder(term.factors).cost
        apart += cheapestOrder(product(term)).cost
      }
      guard apart < formed else { continue }
      var total: Int?
      for term in terms {
        let value = whole(product(term), depth: depth + 1)
        if let known = total {
          total = self.result.apply(
            term.isNegative ? .subtract : .add, [known, value], [], result)
        } else {
          total = term.isNegative ? self.result.apply(.negate, [value], [], result) : value
        }
      }
      return total
    }
    return nil
  }

  /// The two terms of a sum that nothing else uses, of which one is a diagonal matrix or a product.
  private func terms(of sum: Int) -> [Term]? {
    let nodes = result.listing.nodes
    guard usedOnce.contains(sum), nodes[sum].operands.count == 2,
      nodes[sum].operation == .primitive(.add) || nodes[sum].operation == .primitive(.subtract),
      nodes[sum].operands.allSatisfy({ result.shape($0) == nodes[sum].shape })
    else { return nil }
    let terms = nodes[sum].operands.enumerated().map { position, operand in
      Term(
        factors: parts(operand),
        isNegative: position == 1 && nodes[sum].operation == .primitive(.subtract))
    }
    return terms.contains { $0.factors.count > 1 || $0.factors[0].isDiagonal } ? terms : nil
  }

  private func parts(_ term: Int) -> [Factor] {
    let node = result.listing.nodes[term]
    guard usedOnce.contains(term), !node.operands.isEmpty else { return [.plain(term)] }
    switch node.operation {
    case .primitive(.diag) where result.shape(node.operands[0]).isVector:
      return [.diagonal(node.operands[0])]
    case .primitive(.multiply) where node.operands.allSatisfy { !result.shape($0).isScalar }:
      return node.operands.map { .plain($0) }
    default: return [.plain(term)]
    }
  }

  // MARK: Sums of matrices times a vector

  /// (A + B)*v as A*v + B*v: the sum is never formed. nil where forming it costs nothing.
  mutating func applied(_ sum: Int, to vector: Int) -> Int? {
    guard isSum(sum), isCheap(sum, depth: 0) else { return nil }
    return product(sum, with: vector)
  }

  func isSum(_ node: Int) -> Bool {
    switch result.listing.nodes[node].operation {
    case .primitive(.add), .primitive(.subtract), .primitive(.sym), .primitive(.skew):
      usedOnce.contains(node)
    default: false
    }
  }

  /// Whether a term is a row that is added to every row of a matrix.
  private func isRow(_ term: Int, of shape: Shape) -> Bool {
    result.shape(term) == Shape(1, shape.columns)
  }

  /// Whether a product with a vector needs no more of it than its parts.
  func isCheap(_ index: Int, depth: Int) -> Bool {
    let node = result.listing.nodes[index]
    let operands = node.operands
    func areCheap() -> Bool {
      depth < 8 && usedOnce.contains(index)
        && operands.allSatisfy {
          result.shape($0) == node.shape
            ? isCheap($0, depth: depth + 1) : isRow($0, of: node.shape)
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
  mutating func product(_ index: Int, with vector: Int) -> Int {
    let node = result.listing.nodes[index]
    let shape =
      result.shape(vector).rows == node.shape.columns
      ? Shape(node.shape.rows, 1) : node.shape
    switch node.operation {
    case .primitive(.add), .primitive(.subtract):
      let terms = node.operands.map {
        // A row that is needed as such is there already.
        isRow($0, of: node.shape) && !isCheap($0, depth: 0)
          ? result.product($0, vector) : product($0, with: vector)
      }
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

  /// The product of a transpose with a vector: of a product's, factor by factor.
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
}
