import Frechet
import Testing

/// What several results need is computed once: up to its sign, and parts of decompositions together.
@Suite struct SharedComputationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let declarations: [String]
    let wrt: [String]
    let input: String
    /// Words of the program in NumPy, with how often they stand there.
    let words: [String: Int]

    var testDescription: String { input }
  }

  static let cases = [
    Case(
      declarations: ["S: spd(n)", "mu: vector(n)"], wrt: ["x", "mu"],
      input: "(x - mu)'*inv(S)*(x - mu)",
      words: ["linalg.solve(": 1, "grad_mu = -grad_x": 1, "mu - x\n": 0]),
    Case(
      declarations: ["y: vector(n)"], wrt: ["w"], input: "norm2(y - X*w)^2",
      words: ["X @ w": 1, "gradient = -2 * (X.T @": 1]),
    Case(
      declarations: ["y: vector(n)"], wrt: ["w"], input: "norm2(y - X*w)^2 + sum(exp(X*w - y))",
      words: ["X @ w": 1, "np.exp(-t1)": 1]),
    // A half does not make another product of it.
    Case(declarations: ["x: vector(n)"], wrt: ["x"], input: "-x'*x/2", words: ["-0.5": 0]),
    Case(
      declarations: [], wrt: ["X"], input: "sum(svdvals(X))",
      words: ["= _svd(X)": 1, "svdvals_X.sum()": 1]),
    Case(
      declarations: ["S: symmetric(n)"], wrt: ["S"],
      input: "v'*eigvecs(S)*v + sum(exp(eigvals(S)))",
      words: ["= _eigh(S)": 1, "eigvalsh": 0]),
    Case(
      declarations: ["L: lower(n)", "x: vector(n)"], wrt: ["x"],
      input: "x'*inv(L*L')*x + logdet(L*L')",
      words: ["solve_triangular(": 2, "np.diag(L)": 1, "linalg.inv(": 0, "lu_factor": 0]),
    Case(
      declarations: ["S: spd(n)"], wrt: ["S"], input: "norm2(chol(S))^2 + tr(chol(S))",
      words: ["linalg.inv(": 0]),
    // The values alone cost less.
    Case(
      declarations: ["S: symmetric(n)"], wrt: ["c"], input: "c*(lambdamax(S) - lambdamin(S))",
      words: ["_eigh": 0, "eigvalsh(S)": 2]),
    Case(
      declarations: ["x: vector(n)"], wrt: ["x"], input: "log(1 + exp(c'*x)) - c'*x",
      words: ["value = np.logaddexp(0, -t1)\n": 1]),
  ]

  @Test(arguments: cases) func isDoneOnce(_ item: Case) throws {
    var request = CodeRequest(
      item.input, wrt: item.wrt, target: .numpy, declarations: item.declarations, timeLimit: 300)
    request.verify = false
    let program = try request.answer()
    for (word, count) in item.words {
      #expect(program.ranges(of: word).count == count, "\(word)\n\(program)")
    }
  }

  @Test func whatALanguageLacksHasAType() throws {
    var request = CodeRequest(
      "det(X)", wrt: ["X"], target: .stablehlo, declarations: ["X: matrix(n,n)"], timeLimit: 300)
    request.sizes = ["n": 3]
    request.verify = false
    let error = #expect(throws: FrechetError.self) { try request.answer() }
    guard case .unsupported(let lack) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(lack.target == .stablehlo)
  }
}
