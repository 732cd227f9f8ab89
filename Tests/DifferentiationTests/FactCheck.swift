import Frechet

/// Whether what the graph states of an expression holds of a value of it.
struct FactCheck {
  private let graph: Graph
  private let e: Expr
  private let value: Matrix

  init(_ graph: Graph, _ e: Expr, _ value: Matrix) {
    self.graph = graph
    self.e = e
    self.value = value
  }

  var falseClaims: [String] {
    var claims: [String] = []
    func check(_ name: String, _ fact: Facts, _ holds: () -> Bool) {
      if graph.facts(e).contains(fact), !holds() { claims.append(name) }
    }
    check("positive", .positive) { value.values.allSatisfy { $0 > 0 } }
    check("nonnegative", .nonnegative) { value.values.allSatisfy { $0 >= -small } }
    check("positive semidefinite", .positiveSemidefinite) { lowest >= -small }
    check("positive definite", .positiveDefinite) { lowest > 0 }
    check("orthogonal", .orthogonal) { distance(gram, Matrix.identity(value.columns)) < 1e-9 }
    check("diagonal", .diagonal) { vanishes { $0 != $1 } }
    check("lower", .lower) { vanishes { $0 < $1 } }
    check("upper", .upper) { vanishes { $0 > $1 } }
    check("symmetric", .symmetric) { distance(value, value.transposed) <= small }
    check("skew", .skew) { distance(value, value.transposed.scaled(by: -1)) <= small }
    check("columns sum to one", .columnsSumToOne) { sums(value).allSatisfy { abs($0 - 1) < 1e-9 } }
    check("rows sum to one", .rowsSumToOne) {
      sums(value.transposed).allSatisfy { abs($0 - 1) < 1e-9 }
    }
    if graph.shape(e).isSquare, graph.isSymmetric(e), distance(value, value.transposed) > small {
      claims.append("its own transpose")
    }
    let expected = graph.shape(e)
    for (dim, size) in [(expected.rows, value.rows), (expected.columns, value.columns)]
    where dim.literal ?? size != size { claims.append("shape") }
    return claims
  }

  /// Rounding.
  private var small: Double { 1e-9 * (1 + value.maxMagnitude) }
  private var lowest: Double { (try? SymmetricEigen(value).values.min()) ?? -.infinity }
  private var gram: Matrix { value.transposed.times(value) }

  private func distance(_ a: Matrix, _ b: Matrix) -> Double {
    a.size == b.size ? zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  private func vanishes(_ where: (Int, Int) -> Bool) -> Bool {
    for i in 0..<value.rows {
      for j in 0..<value.columns where `where`(i, j) && abs(value[i, j]) > small { return false }
    }
    return true
  }

  private func sums(_ m: Matrix) -> [Double] {
    (0..<m.columns).map { j in (0..<m.rows).reduce(0) { $0 + m[$1, j] } }
  }
}
