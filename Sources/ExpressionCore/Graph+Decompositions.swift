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
    if let e = halvedInverse(a, b) ?? extremeValue(a, b) { return e }
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

  /// `inv(S)*L = inv(L)'` and `L'*inv(S) = inv(L)` for the factor L of S.
  private func halvedInverse(_ a: Expr, _ b: Expr) -> Expr? {
    if let s = operand(of: a, .inv), operand(of: b, .chol) == s { return transpose(inverse(b)) }
    if let s = operand(of: b, .inv), let l = operand(of: a, .transpose), operand(of: l, .chol) == s
    {
      return inverse(l)
    }
    return nil
  }

  /// The first or last of the sorted values of a decomposition.
  private func extremeValue(_ a: Expr, _ v: Expr) -> Expr? {
    guard let column = operand(of: a, .transpose), case .unit(let n, let position) = node(column)
    else { return nil }
    if let s = operand(of: v, .eigvals) {
      if position == n { return apply(.lambdamax, [s], shape: .scalar) }
      if position.isOne { return apply(.lambdamin, [s], shape: .scalar) }
    }
    if let x = operand(of: v, .svdvals), position.isOne {
      return apply(.specnorm, [x], shape: .scalar)
    }
    return nil
  }

  /// The largest or smallest eigenvalue, the largest singular value.
  func extremeOfSpectrum(_ primitive: Primitive, _ v: Expr) -> Expr? {
    if let s = operand(of: v, .eigvals) {
      return apply(primitive == .maximum ? .lambdamax : .lambdamin, [s], shape: .scalar)
    }
    guard primitive == .maximum, let x = operand(of: v, .svdvals) else { return nil }
    return apply(.specnorm, [x], shape: .scalar)
  }

  /// The sum of a function of the eigenvalues is the trace of that function of the matrix; that of
  /// the singular values is the nuclear norm.
  private func sumOfSpectrum(_ v: Expr) -> Expr? {
    if let x = operand(of: v, .svdvals) { return apply(.nucnorm, [x], shape: .scalar) }
    if let m = matrix(ofSpectrum: v) { return trace(m) }
    guard let inner = operand(of: v, .log) else { return nil }
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

  /// The product of a function of the eigenvalues, or of the diagonal of a triangular factor, is a
  /// determinant.
  func productOfSpectrum(_ v: Expr) -> Expr? {
    if let m = matrix(ofSpectrum: v) { return determinant(m) }
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
      return matrixFunction(of: s, v, eigenvalues(s))
    }
    let singular: Expr? = operand(of: left, .svdu) ?? operand(of: left, .svdv)
    guard let x = singular else { return nil }
    let s = singularValues(x)
    let fromLeft = operand(of: left, .svdu) == x
    let toRight = operand(of: right, .svdv) == x
    if fromLeft, toRight {
      if let odd = oddFunction(of: x, v, s) { return odd }
      if v == reciprocal(s) { return transpose(pseudoinverse(x)) }
    }
    if !fromLeft, operand(of: right, .svdu) == x {
      if let odd = oddFunction(of: x, v, s) { return transpose(odd) }
      if v == reciprocal(s) { return pseudoinverse(x) }
    }
    // V*diag(f(s²))*V' of a square V is f(X'*X).
    guard left == right, shape(left).isSquare || v == power(s, .two) else { return nil }
    let whole = fromLeft ? product([x, transpose(x)]) : product([transpose(x), x])
    return matrixFunction(of: whole, v, power(s, .two))
  }

  /// `U*diag(s)*V' = X` and, for a function f of s², `U*diag(s.*f)*V' = X*f(X'*X)`.
  private func oddFunction(of x: Expr, _ v: Expr, _ s: Expr) -> Expr? {
    if v == s { return x }
    let even = hadamard([Factor(v), Factor(s, .minusOne)])
    let f = matrixFunction(of: product([transpose(x), x]), even, power(s, .two))
    return f.map { product([x, $0]) }
  }
}
