extension PrimitiveRule {
  /// A ⊗ B. The adjoint in general is a partial trace, spelled through vec where a factor is
  /// a vector and refused otherwise: `reshape` of the rearranged cotangent.
  static let kron = PrimitiveRule(
    transpose: .rule { g, x, _ in g.kron(g.transpose(x[0]), g.transpose(x[1])) },
    derivative: .multilinear { g, y, x, position, _ in g.adjointOfKron(y, x, position) },
    construct: { g, x, _, _ in g.kron(x[0], x[1]) })

  /// The columnwise Kronecker product: column j is a_j ⊗ b_j.
  static let khatrirao = PrimitiveRule(
    transpose: .opaque,
    derivative: .multilinear { g, y, x, position, _ in g.adjointOfKhatriRao(y, x, position) },
    construct: { g, x, _, shape in
      if shape.columns.isOne { return g.kron(x[0], x[1]) }
      if g.shape(x[0]).rows.isOne { return g.product([x[1], g.diag(g.transpose(x[0]))]) }
      if g.shape(x[1]).rows.isOne { return g.product([x[0], g.diag(g.transpose(x[1]))]) }
      if let e = g.simplerKhatriRao(x) { return e }
      return g.bilinear(.khatrirao, x, [], shape)
    })
}

extension Graph {
  public func kron(_ a: Expr, _ b: Expr) -> Expr {
    if shape(a).isScalar || shape(b).isScalar { return product([a, b]) }
    let (p, q) = (shape(a), shape(b))
    if p.columns.isOne, q.rows.isOne { return product([a, b]) }
    if p.rows.isOne, q.columns.isOne { return product([b, a]) }
    if case .identity(let m) = node(a), case .identity(let n) = node(b) { return identity(m * n) }
    if isOnesColumn(a), isOnesColumn(b) { return ones(p.rows * q.rows) }
    if isOnesRow(a), isOnesRow(b) { return transpose(ones(p.columns * q.columns)) }
    // Associative: grouped from the left, so that x ⊗ (x' ⊗ M) is (x*x') ⊗ M.
    if case .apply(.kron, let y, _) = node(b) { return kron(kron(a, y[0]), y[1]) }
    return bilinear(.kron, [a, b], [], Shape(p.rows * q.rows, p.columns * q.columns))
  }

  /// khatrirao(u*r, B) = kron(u, B*diag(r)): all columns of the first are multiples of u. And
  /// khatrirao(A*diag(d), B) = khatrirao(A, B)*diag(d).
  func simplerKhatriRao(_ x: [Expr]) -> Expr? {
    for (position, e) in x.enumerated() {
      guard case .product(let p) = node(e), p.coefficient.isOne, p.scalars.isEmpty else { continue }
      if let last = p.chain.last, operand(of: last, .diag) != nil {
        var operands = x
        operands[position] = product([], chain: Array(p.chain.dropLast()))
        return product([khatriRao(operands[0], operands[1]), last])
      }
      guard let cut = p.chain.dropLast().firstIndex(where: { shape($0).columns.isOne }) else {
        continue
      }
      let column = product(Array(p.chain[...cut]))
      let scaled = product([
        x[1 - position], diag(transpose(product(Array(p.chain[(cut + 1)...])))),
      ])
      return position == 0 ? kron(column, scaled) : kron(scaled, column)
    }
    return nil
  }

  /// A node of a bilinear primitive, numbers and scalars taken out of its operands.
  func bilinear(
    _ primitive: Primitive, _ x: [Expr], _ parameters: [Dim], _ shape: Shape
  ) -> Expr {
    var scalars: [Expr] = []
    var bare: [Expr] = []
    for e in x {
      switch node(e) {
      case .zero: return zero(shape)
      case .product(let p) where !(p.coefficient.isOne && p.scalars.isEmpty):
        scalars.append(product(Product(p.coefficient, scalars: p.scalars)))
        bare.append(product(Product(chain: p.chain)))
      case .symbol, .number, .pi, .dimension, .identity, .ones, .unit, .sum, .product, .hadamard,
        .apply:
        bare.append(e)
      }
    }
    var facts: Facts = [
      .positive, .nonnegative, .positiveSemidefinite, .positiveDefinite, .orthogonal, .diagonal,
    ]
    for e in bare { facts.formIntersection(self.facts(e)) }
    if primitive != .kron { facts.formIntersection(.signs) }
    let node = opaque(primitive, bare, parameters, shape, facts)
    return scalars.isEmpty ? node : product(scalars + [node])
  }

  /// ⟨Y, dA ⊗ B⟩ = ⟨Ā, dA⟩. With R the rearrangement that takes A ⊗ B to vec(A)vec(B)'
  /// (Van Loan and Pitsianis 1993), vec(Ā) = R(Y)vec(B). R is written as
  /// vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B) (Magnus & Neudecker, 3.7), transposed.
  func adjointOfKron(_ y: Expr, _ x: [Expr], _ position: Int) -> Expr {
    let (a, b) = (shape(x[0]), shape(x[1]))
    let permutation = kron(
      identity(a.columns), kron(commutation(b.columns, a.rows), identity(b.rows)))
    let entries = product([transpose(permutation), vec(y)])
    let other = position == 0 ? x[1] : x[0]
    let own = position == 0 ? a : b
    let contraction =
      position == 0
      ? kron(identity(a.count), transpose(vec(other)))
      : kron(transpose(vec(other)), identity(b.count))
    return apply(.reshape, [product([contraction, entries])], [own.rows, own.columns], shape: own)
  }

  /// Column j of A gets (I ⊗ b_j')y_j: (I ⊗ 1')(Y ⊙ (1 ⊗ B)), and of B (1' ⊗ I)(Y ⊙ (A ⊗ 1)).
  func adjointOfKhatriRao(_ y: Expr, _ x: [Expr], _ position: Int) -> Expr {
    let (p, q) = (shape(x[0]).rows, shape(x[1]).rows)
    if position == 0 {
      return product([
        kron(identity(p), transpose(ones(q))), hadamard(y, kron(ones(p), x[1])),
      ])
    }
    return product([kron(transpose(ones(p)), identity(q)), hadamard(y, kron(x[0], ones(q)))])
  }
}
