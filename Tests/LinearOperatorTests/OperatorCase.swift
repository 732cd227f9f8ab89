import Evaluation
import LinearOperators

/// An operator and the matrix that it must be, made of the same random parts.
struct OperatorCase: Sendable, CustomStringConvertible {
  let name: String
  /// Of a square operator: whether a system with it has one solution.
  let isRegular: Bool
  /// A word of how it must be solved; nil where that is left open.
  let method: String?
  let make: @Sendable (inout RandomMatrices, Int) throws -> (LinearOperator, Matrix)

  init(
    _ name: String, regular: Bool = true, method: String? = nil,
    _ make: @escaping @Sendable (inout RandomMatrices, Int) throws -> (LinearOperator, Matrix)
  ) {
    self.name = name
    self.isRegular = regular
    self.method = method
    self.make = make
  }

  var description: String { name }

  /// Of size n, or made of parts of sizes n and n + 1.
  func make(_ n: Int) throws -> (LinearOperator, Matrix) {
    var random = RandomMatrices(seed: 1000 * n + name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } % 997)
    return try make(&random, n)
  }

  static let all: [OperatorCase] = leaves + kroneckerProducts + sums + compositions
}

extension OperatorCase {
  private static let leaves = [
    OperatorCase("dense", method: "LU") { r, n in
      var a = r.regular(n)
      if n > 1 { a[0, n - 1] += 0.5 } else { a[0, 0] = -a[0, 0] }
      return (.dense(a), a)
    },
    OperatorCase("positive definite", method: "Cholesky") { r, n in
      let a = r.positiveDefinite(n)
      return (.dense(a), a)
    },
    OperatorCase("wide", regular: false) { r, n in
      let a = r.matrix(n, n + 2)
      return (.dense(a), a)
    },
    OperatorCase("identity", method: "inverse") { _, n in
      (.identity(n, scaledBy: -3), Matrix.identity(n).scaled(by: -3))
    },
    OperatorCase("zero", regular: false) { _, n in (.zero(n, n), .zeros(n, n)) },
    OperatorCase("diagonal", method: "inverse") { r, n in
      let d = r.positive(n)
      return (.diagonal(d), .diagonal(d))
    },
    OperatorCase("diagonal with a zero", regular: false) { r, n in
      var d = r.positive(n)
      d[n - 1] = 0
      return (.diagonal(d), .diagonal(d))
    },
    OperatorCase("commutation", method: "inverse") { _, n in
      (try .commutation(n, n + 1), .commutation(n, n + 1))
    },
    OperatorCase("duplication", regular: false) { _, n in
      let d = try LinearOperator.duplication(n)
      // From the definition: column (i, j), i ≥ j, is vec(E_ij + E_ji), or vec(E_ii).
      let pairs = (0..<n).flatMap { j in (j..<n).map { (i: $0, j: j) } }
      let matrix = Matrix(rows: n * n, columns: pairs.count) { row, column in
        let (i, j) = (row % n, row / n)
        return pairs[column] == (i: max(i, j), j: min(i, j)) ? 1 : 0
      }
      return (d, matrix)
    }.fromTwo,
    OperatorCase("singular", regular: false) { r, n in
      let u = r.matrix(n, max(n - 1, 1))
      let a = n == 1 ? Matrix.zeros(1, 1) : u.timesTransposed(of: r.matrix(n, n - 1))
      return (.dense(a), a)
    },
  ]

