extension Graph {
  /// The product of two matrices where it is shorter than the two side by side; nil otherwise.
  func joined(_ a: Expr, _ b: Expr) -> Expr? {
    if case .apply(let p, let x, let parameters) = node(a) {
      switch p {
      case .diag: if let e = scaledRows(x[0], b) { return e }
      case .inv: if let e = inverseTimes(x[0], b) { return e }
      case .commutation: if let e = commuted(parameters, b) { return e }
      case .transpose: if let e = transposedTimes(a, x[0], b) { return e }
      default: break
      }
    }
    if case .apply(let p, let y, let parameters) = node(b) {
      switch p {
      case .diag: if let e = scaledColumns(a, y[0]) { return e }
      case .inv: if let e = timesInverse(a, y[0]) { return e }
      case .commutation where shape(a).rows.isOne:
        if let e = commuted([parameters[1], parameters[0]], transpose(a)) { return transpose(e) }
      case .transpose where y[0] == a && facts(a).contains(.orthogonal) && shape(a).isSquare:
        return identity(shape(a).rows)
      default: break
      }
    }
    if isOnesRow(a), facts(b).contains(.columnsSumToOne) {
      return transpose(ones(shape(b).columns))
    }
    if isOnesColumn(b), facts(a).contains(.rowsSumToOne) { return ones(shape(a).rows) }
    if isOnesRow(a), isOnesColumn(b) { return dimension(shape(b).rows) }
    if let e = centred(a, b) { return e }
    if isOnesRow(a), let x = operand(of: b, .vec) { return total(x, axis: nil) }
    if let e = joinedByKronecker(a, b) ?? joinedFactors(a, b) ?? literalProduct(a, b) { return e }
    return softmaxByHand(a, b)
  }

  private func transposedTimes(_ a: Expr, _ x: Expr, _ b: Expr) -> Expr? {
    if x == b, facts(x).contains(.orthogonal) { return identity(shape(x).columns) }
    if case .unit(_, let i) = node(x), case .unit(_, let j) = node(b) {
      if i == j { return one }
      if i.literal != nil, j.literal != nil { return number(0) }
    }
    // vec(X)'*vec(Y) = tr(X'*Y)
    if let left = operand(of: x, .vec), let right = operand(of: b, .vec) {
      return trace(product([transpose(left), right]))
    }
    return nil
  }

  // MARK: Diagonal matrices

  private func scaledRows(_ v: Expr, _ b: Expr) -> Expr? {
    if shape(b).columns.isOne { return hadamard([Factor(v), Factor(b)]) }
    if let w = operand(of: b, .diag) { return diag(hadamard([Factor(v), Factor(w)])) }
    return nil
  }

  private func scaledColumns(_ a: Expr, _ w: Expr) -> Expr? {
    shape(a).rows.isOne ? hadamard([Factor(a), Factor(transpose(w))]) : nil
  }

  // MARK: Inverses

  private func inverseTimes(_ x: Expr, _ b: Expr) -> Expr? {
    if x == b { return identity(shape(b).rows) }
    // inv(U)*inv(I + M*inv(U)) = inv(U + M)
    if let y = operand(of: b, .inv), let e = joinedInverses(y, x, sumFirst: true) { return e }
    if let y = operand(of: b, .inv), let e = joinedInverses(x, y, sumFirst: false) { return e }
    return nil
  }

  private func timesInverse(_ a: Expr, _ y: Expr) -> Expr? {
    a == y ? identity(shape(a).rows) : nil
  }

  /// `inv(s)*inv(u)` as `inv(u*s)` where every term of the sum `s` is I or begins with `inv(u)`;
  /// `sumFirst`: `inv(u)*inv(s)` as `inv(s*u)` where every term is I or ends with it.
  private func joinedInverses(_ s: Expr, _ u: Expr, sumFirst: Bool) -> Expr? {
    guard case .sum(let terms) = node(s), terms.count <= 8 else { return nil }
    let inverse = self.inverse(u)
    var cancelled = false
    for term in terms {
      if case .identity = node(term.expr) { continue }
      guard case .product(let p) = node(term.expr),
        (sumFirst ? p.chain.last : p.chain.first) == inverse
      else { return nil }
      cancelled = true
    }
    guard cancelled else { return nil }
    let merged = sum(
      terms.map { Term($0.coefficient, product(sumFirst ? [$0.expr, u] : [u, $0.expr])) },
      shape: shape(s))
    return self.inverse(merged)
  }

  // MARK: Commutations

  private func commuted(_ sizes: [Dim], _ b: Expr) -> Expr? {
    guard sizes.count == 2 else { return nil }
    if let x = operand(of: b, .vec), shape(x) == Shape(sizes[0], sizes[1]) {
      return vec(transpose(x))
    }
    if case .apply(.commutation, _, let other) = node(b), other == [sizes[1], sizes[0]] {
      return identity(sizes[0] * sizes[1])
    }
    return nil
  }

  /// `diag(1./(exp(X)*1))*exp(X)` is `softmax(X,2)`, and the same by columns.
  private func softmaxByHand(_ a: Expr, _ b: Expr) -> Expr? {
    if let v = operand(of: a, .diag), let x = operand(of: b, .exp),
      v == reciprocal(product([b, ones(shape(b).columns)]))
    {
      return softmax(x, axis: 2)
    }
    if let v = operand(of: b, .diag), let x = operand(of: a, .exp),
      transpose(v) == reciprocal(product([transpose(ones(shape(a).rows)), a]))
    {
      return softmax(x, axis: 1)
    }
    return nil
  }
}
