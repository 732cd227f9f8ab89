/// Functions of a symmetric matrix that are given by its eigenvalues, V·diag(f(l))·V'.
extension Graph {
  /// f(S) for an entrywise function v = f(l) of the eigenvalues of a matrix S that it mentions, or
  /// f(X'X) for one of the squared singular values of X.
  func matrix(ofSpectrum v: Expr) -> Expr? {
    guard mentionsSpectra, let values = spectrum(in: v, depth: 0) else { return nil }
    if let s = operand(of: values, .eigvals) { return matrixFunction(of: s, v, values) }
    guard let x = operand(of: values, .svdvals) else { return nil }
    let turned = transpose(x)
    let whole = shape(x).columns == shape(values).rows ? [turned, x] : [x, turned]
    return matrixFunction(of: product(whole), v, power(values, .two))
  }

  private func spectrum(in e: Expr, depth: Int) -> Expr? {
    if operand(of: e, .eigvals) != nil || operand(of: e, .svdvals) != nil { return e }
    guard depth < 8 else { return nil }
    switch node(e) {
    case .product(let p):
      return p.chain.count == 1 ? spectrum(in: p.chain[0], depth: depth + 1) : nil
    case .sum, .hadamard, .apply:
      for operand in node(e).operands where shape(operand) == shape(e) {
        if let found = spectrum(in: operand, depth: depth + 1) { return found }
      }
      return nil
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return nil
    }
  }

  /// f(S) for the entrywise function v = f(l) of its eigenvalues l, where it is built of powers,
  /// products, sums and the functions that matrices have too.
  func matrixFunction(of s: Expr, _ v: Expr, _ l: Expr, depth: Int = 0) -> Expr? {
    if v == l { return s }
    guard depth < 16 else { return nil }
    func inner(_ e: Expr) -> Expr? { matrixFunction(of: s, e, l, depth: depth + 1) }
    switch node(v) {
    case .ones(let n): return identity(n)
    case .sum(let terms):
      var parts: [Term] = []
      for term in terms {
        guard let m = inner(term.expr) else { return nil }
        parts.append(Term(term.coefficient, m))
      }
      return sum(parts, shape: shape(s))
    case .product(let p):
      guard p.chain.count == 1, let m = inner(p.chain[0]) else { return nil }
      return product([product(Product(p.coefficient, scalars: p.scalars)), m])
    case .hadamard(let factors):
      var parts: [Expr] = []
      for factor in factors {
        guard let m = inner(factor.base) else { return nil }
        parts.append(matrixPower(m, number(factor.exponent)))
      }
      return product(parts)
    case .apply(let f, let x, _):
      guard shape(x[0]) == shape(l), let m = inner(x[0]) else { return nil }
      switch f {
      case .exp: return matrixFunction(.expm, m)
      case .log: return matrixFunction(.logm, m)
      case .sin: return matrixFunction(.sinm, m)
      case .cos: return matrixFunction(.cosm, m)
      case .elementwisePower where shape(x[1]).isScalar: return matrixPower(m, x[1])
      default: return nil
      }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .unit: return nil
    }
  }
}