  private static let kroneckerProducts = [
    OperatorCase("A ⊗ B", method: "Kronecker") { r, n in
      let (a, b) = (r.regular(n), r.positiveDefinite(n + 1))
      return (try .kronecker(.dense(a), .dense(b)), a.kronecker(b))
    },
    OperatorCase("I ⊗ B", method: "Cholesky") { r, n in
      let b = r.positiveDefinite(n)
      return (
        try .kronecker(.identity(n + 1, scaledBy: 2), .dense(b)),
        Matrix.identity(n + 1).kronecker(b).scaled(by: 2)
      )
    },
    OperatorCase("A ⊗ I") { r, n in
      let a = r.regular(n)
      return (
        try .kronecker(.dense(a), .identity(n + 1)), a.kronecker(Matrix.identity(n + 1))
      )
    },
    OperatorCase("diagonal ⊗ B") { r, n in
      let (d, b) = (r.positive(n), r.regular(n + 1))
      return (
        try .kronecker(.diagonal(d), .dense(b)), Matrix.diagonal(d).kronecker(b)
      )
    },
    OperatorCase("A ⊗ B of factors that are not square", regular: false) { r, n in
      let (a, b) = (r.matrix(n, n + 1), r.matrix(n + 1, n))
      return (try .kronecker(.dense(a), .dense(b)), a.kronecker(b))
    },
    OperatorCase("a row ⊗ a column", regular: false) { r, n in
      let (a, b) = (r.matrix(1, n + 1), r.matrix(n + 1, 1))
      return (try .kronecker(.dense(a), .dense(b)), a.kronecker(b))
    },
    OperatorCase("A ⊗ B, wide and tall", regular: false) { r, n in
      let (a, b) = (r.matrix(n, n + 2), r.matrix(n + 1, n))
      return (try .kronecker(.dense(a), .dense(b)), a.kronecker(b))
    },
    OperatorCase("singular A ⊗ B", regular: false) { r, n in
      let (a, b) = (Matrix.zeros(n, n), r.regular(n))
      return (try .kronecker(.dense(a), .dense(b)), a.kronecker(b))
    },
    OperatorCase("(A ⊗ B)*(C ⊗ D)", method: "Kronecker") { r, n in
      let (a, b, c, d) = (r.regular(n), r.regular(n + 1), r.regular(n), r.regular(n + 1))
      return (
        try .product([
          .kronecker(.dense(a), .dense(b)), .kronecker(.dense(c), .dense(d)),
        ]),
        a.times(c).kronecker(b.times(d))
      )
    },
    OperatorCase("K*(A ⊗ B)") { r, n in
      let (a, b) = (r.regular(n), r.regular(n + 1))
      return (
        try .product([.commutation(n + 1, n), .kronecker(.dense(a), .dense(b))]),
        Matrix.commutation(n + 1, n).times(a.kronecker(b))
      )
    },
    OperatorCase("(A ⊗ B)*K of factors that are not square") { r, n in
      let (a, b) = (r.matrix(n, n + 1), r.matrix(n + 1, n))
      return (
        try .product([.kronecker(.dense(a), .dense(b)), .commutation(n, n + 1)]),
        a.kronecker(b).times(.commutation(n, n + 1))
      )
    }.singular,
    OperatorCase("-(inv(X) ⊗ inv(X)')*K") { r, n in
      let x = r.regular(n)
      let inverse = try x.inverse()
      return (
        try .product([
          .kronecker(.inverse(of: .dense(x)), .inverse(of: .dense(x)).transposed),
          .commutation(n, n),
        ]).scaled(by: -1),
        inverse.kronecker(inverse.transposed).times(.commutation(n, n)).scaled(by: -1)
      )
    },
    OperatorCase("khatrirao(A, B)", regular: false) { r, n in
      let (a, b) = (r.matrix(n, n + 2), r.matrix(n + 1, n + 2))
      let matrix = Matrix(rows: n * (n + 1), columns: n + 2) { i, j in
        a[i / (n + 1), j] * b[i % (n + 1), j]
      }
      return (try .khatriRao(.dense(a), .dense(b)), matrix)
    },
    OperatorCase("khatrirao(I, B)'*diagonal*khatrirao(I, B)") { r, n in
      let (b, d) = (r.matrix(n + 1, n), r.positive(n * (n + 1)))
      let matrix = Matrix(rows: n * (n + 1), columns: n) { i, j in
        i / (n + 1) == j ? b[i % (n + 1), j] : 0
      }
      let columns = try LinearOperator.khatriRao(.identity(n), .dense(b))
      return (
        try .product([columns.transposed, .diagonal(d), columns]),
        matrix.transposedTimes(Matrix.diagonal(d)).times(matrix)
      )
    },
  ]
}

extension OperatorCase {
  fileprivate var singular: OperatorCase {
    OperatorCase(name, regular: false, method: method, make)
  }

