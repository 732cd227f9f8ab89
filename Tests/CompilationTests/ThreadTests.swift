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

    static let sizes = ["m": 6011, "n": 23]

    static let tasks = [true, false].flatMap { isBlocked in
      [
        Task(
          input: "sum(log(1 + exp(-y.*(X*w))))", declarations: ["y: vector(m)", "X: matrix(m,n)"],
          isBlocked: isBlocked),
        Task(
          input: "sum(exp(sin(X).*X)) + norm2(sum(tanh(X),2)) + sum(max(X.^2,1)*w)",
          declarations: ["X: matrix(m,n)"], isBlocked: isBlocked),
        Task(
          input: "exp(sin(X)).*(X + w')", declarations: ["X: matrix(m,n)", "w: vector(n)"],
          tasks: [.value], isBlocked: isBlocked),
        Task(
          input: "max(X*w) + min(y) + sum(cos(X'*y))",
          declarations: ["y: vector(m)", "X: matrix(m,n)"], tasks: [.value], isBlocked: isBlocked),
      ]
    }

    private static let data: [String: Matrix] = {
      var generator = SplitMix64(seed: 5)
      func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
      }
      return ["X": matrix(6011, 23), "y": matrix(6011, 1), "w": matrix(23, 1)]
    }()

    private static func results(_ task: Task, threads: Int) throws -> [Matrix] {
      var request = CompilationRequest(
        task.input, tasks: task.tasks, sizes: sizes, declarations: task.declarations)
      request.options.threads = threads
      request.options.isBlocked = task.isBlocked
      let program = try request.answer().program
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
