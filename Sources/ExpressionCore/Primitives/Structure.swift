/// Operations that move entries about. All are linear.
extension PrimitiveRule {
  /// A column as a diagonal matrix; its adjoint takes the diagonal.
  static let diag = PrimitiveRule(
    transpose: .rule { g, x, _ in g.diag(x[0]) },
    derivative: .linear { g, y, _, _ in g.diagonalOf(y) },
    construct: { g, x, _, shape in
      let v = g.shape(x[0]).isRow ? g.transpose(x[0]) : x[0]
      if g.shape(v).isScalar { return v }
      if case .ones(let n) = g.node(v) { return g.identity(n) }
      if case .unit = g.node(v) { return g.product([v, g.transpose(v)]) }
      if let m = g.operand(of: v, .diagonal), g.facts(m).contains(.diagonal) { return m }
      if case .apply(.kron, let y, _) = g.node(v) { return g.kron(g.diag(y[0]), g.diag(y[1])) }
      let signs = g.facts(v)
      var facts: Facts = [.diagonal]
      if signs.contains(.nonnegative) { facts.formUnion([.nonnegative, .positiveSemidefinite]) }
      if signs.contains(.positive) { facts.insert(.positiveDefinite) }
      return g.linear(.diag, v, [], shape, facts)
    })

  /// The diagonal of a square matrix as a column.
  static let diagonal = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, _, _ in g.diag(y) },
    construct: { g, x, _, shape in g.makeDiagonal(x[0], shape) })

  /// Stacks columns.
  static let vec = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, x, _ in
      g.apply(.reshape, [y], [g.shape(x).rows, g.shape(x).columns], shape: g.shape(x))
    },
    construct: { g, x, _, _ in g.vec(x[0]) })

  /// Column-major, to the shape that the parameters give.
  static let reshape = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, x, _ in
      g.apply(.reshape, [y], [g.shape(x).rows, g.shape(x).columns], shape: g.shape(x))
    },
    construct: { g, x, parameters, shape in
      let source = g.operand(of: x[0], .reshape) ?? g.operand(of: x[0], .vec) ?? x[0]
      if g.shape(source) == shape { return source }
      if shape.columns.isOne { return g.vec(source) }
      if shape.rows.isOne { return g.transpose(g.vec(source)) }
      return g.linear(
        .reshape, source, [shape.rows, shape.columns], shape, g.facts(source).intersection(.signs))
    })

  /// The entries on and below the diagonal.
  static let tril = triangle(.tril, mirrored: .triu)
  static let triu = triangle(.triu, mirrored: .tril)

  private static func triangle(_ primitive: Primitive, mirrored: Primitive) -> PrimitiveRule {
    let fact: Facts = primitive == .tril ? .lower : .upper
    return PrimitiveRule(
      transpose: .rule { g, x, _ in
        g.apply(mirrored, [g.transpose(x[0])], shape: g.shape(x[0]).transposed)
      },
      derivative: .linear { g, y, x, _ in g.apply(primitive, [y], shape: g.shape(x)) },
      construct: { g, x, _, shape in
        if !g.facts(x[0]).isDisjoint(with: [fact, .diagonal]) { return x[0] }
        if g.operand(of: x[0], mirrored) != nil, shape.isSquare {
          return g.diag(g.diagonalOf(x[0]))
        }
        return g.linear(primitive, x[0], [], shape, fact)
      })
  }

  /// The entries below the diagonal of a square matrix, and half those on it. Both weigh entries, so
  /// that each is its own adjoint.
  static let stril = weighted(.stril, diagonal: .zero)
  static let halftril = weighted(.halftril, diagonal: .half)

  private static func weighted(_ primitive: Primitive, diagonal: Number) -> PrimitiveRule {
    PrimitiveRule(
      transpose: .opaque,
      derivative: .linear { g, y, x, _ in g.apply(primitive, [y], shape: g.shape(x)) },
      construct: { g, x, _, shape in
        if shape.isScalar { return g.scale(diagonal, x[0]) }
        if !g.facts(x[0]).isDisjoint(with: [.upper, .diagonal]) {
          return g.scale(diagonal, g.diag(g.diagonalOf(x[0])))
        }
        if primitive == .stril, g.operand(of: x[0], .stril) != nil { return x[0] }
        return g.linear(primitive, x[0], [], shape, .lower)
      })
  }

  static let sym = defined { g, x, _, _ in
    g.scale(.half, g.sum([x[0], g.transpose(x[0])]))
  }
  static let skew = defined { g, x, _, _ in
    g.scale(.half, g.subtract(x[0], g.transpose(x[0])))
  }

  static let col = defined { g, x, j, _ in
    g.product([x[0], g.unit(g.shape(x[0]).columns, position: j[0])])
  }
  static let row = defined { g, x, i, _ in
    g.product([g.transpose(g.unit(g.shape(x[0]).rows, position: i[0])), x[0]])
  }
  static let entry = defined { g, x, p, _ in
    g.product([
      g.transpose(g.unit(g.shape(x[0]).rows, position: p[0])), x[0],
      g.unit(g.shape(x[0]).columns, position: p[1]),
    ])
  }
  static let unit = defined { g, _, p, shape in g.unit(shape.rows, position: p[p.count - 1]) }
  static let eye = defined { g, _, _, shape in g.identity(shape.rows) }
  static let ones = defined { g, _, _, shape in g.allOnes(shape) }
  static let zeros = defined { g, _, _, shape in g.zero(shape) }
  static let constantVector = defined { g, x, _, shape in g.spread(x[0], to: shape) }
  static let constantMatrix = constantVector

  /// The lower half of a square matrix, column by column. Its adjoint puts the entries back there.
  static let vech = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, x, _ in
      // vech(X) = D'vec(tril(X)), as D repeats the entries below the diagonal, which tril drops.
      let n = g.shape(x).rows
      let full = g.apply(
        .reshape,
        [g.product([g.apply(.duplication, [], [n], shape: Shape(n * n, g.shape(y).rows)), y])],
        [n, n], shape: Shape(n, n))
      return g.apply(.tril, [full], shape: Shape(n, n))
    },
    construct: { g, x, _, shape in
      g.linear(.vech, x[0], [], shape, g.facts(x[0]).intersection(.signs))
    })

  /// duplication(n)*vech(S) = vec(S) for symmetric S.
  static let duplication = PrimitiveRule(
    transpose: .opaque, derivative: .constant,
    construct: { g, _, n, shape in
      n[0].isOne ? g.one : g.opaque(.duplication, [], n, shape, .nonnegative)
    })

  /// commutation(m,n)*vec(X) = vec(X') for X m×n.
  static let commutation = PrimitiveRule(
    transpose: .rule { g, _, sizes in g.commutation(sizes[1], sizes[0]) },
    derivative: .constant,
    construct: { g, _, sizes, _ in g.commutation(sizes[0], sizes[1]) })
}

