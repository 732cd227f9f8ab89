import ExpressionCore

/// An index of an array: a name, a position, or arithmetic with them where a long side is split.
indirect enum IndexExpression: Hashable {
  /// The place of the node's own index: its row or column, or the parts of it where the side is a
  /// product of sizes and the index a pair.
  ///
  /// Of a linear map besides: the place of the unit that it is applied to.
  enum Slot: Hashable { case row, rowSlow, column, columnSlow, unitRow, unitColumn }

  case slot(Slot)
  /// A summation index, by number; named when the whole is known.
  case bound(Int)
  /// A free index, by name.
  case free(String)
  case fixed(Dim)
  /// `fast + (slow - 1)*size`, the position in a `vec` or a Kronecker product.
  case pair(fast: IndexExpression, slow: IndexExpression, size: Dim)
  /// The fast or slow part of a position.
  case fastPart(IndexExpression, size: Dim)
  case slowPart(IndexExpression, size: Dim)

  /// The two parts of an index into a side of `size * …` entries.
  func split(_ size: Dim) -> (fast: IndexExpression, slow: IndexExpression) {
    if case .pair(let fast, let slow, let own) = self, own == size { return (fast, slow) }
    return (.fastPart(self, size: size), .slowPart(self, size: size))
  }

  func replacing(_ replacement: (IndexExpression) -> IndexExpression?) -> IndexExpression {
    if let new = replacement(self) { return new }
    switch self {
    case .slot, .bound, .free, .fixed: return self
    case .pair(let fast, let slow, let size):
      return .pair(
        fast: fast.replacing(replacement), slow: slow.replacing(replacement), size: size)
    case .fastPart(let index, let size): return .fastPart(index.replacing(replacement), size: size)
    case .slowPart(let index, let size): return .slowPart(index.replacing(replacement), size: size)
    }
  }
}

/// A part of the text of an entry.
enum IndexToken {
  case text(String, latex: String)
  /// An entry of a named array, or of a function of arrays.
  case entry(text: String, latex: String, [IndexExpression])
  /// `Σ_j`, `max_j`: an operation over summation indices.
  case over(text: String, latex: String, [Int])
  /// `[i ≥ j]`, which is 1 or 0.
  case iverson(IndexExpression, text: String, latex: String, IndexExpression)
  /// An index as a number.
  case index(IndexExpression)

  static func same(_ text: String) -> IndexToken { .text(text, latex: text) }

  func replacing(
    bound: (Int) -> Int?, _ replacement: (IndexExpression) -> IndexExpression?
  ) -> IndexToken {
    switch self {
    case .text: self
    case .entry(let text, let latex, let indices):
      .entry(text: text, latex: latex, indices.map { $0.replacing(replacement) })
    case .over(let text, let latex, let ids):
      .over(text: text, latex: latex, ids.map { bound($0) ?? $0 })
    case .iverson(let a, let text, let latex, let b):
      .iverson(a.replacing(replacement), text: text, latex: latex, b.replacing(replacement))
    case .index(let index): .index(index.replacing(replacement))
    }
  }
}
