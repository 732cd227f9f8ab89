/// Brings a product of powers to canonical form: like bases merge, powers of powers multiply where
/// that is allowed, exponentials join, and what a few elementwise functions make of one another is
/// recognised (`x*step(x) = relu(x)`, `exp(x)/(1 + exp(x)) = sigmoid(x)`).
///
/// It serves scalar products, where bases are 1×1, and elementwise products, where they have one
/// common shape; scalar factors found inside those are handed out in `scalars`.
struct FactorCollector {
  private let graph: Graph
  /// The shape of the bases.
  private let shape: Shape
  private(set) var coefficient = Number.one
  /// Scalar factors that came out of the bases of an elementwise product.
  private(set) var scalars: [Factor] = []
  private var exponents = Powers()
  private var exponentialArguments: [Term] = []
  private(set) var isZero = false

  init(_ graph: Graph, shape: Shape) {
    self.graph = graph
    self.shape = shape
  }

  private var isElementwise: Bool { !shape.isScalar }

  mutating func add(_ factor: Factor) {
    let (base, exponent) = (factor.base, factor.exponent)
    guard !exponent.isZero else { return }
    switch graph.node(base) {
    case .number(let value): add(number: value, exponent)
    case .zero:
      isZero = exponent.isPositive
      if !isZero { graph.failure = graph.failure ?? .divisionByZero }
    case .ones: break
    case .product(let product): add(product: product, factor)
    case .hadamard(let factors):
      if exponent.isInteger {
        for inner in factors { add(Factor(inner.base, inner.exponent * exponent)) }
      } else {
        add(powersOf: factors, exponent) { [graph] in graph.hadamard($0) }
      }
    case .apply(.exp, let operands, _):
      exponentialArguments.append(Term(exponent, operands[0]))
    case .apply(.abs, let operands, _) where exponent.isEvenInteger:
      add(Factor(operands[0], exponent))
    case .apply(.step, _, _) where exponent.isPositive: exponents[base] = .one
    case .apply(.transpose, _, _) where graph.isOnesRow(base): break
    case .symbol, .pi, .dimension, .identity, .unit, .sum, .apply: merge(base, exponent)
    }
  }

  private mutating func merge(_ base: Expr, _ exponent: Number) {
    let total = (exponents[base] ?? .zero) + exponent
    exponents[base] = total.isZero ? nil : total
  }

  private mutating func add(number value: Number, _ exponent: Number) {
    if value.isZero {
      isZero = exponent.isPositive
      if !isZero { graph.failure = graph.failure ?? .divisionByZero }
    } else if let power = value.exactPower(exponent) {
      coefficient = coefficient * power
    } else if value.isExact, value.isPositive, case .rational(let p, let q) = exponent {
      // 2^(3/2) is 2*2^(1/2).
      let whole = p >= 0 ? p / q : -((q - 1 - p) / q)
      coefficient = coefficient * (value.exactPower(Number(whole)) ?? .one)
      merge(graph.number(value), exponent - Number(whole))
    } else if value.isPositive || exponent.isInteger {
      coefficient = coefficient * .real(graph.realPower(value.double, exponent.double))
    } else {
      merge(graph.number(value), exponent)
    }
  }

