import ExpressionLanguage

extension Syntax {
  /// The same operation of other operands, as many as it has.
  public func withOperands(_ new: [Syntax]) -> Syntax {
    guard new.count == operands.count, let first = new.first else { return self }
    switch kind {
    case .number, .name: return self
    case .negate: return Syntax(.negate(first))
    case .transpose: return Syntax(.transpose(first))
    case .sum(_, let rest):
      return Syntax(.sum(first, zip(rest, new.dropFirst()).map { ($0.negative, $1) }))
    case .product(_, let rest):
      return Syntax(.product(first, zip(rest, new.dropFirst()).map { ($0.operation, $1) }))
    case .power: return Syntax(.power(first, new[1]))
    case .elementwisePower: return Syntax(.elementwisePower(first, new[1]))
    case .call(let name, _): return Syntax(.call(name, new))
    case .blocks(let rows):
      var rest = new[...]
      return Syntax(
        .blocks(
          rows.map { row in
            defer { rest.removeFirst(row.count) }
            return Array(rest.prefix(row.count))
          }))
    }
  }
}

/// A tree that differs from another in one place or two.
struct Variant {
  let tree: Syntax
  /// What was put aside: the same tree of only that; its meaning is the caller's.
  let remainder: Syntax?
  /// What was changed, in words.
  let change: String
  /// Whether what is left in the place is a mere number.
  let leavesNumber: Bool

  init(
    _ tree: Syntax, remainder: Syntax? = nil, _ change: String, leavesNumber: Bool = false
  ) {
    self.tree = tree
    self.remainder = remainder
    self.change = change
    self.leavesNumber = leavesNumber
  }

  /// Every tree that differs in one place, as `alternatives` has it there.
  static func all(
    of tree: Syntax, limit: Int, _ alternatives: (Syntax) -> [Variant]
  ) -> [Variant] {
    var result = alternatives(tree)
    let operands = tree.operands
    for (place, operand) in operands.enumerated() where result.count < limit {
      func rebuilt(_ part: Syntax) -> Syntax {
        var new = operands
        new[place] = part
        return tree.withOperands(new)
      }
      result += all(of: operand, limit: limit - result.count, alternatives).map {
        Variant(
          rebuilt($0.tree), remainder: $0.remainder.map(rebuilt), $0.change,
          leavesNumber: $0.leavesNumber)
      }
    }
    return Array(result.prefix(limit))
  }
}
