/// Sums that are centred, such as `x - mean(x)`: they add up to 0, and centring them again changes
/// nothing.
extension Graph {
  private static let centredTermLimit = 8

  /// `1'*(x - 1*(1'*x)/n) = 0`, and `(I - 1*1'/n)*y = y` where `1'*y = 0`, on either side; `r'*r`
  /// of a centred r stays, which is shorter than `x'*r` where r has a name.
  func centred(_ a: Expr, _ b: Expr) -> Expr? {
    let whole = Shape(shape(a).rows, shape(b).columns)
    if isOnesRow(a) {
      if columnsCancel(b) { return zero(whole) }
      return withoutTerms(of: b) { first, _ in columnsCancel(first) }.map { product([a, $0]) }
    }
    if isOnesColumn(b) {
      if rowsCancel(a) { return zero(whole) }
      return withoutTerms(of: a) { _, last in rowsCancel(last) }.map { product([$0, b]) }
    }
    if case .sum(let terms) = node(a), terms.count <= Self.centredTermLimit {
      let rest = terms.filter { !endsInOnes($0.expr) }
      if rest.count == 1, rest.count < terms.count, isIdentity(rest[0].expr), columnsCancel(b) {
        return scale(rest[0].coefficient, b)
      }
    }
    if case .sum(let terms) = node(b), terms.count <= Self.centredTermLimit {
      let rest = terms.filter { !beginsWithOnes($0.expr) }
      if rest.count == 1, rest.count < terms.count, isIdentity(rest[0].expr), rowsCancel(a) {
        return scale(rest[0].coefficient, a)
      }
    }
    return nil
  }

  /// A sum without the products whose first or last factor cancels; nil where there are none.
  private func withoutTerms(of e: Expr, where cancels: (Expr, Expr) -> Bool) -> Expr? {
    guard case .sum(let terms) = node(e), terms.count <= Self.centredTermLimit else { return nil }
    let rest = terms.filter { term in
      guard case .product(let p) = node(term.expr), let first = p.chain.first,
        let last = p.chain.last
      else { return true }
      return !cancels(first, last)
    }
    return rest.count < terms.count ? sum(rest, shape: shape(e)) : nil
  }

  /// Whether `1'*e` is seen to be 0.
  private func columnsCancel(_ e: Expr) -> Bool {
    guard case .sum(let terms) = node(e), terms.count <= Self.centredTermLimit,
      terms.contains(where: { beginsWithOnes($0.expr) })
    else { return false }
    let row = transpose(ones(shape(e).rows))
    return isZero(
      sum(
        terms.map { Term($0.coefficient, product([row, $0.expr])) },
        shape: Shape(.one, shape(e).columns)))
  }

  /// Whether `e*1` is seen to be 0.
  private func rowsCancel(_ e: Expr) -> Bool {
    guard case .sum(let terms) = node(e), terms.count <= Self.centredTermLimit,
      terms.contains(where: { endsInOnes($0.expr) })
    else { return false }
    let column = ones(shape(e).columns)
    return isZero(
      sum(
        terms.map { Term($0.coefficient, product([$0.expr, column])) },
        shape: Shape(shape(e).rows, .one)))
  }

  private func beginsWithOnes(_ e: Expr) -> Bool {
    if case .product(let p) = node(e) {
      p.chain.first.map(isOnesColumn) ?? false
    } else {
      isOnesColumn(e)
    }
  }

  private func endsInOnes(_ e: Expr) -> Bool {
    if case .product(let p) = node(e) {
      p.chain.last.map(isOnesRow) ?? false
    } else {
      isOnesRow(e)
    }
  }

  private func isIdentity(_ e: Expr) -> Bool { if case .identity = node(e) { true } else { false } }
}
