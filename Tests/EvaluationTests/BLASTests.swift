import Testing

@testable import Evaluation

/// The library's path and the Swift one give the same; skipped where no library is installed.
@Suite("BLAS", .enabled(if: BLAS.shared != nil))
struct BLASTests {
  @Test("products", arguments: [(1, 5, 4), (6, 3, 1), (40, 30, 20)])
  func product(m: Int, k: Int, n: Int) throws {
    let blas = try #require(BLAS.shared)
    let (a, b) = (random(m, k), random(k, n))
    let expected = a.pureProduct(b)
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      let value = blas.product(
        left ? a.transposed : a, right ? b.transposed : b, transposeLeft: left,
        transposeRight: right)
      #expect(distance(value, expected) < 1e-14)
    }
  }

  @Test("factorizations", arguments: [3, 40, 150])
  func factorizations(order: Int) throws {
    let blas = try #require(BLAS.shared)
    let a = random(order, order)
    let (factors, exchanges) = blas.luFactors(a)
    let (pure, pureExchanges) = LUFactorization.pureFactors(a)
    #expect(exchanges == pureExchanges)
    #expect(distance(factors, pure) < 1e-11)
    let x = random(order, 2)
    #expect(distance(blas.luSolve(factors, exchanges, a.times(x), transposed: false), x) < 1e-10)
    let right = a.transposed.times(x)
    #expect(distance(blas.luSolve(factors, exchanges, right, transposed: true), x) < 1e-10)
    let s = definite(order).symmetricPart
    let lower = try s.pureCholesky()
    #expect(distance(try blas.cholesky(s), lower) < 1e-12)
    let triangular = lower.times(x)
    #expect(distance(blas.triangularSolve(lower, triangular, transposed: false), x) < 1e-10)
    let upper = lower.transposed.times(x)
    #expect(distance(blas.triangularSolve(lower, upper, transposed: true), x) < 1e-10)
  }

  @Test("decompositions", arguments: [(4, 4), (30, 12), (12, 30)])
  func decompositions(rows: Int, columns: Int) throws {
    let blas = try #require(BLAS.shared)
    let x = random(rows, columns)
    let (q, r) = try blas.qr(x)
    #expect(distance(q.times(r), x) < 1e-13)
    let (u, values, v) = try blas.singularValues(x)
    #expect(distance(Matrix(column: values), Matrix(column: try SingularValues(x).values)) < 1e-13)
    #expect(distance(u.scalingColumns(by: values).timesTransposed(of: v), x) < 1e-13)
    let s = x.timesTransposed(of: x).symmetricPart
    let (eigenvalues, vectors) = try blas.symmetricEigen(s)
    let (pure, _) = try SymmetricEigen.jacobi(s)
    #expect(distance(Matrix(column: eigenvalues), Matrix(column: pure)) < 1e-13)
    let product = vectors.scalingColumns(by: eigenvalues).timesTransposed(of: vectors)
    #expect(distance(product, s) < 1e-13)
  }

  @Test("Sylvester's equation by Schur forms")
  func sylvester() throws {
    let blas = try #require(BLAS.shared)
    let (a, b, c) = (random(5, 5), random(4, 4).addingToDiagonal(3), random(5, 4))
    let x = try blas.sylvester(a, b, c)
    #expect(distance(x, try Matrix.sylvester(a, b, c)) < 1e-12)
    let shared = Matrix.identity(3)
    #expect(throws: LinearAlgebraError.noUniqueSolution) {
      try blas.sylvester(shared, shared.scaled(by: -1), shared)
    }
  }

  @Test("a large product takes the library's path")
  func large() {
    let (a, b) = (random(150, 120), random(120, 130))
    #expect(BLAS.pays(forProductOf: 150, 120, 130))
    #expect(!BLAS.pays(forProductOf: 30, 30, 30))
    #expect(distance(a.times(b), a.pureProduct(b)) < 1e-13)
  }
}
