/// Products with Kronecker products, Khatri-Rao products (columnwise, `a_j ⊗ b_j` in column j) and
/// commutations, where two neighbours have a shorter product.
///
/// Magnus & Neudecker 2.4 and 3.7; for Khatri-Rao products Rao and Mitra 1971, Generalized Inverse
/// of Matrices and its Applications, 1.3 and Liu and Trenkler 2008, Hadamard, Khatri-Rao, Kronecker
/// and other matrix products.
extension Graph {
  func joinedByKronecker(_ a: Expr, _ b: Expr) -> Expr? {
    if case .apply(.kron, let x, _) = node(a), let e = kroneckerTimes(x, b) { return e }
    if case .apply(.kron, let y, _) = node(b), let e = timesKronecker(a, y) { return e }
    if case .apply(.khatrirao, let y, _) = node(b), let e = timesKhatriRao(a, y) { return e }
    // The mirror images, by the transpose.
    if let c = operand(of: a, .transpose), case .apply(.khatrirao, let x, _) = node(c),
      let e = timesKhatriRao(transpose(b), x)
    {
      return transpose(e)
    }
    if case .apply(.commutation, let y, let sizes) = node(b), y.isEmpty,
      let n = diagonalOfVec(a), shape(n) == Shape(sizes[1], sizes[0])
    {
      // diag(vec(N))*K = K*diag(vec(N')): commutations stand on the left.
      return product([b, diag(vec(transpose(n)))])
    }
    return nil
  }

  // MARK: Kronecker products

  private func kroneckerTimes(_ x: [Expr], _ b: Expr) -> Expr? {
    let (p, q) = (shape(x[0]), shape(x[1]))
    switch node(b) {
    case .apply(.commutation, _, let sizes) where sizes == [p.columns, q.columns]:
      // (B ⊗ A)K = K(A ⊗ B)
      return product([commutation(p.rows, q.rows), kron(x[1], x[0])])
    case .apply(.kron, let y, _)
    where p.columns == shape(y[0]).rows && q.columns == shape(y[1]).rows:
      return kron(product([x[0], y[0]]), product([x[1], y[1]]))
    case .apply(.khatrirao, let y, _)
    where p.columns == shape(y[0]).rows && q.columns == shape(y[1]).rows:
      return khatriRao(product([x[0], y[0]]), product([x[1], y[1]]))
    case .apply(.vec, let y, _) where shape(y[0]) == Shape(q.columns, p.columns):
      return vec(product([x[1], y[0], transpose(x[0])]))
    default: break
    }
    if let m = diagonalOfVec(b), shape(m) == Shape(q.columns, p.columns) {
      // (A*diag(a) ⊗ B*diag(b))*diag(vec(M)) = (A ⊗ B)*diag(vec(diag(b)*M*diag(a)))
      if let (c, d) = withoutDiagonals(x) {
        return product([kron(c.matrix, d.matrix), diag(vec(product([d.scale, m, c.scale])))])
      }
      // Row r: kron(r, B)*diag(vec(M)) = B*khatrirao(diag(r)*M', I)'
      if p.rows.isOne {
        let scaled = product([diag(transpose(x[0])), transpose(m)])
        return product([x[1], transpose(khatriRao(scaled, identity(q.columns)))])
      }
      if q.rows.isOne {
        let scaled = product([diag(transpose(x[1])), m])
        return product([x[0], transpose(khatriRao(identity(p.columns), scaled))])
      }
    }
    // M = 1 ⊗ M = M ⊗ 1
    if p.columns.isOne { return kron(x[0], product([x[1], b])) }
    if q.columns.isOne { return kron(product([x[0], b]), x[1]) }
    return nil
  }

