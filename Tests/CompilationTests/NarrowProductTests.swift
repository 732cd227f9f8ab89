import AllocationCounter
import Evaluation
import Frechet
import Planning
import Testing
import Verification

@testable import Compilation

/// Products of matrices in programs of floats: `sgemm` and `ssyrk`, on the caller's memory where they
/// can be.
@Suite("Products in single precision")
struct NarrowProductTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let input: String
    var declarations: [String] = []
    var tasks: [CompilationRequest.Task] = [.value]
    /// Lines of the plan begin so, and no line begins so.
    let with: [String]
    var without = ["gemm", "syrk", "trmm", "copy"]
    // OpenBLAS allocates in smaller products.
    var sizes = ["m": 130, "n": 110, "k": 120]
    var testDescription: String { input }
  }

  static let rows = [
    Row(
      input: "X*Y", declarations: ["X: matrix(m,n)", "Y: matrix(n,k)"],
      with: ["sgemm NN X, Y → value"]),
    Row(
      input: "X'*Y'", declarations: ["X: matrix(n,m)", "Y: matrix(k,n)"],
      with: ["sgemm TT X, Y → value"]),
    Row(
      input: "X*Y' - Z", declarations: ["X: matrix(m,n)", "Y: matrix(k,n)", "Z: matrix(m,k)"],
      with: ["copy Z → value", "sgemm NT X, Y → value"], without: ["gemm", "pass"]),
    Row(
      input: "exp(X)*Y", declarations: ["X: matrix(m,n)", "Y: matrix(n,k)"],
      with: ["pass [exp] X", "sgemm NN"]),
    Row(
      input: "tanh(X*Y)", declarations: ["X: matrix(m,n)", "Y: matrix(n,k)"],
      with: ["sgemm NN X, Y", "pass [tanh]"]),
    // Symmetric results.
    Row(input: "X'*X", declarations: ["X: matrix(m,n)"], with: ["ssyrk TN X, X → value"]),
    Row(
      input: "X*diag(w)*X'", declarations: ["X: matrix(m,n)"], with: ["ssyrk NT"],
      without: ["syrk", "gemm", "sgemm"], sizes: ["m": 150, "n": 20]),
    Row(
      input: "X*S*X'", declarations: ["X: matrix(m,n)", "S: symmetric(n)"],
      with: ["sgemm NN X, S", "ssyrk NT"]),
    // Triangular matrices, of which a half is read.
    Row(
      input: "L*X", declarations: ["L: lower(n)", "X: matrix(n,m)"], with: ["strmm left N L, X"]),
    Row(
      input: "3*X*L'", declarations: ["L: lower(n)", "X: matrix(m,n)"],
      with: ["strmm right T L, X"]),
    Row(
      input: "U'*X'", declarations: ["U: upper(n)", "X: matrix(m,n)"], with: ["strmm left T U, X"]),
    // Products with vectors read floats and add doubles up.
    Row(
      input: "x'*S*x", declarations: ["S: symmetric(n)"], tasks: [.value, .gradient("x")],
      with: ["gemv"], without: ["symv", "sgemm"], sizes: ["n": 300]),
    Row(
      input: "L*x", declarations: ["L: lower(n)"], with: ["gemv N L"], without: ["trmv"],
      sizes: ["n": 300]),
    // Factorizations and what is divided by them are in double precision.
    Row(
      input: "inv(X'*X + eye(n))*X'", declarations: ["X: matrix(m,n)"],
      with: ["ssyrk TN X, X", "potrf", "copy X", "potrs"], without: ["gemm", "syrk", "potri"]),
    Row(
      input: "tr(inv(S)*C*inv(S)*C)", declarations: ["S: spd(n)", "C: symmetric(n)"],
      tasks: [.value, .gradient("S")], with: ["potrf", "sgemm"], without: ["gemm", "syrk"]),
    // Entries that move.
    Row(
      input: "[X, Y]'*Z", declarations: ["X: matrix(m,n)", "Y: matrix(m,k)", "Z: matrix(m,k)"],
      with: ["copy X", "copy Y", "sgemm TN"], without: ["gemm", "pass"]),
    Row(
      input: "(exp(X') + Y)*X", declarations: ["X: matrix(m,n)", "Y: matrix(n,m)"],
      with: ["copy X", "pass", "sgemm NN"], without: ["gemm"]),
    // Small products, and those of inputs with small results, stay in double precision.
    Row(
      input: "X*Y", declarations: ["X: matrix(m,n)", "Y: matrix(n,k)"], with: ["gemm NN"],
      without: ["sgemm"], sizes: ["m": 9, "n": 7, "k": 6]),
    // Several outputs, of which some are inputs of products.
    Row(
      input: "norm2(tanh(X*A)*B - Y)^2",
      declarations: ["X: matrix(m,n)", "A: matrix(n,k)", "B: matrix(k,n)", "Y: matrix(m,n)"],
      tasks: [.value, .gradient("A"), .gradient("B"), .gradient("X"), .gradient("Y")],
      with: ["sgemm NN X, A", "sgemm TN", "sgemm NT"], without: ["gemm", "syrk"]),
    Row(
      input: "tr(A*X*B*X')", declarations: ["A: matrix(m,m)", "X: matrix(m,n)", "B: matrix(n,n)"],
      tasks: [.value, .gradient("X")], with: ["sgemm"], without: ["gemm"]),
  ]

  private static func data(_ row: Row, of program: Program) throws -> [String: Matrix] {
    let typed = try Language.elaborate(row.input, declarations: row.declarations)
    var points = RandomPoints([typed], sizes: row.sizes, seed: 5)
    let next = points.next()
    let point = try #require(next)
    return point.values.mapValues { $0.rounded(to: .float) }
  }

  private static func request(_ row: Row) -> CompilationRequest {
    var request = CompilationRequest(
      row.input, tasks: row.tasks, sizes: row.sizes, declarations: row.declarations)
    request.options.precision = .float
    return request
  }

  @Test("have the values of those in double precision, to the bound", arguments: rows)
  func products(row: Row) throws {
    let compiled = try Self.request(row).answer()
    let plan = compiled.program.planText
    let words = plan.split(separator: "\n").map { $0.trimmingPrefix(while: { $0 == " " }) }
    for name in row.with { #expect(words.contains { $0.hasPrefix(name) }, "\(name):\n\(plan)") }
    for name in row.without where !row.with.contains(where: { $0.hasPrefix(name) }) {
      #expect(!words.contains { $0.hasPrefix(name) }, "\(name):\n\(plan)")
    }
    let typed = try Language.elaborate(row.input, declarations: row.declarations)
    let data = try Self.data(row, of: compiled.program)
    let formulas = try compiled.formulas.map { try Language.elaborate($0, in: typed) }
    for isBlocked in [true, false] {
      var options = Program.Options()
      options.isBlocked = isBlocked
      try expectWithinBound(formulas, data, sizes: row.sizes, options: options)
    }
  }

  @Test("a call allocates nothing", arguments: rows)
  func allocations(row: Row) throws {
    var request = Self.request(row)
    // OpenBLAS allocates where it starts threads.
    request.options.threads = 1
    let program = try request.answer().program
    let data = try Self.data(row, of: program)
    var inputs: [UnsafeBufferPointer<Float>] = []
    var outputs: [UnsafeMutableBufferPointer<Float>] = []
    defer {
      for buffer in inputs { buffer.deallocate() }
      for buffer in outputs { buffer.deallocate() }
    }
    for input in program.inputs {
      let values = try #require(data[input.name]).values
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
      _ = buffer.initialize(from: values.lazy.map { Float($0) })
      inputs.append(UnsafeBufferPointer(buffer))
    }
    for output in program.outputs { outputs.append(.allocate(capacity: output.count)) }
    let workspace = program.makeWorkspace()
    try program.run(inputs: inputs, outputs: outputs, in: workspace)
    let before = allocation_count()
    for _ in 0..<3 { try program.run(inputs: inputs, outputs: outputs, in: workspace) }
    #expect(allocation_count() == before)
    let expected = try program(data)
    for (output, expected) in zip(outputs, expected) {
      #expect(output.map { Double($0) } == expected.values)
    }
  }

  @Test(
    "outputs that are inputs, or each other, are copied", arguments: ["X", "X'", "X*X'", "exp(X)"])
  func aliases(text: String) throws {
    let typed = try Language.elaborate(text, declarations: ["X: matrix(80,70)"])
    let formula = Listing.Formula(role: .value, input: typed, text: text)
    var options = Program.Options()
    options.precision = .float
    let program = try Program(Listing([formula, formula]), sizes: [:], options: options)
    var generator = SplitMix64(seed: 3)
    let data = ["X": Matrix(rows: 80, columns: 70) { _, _ in Double(Float(generator.normal())) }]
    let results = try program(data)
    #expect(results[0] == results[1])
    try expectWithinBound(typed, data)
  }

  @Test("the bound is of the order of the rounding, not a loose one")
  func tightness() throws {
    let typed = try Language.elaborate(
      "X*Y", declarations: ["X: matrix(40,50)", "Y: matrix(50,60)"])
    var options = Program.Options()
    options.precision = .float
    let formula = Listing.Formula(role: .value, input: typed, text: "X*Y")
    let values = try ProgramValues(Listing([formula]), sizes: [:], options: options)
    let data = [
      "X": Matrix(rows: 40, columns: 50, repeating: 3),
      "Y": Matrix(rows: 50, columns: 60, repeating: -2),
    ]
    let bound = try ErrorBound.outputs(values, data)[0].error
    // (k + 3) u |X||Y|.
    #expect((bound.maxMagnitude - 53 * 0x1p-24 * 300).magnitude < 1e-12)
  }
}
