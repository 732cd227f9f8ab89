import ExpressionCore

/// An expression whose Jacobian has no matrix form here.
struct NoMatrixForm: Error {
  let primitive: Primitive
}

extension Graph {
  /// J with `vec(e) = J*vec(D)` for an expression linear in the symbol D; nil where no matrix form
  /// is known.
  public func identified(_ e: Expr, by d: Expr) -> Expr? { try? jacobian(of: e, by: d) }

  /// J with `vec(e) = J*vec(D)` for an expression linear in the symbol D (Magnus & Neudecker, 9.5).
  func jacobian(of e: Expr, by d: Expr) throws(NoMatrixForm) -> Expr {
    let depends = dependents(of: [d], in: e)
    let order = reachable(from: [e]).filter { depends[$0.index] }
    var known: [Expr: Expr] = [d: identity(shape(d).count)]
    // What lies below a scalar is not identified: its row is the transposed gradient.
    var needed: Set<Expr> = [e]
    for node in order.reversed()
    where needed.contains(node) && node != d && !shape(node).isScalar {
      for operand in self.node(node).operands where depends[operand.index] {
        needed.insert(operand)
      }
    }
    for node in order where needed.contains(node) && known[node] == nil {
      known[node] =
        shape(node).isScalar
        ? try transposedGradient(of: node, by: d) : try identify(node, known, depends, d)
    }
    return known[e] ?? zero(Shape(shape(e).count, shape(d).count))
  }

  private func transposedGradient(of e: Expr, by d: Expr) throws(NoMatrixForm) -> Expr {
    let gradient: Expr?
    do {
      gradient = try pullback(of: e, cotangent: one, to: [d])[d]
    } catch {
      throw NoMatrixForm(primitive: error.primitive)
    }
    return transpose(vec(gradient ?? zero(shape(d))))
  }

  private func identify(
    _ e: Expr, _ known: [Expr: Expr], _ depends: [Bool], _ d: Expr
  ) throws(NoMatrixForm) -> Expr {
    func j(_ x: Expr) -> Expr { known[x] ?? zero(Shape(shape(x).count, shape(d).count)) }
    switch node(e) {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit:
      return zero(Shape(shape(e).count, shape(d).count))
    case .sum(let terms):
      return sum(
        terms.filter { depends[$0.expr.index] }.map { Term($0.coefficient, j($0.expr)) },
        shape: Shape(shape(e).count, shape(d).count))
    case .product(let p): return identify(p, e, depends, j)
    case .hadamard(let factors):
      guard let i = factors.firstIndex(where: { depends[$0.base.index] }) else { return j(e) }
      var others = factors
      others.remove(at: i)
      guard !others.isEmpty else { return j(factors[i].base) }
      return product([diag(vec(hadamard(others))), j(factors[i].base)])
    case .apply(let primitive, let x, let parameters):
      return try identify(primitive, x, parameters, e, depends, j)
    }
  }

  private func identify(_ p: Product, _ e: Expr, _ depends: [Bool], _ j: (Expr) -> Expr) -> Expr {
    let coefficient = Factor(number(p.coefficient))
    if let i = p.scalars.firstIndex(where: { depends[$0.base.index] }) {
      var others = p.scalars
      others.remove(at: i)
      let scale = product(others + [coefficient], chain: [])
      let rest = p.chain.isEmpty ? one : vec(product([], chain: p.chain))
      return product([scale, rest, j(p.scalars[i].base)])
    }
    guard let i = p.chain.firstIndex(where: { depends[$0.index] }) else { return j(e) }
    let scale = product(p.scalars + [coefficient], chain: [])
    let element = p.chain[i]
    let left = Array(p.chain[..<i])
    let right = Array(p.chain[(i + 1)...])
    let before = left.isEmpty ? identity(shape(element).rows) : product([], chain: left)
    let after = right.isEmpty ? identity(shape(element).columns) : product([], chain: right)
    // P*diag(v)*Q: column k of the Khatri-Rao product scales with v_k.
    if let v = operand(of: element, .diag) {
      return product([scale, khatriRao(transpose(after), before), j(v)])
    }
    if shape(element).columns.isOne, right.isEmpty { return product([scale, before, j(element)]) }
    if shape(element).rows.isOne, left.isEmpty {
      return product([scale, transpose(after), j(element)])
    }
    return product([scale, kron(transpose(after), before), j(element)])
  }

