extension TermGenerator {
  /// Operations whose value is 1×1.
  mutating func scalar(_ depth: Int) -> RandomTerm {
    let one = RandomShape.scalar
    switch pick(0...19) {
    case 0, 1, 2:
      let name = pick(["sum", "sum", "mean", "logsumexp", "max", "min", "prod"])
      return .call(name, [wide(depth)], one)
    case 3: return .call(pick(["norm1", "norm2", "normF"]), [wide(depth)], one)
    case 4:
      if chance(0.3) { return .call("norminf", [wide(depth)], one) }
      let argument = wide(depth)
      return .call("normp", [argument, .atom(pick(["3", "2", "1.5"]), one)], one)
    case 5, 6: return .call(pick(["tr", "trace"]), [term(square(), depth: depth)], one)
    case 7: return .call("det", [regular(square(), depth)], one)
    case 8: return .call("logdet", [regular(square(), depth)], one)
    case 9, 10:
      let n = size()
      let x = term(RandomShape(n, .one), depth: depth)
      let y = term(RandomShape(n, .one), depth: depth)
      return chance(0.3) ? .call("dot", [x, y], one) : .infix(flipped(x), "*", y, one)
    case 11, 12:
      let (m, n) = (size(), size())
      let x = term(RandomShape(.one, m), depth: depth)
      let a = term(RandomShape(m, n), depth: depth)
      let y = term(RandomShape(n, .one), depth: depth)
      return RandomTerm(.operation, one, ["", "*", "*", ""], [x, a, y])
    case 13:
      let place = chance(0.7) ? "1" : "2"
      let n = size()
      let rows = place == "2" && n.isOne ? RandomSize(2) : n
      return .call(
        "entry", [term(RandomShape(rows, size()), depth: depth)], sizes: [place, "1"], one)
    case 14, 15:
      // The trace of a product in both of its forms.
      let shape = RandomShape(size(), size())
      let (a, b) = (term(shape, depth: depth), term(shape, depth: depth))
      return chance(0.5)
        ? .call("tr", [.infix(flipped(a), "*", b, RandomShape(shape.columns, shape.columns))], one)
        : .call("sum", [.infix(a, ".*", b, shape)], one)
    case 16:
      let n = size()
      let x = term(RandomShape(n, .one), depth: depth)
      return RandomTerm(
        .operation, one, ["", "'*", "*", ""], [x, inverse(RandomShape(n, n), depth), x])
    case 17: return .call("norm2", [wide(depth)], one)
    default: return pointwise(one, depth)
    }
  }

  /// Something to be reduced; also of a shape that only an operation can have.
  mutating func wide(_ depth: Int) -> RandomTerm {
    if chance(0.7) { return term(RandomShape(size(), chance(0.5) ? .one : size()), depth: depth) }
    let (m, n, k) = (size(), size(), size())
    let a = term(RandomShape(m, n), depth: depth)
    let inner: RandomTerm
    switch pick(0...3) {
    case 0:
      let b = term(RandomShape(k, size()), depth: depth)
      inner = .call("kron", [a, b], RandomShape(m * k, n * b.shape.columns))
    case 1:
      let b = term(RandomShape(k, n), depth: depth)
      inner = RandomTerm(.call, RandomShape(m + k, n), ["[", "; ", "]"], [a, b])
    case 2: inner = .call("vec", [a], RandomShape(m * n, .one))
    default:
      let b = term(RandomShape(k, n), depth: depth)
      inner = .call("khatrirao", [a, b], RandomShape(m * k, n))
    }
    return chance(0.6) ? inner : .call(pick(["tanh", "sin", "square"]), [inner], inner.shape)
  }

  func flipped(_ term: RandomTerm) -> RandomTerm {
    .postfix(term, "'", term.shape.transposed)
  }

  /// A square matrix that is hardly ever singular.
  mutating func regular(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let n = shape.rows
    let eye = RandomTerm.atom("eye(\(n))", shape)
    switch pick(0...5) {
    case 0:
      let x = term(RandomShape(size(), n), depth: depth)
      let gram = RandomTerm.infix(flipped(x), "*", x, shape)
      return .infix(gram, " + ", eye, shape)
    case 1: return .infix(term(shape, depth: depth), " + ", eye, shape)
    case 2: return .call("diag", [term(RandomShape(n, .one), depth: depth, .positive)], shape)
    case 3: return term(shape, depth: depth)
    default: return leaf(shape, .any)
    }
  }

  mutating func inverse(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    switch pick(0...5) {
    case 0: .infix(regular(shape, depth), "^", .atom(pick(["-1", "-2"]), .scalar), shape)
    case 1: .call(pick(["adj", "cof"]), [regular(shape, depth)], shape)
    default: .call("inv", [regular(shape, depth)], shape)
    }
  }
}
