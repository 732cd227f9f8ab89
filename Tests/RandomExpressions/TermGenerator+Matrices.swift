extension TermGenerator {
  /// Operations whose value is a vector, a row or a matrix.
  mutating func structured(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    if shape.isVector, chance(0.45) { return column(shape, depth) }
    if shape.isRow, chance(0.45) { return row(shape, depth) }
    if shape.isSquare, chance(0.5) { return squareMatrix(shape, depth) }
    return general(shape, depth)
  }

  private mutating func general(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let (m, n) = (shape.rows, shape.columns)
    switch pick(0...15) {
    case 0, 1, 2:
      let k = size()
      return .infix(
        term(RandomShape(m, k), depth: depth), "*", term(RandomShape(k, n), depth: depth), shape)
    case 3, 4: return flipped(term(shape.transposed, depth: depth))
    case 5:
      let square = RandomShape(m, m)
      return .infix(inverse(square, depth), "*", term(shape, depth: depth), shape)
    case 6:
      let a = regular(RandomShape(m, m), depth)
      let b = term(shape, depth: depth)
      return chance(0.5) ? .infix(a, "\\", b, shape) : .call("solve", [a, b], shape)
    case 7 where !n.isOne:
      return .infix(term(shape, depth: depth), "/", regular(RandomShape(n, n), depth), shape)
    case 8:
      let name = pick(["softmax", "logsoftmax"])
      let axis = shape.isMatrix ? [pick(["1", "2"])] : []
      return .call(name, [term(shape, depth: depth)], sizes: axis, shape)
    case 9 where shape.isMatrix:
      return .call(pick(["tril", "triu"]), [term(shape, depth: depth)], shape)
    case 10:
      // Blocks side by side times blocks one above the other.
      let (k, l) = (size(), size())
      let left = RandomTerm(
        .call, RandomShape(m, k + l), ["[", ", ", "]"],
        [term(RandomShape(m, k), depth: depth), term(RandomShape(m, l), depth: depth)])
      let right = RandomTerm(
        .call, RandomShape(k + l, n), ["[", "; ", "]"],
        [term(RandomShape(k, n), depth: depth), term(RandomShape(l, n), depth: depth)])
      return .infix(left, "*", right, shape)
    case 11, 12:
      return reshaped(shape, depth)
    case 13 where shape.isMatrix:
      return .infix(
        term(RandomShape(m, .one), depth: depth), "*", term(RandomShape(.one, n), depth: depth),
        shape)
    default: return pointwise(shape, depth)
    }
  }

  /// A matrix by way of its entries in another order.
  private mutating func reshaped(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let (m, n) = (shape.rows, shape.columns)
    let stacked = RandomShape(m * n, .one)
    let inner: RandomTerm
    switch pick(0...4) {
    case 0: inner = .call("vec", [term(shape.transposed, depth: depth)], stacked)
    case 1: inner = .call("kron", [vector(n, depth), vector(m, depth)], stacked)
    case 2 where shape.isMatrix:
      let k = size()
      let factor = RandomTerm.call(
        "kron", [term(RandomShape(n, k), depth: depth), term(RandomShape(m, m), depth: depth)],
        RandomShape(n * m, k * m))
      let argument = RandomTerm.call(
        "vec", [term(RandomShape(m, k), depth: depth)], RandomShape(m * k, .one))
      inner = .infix(factor, "*", argument, stacked)
    case 3 where shape.isMatrix:
      let k = size()
      let columns = RandomTerm.call(
        "khatrirao",
        [term(RandomShape(n, k), depth: depth), term(RandomShape(m, k), depth: depth)],
        RandomShape(n * m, k))
      inner = .infix(columns, "*", vector(k, depth), stacked)
    default:
      if shape.isSquare, shape.isMatrix, chance(0.5) {
        let half = RandomTerm.call("vech", [term(shape, depth: depth)], stacked)
        inner = .infix(.atom("duplication(\(n))", stacked), "*", half, stacked)
      } else {
        let argument = RandomTerm.call("vec", [term(shape.transposed, depth: depth)], stacked)
        inner = .infix(.atom("commutation(\(n),\(m))", stacked), "*", argument, stacked)
      }
    }
    return .call("reshape", [inner], sizes: ["\(m)", "\(n)"], shape)
  }

  private mutating func vector(_ n: RandomSize, _ depth: Int) -> RandomTerm {
    term(RandomShape(n, .one), depth: depth)
  }

  private mutating func column(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let n = shape.rows
    switch pick(0...7) {
    case 0, 1, 2:
      let name = pick(["sum", "sum", "mean", "prod", "logsumexp", "max", "min"])
      return .call(
        name, [term(RandomShape(n, longSize()), depth: depth)], sizes: ["2"], shape)
    case 3: return .call("diag", [term(RandomShape(n, n), depth: depth)], shape)
    case 4: return .call("col", [term(RandomShape(n, size()), depth: depth)], sizes: ["1"], shape)
    case 5 where n.literal == 3:
      return .call("cross", [vector(n, depth), vector(n, depth)], shape)
    case 6:
      let k = size()
      return .infix(term(RandomShape(n, k), depth: depth), "*", vector(k, depth), shape)
    default: return pointwise(shape, depth)
    }
  }

  /// A size other than 1.
  mutating func longSize() -> RandomSize {
    let n = size()
    return n.isOne ? RandomSize(3) : n
  }

  private mutating func row(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let n = shape.columns
    switch pick(0...4) {
    case 0, 1:
      let name = pick(["sum", "sum", "mean", "prod", "logsumexp", "max", "min"])
      return .call(
        name, [term(RandomShape(longSize(), n), depth: depth)], sizes: ["1"], shape)
    case 2: return .call("row", [term(RandomShape(size(), n), depth: depth)], sizes: ["1"], shape)
    default: return flipped(vector(n, depth))
    }
  }

  private mutating func squareMatrix(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let n = shape.rows
    switch pick(0...6) {
    case 0: return .call("diag", [vector(n, depth)], shape)
    case 1: return .call(pick(["sym", "skew"]), [term(shape, depth: depth)], shape)
    case 2: return inverse(shape, depth)
    case 3:
      return .infix(term(shape, depth: depth), "^", .atom(pick(["2", "3"]), .scalar), shape)
    case 4:
      let x = term(RandomShape(size(), n), depth: depth)
      return .infix(flipped(x), "*", x, shape)
    default: return general(shape, depth)
    }
  }
}