  private func identify(
    _ primitive: Primitive, _ x: [Expr], _ parameters: [Dim], _ e: Expr, _ depends: [Bool],
    _ j: (Expr) -> Expr
  ) throws(NoMatrixForm) -> Expr {
    let shape = self.shape(e)
    switch primitive {
    case .transpose:
      let own = self.shape(x[0])
      if own.isVector || own.isRow { return j(x[0]) }
      return product([commutation(own.rows, own.columns), j(x[0])])
    case .vec, .reshape: return j(x[0])
    case .diag: return product([selfKhatriRao(shape.rows), j(x[0])])
    case .diagonal: return identifyDiagonal(x[0], depends, j)
    case .tril, .triu, .stril, .halftril:
      let mask = apply(primitive, [allOnes(shape)], shape: shape)
      return product([diag(vec(mask)), j(x[0])])
    case .vech:
      let n = self.shape(x[0]).rows
      let full = Shape(n, n)
      let mask = apply(.tril, [allOnes(full)], shape: full)
      let duplication = apply(.duplication, [], [n], shape: Shape(n * n, shape.rows))
      return product([transpose(duplication), diag(vec(mask)), j(x[0])])
    case .kron: return identifyKronecker(x, depends, j)
    case .khatrirao: return identifyKhatriRao(x, depends, j)
    case .cross:
      return product([
        crossMatrix(depends[x[0].index] ? x[1] : x[0], flipped: depends[x[0].index]),
        j(depends[x[0].index] ? x[0] : x[1]),
      ])
    case .blocks: return identifyBlocks(x, parameters, e, depends, j)
    case .sylvester, .lyapunov:
      let other = primitive == .lyapunov ? transpose(x[0]) : x[1]
      return product([inverse(sylvesterMatrix(x[0], other)), j(x[x.count - 1])])
    default: throw NoMatrixForm(primitive: primitive)
    }
  }

  /// I ⊗ A + B' ⊗ I, which takes vec(X) to vec(AX + XB).
  private func sylvesterMatrix(_ a: Expr, _ b: Expr) -> Expr {
    sum([kron(identity(shape(b).rows), a), kron(transpose(b), identity(shape(a).rows))])
  }

  /// khatrirao(I, I), with vec(diag(v)) = khatrirao(I, I)*v.
  private func selfKhatriRao(_ n: Dim) -> Expr { khatriRao(identity(n), identity(n)) }

  /// diag(P*L*Q) = khatrirao(Q, P')'*vec(L)
  private func identifyDiagonal(_ m: Expr, _ depends: [Bool], _ j: (Expr) -> Expr) -> Expr {
    guard case .product(let p) = node(m), p.coefficient.isOne, p.scalars.isEmpty,
      let i = p.chain.firstIndex(where: { depends[$0.index] })
    else { return product([transpose(selfKhatriRao(shape(m).rows)), j(m)]) }
    let element = p.chain[i]
    let before = i == 0 ? identity(shape(element).rows) : product([], chain: Array(p.chain[..<i]))
    let after =
      i == p.chain.count - 1
      ? identity(shape(element).columns) : product([], chain: Array(p.chain[(i + 1)...]))
    return product([transpose(khatriRao(after, transpose(before))), j(element)])
  }