  /// A scaled matrix, a product of scalars, or an opaque chain.
  private mutating func add(product: Product, _ factor: Factor) {
    let exponent = factor.exponent
    if product.chain.isEmpty {
      if exponent.isInteger {
        add(number: product.coefficient, exponent)
        for inner in product.scalars { add(Factor(inner.base, inner.exponent * exponent)) }
      } else {
        add(powersOf: [Factor(graph.number(product.coefficient))] + product.scalars, exponent) {
          [graph] in graph.scalarProduct($0)
        }
      }
      return
    }
    guard isElementwise, !(product.coefficient.isOne && product.scalars.isEmpty) else {
      if isElementwise, graph.isOnesMatrix(factor.base) { return }
      if isElementwise, exponent.isInteger, addScaling(product.chain, exponent) { return }
      return merge(factor.base, exponent)
    }
    // c*M elementwise: the scalars come out of the power where that is allowed.
    var kept: [Factor] = []
    for scalar in [Factor(graph.number(product.coefficient))] + product.scalars {
      if exponent.isInteger || graph.isNonnegative(scalar.base) {
        scalars.append(Factor(scalar.base, scalar.exponent * exponent))
      } else {
        kept.append(scalar)
      }
    }
    let chain = graph.product(Product(chain: product.chain))
    if kept.isEmpty {
      add(Factor(chain, exponent))
    } else {
      merge(graph.product([graph.scalarProduct(kept), chain]), exponent)
    }
  }

  /// `diag(u)*M` is `M` times u along its rows, `M*diag(w)` times w' down its columns.
  private mutating func addScaling(_ chain: [Expr], _ exponent: Number) -> Bool {
    guard chain.count > 1, let first = chain.first, let last = chain.last else { return false }
    let rows = graph.transpose(graph.ones(shape.columns))
    if let u = graph.operand(of: first, .diag) {
      add(Factor(graph.product([u, rows]), exponent))
      add(Factor(graph.product([], chain: Array(chain.dropFirst())), exponent))
      return true
    }
    if let w = graph.operand(of: last, .diag) {
      add(Factor(graph.product([graph.ones(shape.rows), graph.transpose(w)]), exponent))
      add(Factor(graph.product([], chain: Array(chain.dropLast())), exponent))
      return true
    }
    return false
  }

  /// `(a^i * b^j)^e` for a fractional `e`: nonnegative factors come out, `(a^2)^(1/2)` is `|a|`.
  private mutating func add(
    powersOf factors: [Factor], _ exponent: Number, rebuild: ([Factor]) -> Expr
  ) {
    var kept: [Factor] = []
    for inner in factors {
      if graph.isNonnegative(inner.base) {
        add(Factor(inner.base, inner.exponent * exponent))
      } else if inner.exponent.isEvenInteger {
        add(Factor(graph.elementwise(.abs, inner.base), inner.exponent * exponent))
      } else {
        kept.append(inner)
      }
    }
    guard !kept.isEmpty else { return }
    merge(rebuild(kept), exponent)
  }

  /// The canonical factors, sorted.
  mutating func finish() -> [Factor] {
    joinExponentials()
    recognise()
    return exponents.factors
  }

  private mutating func joinExponentials() {
    guard !exponentialArguments.isEmpty else { return }
    let argument = graph.sum(exponentialArguments, shape: shape)
    exponentialArguments = []
    recogniseLogistic(argument)
  }

  /// Adds exp(argument), joined with the powers of 1 + exp(t) and sigmoid(t) that are there.
  private mutating func recogniseLogistic(_ argument: Expr) {
    for factor in exponents.factors {
      let (base, exponent) = (factor.base, factor.exponent)
      if exponent.isNegative, let t = graph.argumentOfOnePlusExp(base), t == argument {
        merge(base, .one)
        return add(Factor(graph.elementwise(.sigmoid, t)))
      }
      guard exponent.isPositive, exponent.isInteger else { continue }
      if let t = graph.argumentOfOneMinusSigmoid(base), t == argument {
        merge(base, .minusOne)
        return add(Factor(graph.elementwise(.sigmoid, t)))
      }
      if case .apply(.sigmoid, let t, _) = graph.node(base), graph.negate(t[0]) == argument {
        merge(base, .minusOne)
        return add(Factor(graph.oneMinus(base)))
      }
    }
    let exponential = graph.elementwise(.exp, argument)
    if case .apply(.exp, _, _) = graph.node(exponential) {
      merge(exponential, .one)
    } else {
      add(Factor(exponential))
    }
  }

