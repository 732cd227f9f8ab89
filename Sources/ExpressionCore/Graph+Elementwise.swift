extension Graph {
  /// `f(x)` entry by entry in canonical form.
  public func elementwise(_ f: Primitive, _ x: Expr) -> Expr {
    if let simpler = simplerElementwise(f, x) { return simpler }
    let signs: Facts =
      switch f {
      case .exp, .sigmoid, .softplus, .cosh, .normcdf, .normpdf, .trigamma:
        [.positive, .nonnegative]
      case .abs: facts(x).contains(.positive) ? [.positive, .nonnegative] : [.nonnegative]
      case .relu, .step: [.nonnegative]
      case .tanh, .atan, .sinh, .erf, .asin, .sign: facts(x).intersection(.signs)
      default: []
      }
    return opaque(f, [x], [], shape(x), signs)
  }

  private func simplerElementwise(_ f: Primitive, _ x: Expr) -> Expr? {
    if case .number(let value) = node(x), let result = Self.exactValue(f, value) {
      return number(result)
    }
    if case .zero(let shape) = node(x), let result = Self.exactValue(f, .zero) {
      return scale(result, allOnes(shape))
    }
    if let spread = elementwiseOfSpread(f, x) { return spread }
    switch f {
    case .exp: return simplerExponential(x)
    case .log: return simplerLogarithm(x)
    case .sin, .tan, .asin, .atan, .sinh, .tanh, .erf, .sign:
      let (sign, u) = signAndUnit(x)
      if f == .sign {
        if isPositive(u) { return scale(sign, allOnes(shape(u))) }
        // The sign of a multiple.
        let unit = splitCoefficient(u).1
        if unit != u { return scale(sign, elementwise(f, unit)) }
      }
      return sign == .one ? nil : negate(elementwise(f, u))
    case .cos, .cosh:
      let (sign, u) = signAndUnit(x)
      return sign == .one ? nil : elementwise(f, u)
    case .abs:
      if isNonnegative(x) { return x }
      let (coefficient, u) = splitCoefficient(x)
      return coefficient.isOne ? nil : scale(coefficient.magnitude, elementwise(.abs, u))
    case .sigmoid:
      let (sign, u) = signAndUnit(x)
      return sign == .one ? nil : oneMinus(elementwise(.sigmoid, u))
    case .softplus:
      let (sign, u) = signAndUnit(x)
      return sign == .one ? nil : subtract(elementwise(.softplus, u), u)
    case .relu:
      if isNonnegative(x) { return x }
      let (coefficient, u) = splitCoefficient(x)
      if coefficient.magnitude.isOne { return nil }
      return scale(
        coefficient.magnitude, elementwise(.relu, coefficient.isNegative ? negate(u) : u))
    case .step:
      if isPositive(x) { return allOnes(shape(x)) }
      let (coefficient, u) = splitCoefficient(x)
      if coefficient.magnitude.isOne { return nil }
      return elementwise(.step, coefficient.isNegative ? negate(u) : u)
    default: return nil
    }
  }

  /// Values that are exact.
  private static func exactValue(_ f: Primitive, _ x: Number) -> Number? {
    switch f {
    case .exp, .cos, .cosh: x.isZero ? .one : nil
    case .sin, .tan, .asin, .atan, .sinh, .tanh, .erf: x.isZero ? .zero : nil
    case .log: x.isOne ? .zero : nil
    case .abs: x.magnitude
    case .sign: Number(x.isZero ? 0 : x.isNegative ? -1 : 1)
    case .step: x.isPositive ? .one : .zero
    case .relu: x.isPositive ? x : .zero
    case .sigmoid, .normcdf: x.isZero ? .half : nil
    default: nil
    }
  }

  /// A function of a spread vector or scalar is the spread function.
  private func elementwiseOfSpread(_ f: Primitive, _ x: Expr) -> Expr? {
    // After a division by zero shapes and products are not what they say.
    guard failure == nil else { return nil }
    if isOnesMatrix(x), !shape(x).isScalar { return product([elementwise(f, one), x]) }
    guard case .product(let p) = node(x), let first = p.chain.first, let last = p.chain.last else {
      return nil
    }
    let scale = product(Product(p.coefficient, scalars: p.scalars))
    let bare = product(Product(chain: p.chain))
    if isOnesMatrix(bare) { return product([elementwise(f, scale), bare]) }
    guard p.chain.count > 1 else { return nil }
    if isOnesColumn(first) {
      return product([first, elementwise(f, product([scale] + p.chain.dropFirst()))])
    }
    if isOnesRow(last) {
      return product([elementwise(f, product([scale] + p.chain.dropLast())), last])
    }
    return nil
  }

  // MARK: Exponential and logarithm

  private func simplerExponential(_ x: Expr) -> Expr? {
    if let inner = operand(of: x, .log) { return inner }
    guard case .sum(let terms) = node(x), shape(x).isScalar == false else { return nil }
    // exp(x - logsumexp(x)) is softmax(x).
    for term in terms where term.coefficient == .minusOne {
      guard let (axis, argument) = spreadLogSumExp(term.expr) else { continue }
      let rest = sum(terms.filter { $0 != term }, shape: shape(x))
      if rest == argument { return softmax(rest, axis: axis) }
    }
    return nil
  }

  /// The axis and argument of a logsumexp that is spread over its argument's shape.
  private func spreadLogSumExp(_ e: Expr) -> (axis: Int, argument: Expr)? {
    guard case .product(let p) = node(e), p.coefficient.isOne else { return nil }
    if p.scalars.count == 1, p.scalars[0].exponent.isOne, p.chain.count == 1,
      let x = operand(of: p.scalars[0].base, .logsumexp)
    {
      if isOnesColumn(p.chain[0]) { return (1, x) }
      if isOnesRow(p.chain[0]) { return (2, x) }
    }
    guard p.scalars.isEmpty, p.chain.count == 2 else { return nil }
    if isOnesColumn(p.chain[0]), let x = operand(of: p.chain[1], .logsumexp) { return (1, x) }
    if isOnesRow(p.chain[1]), let x = operand(of: p.chain[0], .logsumexp) { return (2, x) }
    return nil
  }

  private func simplerLogarithm(_ x: Expr) -> Expr? {
    switch node(x) {
    case .apply(.exp, let t, _): return t[0]
    case .apply(.det, let m, _): return logdet(m[0])
    case .apply(.sigmoid, let t, _): return subtract(t[0], elementwise(.softplus, t[0]))
    case .apply(.softmax, let t, let axis):
      let total = logSumExp(t[0], axis: axis[0])
      return subtract(t[0], spread(total, to: shape(x)))
    case .apply(.abs, let d, _):
      if let m = operand(of: d[0], .det) { return logdet(m) }
      return nil
    case .sum:
      if let t = argumentOfOnePlusExp(x) { return elementwise(.softplus, t) }
      if let t = argumentOfOneMinusSigmoid(x) { return negate(elementwise(.softplus, t)) }
      return nil
    case .product(let p): return logarithm(ofSumOfExponentials: p)
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .hadamard, .apply:
      return nil
    }
  }

  /// `log(1'*exp(x))` and its kin are `logsumexp`.
  private func logarithm(ofSumOfExponentials p: Product) -> Expr? {
    guard p.coefficient.isOne, p.scalars.isEmpty,
      let position = p.chain.firstIndex(where: { operand(of: $0, .exp) != nil }),
      let x = operand(of: p.chain[position], .exp)
    else { return nil }
    let before = p.chain[..<position]
    let after = p.chain[(position + 1)...]
    guard before.allSatisfy(isOnesRow), after.allSatisfy(isOnesColumn) else { return nil }
    if before.count == 1, after.isEmpty { return logSumExp(x, axis: 1) }
    if before.isEmpty, after.count == 1 { return logSumExp(x, axis: 2) }
    if before.count == 1, after.count == 1 { return logSumExp(x, axis: nil) }
    return nil
  }

  // MARK: The logistic family

  /// t of `1 + exp(t)`.
  func argumentOfOnePlusExp(_ e: Expr) -> Expr? {
    guard case .sum(let terms) = node(e), terms.count == 2,
      terms.allSatisfy({ $0.coefficient.isOne })
    else { return nil }
    for (a, b) in [(terms[0].expr, terms[1].expr), (terms[1].expr, terms[0].expr)] {
      if isOnesMatrix(a), let t = operand(of: b, .exp) { return t }
    }
    return nil
  }

  /// t of `1 - sigmoid(t)`.
  func argumentOfOneMinusSigmoid(_ e: Expr) -> Expr? {
    let (sign, sum) = splitCoefficient(e)
    guard case .sum(let terms) = node(sum), terms.count == 2 else { return nil }
    for (a, b) in [(terms[0], terms[1]), (terms[1], terms[0])] {
      if a.coefficient * sign == .one, b.coefficient * sign == .minusOne, isOnesMatrix(a.expr),
        let t = operand(of: b.expr, .sigmoid)
      {
        return t
      }
    }
    return nil
  }
}
