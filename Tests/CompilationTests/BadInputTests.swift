import Evaluation
import Frechet
import Testing

@testable import Compilation

/// A call that must be refused, and what the message must name.
struct BadCall: Sendable, CustomTestStringConvertible {
  let text: String
  var declarations: [String] = []
  let data: [String: Matrix]
  let message: String
  /// Data of the same sizes for which there is a value.
  let good: [String: Matrix]
  var testDescription: String { "\(text): \(message)" }

  private static let x = Matrix(column: [1, 2])
  private static let regular = Matrix(rows: [[2, 1], [1, 3]]) ?? Matrix(1)
  private static let singular = Matrix(rows: [[1, 2], [2, 4]]) ?? Matrix(1)
  private static let good = ["A": regular, "x": x]

  private static func solve(_ data: [String: Matrix], _ message: String) -> BadCall {
    BadCall(text: "x'*inv(A)*x", data: data, message: message, good: good)
  }

  static let all: [BadCall] = [
    solve(["A": regular], "x: no value was given; a 2×1 matrix is expected"),
    solve(["A": regular, "x": x, "Y": x], "Y: the input has no such variable; it has x, A"),
    solve(["A": Matrix.identity(3), "x": x], "A: the shape is 2×2, the value is 3×3"),
    solve(
      ["A": regular, "x": x.transposed],
      "x: the shape is 2×1, the value is 1×2; its transpose would do"),
    solve(
      ["A": regular, "x": Matrix(column: [1, .nan])],
      "x: an entry of the data is not a number; numbers would do"),
    solve(
      ["A": Matrix(rows: 2, columns: 2, repeating: .infinity), "x": x],
      "A: an entry is infinite or not a number; finite ones would do"),
    solve(
      ["A": singular, "x": x],
      "A: the matrix is singular; pivot 2 is 0.0. pinv gives the least-squares solution"),
    BadCall(
      text: "logdet(A)", data: ["A": singular],
      message: "A: the matrix is singular; pivot 2 is 0.0", good: ["A": regular]),
    BadCall(
      text: "logdet(S)", declarations: ["S: spd(n)"], data: ["S": regular.scaled(by: -1)],
      message: "S: the matrix is not positive definite; pivot 1 is -2.0",
      good: ["S": regular]),
    BadCall(
      text: "tr(chol(S))", data: ["S": regular.scaled(by: -1)],
      message: "chol(S): the matrix is not positive definite", good: ["S": regular]),
  ]
}

@Suite("Bad input")
struct BadInputTests {
  private static func message(_ body: () throws(EvaluationError) -> some Any) -> String {
    do throws(EvaluationError) {
      return "no error, but \(try body())"
    } catch {
      return error.description
    }
  }

  @Test(
    "an error names what is wrong, and the program stays usable", arguments: BadCall.all,
    [false, true])
  func refused(call: BadCall, opensLibraryWherePaid: Bool) throws {
    var request = CompilationRequest(
      call.text, tasks: [.value], sizes: ["n": 2], declarations: call.declarations)
    request.options.opensLibraryWherePaid = opensLibraryWherePaid
    let program = try request.answer().program
    let workspace = program.makeWorkspace()
    let value = try program.evaluate(call.good, in: workspace).matrices
    let message = Self.message { () throws(EvaluationError) in
      try program.evaluate(call.data, in: workspace).matrices
    }
    #expect(message.hasPrefix(call.message), "\(message)")
    #expect(try program.evaluate(call.good, in: workspace).matrices == value)
  }

  @Test("buffers of other sizes and workspaces of other programs are refused")
  func buffers() throws {
    func program(_ text: String) throws -> Program {
      try CompilationRequest(text, tasks: [.value], sizes: ["n": 3]).answer().program
    }
    let (sum, square) = (try program("sum(x)"), try program("x'*x"))
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: 3)
    values.initialize(repeating: 1)
    defer { values.deallocate() }
    let input = UnsafeBufferPointer(values)
    let output = UnsafeMutableBufferPointer(rebasing: values[0..<1])
    func message(
      _ inputs: [UnsafeBufferPointer<Double>], _ outputs: [UnsafeMutableBufferPointer<Double>],
      _ workspace: Program.Workspace
    ) -> String {
      Self.message { () throws(EvaluationError) in
        try sum.run(inputs: inputs, outputs: outputs, in: workspace)
      }
    }
    let workspace = sum.makeWorkspace()
    #expect(
      message([UnsafeBufferPointer(rebasing: input[0..<2])], [output], workspace)
        == "x: 2 entries were given; a 3×1 matrix has 3")
    #expect(
      message([input], [], workspace)
        == "run: 1 inputs and 0 outputs were given; the program has 1 and 1")
    #expect(
      message([input], [output], square.makeWorkspace())
        == "run: the workspace is of another program")
  }

  @Test("a plan that needs too much memory is refused with its size, before anything is allocated")
  func memory() throws {
    var request = CompilationRequest(
      "norm2(X - U*V')^2", tasks: [.hessian("U")],
      sizes: ["m": 1000, "n": 1000, "p": 500])
    request.options.memoryLimit = 1 << 34
    #expect {
      try request.answer()
    } throws: { error in
      "\(error)".contains("compile: ")
        && "\(error)".contains(" MiB of memory are needed; the limit")
    }
    request.sizes = ["m": 50, "n": 50, "p": 5]
    request.options.memoryLimit = 1 << 20
    #expect(try request.answer().program.workspaceBytes > 0)
    request.options.memoryLimit = 1 << 10
    #expect(throws: FrechetError.self) { try request.answer() }
  }

  struct NearlySingular: Sendable {
    let text: String
    let declarations: [String]
    let matrix: Matrix
    let isNoted: Bool
  }

  @Test(
    "nearly singular matrices are noted with their condition",
    arguments: [
      NearlySingular(
        text: "inv(A)*x", declarations: ["A: matrix(n,n)"],
        matrix: Matrix(rows: [[1, 1], [1, 1 + 1e-13]]) ?? Matrix(1), isNoted: true),
      NearlySingular(
        text: "inv(A)*x", declarations: ["A: spd(n)"],
        matrix: Matrix(rows: [[1, 1], [1, 1 + 1e-13]]) ?? Matrix(1), isNoted: true),
      NearlySingular(
        text: "inv(A)*x", declarations: ["A: matrix(n,n)"],
        matrix: Matrix(rows: [[1e-20, 0], [0, 1]]) ?? Matrix(1), isNoted: true),
      NearlySingular(
        text: "inv(A)*x", declarations: ["A: matrix(n,n)"],
        matrix: Matrix(rows: [[1, 1], [1, 1 + 1e-6]]) ?? Matrix(1), isNoted: false),
    ])
  func condition(row: NearlySingular) throws {
    for opensLibraryWherePaid in [false, true] {
      var request = CompilationRequest(
        row.text, tasks: [.value], sizes: ["n": 2], declarations: row.declarations)
      request.options.opensLibraryWherePaid = opensLibraryWherePaid
      let program = try request.answer().program
      let result = try program.evaluate(
        ["A": row.matrix, "x": Matrix(column: [1, 2])], in: program.makeWorkspace())
      let reference = try LUFactorization(row.matrix).reciprocalCondition
      #expect(result.warnings.count == (row.isNoted ? 1 : 0), "\(result.warnings)")
      for case .nearlySingular(let place, let condition) in result.warnings {
        #expect(place.text.contains("A"), "\(place)")
        #expect(condition > reference / 3 && condition < reference * 3)
      }
    }
  }
}