  private static let sums = [
    OperatorCase("I ⊗ A + B ⊗ I, symmetric", method: "diagonalization") { r, n in
      let (a, b) = (r.positiveDefinite(n + 1), r.positiveDefinite(n))
      return (
        try .sum([
          .kronecker(.identity(n), .dense(a)), .kronecker(.dense(b), .identity(n + 1)),
        ]),
        Matrix.identity(n).kronecker(a).adding(b.kronecker(Matrix.identity(n + 1)))
      )
    }.fromTwo,
    OperatorCase("I ⊗ A + B ⊗ I", method: "Sylvester") { r, n in
      var (a, b) = (r.regular(n + 1), r.regular(n))
      a[0, n] += 0.7
      if n > 1 { b[0, n - 1] -= 0.6 }
      return (
        try .sum([
          .kronecker(.identity(n), .dense(a)), .kronecker(.dense(b), .identity(n + 1)),
        ]),
        Matrix.identity(n).kronecker(a).adding(b.kronecker(Matrix.identity(n + 1)))
      )
    }.fromTwo,
    OperatorCase("I ⊗ A - A' ⊗ I", regular: false) { r, n in
      let a = r.regular(n)
      return (
        try .sum([
          .kronecker(.identity(n), .dense(a)),
          .kronecker(.dense(a.transposed), .identity(n)).scaled(by: -1),
        ]),
        Matrix.identity(n).kronecker(a).subtracting(
          a.transposed.kronecker(Matrix.identity(n)))
      )
    },
    OperatorCase("A ⊗ B + C ⊗ D") { r, n in
      let (a, b, c, d) = (r.regular(n), r.regular(n + 1), r.regular(n), r.regular(n + 1))
      return (
        try .sum([.kronecker(.dense(a), .dense(b)), .kronecker(.dense(c), .dense(d))]),
        a.kronecker(b).adding(c.kronecker(d))
      )
    },
    OperatorCase("2*sym(B ⊗ A') with B symmetric", method: "Kronecker") { r, n in
      let (a, b) = (r.regular(n + 1), r.positiveDefinite(n))
      let one = try LinearOperator.kronecker(.dense(b), .dense(a.transposed))
      return (
        try .sum([one, one.transposed]), b.kronecker(a.transposed.adding(a))
      )
    }.fromTwo,
    OperatorCase("2*sym(B ⊗ A')") { r, n in
      let (a, b) = (r.regular(n + 1), r.regular(n))
      let one = try LinearOperator.kronecker(.dense(b), .dense(a.transposed))
      return (
        try .sum([one, one.transposed]),
        b.kronecker(a.transposed).adding(b.transposed.kronecker(a))
      )
    },
    OperatorCase("A ⊗ B + c*I, singular B", method: "diagonalization") { r, n in
      let u = r.matrix(n + 2, 1)
      let (a, b) = (r.positiveDefinite(n), u.timesTransposed(of: u))
      return (
        try .sum([.kronecker(.dense(a), .dense(b)), .identity(n * (n + 2), scaledBy: 2)]),
        a.kronecker(b).adding(Matrix.identity(n * (n + 2)), times: 2)
      )
    }.fromTwo,
    OperatorCase("diagonal + u*u'", method: "Woodbury") { r, n in
      let (d, u) = (r.positive(n), r.matrix(n, 1))
      return (
        try .sum([.diagonal(d), .product([.dense(u), .dense(u.transposed)])]),
        Matrix.diagonal(d).adding(u.timesTransposed(of: u))
      )
    }.fromTwo,
    OperatorCase("diagonal + U*C*V'", method: "Woodbury") { r, n in
      let (d, u, c, v) = (r.positive(3 * n), r.matrix(3 * n, n), r.regular(n), r.matrix(3 * n, n))
      let small = u.scaled(by: 0.2)
      return (
        try .sum([.diagonal(d), .lowRank(small, c, v)]),
        Matrix.diagonal(d).adding(small.times(c).timesTransposed(of: v))
      )
    },
    OperatorCase("I ⊗ A + vec*vec'", method: "Woodbury") { r, n in
      let (a, u) = (r.positiveDefinite(n + 1), r.matrix(n * (n + 1), 1))
      return (
        try .sum([
          .kronecker(.identity(n), .dense(a)), .product([.dense(u), .dense(u.transposed)]),
        ]),
        Matrix.identity(n).kronecker(a).adding(u.timesTransposed(of: u))
      )
    }.fromTwo,
    OperatorCase("singular diagonal + u*u'") { r, n in
      var d = r.positive(n)
      d[0] = 0
      let u = Matrix(rows: n, columns: 1, repeating: 1)
      return (
        try .sum([.diagonal(d), .product([.dense(u), .dense(u.transposed)])]),
        Matrix.diagonal(d).adding(u.timesTransposed(of: u))
      )
    },
    OperatorCase("diagonal - projection", regular: false) { r, n in
      let p = (0..<n).map { _ in 1 / Double(n) }
      let u = Matrix(column: p)
      return (
        try .sum([.diagonal(p), .product([.dense(u), .dense(u.transposed)]).scaled(by: -1)]),
        Matrix.diagonal(p).subtracting(u.timesTransposed(of: u))
      )
    },
    OperatorCase("A ⊗ B + K*(C ⊗ D)") { r, n in
      let (a, b) = (r.regular(n), r.regular(n))
      let c = r.regular(n).scaled(by: 0.1)
      return (
        try .sum([
          .kronecker(.dense(a), .dense(b)),
          .product([.commutation(n, n), .kronecker(.dense(c), .dense(c))]),
        ]),
        a.kronecker(b).adding(Matrix.commutation(n, n).times(c.kronecker(c)))
      )
    },
    OperatorCase("I ⊗ A + diagonal", method: "blocks") { r, n in
      let (a, d) = (r.positiveDefinite(n), r.positive(n * (n + 1)))
      return (
        try .sum([.kronecker(.identity(n + 1), .dense(a)), .diagonal(d)]),
        Matrix.identity(n + 1).kronecker(a).adding(Matrix.diagonal(d))
      )
    }.fromTwo,
    OperatorCase("A ⊗ I + diagonal + u*u'", method: "blocks") { r, n in
      let (a, d) = (r.positiveDefinite(n), r.positive(n * (n + 1)))
      let u = r.matrix(n * (n + 1), 1)
      return (
        try .sum([
          .kronecker(.dense(a), .identity(n + 1)), .diagonal(d),
          .product([.dense(u), .dense(u.transposed)]),
        ]),
        a.kronecker(Matrix.identity(n + 1)).adding(Matrix.diagonal(d))
          .adding(u.timesTransposed(of: u))
      )
    }.fromTwo,
    OperatorCase("three Kronecker products with diagonal factors", method: "blocks") { r, n in
      let parts = (0..<3).map { _ in (r.positive(n), r.positiveDefinite(n + 1)) }
      return (
        try .sum(parts.map { try .kronecker(.diagonal($0.0), .dense($0.1)) }),
        parts.dropFirst().reduce(Matrix.diagonal(parts[0].0).kronecker(parts[0].1)) {
          $0.adding(Matrix.diagonal($1.0).kronecker($1.1))
        }
      )
    }.fromTwo,
    OperatorCase("three Kronecker products") { r, n in
      let parts = (0..<3).map { _ in (r.regular(n), r.positiveDefinite(n + 1)) }
      return (
        try .sum(parts.map { try .kronecker(.dense($0.0), .dense($0.1)) }),
        parts.dropFirst().reduce(parts[0].0.kronecker(parts[0].1)) {
          $0.adding($1.0.kronecker($1.1))
        }
      )
    },
  ]

