import Evaluation
import Frechet
import Testing
import Verification

@testable import Compilation

/// Sums of exponentials relative to the largest entry so far are those relative to the largest of all.
@Suite("Maxima that are followed")
struct RunningMaximumTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let input: String
    let task: CompilationRequest.Task
    /// Whether the plan follows a maximum.
    var follows = true
    var testDescription: String { "\(input), \(task)" }
  }

  static let rows = [
    // The matrix is read once as it is.
    Row(input: "logsumexp(A*x + b)", task: .value, follows: false),
    Row(input: "logsumexp(A*x + b)", task: .gradient("x")),
    Row(input: "logsumexp(A*x + b)", task: .hessian("x")),
    Row(input: "logsumexp(A*x + b)", task: .gradient("A")),
    Row(input: "c'*A'*softmax(A*x + b)", task: .gradient("x")),
    Row(input: "norm2(A'*softmax(A*x + b) - x)^2", task: .gradient("x")),
    Row(input: "logsumexp(A*x + b) + logsumexp(A*c)", task: .gradient("x")),
    Row(input: "sum(softmax(A*x + b).^2)", task: .gradient("x")),
    Row(input: "sum(logsoftmax(A*x + b))", task: .gradient("x")),
    // A maximum in each row is no total.
    Row(input: "sum(softmax(A.*b,2)*x)", task: .gradient("x"), follows: false),
  ]

  static let sizes = ["m": 7013, "n": 19]
  private static let declarations = [
    "A: matrix(m,n)", "b: vector(m)", "x: vector(n)", "c: vector(n)",
  ]

  /// How the exponents run: at random, ever larger, or nothing at all at first.
  enum Offsets: CaseIterable, Sendable {
    case random, growing, falling, absentAtFirst, infinite

    func entry(_ i: Int, _ generator: inout SplitMix64) -> Double {
      switch self {
      case .random: generator.normal()
      case .growing: Double(i) / 5 - 900
      case .falling: 900 - Double(i) / 5
      case .absentAtFirst: i < 5000 ? -Double.infinity : -1500
      case .infinite: i == 4000 ? .infinity : 900 - Double(i) / 7
      }
    }
  }

  private static func program(_ row: Row, isBlocked: Bool, threads: Int) throws -> Program {
    var request = CompilationRequest(
      row.input, tasks: [row.task], sizes: sizes, declarations: declarations)
    request.options.isBlocked = isBlocked
    request.options.threads = threads
    return try request.answer().program
  }

  @Test("blocks give what the whole gives", arguments: rows, Offsets.allCases)
  func agreement(row: Row, offsets: Offsets) throws {
    var generator = SplitMix64(seed: 9)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(rows: rows, columns: columns) { _, _ in generator.normal() }
    }
    var data = ["A": matrix(7013, 19), "x": matrix(19, 1), "c": matrix(19, 1)]
    data["b"] = Matrix(rows: 7013, columns: 1) { i, _ in offsets.entry(i, &generator) }
    let whole = try Self.program(row, isBlocked: false, threads: 1)
    let inputs = data.filter { name, _ in whole.inputs.contains { $0.name == name } }
    let expected = try whole(inputs)
    for threads in [1, 2, 3] {
      let program = try Self.program(row, isBlocked: true, threads: threads)
      #expect(program.planText.contains("follow") == row.follows)
      for (a, b) in zip(try program(inputs), expected) {
        if b.values.allSatisfy(\.isFinite) {
          #expect(relativeDistance(a, b) < 1e-11, "\(threads) threads")
        } else {
          #expect(zip(a.values, b.values).allSatisfy { $0.isFinite == $1.isFinite })
        }
      }
    }
  }
}
