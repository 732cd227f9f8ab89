import AllocationCounter
import Evaluation
import Foundation
import Frechet
import Planning
import Testing

@testable import Compilation

@Suite("Programs")
struct ProgramTests {
  private static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed)
    return Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
  }

  private static func definite(_ n: Int, seed: UInt64) -> Matrix {
    let factor = random(n, n, seed: seed)
    return factor.timesTransposed(of: factor).adding(Matrix.identity(n))
  }

  // MARK: Sweeps over rows

  struct Sweep: Sendable, CustomTestStringConvertible {
    let text: String
    let wrt: String
    var declarations: [String] = []
    var isBlocked = true
    var testDescription: String { text }
  }

  static let sweeps = [
    Sweep(text: "sum(log(1 + exp(-y.*(X*w))))", wrt: "w", declarations: ["y: vector(m)"]),
    Sweep(text: "norm2(X*w - y)^2/(2*m)", wrt: "w", declarations: ["X: matrix(m,n)"]),
    Sweep(text: "-sum(Y.*logsoftmax(X*W + b,2))", wrt: "W", declarations: ["b: row(k)"]),
    // The mean is a total that the next sweep needs.
    Sweep(text: "sum(((X*w) - mean(X*w)).^2)", wrt: "w", declarations: ["X: matrix(m,n)"]),
    Sweep(text: "norm2(tanh(X*W)*V - Y)^2", wrt: "W", declarations: ["X: matrix(m,n)"]),
    Sweep(text: "logsumexp(X*w)", wrt: "w", declarations: ["X: matrix(m,n)"]),
    // Samples in columns.
    Sweep(
      text: "sum(log(1 + exp(-y.*(X'*w))))", wrt: "w",
      declarations: ["y: vector(m)", "X: matrix(n,m)"]),
    Sweep(
      text: "norm2(V*tanh(W*X + b) - Y)^2", wrt: "W",
      declarations: ["X: matrix(n,m)", "W: matrix(k,n)", "b: vector(k)", "Y: matrix(p,m)"]),
    Sweep(
      text: "-sum(Y.*logsoftmax(W*X,1)) + norm2(sum(X,2))^2", wrt: "W",
      declarations: ["X: matrix(n,m)", "W: matrix(k,n)"]),
    Sweep(
      text: "norm2((X - mean(X,2))'*w)^2 + sum(max(X,1))", wrt: "w",
      declarations: ["X: matrix(n,m)"]),
    // Rows of one matrix, columns of the other.
    Sweep(
      text: "norm2(X*w - Z'*u)^2", wrt: "u", declarations: ["X: matrix(m,n)", "Z: matrix(k,m)"]),
    Sweep(
      text: "sum(exp(X' + Z))", wrt: "Z", declarations: ["X: matrix(m,n)", "Z: matrix(n,m)"]),
    Sweep(text: "x'*A*x", wrt: "x", isBlocked: false),
  ]

  @Test("data read in blocks give the values of the evaluator", arguments: sweeps)
  func sweep(sweep: Sweep) throws {
    // The evaluator would form the Hessian by a matrix as a product of far larger ones.
    let isVector = sweep.wrt.first?.isLowercase == true
    let tasks: [CompilationRequest.Task] =
      [.value, .gradient(sweep.wrt)] + (isVector ? [.hessian(sweep.wrt)] : [])
    let sizes = ["m": 3001, "n": 37, "k": 5, "p": 4, "q": 3]
    let typed = try Language.elaborate(sweep.text, declarations: sweep.declarations)
    var data: [String: Matrix] = [:]
    for (position, variable) in typed.variables.enumerated() {
      let rows = try #require(variable.shape.rows.value { sizes[$0] })
      let columns = try #require(variable.shape.columns.value { sizes[$0] })
      data[variable.name] = Self.random(rows, columns, seed: UInt64(position)).scaled(by: 0.3)
    }
    var request = CompilationRequest(
      sweep.text, tasks: tasks, sizes: sizes, declarations: sweep.declarations)
    let blocked = try request.answer()
    let plan = blocked.program.planText
    #expect(plan.contains("samples") == sweep.isBlocked, "\(plan)")
    let products = plan.split(separator: "\n").filter { $0.contains("gem") && $0.contains("X") }
    #expect(products.allSatisfy { $0.hasPrefix("  ") == sweep.isBlocked }, "\(plan)")
    request.options.isBlocked = false
    let whole = try request.answer()
    let results = try blocked.program(data)
    let expected = try whole.program(data)
    for (formula, (a, b)) in zip(blocked.formulas, zip(results, expected)) {
      let own = try Language.elaborate(formula, in: typed)
      let reference = try Evaluator(own).evaluate(data, sizes: sizes).result
      #expect(relativeDistance(a, reference) < 1e-10, "\(formula)")
      #expect(relativeDistance(b, reference) < 1e-10, "\(formula)")
      var options = Program.Options()
      for isBlocked in [true, false] {
        options.isBlocked = isBlocked
        try expectWithinBound(own, data, sizes: sizes, options: options)
      }
    }
  }

  // MARK: Plans

  @Test("one factorization serves value and gradient, and no inverse is made for a solution")
  func factorizations() throws {
    let request = CompilationRequest(
      "logdet(S) + x'*inv(S)*x", tasks: [.value, .gradient("x")], sizes: ["n": 6],
      declarations: ["S: spd(n)"])
    let text = try request.answer().program.planText
    #expect(text.components(separatedBy: "potrf").count == 2, "\(text)")
    #expect(!text.contains("potri"), "\(text)")
  }

  @Test("a matrix is read once for both of its products")
  func pairs() throws {
    let request = CompilationRequest(
      "x'*A*x", tasks: [.value, .gradient("x")], sizes: ["n": 200])
    let text = try request.answer().program.planText
    #expect(text.contains("gemv N and T"), "\(text)")
  }

  // MARK: Calls

  @Test("a program runs in several tasks at once", arguments: Precision.allCases)
  func tasks(precision: Precision) async throws {
    var request = CompilationRequest(
      "norm2(tanh(A*x))^2", tasks: [.value, .gradient("x")], sizes: ["m": 20, "n": 30],
      declarations: ["A: matrix(m,n)"])
    request.options.precision = precision
    let program = try request.answer().program
    let data = (0..<8).map { seed in
      ["A": Self.random(20, 30, seed: UInt64(seed)), "x": Self.random(30, 1, seed: 99)]
    }
    let expected = try data.map { try program($0) }
    let results = try await withThrowingTaskGroup(of: (Int, [Matrix]).self) { group in
      for (index, matrices) in data.enumerated() {
        group.addTask { (index, try program(matrices)) }
      }
      return try await group.reduce(into: [Int: [Matrix]]()) { $0[$1.0] = $1.1 }
    }
    for index in data.indices { #expect(results[index] == expected[index]) }
  }
}
