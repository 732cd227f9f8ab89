extension LinearOperator: CustomStringConvertible {
  /// The structure in short: `I(3) ⊗ [4×4]`, `diagonal(9) + [9×2]*[2×9]`.
  public var description: String {
    let text = text(levels: 6)
    return text.count > 120 ? String(text.prefix(117)) + "…" : text
  }

  private func text(levels: Int) -> String {
    guard levels > 0 else { return "…" }
    func inner(_ x: LinearOperator) -> String {
      let text = x.text(levels: levels - 1)
      switch x.structure {
      case .sum, .kronecker, .scaled: return "(\(text))"
      case .zero, .scaledIdentity, .diagonal, .dense, .selection, .khatriRao, .product, .blocks,
        .inverse, .map:
        return text
      }
    }
    switch structure {
    case .zero: return "zero(\(rows)×\(columns))"
    case .scaledIdentity(let c): return (c == 1 ? "" : "\(c)*") + "I(\(rows))"
    case .diagonal: return "diagonal(\(rows))"
    case .dense: return "[\(rows)×\(columns)]"
    case .selection(let selection):
      return selection.permutation == nil ? "selection(\(rows)×\(columns))" : "permutation(\(rows))"
    case .scaled(let c, let x): return "\(c)*\(inner(x))"
    case .kronecker(let a, let b): return "\(inner(a)) ⊗ \(inner(b))"
    case .khatriRao(let a, let b, let isTransposed):
      return "khatrirao(\(inner(a)), \(inner(b)))" + (isTransposed ? "'" : "")
    case .sum(let terms):
      return terms.prefix(12).map { $0.text(levels: levels - 1) }.joined(separator: " + ")
    case .product(let factors): return factors.prefix(12).map(inner).joined(separator: "*")
    case .blocks(let grid): return "\(grid.count)×\(grid[0].count) blocks"
    case .inverse: return "inverse(\(rows)×\(columns))"
    case .map: return "map(\(rows)×\(columns))"
    }
  }
}
