/// What is assumed of sizes: `p < n`, `m <= n`.
public struct SizeOrder: Hashable, Sendable {
  public struct Relation: Hashable, Sendable, CustomStringConvertible {
    public let smaller: Dim
    public let larger: Dim
    public let isStrict: Bool

    public init(_ smaller: Dim, _ larger: Dim, isStrict: Bool) {
      self.smaller = smaller
      self.larger = larger
      self.isStrict = isStrict
    }

    public var description: String { "\(smaller) \(isStrict ? "<" : "≤") \(larger)" }

    /// Whether it holds at given sizes; nil where one is unknown.
    public func holds(_ size: (String) -> Int?) -> Bool? {
      guard let a = smaller.value(size), let b = larger.value(size) else { return nil }
      return isStrict ? a < b : a <= b
    }
  }

  public private(set) var relations: [Relation]

  public init(_ relations: [Relation] = []) { self.relations = relations }

  /// Whether `a < b` follows.
  public func isLess(_ a: Dim, _ b: Dim) -> Bool {
    if let x = a.literal, let y = b.literal { return x < y }
    return !relations.isEmpty && above(a).contains(Bound(dim: b, isStrict: true))
  }

  /// The first relation that the others, or the integers, refute.
  public var contradiction: Relation? {
    relations.first { relation in
      if let x = relation.smaller.literal, let y = relation.larger.literal {
        return relation.isStrict ? x >= y : x > y
      }
      let back = above(relation.larger)
      return back.contains(Bound(dim: relation.smaller, isStrict: true))
        || (relation.isStrict && relation.smaller == relation.larger)
        || (relation.isStrict && back.contains(Bound(dim: relation.smaller, isStrict: false)))
    }
  }

  private struct Bound: Hashable {
    let dim: Dim
    let isStrict: Bool
  }

  /// Everything that is known to be at least, or more than, a size.
  private func above(_ start: Dim) -> Set<Bound> {
    var found: Set<Bound> = []
    var pending = [Bound(dim: start, isStrict: false)]
    let literals = relations.flatMap { [$0.smaller, $0.larger] }.filter { $0.literal != nil }
    while let bound = pending.popLast() {
      for relation in relations where relation.smaller == bound.dim {
        let next = Bound(dim: relation.larger, isStrict: bound.isStrict || relation.isStrict)
        if found.insert(next).inserted { pending.append(next) }
      }
      guard let own = bound.dim.literal else { continue }
      for dim in literals {
        guard let other = dim.literal, other > own else { continue }
        let next = Bound(dim: dim, isStrict: true)
        if found.insert(next).inserted { pending.append(next) }
      }
    }
    return found
  }
}
