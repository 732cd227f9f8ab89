import Frechet

/// Decompositions, matrix functions, matrix equations and convolutions.
extension TermGenerator {
  /// An operation of these whose value has the shape; nil where none was found.
  mutating func decomposition(_ shape: RandomShape, _ depth: Int) -> RandomTerm? {
    if shape.isScalar { return spectralScalar(depth) }
    if shape.isVector, chance(0.6) { return spectralColumn(shape, depth) }
    if shape.isMatrix, shape.isSquare, chance(0.75) { return squareFunction(shape, depth) }
    return shape.isMatrix ? rectangularFunction(shape, depth) : convolved(shape, depth)
  }

  // MARK: Arguments

  /// Positive definite by construction, mostly.
  mutating func definite(_ n: RandomSize, _ depth: Int) -> RandomTerm {
    let shape = RandomShape(n, n)
    switch pick(0...9) {
    case 0...3: return leaf("spd(\(n))", shape)
    case 4, 5:
      let a = term(RandomShape(n, size()), depth: depth, .bounded)
      return .infix(.infix(a, "*", flipped(a), shape), " + ", .atom("eye(\(n))", shape), shape)
    case 6:
      let x = term(RandomShape(n, .one), depth: depth, .bounded)
      return .infix(leaf("spd(\(n))", shape), " + ", .infix(x, "*", flipped(x), shape), shape)
    case 7: return .call("expm", [symmetric(n, depth)], shape)
    case 8: return .call("inv", [leaf("spd(\(n))", shape)], shape)
    default:
      return .infix(.atom(pick(["2", "0.5", "3"]), .scalar), "*", definite(n, depth), shape)
    }
  }

  mutating func symmetric(_ n: RandomSize, _ depth: Int) -> RandomTerm {
    let shape = RandomShape(n, n)
    switch pick(0...4) {
    case 0...2: return leaf("symmetric(\(n))", shape)
    case 3: return .call("sym", [term(shape, depth: depth, .bounded)], shape)
    default: return definite(n, depth)
    }
  }

  /// A matrix of any kind, raw or hardly ever rank deficient.
  private mutating func anyMatrix(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    chance(0.6) ? leaf(shape, .any) : term(shape, depth: depth, .bounded)
  }

  /// A variable of a declared type.
  private mutating func leaf(_ type: String, _ shape: RandomShape) -> RandomTerm {
    if let known = declarations.first(where: { $0.type == type && $0.shape == shape }), chance(0.7)
    {
      return .atom(known.name, shape)
    }
    return .atom(declare(shape, type: type), shape)
  }

  // MARK: Values

  private mutating func spectralScalar(_ depth: Int) -> RandomTerm {
    let one = RandomShape.scalar
    let n = longSize()
    switch pick(0...11) {
    case 0: return .call("logdet", [definite(n, depth)], one)
    case 1:
      return .call(pick(["lambdamax", "lambdamin"]), [symmetric(n, depth)], one)
    case 2, 3:
      return .call(
        pick(["nucnorm", "specnorm"]), [anyMatrix(RandomShape(longSize(), n), depth)], one)
    case 4, 5:
      let name = pick(["exp", "tanh", "sin", "sigmoid", "square", "softplus"])
      let values = RandomTerm.call("eigvals", [symmetric(n, depth)], RandomShape(n, .one))
      return .call("sum", [.call(name, [values], values.shape)], one)
    case 6:
      let name = pick(["log", "sqrt", "log1p"])
      let values = RandomTerm.call("eigvals", [definite(n, depth)], RandomShape(n, .one))
      return .call("sum", [.call(name, [values], values.shape)], one)
    case 7:
      let matrix = pick(["expm", "sinm", "cosm"])
      let argument = term(RandomShape(n, n), depth: depth, .bounded)
      return .call("tr", [.call(matrix, [argument], RandomShape(n, n))], one)
    case 8:
      let factor = RandomTerm.call("chol", [definite(n, depth)], RandomShape(n, n))
      let diagonal = RandomTerm.call("diag", [factor], RandomShape(n, .one))
      return .call("sum", [.call("log", [diagonal], diagonal.shape)], one)
    case 9:
      let image = RandomShape(longSize(), n)
      // A stride needs sizes that are integers.
      let isLiteral = image.rows.literal != nil && image.columns.literal != nil
      let patches = RandomTerm.call(
        "im2col", [term(image, depth: depth)],
        sizes: ["3", "3", isLiteral ? pick(["1", "2"]) : "1", "1"],
        RandomShape(RandomSize("h"), RandomSize(9)))
      return .call("sum", [.call(pick(["tanh", "square", "exp"]), [patches], patches.shape)], one)
    default:
      let shape = RandomShape(n, chance(0.6) ? n : longSize())
      guard let inner = decomposition(shape, depth) else { return leaf(one, .any) }
      let weight = leaf(shape, .any)
      return .call("sum", [.infix(weight, ".*", inner, shape)], one)
    }
  }

