import Testing

@testable import Evaluation

@Suite("Kernels")
struct KernelTests {
  static let shapes = [(1, 1), (3, 3), (5, 2), (2, 5), (7, 7), (20, 9), (70, 66)]
  static let orders = [1, 2, 3, 6, 15, 70]

  @Test("products, plain and transposed", arguments: shapes)
  func product(rows: Int, columns: Int) {
    let a = random(rows, columns)
    let b = random(columns, 4)
    let expected = Matrix(rows: rows, columns: 4) { i, j in
      (0..<columns).reduce(0) { $0 + a[i, $1] * b[$1, j] }
    }
    #expect(distance(a.times(b), expected) < 1e-13)
    #expect(distance(a.transposed.transposedTimes(b), expected) < 1e-13)
    #expect(distance(a.timesTransposed(of: b.transposed), expected) < 1e-13)
    #expect(a.transposed.transposed == a)
  }

  @Test("P*A = L*U solves, and its determinant multiplies", arguments: orders)
  func lu(order: Int) throws {
    let a = random(order, order)
    let b = random(order, 3)
    let x = try a.solving(b)
    #expect(distance(a.times(x), b) < 1e-11)
    let factorization = try LUFactorization(a)
    #expect(distance(a.transposed.times(try factorization.solveTransposed(b)), b) < 1e-11)
    #expect(distance(try a.inverse().times(a), Matrix.identity(order)) < 1e-11)
    let c = random(order, order)
    let product = try a.times(c).determinant()
    let factors = try a.determinant() * c.determinant()
    #expect((product / factors - 1).magnitude < 1e-10)
    let logarithm = try a.logAbsDeterminant() + c.logAbsDeterminant()
    #expect((try a.times(c).logAbsDeterminant() - logarithm).magnitude < 1e-10)
    let exact = 1 / (a.oneNorm * (try a.inverse().oneNorm))
    #expect(factorization.reciprocalCondition >= exact * 0.999)
    #expect(factorization.reciprocalCondition <= exact * 10)
  }

  @Test("A = L*U without pivoting", arguments: shapes)
  func luWithoutPivoting(rows: Int, columns: Int) throws {
    let a = Matrix(rows: rows, columns: columns) { i, j in
      random(rows, columns)[i, j] + (i == j ? Double(2 * max(rows, columns)) : 0)
    }
    let (lower, upper) = try a.luWithoutPivoting()
    #expect(distance(lower.times(upper), a) < 1e-13)
    #expect((0..<lower.columns).allSatisfy { lower[$0, $0] == 1 })
  }

  @Test("S = L*L'", arguments: orders)
  func cholesky(order: Int) throws {
    let s = definite(order)
    let factor = try s.cholesky()
    #expect(distance(factor.timesTransposed(of: factor), s) < 1e-13)
    #expect(distance(factor.solvingLower(s), factor.transposed) < 1e-11)
  }