extension Graph {
  public func vec(_ x: Expr) -> Expr {
    if shape(x).columns.isOne { return x }
    if shape(x).rows.isOne { return transpose(x) }
    if let source = operand(of: x, .reshape) { return vec(source) }
    let result = Shape(shape(x).count, 1)
    if isOnesMatrix(x) { return ones(result.rows) }
    if case .product(let p) = node(x),
      let cut = p.chain.dropLast().firstIndex(where: { shape($0).columns.isOne })
    {
      // vec(u*v') = v ⊗ u
      let columns = kron(
        transpose(product(Array(p.chain[(cut + 1)...]))), product(Array(p.chain[...cut])))
      return product([product(Product(p.coefficient, scalars: p.scalars)), columns])
    }
    return linear(.vec, x, [], result, facts(x).intersection(.signs))
  }

  public func commutation(_ m: Dim, _ n: Dim) -> Expr {
    if m.isOne { return identity(n) }
    if n.isOne { return identity(m) }
    return opaque(.commutation, [], [m, n], Shape(m * n, m * n), [.orthogonal, .nonnegative])
  }

  /// `diag(u*v') = u.*v`, `diag(P*diag(a)*Q) = (P.*Q')*a`, `diag(I) = 1`.
  func makeDiagonal(_ x: Expr, _ shape: Shape) -> Expr {
    switch node(x) {
    case .identity(let n): return ones(n)
    case .apply(.diag, let v, _): return v[0]
    case .apply(.transpose, let y, _): return diagonalOf(y[0])
    case .apply(.halftril, let y, _): return scale(.half, diagonalOf(y[0]))
    case .apply(.stril, _, _): return zero(shape)
    case .apply(.chol, _, _): return linear(.diagonal, x, [], shape, [.positive, .nonnegative])
    case .hadamard(let factors):
      return hadamard(factors.map { Factor(diagonalOf($0.base), $0.exponent) })
    case .product(let p) where p.coefficient.isOne && p.scalars.isEmpty:
      if let cut = p.chain.dropLast().firstIndex(where: { self.shape($0).columns.isOne }) {
        let u = product(Array(p.chain[...cut]))
        return hadamard(u, transpose(product(Array(p.chain[(cut + 1)...]))))
      }
      if let first = operand(of: p.chain[0], .diag) {
        return hadamard(first, diagonalOf(product(Array(p.chain.dropFirst()))))
      }
      if let last = p.chain.last, let v = operand(of: last, .diag) {
        return hadamard(v, diagonalOf(product(Array(p.chain.dropLast()))))
      }
      if let middle = p.chain.firstIndex(where: { operand(of: $0, .diag) != nil }),
        let a = operand(of: p.chain[middle], .diag)
      {
        let left = product(Array(p.chain[..<middle]))
        let right = product(Array(p.chain[(middle + 1)...]))
        return product([hadamard(left, transpose(right)), a])
      }
      let mirrored = transpose(x)
      return linear(.diagonal, Swift.min(x, mirrored), [], shape)
    case .symbol, .number, .pi, .dimension, .zero, .ones, .unit, .sum, .product, .apply:
      return linear(.diagonal, x, [], shape, facts(x).intersection(.signs))
    }
  }
}