  private func timesKronecker(_ a: Expr, _ y: [Expr]) -> Expr? {
    let (p, q) = (shape(y[0]), shape(y[1]))
    if let m = diagonalOfVec(a), shape(m) == Shape(q.rows, p.rows) {
      if let (c, d) = withoutDiagonals(y.map { transpose($0) }) {
        return product([
          diag(vec(product([d.scale, m, c.scale]))),
          kron(transpose(c.matrix), transpose(d.matrix)),
        ])
      }
      if p.columns.isOne {
        let scaled = product([diag(y[0]), transpose(m)])
        return product([khatriRao(scaled, identity(q.rows)), y[1]])
      }
      if q.columns.isOne {
        return product([khatriRao(identity(p.rows), product([diag(y[1]), m])), y[0]])
      }
    }
    if let x = operand(of: a, .transpose), case .apply(.khatrirao, let x, _) = node(x),
      shape(x[0]).rows == p.rows, shape(x[1]).rows == q.rows
    {
      return transpose(
        khatriRao(product([transpose(y[0]), x[0]]), product([transpose(y[1]), x[1]])))
    }
    if let x = operand(of: a, .transpose).flatMap({ operand(of: $0, .vec) }), p.columns.isOne,
      q.columns.isOne, shape(x) == Shape(q.rows, p.rows)
    {
      return product([transpose(y[1]), x, y[0]])
    }
    if case .apply(.commutation, _, let sizes) = node(a) {
      // K(m,n)*(a ⊗ B) = B ⊗ a for a column a, and the same with the column on the right.
      guard sizes == [q.rows, p.rows], p.columns.isOne || q.columns.isOne else { return nil }
      return kron(y[1], y[0])
    }
    if p.rows.isOne { return kron(y[0], product([a, y[1]])) }
    if q.rows.isOne { return kron(product([a, y[0]]), y[1]) }
    return nil
  }

  /// Two factors of which at least one ends in a diagonal matrix, and these apart from them.
  private func withoutDiagonals(
    _ x: [Expr]
  ) -> ((matrix: Expr, scale: Expr), (matrix: Expr, scale: Expr))? {
    func split(_ e: Expr) -> (matrix: Expr, scale: Expr)? {
      if operand(of: e, .diag) != nil { return (identity(shape(e).rows), e) }
      guard case .product(let p) = node(e), p.coefficient.isOne, p.scalars.isEmpty,
        let last = p.chain.last, operand(of: last, .diag) != nil
      else { return nil }
      return (product([], chain: Array(p.chain.dropLast())), last)
    }
    let (a, b) = (split(x[0]), split(x[1]))
    if a == nil, b == nil { return nil }
    return (
      a ?? (x[0], identity(shape(x[0]).columns)), b ?? (x[1], identity(shape(x[1]).columns))
    )
  }

  // MARK: Khatri-Rao products

  private func timesKhatriRao(_ a: Expr, _ y: [Expr]) -> Expr? {
    let (p, q) = (shape(y[0]), shape(y[1]))
    switch node(a) {
    case .apply(.kron, let x, _)
    where shape(x[0]).columns == p.rows && shape(x[1]).columns == q.rows:
      return khatriRao(product([x[0], y[0]]), product([x[1], y[1]]))
    case .apply(.commutation, _, let sizes) where sizes == [q.rows, p.rows]:
      return khatriRao(y[1], y[0])
    case .apply(.transpose, let t, _):
      // khatrirao(A,B)'*khatrirao(C,D) = (A'*C).*(B'*D)
      if case .apply(.khatrirao, let x, _) = node(t[0]), shape(x[0]).rows == p.rows,
        shape(x[1]).rows == q.rows
      {
        return hadamard(
          product([transpose(x[0]), y[0]]), product([transpose(x[1]), y[1]]))
      }
      // vec(M)'*khatrirao(A,B) holds b_j'*M*a_j.
      if let m = operand(of: t[0], .vec), shape(m) == Shape(q.rows, p.rows) {
        return transpose(diagonalOf(product([transpose(y[1]), m, y[0]])))
      }
    default: break
    }
    guard let m = diagonalOfVec(a), shape(m) == Shape(q.rows, p.rows) else { return nil }
    if case .identity = node(y[0]) { return khatriRao(y[0], hadamard(m, y[1])) }
    if case .identity = node(y[1]) { return khatriRao(hadamard(y[0], transpose(m)), y[1]) }
    return nil
  }

  public func khatriRao(_ a: Expr, _ b: Expr) -> Expr {
    apply(
      .khatrirao, [a, b], shape: Shape(shape(a).rows * shape(b).rows, shape(a).columns))
  }

  /// M of `diag(vec(M))`.
  private func diagonalOfVec(_ e: Expr) -> Expr? {
    operand(of: e, .diag).flatMap { operand(of: $0, .vec) }
  }
}