  /// Joined with other terms at size 1, where the parts are numbers.
  fileprivate var fromTwo: OperatorCase {
    OperatorCase(name, regular: isRegular, method: method) { r, n in try make(&r, max(n, 2)) }
  }

  private static let compositions = [
    OperatorCase("X'*diagonal*X") { r, n in
      let (x, d) = (r.matrix(n + 2, n), r.positive(n + 2))
      return (
        try .product([.dense(x.transposed), .diagonal(d), .dense(x)]),
        x.transposedTimes(Matrix.diagonal(d)).times(x)
      )
    },
    OperatorCase("X*diagonal*X' of low rank", regular: false) { r, n in
      let (x, d) = (r.matrix(n + 2, n), r.positive(n))
      return (
        try .product([.dense(x), .diagonal(d), .dense(x.transposed)]),
        x.times(Matrix.diagonal(d)).timesTransposed(of: x)
      )
    },
    OperatorCase("(B ⊗ A')*diagonal*(B' ⊗ A)") { r, n in
      let (a, b) = (r.matrix(n + 1, n), r.matrix(n + 1, n + 2))
      let d = r.positive((n + 1) * (n + 2))
      let right = a.transposed.kronecker(b)
      // n(n+1) rows against (n+1)(n+2) in between.
      let left = try LinearOperator.kronecker(.dense(a.transposed), .dense(b))
      return (
        try .product([left, .diagonal(d), left.transposed]),
        right.times(Matrix.diagonal(d)).timesTransposed(of: right)
      )
    },
    OperatorCase("(I ⊗ A')*diagonal*(I ⊗ A)", method: "blocks") { r, n in
      let (a, d) = (r.matrix(n + 2, n), r.positive(n * (n + 2)))
      let right = Matrix.identity(n).kronecker(a)
      let factor = try LinearOperator.kronecker(.identity(n), .dense(a))
      return (
        try .product([factor.transposed, .diagonal(d), factor]),
        right.transposedTimes(Matrix.diagonal(d)).times(right)
      )
    }.fromTwo,
    OperatorCase("(A ⊗ I)*diagonal*(A' ⊗ I) + c*I", method: "blocks") { r, n in
      let (a, d) = (r.matrix(n, n + 2), r.positive((n + 1) * (n + 2)))
      let left = a.kronecker(Matrix.identity(n + 1))
      let factor = try LinearOperator.kronecker(.dense(a), .identity(n + 1))
      return (
        try .sum([
          .product([factor, .diagonal(d), factor.transposed]),
          .identity(n * (n + 1), scaledBy: 0.5),
        ]),
        left.times(Matrix.diagonal(d)).timesTransposed(of: left)
          .adding(Matrix.identity(n * (n + 1)), times: 0.5)
      )
    }.fromTwo,
    OperatorCase("diagonal*A*diagonal", method: "one after the other") { r, n in
      let (d, a, e) = (r.positive(n), r.regular(n), r.positive(n))
      return (
        try .product([.diagonal(d), .dense(a), .diagonal(e)]),
        Matrix.diagonal(d).times(a).times(.diagonal(e))
      )
    },
    OperatorCase("A*B*C of regular matrices") { r, n in
      let (a, b, c) = (r.regular(n), r.regular(n), r.regular(n))
      return (try .product([.dense(a), .dense(b), .dense(c)]), a.times(b).times(c))
    },
    OperatorCase("inverse of a Kronecker sum", method: "inverse") { r, n in
      let (a, b) = (r.positiveDefinite(n), r.positiveDefinite(n + 1))
      let sum = Matrix.identity(n + 1).kronecker(a).adding(b.kronecker(Matrix.identity(n)))
      return (
        try .inverse(
          of: .sum([
            .kronecker(.identity(n + 1), .dense(a)), .kronecker(.dense(b), .identity(n)),
          ])),
        try sum.inverse()
      )
    }.fromTwo,
    OperatorCase("block diagonal", method: "blocks") { r, n in
      let (a, d) = (r.regular(n), r.positive(n + 1))
      let matrix = Matrix(rows: 2 * n + 1, columns: 2 * n + 1) { i, j in
        i < n && j < n ? a[i, j] : i == j ? d[i - n] : 0
      }
      return (
        try .blocks([[.dense(a), .zero(n, n + 1)], [.zero(n + 1, n), .diagonal(d)]]), matrix
      )
    },
    OperatorCase("block triangular", method: "blocks") { r, n in
      let (a, b, d) = (r.regular(n), r.matrix(n, n + 1), r.positive(n + 1))
      let matrix = Matrix(rows: 2 * n + 1, columns: 2 * n + 1) { i, j in
        i < n ? (j < n ? a[i, j] : b[i, j - n]) : i == j ? d[i - n] : 0
      }
      return (
        try .blocks([[.dense(a), .dense(b)], [.zero(n + 1, n), .diagonal(d)]]), matrix
      )
    },
    OperatorCase("blocks") { r, n in
      let (a, b, d) = (r.regular(n), r.matrix(n, n + 1).scaled(by: 0.1), r.positive(n + 1))
      let matrix = Matrix(rows: 2 * n + 1, columns: 2 * n + 1) { i, j in
        i < n
          ? (j < n ? a[i, j] : b[i, j - n]) : j < n ? b[j, i - n] : i == j ? d[i - n] : 0
      }
      return (
        try .blocks([[.dense(a), .dense(b)], [.dense(b.transposed), .diagonal(d)]]), matrix
      )
    },
  ]
}