  private mutating func spectralColumn(_ shape: RandomShape, _ depth: Int) -> RandomTerm? {
    let n = shape.rows
    let square = RandomShape(n, n)
    switch pick(0...5) {
    case 0, 1: return .call("eigvals", [symmetric(n, depth)], shape)
    case 2:
      let tall = n.literal.map { RandomSize($0 + 1) } ?? n
      return .call("svdvals", [leaf(RandomShape(tall, n), .any)], shape)
    case 3: return .call("diag", [.call("chol", [definite(n, depth)], square)], shape)
    case 4:
      return .infix(.call("chol", [definite(n, depth)], square), "\\", leaf(shape, .any), shape)
    default: return convolved(shape, depth)
    }
  }

  private mutating func squareFunction(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let n = shape.rows
    switch pick(0...17) {
    case 0, 1: return .call("chol", [definite(n, depth)], shape)
    case 2: return .call(pick(["lul", "luu"]), [nearlyIdentity(shape, depth)], shape)
    case 3: return .call("qrr", [anyMatrix(shape, depth)], shape)
    case 4: return .call("qrq", [nearlyIdentity(shape, depth)], shape)
    case 5: return .call("eigvecs", [symmetric(n, depth)], shape)
    case 6: return .call("svdv", [anyMatrix(shape, depth)], shape)
    case 7, 8:
      return .call(pick(["expm", "sinm", "cosm"]), [term(shape, depth: depth, .bounded)], shape)
    case 9, 10: return .call(pick(["logm", "sqrtm"]), [definite(n, depth)], shape)
    case 11:
      let power = pick(["0.5", "1.5", "(-1/2)", "0.3", "2.5"])
      return .infix(definite(n, depth), "^", .atom(power, .scalar), shape)
    case 12: return .call("lyapunov", [definite(n, depth), term(shape, depth: depth)], shape)
    case 13:
      let x = term(shape, depth: depth, .bounded)
      return .call(pick(["dexpm", "dsinm", "dcosm"]), [x, term(shape, depth: depth)], shape)
    case 14: return .call("dlogm", [definite(n, depth), term(shape, depth: depth)], shape)
    case 15:
      let s = symmetric(n, depth)
      let v = RandomTerm.call("eigvecs", [s], shape)
      let values = RandomTerm.call("eigvals", [s], RandomShape(n, .one))
      let weights = RandomTerm.call(
        pick(["exp", "tanh", "sigmoid", "square"]), [values], values.shape)
      return RandomTerm(
        .operation, shape, ["", "*", "*", ""], [v, .call("diag", [weights], shape), flipped(v)])
    case 16: return .call(pick(["stril", "halftril"]), [term(shape, depth: depth)], shape)
    default: return rectangularFunction(shape, depth)
    }
  }

  private mutating func nearlyIdentity(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let inner = RandomTerm.infix(
      term(shape, depth: depth, .bounded), "/", .atom("8", .scalar), shape)
    return chance(0.3)
      ? leaf(shape, .any) : .infix(.atom("eye(\(shape.rows))", shape), " + ", inner, shape)
  }

  private mutating func rectangularFunction(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let (m, n) = (shape.rows, shape.columns)
    switch pick(0...6) {
    case 0, 1: return .call("pinv", [anyMatrix(shape.transposed, depth)], shape)
    case 2:
      return .call(
        "sylvester", [definite(m, depth), definite(n, depth), term(shape, depth: depth)], shape)
    case 3: return .call("solve", [definite(m, depth), term(shape, depth: depth)], shape)
    case 4 where (m.literal ?? 0) >= (n.literal ?? 0):
      return .call(pick(["qrq", "svdu"]), [leaf(shape, .any)], shape)
    default: return convolved(shape, depth)
    }
  }

  /// With a kernel of 3 and a padding of 1, which keep the shape.
  private mutating func convolved(_ shape: RandomShape, _ depth: Int) -> RandomTerm {
    let three = RandomSize(3)
    if shape.isMatrix {
      let x = term(shape, depth: depth)
      if chance(0.3) {
        let patches = RandomTerm.call(
          "im2col", [x], sizes: ["3", "3", "1", "1"],
          RandomShape(shape.rows * shape.columns, RandomSize(9)))
        return .call(
          "col2im", [patches],
          sizes: ["\(shape.rows)", "\(shape.columns)", "3", "3", "1", "1"], shape)
      }
      let kernel = leaf(RandomShape(three, three), .any)
      return .call("conv2d", [x, kernel], sizes: ["1", "1"], shape)
    }
    let kernel = leaf(RandomShape(three, .one), .any)
    return .call("conv1d", [term(shape, depth: depth), kernel], sizes: ["1", "1"], shape)
  }
}
