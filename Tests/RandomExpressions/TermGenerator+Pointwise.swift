extension TermGenerator {
  /// Operations that work entry by entry, on any shape.
  mutating func pointwise(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    switch pick(0...13) {
    case 0, 1: return addition(shape, depth)
    case 2: return hadamard(shape, depth)
    case 3: return quotient(shape, depth)
    case 4: return power(shape, depth)
    case 5: return .prefix("-", term(shape, depth: depth))
    case 6:
      let scale = term(.scalar, depth: min(depth, 2))
      return chance(0.5)
        ? .infix(scale, "*", term(shape, depth: depth), shape)
        : .infix(
          term(shape, depth: depth), "/", term(.scalar, depth: min(depth, 2), .positive), shape)
    case 7: return ofTwo(shape, depth)
    default: return function(shape, depth)
    }
  }

  private mutating func addition(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let a = term(shape, depth: depth)
    let b = term(spreadable(shape), depth: depth)
    let sign = pick([" + ", " + ", " - "])
    return chance(0.3) ? .infix(b, sign, a, shape) : .infix(a, sign, b, shape)
  }

  private mutating func hadamard(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let a = term(shape, depth: depth)
    let b = term(spreadable(shape), depth: depth)
    return chance(0.3) ? .infix(b, ".*", a, shape) : .infix(a, ".*", b, shape)
  }

  private mutating func quotient(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    if chance(0.3) {
      return .infix(
        term(spreadable(shape), depth: depth), "./", term(shape, depth: depth, .positive), shape)
    }
    return .infix(
      term(shape, depth: depth), "./", term(spreadable(shape), depth: depth, .positive), shape)
  }

  /// The shape itself, or one that spreads over it.
  private mutating func spreadable(_ shape: RandomShape) -> RandomShape {
    if chance(0.6) { return shape }
    if shape.isMatrix {
      return pick([
        .scalar, RandomShape(shape.rows, .one), RandomShape(.one, shape.columns),
      ])
    }
    return .scalar
  }

  private mutating func power(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let sign = shape.isScalar ? pick(["^", ".^"]) : ".^"
    switch pick(0...3) {
    case 0, 1:
      let exponent = RandomTerm.atom(pick(["2", "3", "2", "4"]), .scalar)
      return .infix(term(shape, depth: depth), sign, exponent, shape)
    case 2:
      let exponent = RandomTerm.atom(pick(["0.5", "(-1)", "(-2)", "1.5", "(1/3)"]), .scalar)
      return .infix(term(shape, depth: depth, .positive), sign, exponent, shape)
    default:
      let exponent = term(
        sign == "^" || chance(0.5) ? .scalar : shape, depth: min(depth, 1), .bounded)
      return .infix(term(shape, depth: depth, .positive), sign, exponent, shape)
    }
  }

  private mutating func ofTwo(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let a = term(shape, depth: depth)
    switch pick(0...3) {
    case 0: return .call("max", [a, term(spreadable(shape), depth: depth)], shape)
    case 1: return .call("min", [a, term(shape, depth: depth)], shape)
    case 2: return .call("leakyrelu", [a, .atom(pick(["0.1", "0.2"]), .scalar)], shape)
    default:
      return .call("clip", [a, .atom("-1", .scalar), .atom(pick(["1", "0.5"]), .scalar)], shape)
    }
  }

  private mutating func function(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    switch pick(0...5) {
    case 0:
      let name = pick(["exp", "expm1", "sinh", "cosh", "tan", "square"])
      return .call(name, [term(shape, depth: depth, .bounded)], shape)
    case 1:
      let name = pick([
        "log", "log1p", "log2", "log10", "sqrt", "lgamma", "digamma", "trigamma", "log", "sqrt",
      ])
      return .call(name, [term(shape, depth: depth, .positive)], shape)
    case 2:
      let name = pick(["asin", "acos"])
      return .call(name, [term(shape, depth: depth, .bounded)], shape)
    case 3:
      if chance(0.15) {
        let argument = term(shape, depth: depth, .positive)
        return RandomTerm(.call, shape, ["polygamma(\(pick(1...3)),", ")"], [argument])
      }
      fallthrough
    default:
      let name = pick([
        "sin", "cos", "atan", "tanh", "sigmoid", "softplus", "relu", "elu", "gelu", "silu", "step",
        "erf", "erfc", "normcdf", "normpdf", "abs", "sign", "square", "exp",
      ])
      return .call(name, [term(shape, depth: depth)], shape)
    }
  }

  // MARK: Ranges

  mutating func positive(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    switch pick(0...9) {
    case 0: return leaf(shape, .positive)
    case 1: return .call("exp", [term(shape, depth: depth, .bounded)], shape)
    case 2: return .call("sigmoid", [term(shape, depth: depth)], shape)
    case 3: return .call("softplus", [term(shape, depth: depth)], shape)
    case 4: return .infix(term(shape, depth: depth, .positive), ".*", leaf(shape, .positive), shape)
    case 5: return .call("sqrt", [term(shape, depth: depth, .positive)], shape)
    case 6:
      let squared = RandomTerm.infix(
        term(shape, depth: depth), ".^", .atom("2", .scalar), shape)
      return .infix(squared, " + ", .atom("1", .scalar), shape)
    case 7:
      return .infix(
        term(shape, depth: depth, .positive), " + ", term(shape, depth: depth, .positive), shape)
    case 8 where shape.isScalar: return .call("norm2", [term(anyShape(), depth: depth)], shape)
    default: return leaf(shape, .positive)
    }
  }

  mutating func bounded(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    switch pick(0...6) {
    case 0: return .call("sin", [term(shape, depth: depth)], shape)
    case 1: return .call("cos", [term(shape, depth: depth)], shape)
    case 2: return .call("erf", [term(shape, depth: depth)], shape)
    case 3:
      return .infix(
        term(shape, depth: depth, .bounded), ".*", term(shape, depth: depth, .bounded), shape)
    case 4: return .infix(leaf(shape, .any), "/", .atom("4", .scalar), shape)
    case 5: return leaf(shape, .any)
    default: return .call("tanh", [term(shape, depth: depth)], shape)
    }
  }
}
