/// Functions of a square matrix by its power series or spectrum (Higham, Functions of Matrices).
///
/// The differential of f at X is its Fréchet derivative there, an operation of the language:
/// `d expm(X) = dexpm(X,dX)`. Where the direction commutes with X it is f′(X)·E, so that traces come
/// out short.
extension PrimitiveRule {
  static let expm = matrixFunction(.expm, .dexpm)
  static let logm = matrixFunction(.logm, .dlogm)
  static let sinm = matrixFunction(.sinm, .dsinm)
  static let cosm = matrixFunction(.cosm, .dcosm)

  private static func matrixFunction(_ f: Primitive, _ derivative: Primitive) -> PrimitiveRule {
    PrimitiveRule(
      transpose: .commutes,
      derivative: .differential { g, x, d, y, _ in
        guard let dx = d[0] else { return g.zero(g.shape(y)) }
        return g.apply(derivative, [x[0], dx], shape: g.shape(y))
      },
      construct: { g, x, _, _ in g.matrixFunction(f, x[0]) })
  }

  /// R with R² = X: R·dR + dR·R = dX (Higham, Functions of Matrices, 6.1).
  static let sqrtm = PrimitiveRule(
    transpose: .commutes,
    derivative: .differential { g, _, d, r, _ in
      guard let dx = d[0] else { return g.zero(g.shape(r)) }
      return g.sylvester(r, r, dx)
    },
    construct: { g, x, _, _ in g.matrixFunction(.sqrtm, x[0]) })

  static let dexpm = frechet(.dexpm)
  static let dlogm = frechet(.dlogm)
  static let dsinm = frechet(.dsinm)
  static let dcosm = frechet(.dcosm)

  /// L(X,E), linear in E with the adjoint L(X',·) for a real f (Higham, Functions of Matrices,
  /// 3.2). In X: f([X, E; 0, X]) has L(X,E) as its upper right block, and so has the Fréchet
  /// derivative of f there in the direction diag(dX, dX) the differential (Higham and Relton 2014).
  private static func frechet(_ primitive: Primitive) -> PrimitiveRule {
    PrimitiveRule(
      transpose: .commutes,
      derivative: .linearInLast(
        adjoint: { g, y, x in
          g.apply(primitive, [g.transpose(x[0]), y], shape: g.shape(y))
        },
        differential: { g, x, d, y in
          guard let dx = d[0] else { return g.zero(g.shape(y)) }
          return g.secondDirection(primitive, x[0], x[1], dx)
        }),
      construct: { g, x, _, _ in g.frechetDerivative(primitive, x[0], x[1]) })
  }
}

extension Graph {
  func matrixFunction(_ f: Primitive, _ x: Expr) -> Expr {
    let shape = self.shape(x)
    let entrywise: Primitive? =
      switch f {
      case .expm: .exp
      case .logm: .log
      case .sinm: .sin
      case .cosm: .cos
      default: nil
      }
    func onEntries(_ e: Expr) -> Expr { entrywise.map { elementwise($0, e) } ?? squareRoot(e) }
    if shape.isScalar { return onEntries(x) }
    switch node(x) {
    case .zero where f == .expm || f == .cosm: return identity(shape.rows)
    case .zero where f == .sinm: return x
    case .identity where f == .logm: return zero(shape)
    case .identity where f == .sqrtm: return x
    case .apply(.diag, let v, _): return diag(onEntries(v[0]))
    case .apply(.logm, let y, _) where f == .expm: return y[0]
    case .apply(.expm, let y, _) where f == .logm && isSymmetric(y[0]): return y[0]
    // log(X⁻¹) = −log X, log(X^½) = (log X)/2, log(S^p) = p·log S
    case .apply(.inv, let y, _) where f == .logm: return negate(matrixFunction(.logm, y[0]))
    case .apply(.sqrtm, let y, _) where f == .logm:
      return scale(.half, matrixFunction(.logm, y[0]))
    case .apply(.power, let y, _) where f == .logm && isDefinite(y[0]):
      return product([y[1], matrixFunction(.logm, y[0])])
    case .product(let p)
    where f == .logm && p.chain.count > 1 && p.scalars.isEmpty && p.coefficient.isOne
      && isDefinite(p.chain[0]) && p.chain.allSatisfy({ $0 == p.chain[0] }):
      return scale(Number(p.chain.count), matrixFunction(.logm, p.chain[0]))
    case .product(let p) where f == .expm:
      // exp(p·log X) = X^p
      if p.chain.count == 1, let y = operand(of: p.chain[0], .logm) {
        return matrixPower(y, product(Product(p.coefficient, scalars: p.scalars)))
      }
    default: break
    }
    if f == .sinm || f == .cosm {
      let (coefficient, _) = splitCoefficient(x)
      if coefficient.isNegative {
        let even = matrixFunction(f, negate(x))
        return f == .cosm ? even : negate(even)
      }
    }
    return opaque(f, [x], [], shape, factsOfMatrixFunction(f, x))
  }

