/// Factors of decompositions that meet in a product.
extension Graph {
  /// The product of two neighbours, of which at least one is a factor of a decomposition.
  func joinedFactors(_ a: Expr, _ b: Expr) -> Expr? {
    if let e = wholeFrom(a, b) ?? projection(a, b) ?? joinedExponentials(a, b) { return e }
    if let e = joinedPowers(a, b) ?? commutingInOrder(a, b) { return e }
    // inv(Q)*inv(P) = inv(P*Q) where P*Q is known.
    if let q = operand(of: a, .inv), let p = operand(of: b, .inv), let whole = wholeFrom(p, q) {
      return inverse(whole)
    }
    // A*inv(R) = Q, inv(L)*A = U, inv(L)*S = L'
    if let r = operand(of: b, .inv) {
      if operand(of: r, .qrr) == a { return apply(.qrq, [a], shape: shape(a)) }
      if operand(of: r, .luu) == a { return apply(.lul, [a], shape: shape(a)) }
      if let l = operand(of: r, .transpose), operand(of: l, .chol) == a { return l }
    }
    if let l = operand(of: a, .inv) {
      if operand(of: l, .lul) == b { return apply(.luu, [b], shape: shape(b)) }
      if operand(of: l, .chol) == b { return transpose(l) }
    }
    if let q = operand(of: a, .transpose), operand(of: q, .qrq) == b {
      return apply(.qrr, [b], shape: Shape(shape(q).columns, shape(b).columns))
    }
    if isOnesRow(a) { return sumOfSpectrum(b) }
    if isOnesColumn(b), shape(a).rows.isOne { return sumOfSpectrum(transpose(a)) }
    return nil
  }

  /// `chol(S)*chol(S)'`, `qrq(A)*qrr(A)`, `lul(A)*luu(A)`, `qrr(A)'*qrr(A)`.
  private func wholeFrom(_ a: Expr, _ b: Expr) -> Expr? {
    if let s = operand(of: a, .chol), operand(of: b, .transpose) == a { return s }
    if let x = operand(of: a, .qrq), operand(of: b, .qrr) == x { return x }
    if let x = operand(of: a, .lul), operand(of: b, .luu) == x { return x }
    if let r = operand(of: a, .transpose), r == b, let x = operand(of: r, .qrr) {
      return product([transpose(x), x])
    }
    return nil
  }

  /// The sum of the eigenvalues is the trace, that of their logarithms the log-determinant; the sum
  /// of the singular values is the nuclear norm.
  private func sumOfSpectrum(_ v: Expr) -> Expr? {
    if let s = operand(of: v, .eigvals) { return trace(s) }
    if let x = operand(of: v, .svdvals) { return apply(.nucnorm, [x], shape: .scalar) }
    guard let inner = operand(of: v, .log) else { return nil }
    if let s = operand(of: inner, .eigvals) { return logdet(s) }
    if let l = operand(of: inner, .diagonal) {
      if let s = operand(of: l, .chol) { return product([number(.half), logdet(s)]) }
      if let x = operand(of: l, .qrr) {
        return product([number(.half), logdet(product([transpose(x), x]))])
      }
    }
    if let pivots = operand(of: inner, .abs), let u = operand(of: pivots, .diagonal),
      let x = operand(of: u, .luu)
    {
      return logdet(x)
    }
    return nil
  }

  /// The product of the eigenvalues, or of the diagonal of a triangular factor, is a determinant.
  func productOfSpectrum(_ v: Expr) -> Expr? {
    if let s = operand(of: v, .eigvals) { return determinant(s) }
    guard let factor = operand(of: v, .diagonal) else { return nil }
    if let s = operand(of: factor, .chol) { return squareRoot(determinant(s)) }
    if let x = operand(of: factor, .luu) { return determinant(x) }
    return nil
  }

  // MARK: Three factors

  /// The product of three neighbours where a decomposition makes it shorter.
  func joined(_ a: Expr, _ b: Expr, _ c: Expr) -> Expr? {
    if let e = projected(a, b, c) { return e }
    if let v = operand(of: b, .diag) {
      if case .apply(.transpose, let right, _) = node(c) {
        return spectral(a, v, right[0])
      }
      return nil
    }
    guard case .apply(.transpose, let left, _) = node(a) else { return nil }
    // V'*S*V and U'*X*V are diagonal.
    if left[0] == c, operand(of: c, .eigvecs) == b { return diag(eigenvalues(b)) }
    if operand(of: left[0], .svdu) == b, operand(of: c, .svdv) == b {
      return diag(singularValues(b))
    }
    if operand(of: c, .svdu) == operand(of: left[0], .svdv), operand(of: c, .svdu) == transpose(b) {
      return diag(singularValues(transpose(b)))
    }
    return nil
  }

  /// `V*diag(v)*W'` where v is a function of the values that belong to V and W.
  private func spectral(_ left: Expr, _ v: Expr, _ right: Expr) -> Expr? {
    if left == right, let s = operand(of: left, .eigvecs) {
      return functionOfSpectrum(v, eigenvalues(s), s)
    }
    let singular: Expr? = operand(of: left, .svdu) ?? operand(of: left, .svdv)
    guard let x = singular else { return nil }
    let s = singularValues(x)
    let fromLeft = operand(of: left, .svdu) == x
    let toRight = operand(of: right, .svdv) == x
    if fromLeft, toRight {
      if v == s { return x }
      if v == reciprocal(s) { return transpose(pseudoinverse(x)) }
    }
    if !fromLeft, operand(of: right, .svdu) == x {
      if v == s { return transpose(x) }
      if v == reciprocal(s) { return pseudoinverse(x) }
    }
    if left == right, v == power(s, .two) {
      return fromLeft ? product([x, transpose(x)]) : product([transpose(x), x])
    }
    return nil
  }

  /// f(S) for the function f of its eigenvalues, where it has a name.
  private func functionOfSpectrum(_ v: Expr, _ l: Expr, _ s: Expr) -> Expr? {
    if v == l { return s }
    switch node(v) {
    case .apply(.exp, let x, _) where x[0] == l: return matrixFunction(.expm, s)
    case .apply(.log, let x, _) where x[0] == l: return matrixFunction(.logm, s)
    case .apply(.sin, let x, _) where x[0] == l: return matrixFunction(.sinm, s)
    case .apply(.cos, let x, _) where x[0] == l: return matrixFunction(.cosm, s)
    case .apply(.elementwisePower, let x, _) where x[0] == l: return matrixPower(s, x[1])
    case .hadamard(let factors) where factors.count == 1 && factors[0].base == l:
      return matrixPower(s, number(factors[0].exponent))
    default: return nil
    }
  }
}
