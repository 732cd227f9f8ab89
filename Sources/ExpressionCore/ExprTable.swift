/// What is known of expressions of one graph: an array in place of a dictionary, since they are
/// numbered.
@frozen public struct ExprTable<Value> {
  @usableFromInline var values: ContiguousArray<Value?> = []

  public init() {}

  @inlinable public subscript(e: Expr) -> Value? {
    get { e.index < values.count ? values[e.index] : nil }
    set {
      if e.index >= values.count {
        if newValue == nil { return }
        values.reserveCapacity(max(64, 2 * (e.index + 1)))
        while values.count <= e.index { values.append(nil) }
      }
      values[e.index] = newValue
    }
  }
}