  /// vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B) (Magnus & Neudecker, 3.7); beside a column or a row
  /// the permutation is none: vec(a ⊗ B) = (I ⊗ a ⊗ I)vec B.
  private func identifyKronecker(_ x: [Expr], _ depends: [Bool], _ j: (Expr) -> Expr) -> Expr {
    let (a, b) = (shape(x[0]), shape(x[1]))
    let inFirst = depends[x[0].index]
    let (own, other) = inFirst ? (a, x[1]) : (b, x[0])
    let (outer, inner) = (identity(own.columns), identity(own.rows))
    if shape(other).isVector {
      let spread = inFirst ? kron(identity(own.count), other) : kron(outer, kron(other, inner))
      return product([spread, j(inFirst ? x[0] : x[1])])
    }
    if shape(other).isRow {
      let column = transpose(other)
      let spread = inFirst ? kron(outer, kron(column, inner)) : kron(column, identity(own.count))
      return product([spread, j(inFirst ? x[0] : x[1])])
    }
    let spread =
      inFirst
      ? kron(identity(a.count), vec(x[1])) : kron(vec(x[0]), identity(b.count))
    let permutation = kron(
      identity(a.columns), kron(commutation(b.columns, a.rows), identity(b.rows)))
    return product([permutation, spread, j(inFirst ? x[0] : x[1])])
  }

  private func identifyKhatriRao(_ x: [Expr], _ depends: [Bool], _ j: (Expr) -> Expr) -> Expr {
    let (p, q) = (shape(x[0]).rows, shape(x[1]).rows)
    let n = shape(x[0]).columns
    if depends[x[0].index] {
      let others = kron(ones(p), x[1])
      return product([diag(vec(others)), kron(identity(n), kron(identity(p), ones(q))), j(x[0])])
    }
    let others = kron(x[0], ones(q))
    return product([diag(vec(others)), kron(identity(n), kron(ones(p), identity(q))), j(x[1])])
  }

  /// [a]ₓ with a × b = [a]ₓ b; its opposite where the other factor varies.
  private func crossMatrix(_ a: Expr, flipped: Bool) -> Expr {
    let column = shape(a).isRow ? transpose(a) : a
    let entries = (1...3).map { product([transpose(unit(3, position: .literal($0))), column]) }
    let zero = number(0)
    let matrix = apply(
      .blocks,
      [
        zero, negate(entries[2]), entries[1], entries[2], zero, negate(entries[0]),
        negate(entries[1]),
        entries[0], zero,
      ], [3, 3, 3, 3], shape: Shape(3, 3))
    return flipped ? transpose(matrix) : matrix
  }

  /// Blocks one below the other stack their Jacobians; in general vec(F) is the sum of
  /// (column selector ⊗ row selector)*vec(block).
  private func identifyBlocks(
    _ x: [Expr], _ layout: [Dim], _ e: Expr, _ depends: [Bool], _ j: (Expr) -> Expr
  ) -> Expr {
    let width = shape(j(x[depends.firstDependent(x)])).columns
    let single = shape(e).columns.isOne || layout[0] == 1
    if single {
      let stacked = x.map { depends[$0.index] ? j($0) : zero(Shape(shape($0).count, width)) }
      return apply(
        .blocks, stacked, [.literal(x.count)] + Array(repeating: Dim.one, count: x.count),
        shape: Shape(shape(e).count, width))
    }
    var parts: [Expr] = []
    var top = Dim.literal(0)
    for row in blockRows(layout) {
      var left = Dim.literal(0)
      for i in row {
        if depends[x[i].index] {
          let above = selector(shape(e).rows, from: top, count: shape(x[i]).rows)
          let beside = selector(shape(e).columns, from: left, count: shape(x[i]).columns)
          parts.append(product([kron(beside, above), j(x[i])]))
        }
        left = left + shape(x[i]).columns
      }
      top = top + (row.first.map { shape(x[$0]).rows } ?? 0)
    }
    return sum(parts)
  }
}

extension [Bool] {
  fileprivate func firstDependent(_ x: [Expr]) -> Int { x.firstIndex { self[$0.index] } ?? 0 }
}
