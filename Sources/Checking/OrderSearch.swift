import ExpressionLanguage

/// The trees in which the factors of products stand in another order.
enum OrderSearch {
  static func variants(of tree: Syntax, limit: Int) -> [Variant] {
    let single = Variant.all(of: tree, limit: limit, alternatives)
    // Two products at once, as in the terms of a sum.
    guard single.count > 1, single.count <= 24 else { return single }
    let pairs = single.flatMap { first in
      Variant.all(of: first.tree, limit: limit, alternatives).map {
        Variant($0.tree, "\(first.change), and \($0.change)")
      }
    }
    return Array((single + pairs).prefix(limit))
  }

  private static func alternatives(_ tree: Syntax) -> [Variant] {
    switch tree.kind {
    case .number, .name, .negate, .transpose, .sum, .power, .elementwisePower, .blocks: []
    case .call(let name, let arguments):
      ["kron", "khatrirao"].contains(name) && arguments.count == 2
        ? [changed(tree, Syntax(.call(name, arguments.reversed())))] : []
    case .product(let first, let rest): products(tree, first, rest)
    }
  }

  private static func changed(_ old: Syntax, _ new: Syntax) -> Variant {
    Variant(new, "\(SyntaxPrinter.text(of: old)) should be \(SyntaxPrinter.text(of: new))")
  }

  /// Factors that `*` joins (or `⊗` all of them), in every other order; divisors stay.
  private static func products(
    _ tree: Syntax, _ first: Syntax,
    _ rest: [(operation: Syntax.Multiplication, factor: Syntax)]
  ) -> [Variant] {
    let joint: Syntax.Multiplication =
      rest.allSatisfy { $0.operation == .kronecker } ? .kronecker : .times
    guard rest.allSatisfy({ $0.operation == joint || $0.operation == .divide }) else { return [] }
    let factors = [(operation: joint, factor: first)] + rest
    let places = factors.indices.filter {
      if case .number = factors[$0].factor.kind { return false }
      return factors[$0].operation == joint
    }
    guard places.count >= 2 else { return [] }
    return orders(of: places).map { order in
      var new = factors
      for (place, source) in zip(places, order) { new[place].factor = factors[source].factor }
      return changed(tree, Syntax(.product(new[0].factor, Array(new.dropFirst()))))
    }
  }

  /// Every other order of few places; of many, two are exchanged.
  private static func orders(of places: [Int]) -> [[Int]] {
    guard places.count <= 5 else {
      return places.indices.flatMap { i in
        places[(i + 1)...].indices.map { j in
          var order = places
          order.swapAt(i, j)
          return order
        }
      }
    }
    var orders: [[Int]] = [[]]
    for place in places {
      orders = orders.flatMap { order in
        (0...order.count).map { position in
          var order = order
          order.insert(place, at: position)
          return order
        }
      }
    }
    return orders.filter { $0 != places }
  }
}