  @Test("A = Q*R", arguments: shapes)
  func qr(rows: Int, columns: Int) throws {
    let a = random(rows, columns)
    let (q, r) = try a.qr()
    #expect(distance(q.times(r), a) < 1e-13)
    #expect(distance(q.transposedTimes(q), Matrix.identity(q.columns)) < 1e-13)
    #expect((0..<r.rows).allSatisfy { r[$0, $0] > 0 })
    #expect(
      (0..<r.columns).allSatisfy { j in (0..<r.rows).allSatisfy { $0 <= j || r[$0, j] == 0 } })
  }

  @Test("S = V*diag*V'", arguments: orders)
  func symmetricEigen(order: Int) throws {
    let s = random(order, order).symmetricPart
    let eigen = try SymmetricEigen(s)
    let v = eigen.vectors
    #expect(distance(eigen.applying { $0 }, s) < 1e-13)
    #expect(distance(v.transposedTimes(v), Matrix.identity(order)) < 1e-13)
    #expect(eigen.values == eigen.values.sorted())
    #expect(v.signsOfLargestEntries.allSatisfy { $0 == 1 })
  }

  @Test("X = U*diag*V'", arguments: shapes)
  func singularValues(rows: Int, columns: Int) throws {
    let x = random(rows, columns)
    let svd = try SingularValues(x)
    let product = svd.u.scalingColumns(by: svd.values).timesTransposed(of: svd.v)
    #expect(distance(product, x) < 1e-13)
    for factor in [svd.u, svd.v] {
      #expect(distance(factor.transposedTimes(factor), Matrix.identity(factor.columns)) < 1e-13)
    }
    #expect(svd.values == svd.values.sorted(by: >))
  }

  @Test("deficient matrices have orthonormal singular vectors and a pseudoinverse")
  func deficient() throws {
    let x = random(6, 2).times(random(2, 4))
    let zero = Matrix.zeros(4, 3)
    for matrix in [x, x.transposed, zero] {
      let svd = try SingularValues(matrix)
      #expect(distance(svd.u.transposedTimes(svd.u), Matrix.identity(svd.u.columns)) < 1e-12)
      let inverse = try matrix.pseudoinverse()
      #expect(distance(matrix.times(inverse).times(matrix), matrix) < 1e-13)
      #expect(distance(inverse.times(matrix).times(inverse), inverse) < 1e-12)
    }
  }

  @Test("the adjugate of singular matrices: A*adj(A) = det(A)*I", arguments: [1, 2, 3, 5])
  func adjugate(order: Int) throws {
    let a = random(order, order)
    let scaled = Matrix.identity(order).scaled(by: try a.determinant())
    #expect(distance(a.times(try a.adjugate()), scaled) < 1e-12)
    guard order > 1 else { return }
    let singular = random(order, order - 1).times(random(order - 1, order))
    let adjugate = try singular.adjugate()
    // The (0, 0) cofactor by definition.
    let minor = singular.block(row: 1, column: 1, order - 1, order - 1)
    #expect((adjugate[0, 0] - (try minor.determinant())).magnitude < 1e-12 * adjugate.frobeniusNorm)
  }

  @Test("functions of matrices by their inverses", arguments: [1, 2, 4, 8])
  func matrixFunctions(order: Int) throws {
    let a = random(order, order).scaled(by: 0.4).addingToDiagonal(2)
    let root = try a.squareRoot()
    #expect(distance(root.times(root), a) < 1e-13)
    #expect(distance(try a.logarithm().exponential(), a) < 1e-12)
    #expect(distance(try a.power(1.5), root.times(a)) < 1e-12)
    #expect(distance(try a.power(0.3).power(1 / 0.3), a) < 1e-11)
    let big = random(order, order).scaled(by: 6)
    let inverse = try big.scaled(by: -1).exponential()
    let error = try big.exponential().times(inverse).addingToDiagonal(-1).frobeniusNorm
    #expect(error < 1e-14 * (try big.exponential().frobeniusNorm) * inverse.frobeniusNorm)
    let (cosine, sine) = try a.cosineAndSine()
    let one = cosine.times(cosine).adding(sine.times(sine))
    #expect(distance(one, Matrix.identity(order)) < 1e-12)
    let s = definite(order)
    #expect(distance(try s.squareRoot().raised(to: 2), s) < 1e-13)
    #expect(distance(try s.logarithm().exponential(), s) < 1e-12)
  }

  @Test("A*X + X*B = C", arguments: [(1, 1), (2, 3), (5, 4), (24, 20)])
  func sylvester(m: Int, n: Int) throws {
    let (a, b, c) = (random(m, m), random(n, n).addingToDiagonal(30), random(m, n))
    let x = try Matrix.sylvester(a, b, c)
    #expect(distance(a.times(x).adding(x.times(b)), c) < 1e-11)
  }
}

/// Repeatable entries in (-1, 1).
func random(_ rows: Int, _ columns: Int) -> Matrix {
  var state = UInt64(rows * 1_000 + columns + 7)
  return Matrix(rows: rows, columns: columns) { _, _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 4_503_599_627_370_496 - 1
  }
}

func definite(_ order: Int) -> Matrix {
  let a = random(order, order)
  return a.timesTransposed(of: a).addingToDiagonal(1)
}