  private func isDefinite(_ x: Expr) -> Bool { facts(x).contains(.positiveDefinite) }

  private func factsOfMatrixFunction(_ f: Primitive, _ x: Expr) -> Facts {
    var result = facts(x).intersection([.diagonal, .lower, .upper])
    switch f {
    case .expm:
      if isSymmetric(x) { result.formUnion([.positiveSemidefinite, .positiveDefinite]) }
      if transpose(x) == negate(x) { result.insert(.orthogonal) }
    case .sqrtm:
      result.formUnion(facts(x).intersection([.positiveSemidefinite, .positiveDefinite]))
    default: break
    }
    return result
  }

  fileprivate func frechetDerivative(_ primitive: Primitive, _ x: Expr, _ e: Expr) -> Expr {
    let shape = self.shape(x)
    if case .zero = node(e) { return e }
    let (scale, bare) = withoutScale(e)
    if scale != one { return product([scale, frechetDerivative(primitive, x, bare)]) }
    if shape.isScalar || commutes(e, with: x) {
      let slope =
        switch primitive {
        case .dexpm: matrixFunction(.expm, x)
        case .dlogm: inverse(x)
        case .dsinm: matrixFunction(.cosm, x)
        default: negate(matrixFunction(.sinm, x))
        }
      return product([slope, e])
    }
    return opaque(primitive, [x, e], [], shape)
  }

  fileprivate func secondDirection(
    _ primitive: Primitive, _ x: Expr, _ e: Expr, _ dx: Expr
  ) -> Expr {
    let n = shape(x).rows
    let square = Shape(n + n, n + n)
    let zero = zero(shape(x))
    let point = apply(.blocks, [x, e, zero, x], [2, 2, 2], shape: square)
    let direction = apply(.blocks, [dx, zero, zero, dx], [2, 2, 2], shape: square)
    let whole = apply(primitive, [point, direction], shape: square)
    let upper = transpose(selector(n + n, from: 0, count: n))
    return product([upper, whole, selector(n + n, from: n, count: n)])
  }

  /// Whether E is built of I, X and functions of X, so that it commutes with X.
  func commutes(_ e: Expr, with x: Expr, depth: Int = 0) -> Bool {
    if e == x { return true }
    guard depth < 8 else { return false }
    switch node(e) {
    case .identity, .zero: return true
    case .sum(let terms):
      return terms.count <= 16
        && terms.allSatisfy { commutes($0.expr, with: x, depth: depth + 1) }
    case .product(let p):
      if case .product(let q) = node(x), q.chain == p.chain { return true }
      return !p.chain.isEmpty && p.chain.count <= 16
        && p.chain.allSatisfy { commutes($0, with: x, depth: depth + 1) }
    case .apply(let f, let y, _):
      switch f {
      case .inv, .expm, .logm, .sqrtm, .sinm, .cosm, .power:
        return commutes(y[0], with: x, depth: depth + 1)
      default: break
      }
    case .symbol, .number, .pi, .dimension, .ones, .unit, .hadamard: break
    }
    // What commutes with X commutes with f(X).
    guard case .apply(let f, let y, _) = node(x) else { return false }
    switch f {
    case .inv, .expm, .logm, .sqrtm, .sinm, .cosm, .power:
      return commutes(e, with: y[0], depth: depth + 1)
    default: return false
    }
  }
}
