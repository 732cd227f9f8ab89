extension PrimitiveRule {
  /// d(X⁻¹) = −X⁻¹ dX X⁻¹ (Magnus & Neudecker, 8.4)
  static let inv = PrimitiveRule(
    transpose: .commutes,
    derivative: .differential { g, _, d, y, _ in
      guard let dx = d[0] else { return g.zero(g.shape(y)) }
      return g.negate(g.product([y, dx, y]))
    },
    construct: { g, x, _, _ in g.inverse(x[0]) })

  /// d det X = det(X) tr(X⁻¹ dX) (Jacobi; Magnus & Neudecker, 8.3)
  static let det = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, y, _ in
      guard let dx = d[0] else { return g.number(0) }
      return g.product([y, g.trace(g.product([g.inverse(x[0]), dx]))])
    },
    construct: { g, x, _, _ in g.determinant(x[0]) })

  /// d log|det X| = tr(X⁻¹ dX)
  static let logdet = PrimitiveRule(
    transpose: .opaque,
    derivative: .differential { g, x, d, _, _ in
      guard let dx = d[0] else { return g.number(0) }
      return g.trace(g.product([g.inverse(x[0]), dx]))
    },
    construct: { g, x, _, _ in g.logdet(x[0]) })

  /// The adjoint of ⟨I, dX⟩.
  static let tr = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, x, _ in g.product([y, g.identity(g.shape(x).rows)]) },
    construct: { g, x, _, _ in g.trace(x[0]) })

  /// det(X)·X⁻¹
  static let adj = defined { g, x, _, _ in g.product([g.determinant(x[0]), g.inverse(x[0])]) }
  static let cof = defined { g, x, _, _ in
    g.product([g.determinant(x[0]), g.transpose(g.inverse(x[0]))])
  }
  static let solve = defined { g, x, _, _ in g.product([g.inverse(x[0]), x[1]]) }

  /// a × b of 3-vectors: [a]ₓ b with the skew matrix of a.
  static let cross = PrimitiveRule(
    transpose: .rule { g, x, _ in
      g.apply(.cross, x.map(g.transpose), shape: g.shape(x[0]).transposed)
    },
    derivative: .multilinear { g, y, x, position, _ in
      position == 0
        ? g.apply(.cross, [x[1], y], shape: g.shape(y))
        : g.apply(.cross, [y, x[0]], shape: g.shape(y))
    },
    construct: { g, x, _, shape in
      if x[0] == x[1] { return g.zero(shape) }
      let (a, b) = (g.splitCoefficient(x[0]), g.splitCoefficient(x[1]))
      let ordered = a.1 < b.1
      let node = g.bilinear(.cross, ordered ? [a.1, b.1] : [b.1, a.1], [], shape)
      return g.scale(ordered ? a.0 * b.0 : -(a.0 * b.0), node)
    })
}

extension Graph {
  /// `inv(c*A*B) = inv(B)*inv(A)/c` for square factors, `inv(diag(v)) = diag(1./v)`.
  public func inverse(_ x: Expr) -> Expr {
    let shape = self.shape(x)
    if shape.isScalar { return reciprocal(x) }
    if facts(x).contains(.orthogonal) { return transpose(x) }
    switch node(x) {
    case .identity: return x
    case .zero:
      failure = failure ?? .divisionByZero
      return x
    case .apply(.inv, let y, _): return y[0]
    case .apply(.expm, let y, _): return matrixFunction(.expm, negate(y[0]))
    case .apply(.power, let y, _): return matrixPower(y[0], negate(y[1]))
    case .apply(.diag, let v, _): return diag(reciprocal(v[0]))
    case .apply(.kron, let y, _) where y.allSatisfy({ self.shape($0).isSquare }):
      return kron(inverse(y[0]), inverse(y[1]))
    case .product(let p):
      let scale = product(
        [Factor(number(p.coefficient), .minusOne)]
          + p.scalars.map { Factor($0.base, -$0.exponent) }, chain: [])
      if p.chain.allSatisfy({ self.shape($0).isSquare }) {
        return product([scale] + p.chain.reversed().map { inverse($0) })
      }
      return product([scale, opaqueInverse(product(Product(chain: p.chain)))])
    case .symbol, .number, .pi, .dimension, .ones, .unit, .sum, .hadamard, .apply:
      return opaqueInverse(x)
    }
  }