  private mutating func recognise() {
    for factor in exponents.factors {
      let (base, exponent) = (factor.base, factor.exponent)
      if exponent.isNegative, exponent.isInteger, let t = graph.argumentOfOnePlusExp(base) {
        exponents[base] = nil
        add(Factor(graph.elementwise(.sigmoid, graph.negate(t)), -exponent))
        continue
      }
      guard case .apply(let primitive, let operands, _) = graph.node(base), exponents[base] != nil,
        let argument = operands.first
      else { continue }
      switch primitive {
      case .sign: recogniseSign(base, of: graph.signAndUnit(argument).1)
      case .step:
        let (sign, u) = graph.signAndUnit(argument)
        if exponents[graph.elementwise(.relu, argument)]?.isPositive == true {
          exponents[base] = nil
        } else if let power = exponents[u], power.isInteger, power.isPositive {
          // u*step(-u) is -relu(-u).
          exponents[base] = nil
          coefficient = coefficient * sign
          merge(u, .minusOne)
          add(Factor(graph.elementwise(.relu, argument)))
        }
      case .sinh:
        recogniseQuotient(base, by: graph.elementwise(.cosh, argument), is: .tanh, argument)
      case .sin: recogniseQuotient(base, by: graph.elementwise(.cos, argument), is: .tan, argument)
      case .power, .elementwisePower:
        // x^a * x^2 is x^(a + 2).
        if let power = exponents[argument], exponents[base] == .one, operands.count == 2 {
          exponents[argument] = nil
          exponents[base] = nil
          let total = graph.sum([operands[1], graph.number(power)])
          add(Factor(graph.power(argument, total)))
        }
      default: break
      }
    }
  }

  /// `sinh(u)/cosh(u) = tanh(u)`.
  private mutating func recogniseQuotient(
    _ above: Expr, by below: Expr, is quotient: Primitive, _ argument: Expr
  ) {
    guard let e = exponents[above], let f = exponents[below], e.isInteger, e.isPositive,
      f.isInteger,
      f.isNegative
    else { return }
    let power = e < -f ? e : -f
    merge(above, -power)
    merge(below, power)
    merge(graph.elementwise(quotient, argument), power)
  }

  /// `sign(u)^3 = sign(u)`, `u*sign(u) = |u|`, `|u|*sign(u) = u`.
  private mutating func recogniseSign(_ base: Expr, of u: Expr) {
    guard let power = exponents[base]?.integer, power > 0 else { return }
    exponents[base] = power % 2 == 1 ? .one : .two
    guard power % 2 == 1 else { return }
    let magnitude = graph.elementwise(.abs, u)
    if let e = exponents[u], e.isInteger, e.isPositive {
      exponents[base] = nil
      merge(u, .minusOne)
      merge(magnitude, .one)
    } else if let e = exponents[magnitude], e.isInteger, e.isNegative {
      // sign(u)/|u| = 1/u
      exponents[base] = nil
      merge(magnitude, .one)
      merge(u, .minusOne)
    } else if let e = exponents[magnitude], e.isInteger, e.isPositive {
      exponents[base] = nil
      merge(magnitude, .minusOne)
      merge(u, .one)
    }
  }
}

/// Exponents by base, in the order of the bases.
private struct Powers {
  private(set) var factors: [Factor] = []

  subscript(base: Expr) -> Number? {
    get {
      let place = place(of: base)
      return place < factors.count && factors[place].base == base ? factors[place].exponent : nil
    }
    set {
      let place = place(of: base)
      let isKnown = place < factors.count && factors[place].base == base
      switch (newValue, isKnown) {
      case (let value?, true): factors[place] = Factor(base, value)
      case (let value?, false): factors.insert(Factor(base, value), at: place)
      case (nil, true): factors.remove(at: place)
      case (nil, false): break
      }
    }
  }

  /// Where it stands, or would stand.
  private func place(of base: Expr) -> Int {
    var (low, high) = (0, factors.count)
    while low < high {
      let middle = (low + high) / 2
      if factors[middle].base < base { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
