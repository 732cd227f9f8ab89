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

  /// X^p·X^q = X^(p+q), where one of the factors is written as a power, both are roots, or one is
  /// a root and the other an inverse.
  func joinedPowers(_ a: Expr, _ b: Expr) -> Expr? {
    guard shape(a).isSquare, shape(b).isSquare, !shape(a).isScalar else { return nil }
    let (left, right) = (powerOfMatrix(a), powerOfMatrix(b))
    guard left.base == right.base, left.isSpecial || right.isSpecial else { return nil }
    let total = sum([left.exponent, right.exponent])
    if left.isPower || right.isPower { return matrixPower(left.base, total) }
    guard case .number(let p) = node(left.exponent), case .number(let q) = node(right.exponent)
    else { return nil }
    let bothRoots = !p.isInteger && !q.isInteger
    return bothRoots || p.isNegative != q.isNegative ? matrixPower(left.base, total) : nil
  }

  private struct PowerOfMatrix {
    let base: Expr
    let exponent: Expr
    var isPower = false
    /// A power or a root.
    var isSpecial = true
  }

  private func powerOfMatrix(_ e: Expr) -> PowerOfMatrix {
    switch node(e) {
    case .apply(.power, let x, _):
      return PowerOfMatrix(base: x[0], exponent: x[1], isPower: true)
    case .apply(.sqrtm, let x, _): return PowerOfMatrix(base: x[0], exponent: number(.half))
    case .apply(.inv, let x, _):
      if let y = operand(of: x[0], .sqrtm) {
        return PowerOfMatrix(base: y, exponent: number(-.half))
      }
      return PowerOfMatrix(base: x[0], exponent: number(-1), isSpecial: false)
    default: return PowerOfMatrix(base: e, exponent: one, isSpecial: false)
    }
  }

  /// `f(X)*X` in the order of age, as both commute.
  func commutingInOrder(_ a: Expr, _ b: Expr) -> Expr? {
    guard b < a, shape(a).isSquare, shape(a) == shape(b) else { return nil }
    let (f, g) = (argument(a), argument(b))
    guard f != nil || g != nil else { return nil }
    guard (f ?? a) == (g ?? b) || commutes(a, with: b) || commutes(b, with: a) else { return nil }
    return product([b, a])
  }

  /// X of a function of X that is not just its inverse.
  private func argument(_ e: Expr) -> Expr? {
    switch node(e) {
    case .apply(let f, let x, _):
      switch f {
      case .expm, .logm, .sqrtm, .sinm, .cosm, .power: return x[0]
      case .inv: return argument(x[0])
      default: return nil
      }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product,
      .hadamard:
      return nil
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