  private func opaqueInverse(_ x: Expr) -> Expr {
    let kept: Facts = [
      .positiveSemidefinite, .positiveDefinite, .diagonal, .lower, .upper, .symmetric,
    ]
    return opaque(.inv, [x], [], shape(x), facts(x).intersection(kept))
  }

  /// `det(c*A*B) = c^n det(A) det(B)` for square factors, `det(A') = det(A)`.
  public func determinant(_ x: Expr) -> Expr {
    let shape = self.shape(x)
    if shape.isScalar { return x }
    switch node(x) {
    case .identity: return one
    case .zero: return number(0)
    case .apply(.inv, let y, _): return reciprocal(determinant(y[0]))
    case .apply(.transpose, let y, _): return determinant(y[0])
    case .apply(.diag, let v, _): return prod(v[0], axis: nil)
    case .apply(.expm, let y, _): return elementwise(.exp, trace(y[0]))
    case .apply(.chol, let y, _): return squareRoot(determinant(y[0]))
    case .apply(.lul, _, _): return one
    case .apply(.luu, let y, _): return determinant(y[0])
    case .apply(.kron, let y, _) where y.allSatisfy({ self.shape($0).isSquare }):
      let (m, n) = (dimension(self.shape(y[0]).rows), dimension(self.shape(y[1]).rows))
      return product([power(determinant(y[0]), n), power(determinant(y[1]), m)])
    case .product where isSymmetricPart(x): return opaqueDeterminant(x)
    case .product(let p):
      let scale = product(Product(p.coefficient, scalars: p.scalars))
      let factor = power(scale, dimension(shape.rows))
      if p.chain.allSatisfy({ self.shape($0).isSquare }) {
        return product([factor] + p.chain.map { determinant($0) })
      }
      let bare = product(Product(chain: p.chain))
      return product([factor, opaqueDeterminant(bare)])
    case .symbol, .number, .pi, .dimension, .ones, .unit, .sum, .hadamard, .apply:
      return opaqueDeterminant(x)
    }
  }

  private func opaqueDeterminant(_ x: Expr) -> Expr {
    let y = Swift.min(x, transpose(x))
    let positive = facts(x).contains(.positiveDefinite)
    return opaque(.det, [y], [], .scalar, positive ? [.positive, .nonnegative] : [])
  }

  /// The logarithm of |det(X)|: `logdet(A*B) = logdet(A) + logdet(B)` for square factors, and
  /// `logdet(A ⊗ B) = n*logdet(A) + m*logdet(B)` for A of order m and B of order n.
  public func logdet(_ x: Expr) -> Expr {
    if shape(x).isScalar { return elementwise(.log, elementwise(.abs, x)) }
    switch node(x) {
    case .identity: return number(0)
    case .apply(.inv, let y, _): return negate(logdet(y[0]))
    case .apply(.transpose, let y, _): return logdet(y[0])
    case .apply(.expm, let y, _): return trace(y[0])
    case .apply(.chol, let y, _): return product([number(.half), logdet(y[0])])
    case .apply(.lul, _, _): return number(0)
    case .apply(.luu, let y, _): return logdet(y[0])
    case .apply(.diag, let v, _):
      return total(elementwise(.log, elementwise(.abs, v[0])), axis: nil)
    case .apply(.kron, let y, _) where y.allSatisfy({ shape($0).isSquare }):
      let (m, n) = (dimension(shape(y[0]).rows), dimension(shape(y[1]).rows))
      return sum([product([n, logdet(y[0])]), product([m, logdet(y[1])])])
    case .apply(.qrr, let y, _) where self.shape(y[0]).isSquare: return logdet(y[0])
    case .product(let p)
    where p.chain.allSatisfy({ self.shape($0).isSquare }) && !isSymmetricPart(x):
      let scale = product(Product(p.coefficient, scalars: p.scalars))
      let n = dimension(shape(x).rows)
      let terms =
        [product([n, elementwise(.log, elementwise(.abs, scale))])] + p.chain.map { logdet($0) }
      return sum(terms)
    case .symbol, .number, .pi, .dimension, .zero, .ones, .unit, .sum, .product, .hadamard, .apply:
      return opaque(.logdet, [Swift.min(x, transpose(x))], [], .scalar)
    }
  }

