import Evaluation
import ExpressionLanguage
import Frechet
import Planning
import Testing
import Verification

@testable import Compilation

@Suite("Kronecker products that are not formed")
struct KroneckerTests {
  @Test("random structured expressions have the evaluator's values", arguments: 0..<60)
  func values(batch: Int) throws {
    for seed in (10 * batch)..<(10 * batch + 10) {
      let expression = KroneckerExpression(seed: UInt64(seed))
      let typed = try Language.elaborate(
        expression.text, declarations: expression.declarations)
      var generator = SplitMix64(seed: UInt64(seed) &+ 1000)
      var data: [String: Matrix] = [:]
      for variable in typed.variables {
        let rows = try #require(variable.shape.rows.literal)
        let columns = try #require(variable.shape.columns.literal)
        data[variable.name] = Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
      }
      let expected = try Evaluator(typed).evaluate(data, sizes: [:]).result
      let program = try Program(typed, sizes: [:])
      let own = data.filter { name, _ in program.inputs.contains { $0.name == name } }
      let result = try program(own)
      #expect(
        relativeDistance(result[0], expected) < 1e-11,
        "seed \(seed): \(expression.text)\n\(program.planText)")
    }
  }

  // MARK: Costs

  struct Cost: Sendable, CustomTestStringConvertible {
    let text: String
    let wrt: String
    let declarations: [String]
    let sizes: [String: Int]
    /// Of the Hessian, and of its product with a direction.
    let flops: (hessian: Int, product: Int)
    /// The entries of the workspace.
    let memory: (hessian: Int, product: Int)
    var testDescription: String { text }
  }

  private static let network = (1...5).map { layer in
    "H\(layer) = tanh(\(layer == 1 ? "X" : "H\(layer - 1)")*W\(layer))"
  }.joined(separator: "; ")

  /// With m samples and layers of n units, the Hessian of a layer has n⁴ entries, each a sum over m
  /// samples; formed products of Kronecker factors would need (m*n)² entries and m²*n⁴ operations.
  static let costs = [
    Cost(
      text: "norm2(tanh(X*A)*B - Y)^2/2", wrt: "A",
      declarations: ["X: matrix(m,n)", "A: matrix(n,p)", "B: matrix(p,k)"],
      sizes: ["m": 200, "n": 10, "p": 10, "k": 3],
      flops: (200 * 10_000 * 4, 200 * 10 * 10 * 30),
      memory: (200 * 10 * 10 * 6, 200 * 10 * 20)),
    Cost(
      text: "\(network); norm2(H5 - Y)^2/2", wrt: "W1",
      declarations: ["X: matrix(m,n)"] + (1...5).map { "W\($0): matrix(n,n)" },
      sizes: ["m": 100, "n": 10],
      flops: (100 * 10_000 * 8, 100 * 10 * 10 * 200),
      memory: (100 * 10 * 10 * 30, 100 * 10 * 100)),
    Cost(
      text: "-sum(Y.*logsoftmax(X*W,2))", wrt: "W",
      declarations: ["X: matrix(m,n)", "W: matrix(n,p)"],
      sizes: ["m": 200, "n": 10, "p": 5],
      flops: (200 * 2500 * 6, 200 * 50 * 20), memory: (200 * 50 * 6, 200 * 50 * 4)),
    Cost(
      text: "norm2(softmax(Q*K',2)*V - T)^2", wrt: "Q",
      declarations: ["Q: matrix(m,n)", "K: matrix(k,n)", "V: matrix(k,p)"],
      sizes: ["m": 30, "n": 8, "k": 30, "p": 8],
      flops: (30 * 30 * 30 * 8 * 8 * 6, 30 * 30 * 8 * 40),
      memory: (30 * 30 * 30 * 8, 30 * 30 * 20)),
    Cost(
      text: "norm2(X - U*V')^2/2", wrt: "U",
      declarations: ["X: matrix(m,n)", "U: matrix(m,k)", "V: matrix(n,k)"],
      sizes: ["m": 60, "n": 40, "k": 5], flops: (40 * 5 * 5 * 2 + 300 * 300, 60 * 40 * 5 * 10),
      memory: (1000, 60 * 40 * 4)),
    Cost(
      text: "logsumexp(A*x)", wrt: "x", declarations: ["A: matrix(m,n)"],
      sizes: ["m": 1000, "n": 20], flops: (1000 * 20 * 20 * 3, 1000 * 20 * 10),
      memory: (1000 * 20 * 4, 1000 * 30)),
  ]

  @Test("a Hessian costs what its structure costs", arguments: costs)
  func cost(cost: Cost) throws {
    for (task, flops, memory) in [
      (CompilationRequest.Task.hessian(cost.wrt), cost.flops.hessian, cost.memory.hessian),
      (.hvp(cost.wrt), cost.flops.product, cost.memory.product),
    ] {
      let request = CompilationRequest(
        cost.text, tasks: [task], sizes: cost.sizes, declarations: cost.declarations)
      let program = try request.answer().program
      #expect(program.operations <= flops, "\(program.planText)")
      #expect(program.workspaceBytes <= 8 * memory, "\(program.planText)")
    }
  }
}
