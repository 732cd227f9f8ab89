/// Powers of a square matrix that are not written out as products.
extension Graph {
  /// The differential of X^p, which is exp(p·log X): by X the chain rule, by p log(X)·X^p.
  /// Of an integer power, d X^(a+b) = d X^a·X^b + X^a·d X^b.
  func differentialOfMatrixPower(_ x: [Expr], _ d: [Expr?], _ y: Expr) -> Expr {
    var terms: [Expr] = []
    let shape = self.shape(y)
    if let dx = d[0] {
      if case .number(let value) = node(x[1]), let k = value.integer {
        let base = k < 0 ? inverse(x[0]) : x[0]
        let step = k < 0 ? negate(product([base, dx, base])) : dx
        var known: [Int: Expr] = [1: step]
        terms.append(differentialOfPower(base, abs(k), &known))
      } else {
        let logarithm = matrixFunction(.logm, x[0])
        let inner = apply(.dlogm, [x[0], dx], shape: shape)
        let scaled = product([x[1], logarithm])
        terms.append(apply(.dexpm, [scaled, product([x[1], inner])], shape: shape))
      }
    }
    if let dp = d[1] { terms.append(product([dp, matrixFunction(.logm, x[0]), y])) }
    return terms.isEmpty ? zero(shape) : sum(terms)
  }

  private func differentialOfPower(_ x: Expr, _ k: Int, _ known: inout [Int: Expr]) -> Expr {
    if let e = known[k] { return e }
    if k == 0 { return zero(shape(x)) }
    let (a, b) = (k / 2, k - k / 2)
    let (da, db) = (differentialOfPower(x, a, &known), differentialOfPower(x, b, &known))
    let (xa, xb) = (matrixPower(x, number(a)), matrixPower(x, number(b)))
    let result = sum([product([da, xb]), product([xa, db])])
    known[k] = result
    return result
  }

  /// X^p·X^q = X^(p+q), where one of the factors is written as a power or both are roots.
  func joinedPowers(_ a: Expr, _ b: Expr) -> Expr? {
    guard let (x, p, pIsPower) = powerOfMatrix(a), let (y, q, qIsPower) = powerOfMatrix(b), x == y
    else { return nil }
    let roots = operand(of: a, .sqrtm) != nil && operand(of: b, .sqrtm) != nil
    guard pIsPower || qIsPower || roots else { return nil }
    return matrixPower(x, sum([p, q]))
  }

  private func powerOfMatrix(_ e: Expr) -> (base: Expr, exponent: Expr, isPower: Bool)? {
    guard shape(e).isSquare, !shape(e).isScalar else { return nil }
    switch node(e) {
    case .apply(.power, let x, _): return (x[0], x[1], true)
    case .apply(.sqrtm, let x, _): return (x[0], number(.half), false)
    case .apply(.inv, let x, _): return (x[0], number(-1), false)
    default: return (e, one, false)
    }
  }

  /// exp(aX)·exp(bX) = exp((a+b)X)
  func joinedExponentials(_ a: Expr, _ b: Expr) -> Expr? {
    guard let x = operand(of: a, .expm), let y = operand(of: b, .expm),
      withoutScale(x).bare == withoutScale(y).bare
    else { return nil }
    return matrixFunction(.expm, sum([x, y]))
  }
}