  /// Linear; of the rotations of a product and of its transpose, the one that comes first.
  public func trace(_ x: Expr) -> Expr {
    if shape(x).isScalar { return x }
    switch node(x) {
    case .identity(let n): return dimension(n)
    case .zero: return number(0)
    case .sum(let terms):
      return sum(terms.map { Term($0.coefficient, trace($0.expr)) }, shape: .scalar)
    case .product(let p):
      let scale = product(Product(p.coefficient, scalars: p.scalars))
      return product([scale, trace(ofChain: p.chain)])
    case .apply(.diag, let v, _): return total(v[0], axis: nil)
    case .apply(.transpose, let y, _): return trace(y[0])
    case .apply(.kron, let y, _) where y.allSatisfy({ shape($0).isSquare }):
      return product(y.map { trace($0) })
    case .apply(.tril, let y, _), .apply(.triu, let y, _): return trace(y[0])
    case .apply(.halftril, let y, _): return scale(.half, trace(y[0]))
    case .apply(.stril, _, _): return number(0)
    case .apply(.logm, let y, _): return logdet(y[0])
    case .symbol, .number, .pi, .dimension, .ones, .unit, .hadamard, .apply:
      return opaque(
        .tr, [Swift.min(x, transpose(x))], [], .scalar,
        facts(x).contains(.positiveSemidefinite) ? .nonnegative : [])
    }
  }

  private func trace(ofChain chain: [Expr]) -> Expr {
    if chain.count == 1 { return trace(chain[0]) }
    // An inner dimension 1: tr(A*u*r) = r*A*u.
    if let cut = chain.firstIndex(where: { shape($0).columns.isOne }) {
      return product(Array(chain[(cut + 1)...] + chain[...cut]))
    }
    // The ends may cancel: tr(A*B*inv(A)) = tr(B).
    if let first = chain.first, let last = chain.last, chain.count > 2,
      let joined = joined(last, first), !isLongChain(joined)
    {
      return trace(product([joined] + chain[1..<(chain.count - 1)]))
    }
    if chain.count == 2 {
      if let e = traceOfPair(chain[0], chain[1]) { return e }
    }
    let mirrored = chain.reversed().map { transpose($0) }
    // A transpose that is not one factor (skew matrices) stays as it came.
    let candidates =
      mirrored.contains(where: { splitCoefficient($0).0 != .one || isProduct($0) })
      ? rotations(chain) : rotations(chain) + rotations(mirrored)
    var best = candidates[0]
    for candidate in candidates.dropFirst() where candidate.lexicographicallyPrecedes(best) {
      best = candidate
    }
    let inner = product(Product(chain: best))
    return opaque(
      .tr, [inner], [], .scalar, facts(inner).contains(.positiveSemidefinite) ? .nonnegative : [])
  }

  /// Whether it is a product of two or more matrices: ends that only change their order, as S and
  /// sqrtm(S) do, would be joined for ever.
  private func isLongChain(_ e: Expr) -> Bool {
    if case .product(let p) = node(e) { p.chain.count > 1 } else { false }
  }

  private func isProduct(_ e: Expr) -> Bool { if case .product = node(e) { true } else { false } }

  private func rotations(_ chain: [Expr]) -> [[Expr]] {
    chain.count > 64
      ? [chain] : chain.indices.map { Array(chain[$0...] + chain[..<$0]) }
  }

  /// `tr(diag(u)*M) = u'*diag(M)`, and `tr(A'*(B.*C)) = 1'*(A.*B.*C)*1`.
  private func traceOfPair(_ a: Expr, _ b: Expr) -> Expr? {
    for (x, y) in [(a, b), (b, a)] {
      if let v = operand(of: x, .diag) { return product([transpose(v), diagonalOf(y)]) }
      if case .hadamard = node(x) {
        return total(hadamard(transpose(x), y), axis: nil)
      }
      if case .apply(.exp, _, _) = node(x), case .apply(.exp, _, _) = node(y) {
        return total(hadamard(transpose(x), y), axis: nil)
      }
    }
    return nil
  }
}
