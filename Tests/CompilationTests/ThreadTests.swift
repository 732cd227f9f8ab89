import Evaluation
import Frechet
import Testing
import Verification

@testable import Compilation

/// Results are compared bit for bit, so that these tests do not run beside those that exchange the
/// kernels of the whole process.
extension VectorMathTests {
  @Suite("Threads")
  struct ThreadTests {
    struct Task: Sendable, CustomTestStringConvertible {
      let input: String
      var declarations: [String] = []
      var tasks: [CompilationRequest.Task] = [.value, .gradient("w")]
      var isBlocked = true
      var testDescription: String { input + (isBlocked ? ", blocked" : "") }
    }

    static let sizes = ["m": 6011, "n": 23, "k": 37, "q": 19, "r": 11, "s": 600, "b": 210]

    static let branches = Task(
      input: "norm2(G*H*G - H*G*H + G*J*H)^2 + sum(inv(P)*G*J) + sum(inv(Q)*H*J)",
      declarations: [
        "G: matrix(b,b)", "H: matrix(b,b)", "J: matrix(b,b)", "P: spd(b)", "Q: spd(b)",
      ], tasks: [.value, .gradient("G"), .gradient("J")])

    static let tasks =
      [true, false].flatMap { isBlocked in
        [
          Task(
            input: "sum(log(1 + exp(-y.*(X*w))))",
            declarations: ["y: vector(m)", "X: matrix(m,n)"],
            isBlocked: isBlocked),
          Task(
            input: "sum(exp(sin(X).*X)) + norm2(sum(tanh(X),2)) + sum(max(X.^2,1)*w)",
            declarations: ["X: matrix(m,n)"], isBlocked: isBlocked),
          Task(
            input: "exp(sin(X)).*(X + w')", declarations: ["X: matrix(m,n)", "w: vector(n)"],
            tasks: [.value], isBlocked: isBlocked),
          Task(
            input: "norm2(softmax(X*K',2)*V - T)^2", declarations: ["V: matrix(k,q)"],
            tasks: [.value, .gradient("X"), .gradient("V")],
            isBlocked: isBlocked),
          // Threads divide the factorization, and passes within each block.
          Task(
            input: "norm2(softmax(X*K',2)*V - T)^2 + logdet(S)",
            declarations: ["V: matrix(k,q)", "S: spd(s)"], tasks: [.value, .gradient("X")],
            isBlocked: isBlocked),
          Task(
            input: "-sum(Y.*logsoftmax(X*W,2))", declarations: ["W: matrix(n,r)"],
            tasks: [.value, .gradient("W"), .gradient("X")],
            isBlocked: isBlocked),
          Task(
            input: "sum(log(1 + exp(X*w))) + logdet(X'*X)", declarations: ["X: matrix(m,n)"],
            tasks: [.value, .gradient("w"), .hessian("w"), .gradient("X")], isBlocked: isBlocked),
          Task(
            input: "prod(1 + X*w/1000) + logsumexp(X*w) + sum(X)", declarations: ["X: matrix(m,n)"],
            isBlocked: isBlocked),
          Task(
            input: "sum(sin(M*x)) + x'*M*x", declarations: ["M: matrix(s,s)"],
            tasks: [.value, .gradient("x")], isBlocked: isBlocked),
          Task(
            input: "sum(tanh(im2col(Z,3,3,1,0)*f)) + norm2(im2col(Z,3,3,1,0)*g)",
            declarations: ["Z: matrix(200,171)", "f: vector(9)", "g: vector(9)"],
            tasks: [.value, .gradient("f"), .hessian("f")], isBlocked: isBlocked),
          Task(
            input: "sum(sin(im2col(Z,3,3,2,1)*f))",
            declarations: ["Z: matrix(200,171)", "f: vector(9)"],
            tasks: [.value, .gradient("f"), .gradient("Z")], isBlocked: isBlocked),
          Task(
            input: "max(X*w) + min(y) + sum(cos(X'*y))",
            declarations: ["y: vector(m)", "X: matrix(m,n)"], tasks: [.value], isBlocked: isBlocked),
        ]
      } + [branches]

    private static let data: [String: Matrix] = {
      var generator = SplitMix64(seed: 5)
      func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
      }
      func dominant(_ n: Int) -> Matrix {
        Matrix(rows: n, columns: n) { i, j in i == j ? 9 : 1 / Double(1 + abs(i - j)) }
      }
      return [
        "X": matrix(6011, 23), "y": matrix(6011, 1), "w": matrix(23, 1),
        "K": matrix(37, 23), "V": matrix(37, 19), "T": matrix(6011, 19), "W": matrix(23, 11),
        "Y": matrix(6011, 11),
        "G": matrix(210, 210), "H": matrix(210, 210), "J": matrix(210, 210),
        "P": dominant(210), "Q": dominant(210),
        "M": matrix(600, 600), "x": matrix(600, 1),
        "S": dominant(600), "Z": matrix(200, 171), "f": matrix(9, 1), "g": matrix(9, 1),
      ]
    }()

    @Test("threads divide samples where most of the work is in sweeps")
    func division() throws {
      for task in Self.tasks where task.isBlocked && task.input.contains("softmax(X*K',2)") {
        let plan = try Self.program(task, threads: 2).planText
        #expect(plan.contains("in 2 parts at once") == !task.input.contains("logdet"))
      }
    }

    private static func program(_ task: Task, threads: Int) throws -> Program {
      var request = CompilationRequest(
        task.input, tasks: task.tasks, sizes: sizes, declarations: task.declarations)
      request.options.threads = threads
      request.options.isBlocked = task.isBlocked
      return try request.answer().program
    }

    private static func results(_ task: Task, threads: Int) throws -> [Matrix] {
      let program = try program(task, threads: threads)
      return try program(
        data.filter { name, _ in program.inputs.contains { $0.name == name } })
    }

    @Test(
      "the number of threads changes results by rounding, and nothing else does", arguments: tasks)
    func agreement(task: Task) throws {
      let expected = try Self.results(task, threads: 1)
      for threads in [1, 2, 4] {
        let first = try Self.results(task, threads: threads)
        for (a, b) in zip(first, expected) { #expect(relativeDistance(a, b) < 1e-12) }
        #expect(try Self.results(task, threads: threads) == first)
      }
    }

    @Test("what needs nothing of another is done at once, and fails as one")
    func independence() throws {
      let program = try Self.program(Self.branches, threads: 2)
      #expect(program.planText.contains("and at once:"))
      let expected = try Self.results(Self.branches, threads: 2)
      let workspace = program.makeWorkspace()
      var data = Self.data.filter { name, _ in program.inputs.contains { $0.name == name } }
      for name in ["P", "Q"] {
        let right = data[name]
        data[name] = Matrix(rows: 210, columns: 210) { i, j in i == j ? Double(100 - i) : 0 }
        let error = #expect(throws: EvaluationError.self) {
          try program.evaluate(data, in: workspace)
        }
        #expect(error?.description.contains(name) ?? false, "\(error)")
        data[name] = right
      }
      #expect(try program.evaluate(data, in: workspace).matrices == expected)
    }

    @Test("programs that run at once do not disturb each other")
    func concurrency() async throws {
      let task = Self.tasks[0]
      let expected = try Self.results(task, threads: 2)
      try await withThrowingTaskGroup(of: [[Matrix]].self) { group in
        for _ in 0..<4 {
          group.addTask { try (0..<3).map { _ in try Self.results(task, threads: 2) } }
        }
        for try await results in group { #expect(results.allSatisfy { $0 == expected }) }
      }
    }
  }
}
