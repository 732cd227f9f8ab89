import AllocationCounter
import Evaluation
import Foundation
import Frechet
import Testing

@testable import Compilation

// Bit for bit: not beside tests that exchange the kernels of the process.
extension VectorMathTests {
  /// How programs are called: on the caller's memory, without allocating.
  @Suite("Calls of programs")
  struct CallTests {
    private static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
      var generator = SplitMix64(seed: seed)
      return Matrix(rows: rows, columns: columns) { _, _ in Double(Float(generator.normal())) }
    }

    private static let data: [String: Matrix] = {
      let factor = random(20, 20, seed: 4)
      let definite = factor.timesTransposed(of: factor).adding(Matrix.identity(20))
      return [
        "X": random(500, 20, seed: 1), "w": random(20, 1, seed: 2), "y": random(500, 1, seed: 3),
        "S": definite.rounded(to: .float),
      ]
    }()

    struct Variant: Sendable {
      var precision = Precision.double
      var opensLibraryWherePaid = false
    }

    static let variants = [
      Variant(), Variant(opensLibraryWherePaid: true), Variant(precision: .float),
      Variant(precision: .float, opensLibraryWherePaid: true),
    ]

    @Test("a call allocates nothing", arguments: variants)
    func allocations(variant: Variant) throws {
      var request = CompilationRequest(
        "sum(log(1 + exp(-y.*(X*w)))) + logdet(S) + log(det(S)) + w'*inv(S)*w",
        tasks: [.value, .gradient("w"), .gradient("X")], sizes: ["m": 500, "n": 20],
        declarations: ["y: vector(m)", "S: spd(n)"])
      request.options.opensLibraryWherePaid = variant.opensLibraryWherePaid
      request.options.estimatesEveryCondition = true
      request.options.precision = variant.precision
      let program = try request.answer().program
      switch variant.precision {
      case .double: try expectNoAllocation(program, Self.data, { $0 }, { $0 }, program.run)
      case .float:
        try expectNoAllocation(program, Self.data, { Float($0) }, { Double($0) }, program.run)
      }
    }

    @Test("a call that loops over products allocates nothing")
    func contractions() throws {
      var request = CompilationRequest(
        "norm2(tanh(X*A)*B)^2", tasks: [.hessian("A")], sizes: ["m": 30, "n": 6, "h": 4, "k": 3],
        declarations: ["X: matrix(m,n)", "A: matrix(n,h)", "B: matrix(h,k)"])
      // OpenBLAS allocates in small products.
      request.options.opensLibraryWherePaid = true
      let program = try request.answer().program
      #expect(program.planText.contains("contract"))
      let data = [
        "X": Self.random(30, 6, seed: 4), "A": Self.random(6, 4, seed: 5),
        "B": Self.random(4, 3, seed: 6),
      ]
      try expectNoAllocation(program, data, { $0 }, { $0 }, program.run)
    }

    @Test(
      "a call on several threads allocates nothing",
      arguments: [
        ("logsumexp(X*w) + norm2(X*w)^2", ["in 2 parts at once", "follow"]),
        ("norm2(G*H*G - H*G*H)^2 + sum(w)", ["and at once:"]),
      ])
    func threads(input: String, parts: [String]) throws {
      var request = CompilationRequest(
        input, tasks: [.value, .gradient("w")], sizes: ["m": 6000, "n": 20, "b": 190],
        declarations: ["X: matrix(m,n)", "w: vector(n)", "G: matrix(b,b)", "H: matrix(b,b)"])
      request.options.threads = 2
      let program = try request.answer().program
      for part in parts { #expect(program.planText.contains(part)) }
      let data = [
        "X": Self.random(6000, 20, seed: 7), "w": Self.random(20, 1, seed: 8),
        "G": Self.random(190, 190, seed: 10), "H": Self.random(190, 190, seed: 11),
      ].filter { name, _ in program.inputs.contains { $0.name == name } }
      try expectNoAllocation(program, data, { $0 }, { $0 }, program.run)
    }

    private func expectNoAllocation<Number>(
      _ program: Program, _ data: [String: Matrix], _ rounded: (Double) -> Number,
      _ widened: (Number) -> Double,
      _ run: (
        [UnsafeBufferPointer<Number>], [UnsafeMutableBufferPointer<Number>], Program.Workspace
      ) throws(EvaluationError) -> Void
    ) throws {
      let workspace = program.makeWorkspace()
      var inputs: [UnsafeBufferPointer<Number>] = []
      for input in program.inputs {
        let values = try #require(data[input.name]).values.map(rounded)
        let buffer = UnsafeMutableBufferPointer<Number>.allocate(capacity: values.count)
        _ = buffer.initialize(from: values)
        inputs.append(UnsafeBufferPointer(buffer))
      }
      let outputs = program.outputs.map {
        UnsafeMutableBufferPointer<Number>.allocate(capacity: $0.count)
      }
      defer {
        for buffer in inputs { buffer.deallocate() }
        for buffer in outputs { buffer.deallocate() }
      }
      try run(inputs, outputs, workspace)
      let before = allocation_count()
      for _ in 0..<10 { try run(inputs, outputs, workspace) }
      #expect(allocation_count() == before)
      let expected = try program(data)
      for (output, expected) in zip(outputs, expected) {
        #expect(output.map(widened) == expected.values)
      }
    }

    @Test("numbers of another type than the program's are refused")
    func precision() throws {
      let program = try CompilationRequest("2*a", tasks: [.value], sizes: [:]).answer().program
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2)
      buffer.initialize(repeating: 1)
      defer { buffer.deallocate() }
      do throws(EvaluationError) {
        try program.run(
          inputs: [UnsafeBufferPointer(rebasing: buffer[0..<1])],
          outputs: [UnsafeMutableBufferPointer(rebasing: buffer[1..<2])],
          in: program.makeWorkspace())
        Issue.record("no error")
      } catch {
        #expect(
          error.description == "run: float numbers were given; the program was compiled for double")
      }
    }

    @Test(
      "floats that are outputs as they are, numbers, or outputs twice",
      arguments: ["x", "sum(x)", "x'*x", "norm2(x)", "vec(X)", "X'", "3*ones(2,2)", "sum(X,2)"])
    func outputs(text: String) throws {
      let typed = try Language.elaborate(text, declarations: ["x: vector(20)", "X: matrix(3,4)"])
      let matrices = ["x": Self.random(20, 1, seed: 3), "X": Self.random(3, 4, seed: 5)]
      let own = matrices.filter { name, _ in typed.variables.contains { $0.name == name } }
      try expectRounded(typed, own)
      let formula = Listing.Formula(role: .value, input: typed, text: text)
      var options = Program.Options()
      options.precision = .float
      let program = try Program(Listing([formula, formula]), sizes: [:], options: options)
      let results = try program(own)
      #expect(results[0] == results[1])
    }

    // MARK: - Spans

    #if compiler(>=6.2)
      @Test("spans are read and written in place, and the call in them allocates nothing")
      func spans() throws {
        let f = try Language.elaborate("norm2(X*w)^2", declarations: ["X: matrix(m,n)"])
        let program = try f.compile([.value, .gradient("w")], sizes: ["m": 500, "n": 20])
        let workspace = program.makeWorkspace()
        let x = try #require(Self.data["X"]).values
        let w = try #require(Self.data["w"]).values
        var value = [0.0]
        var gradient = [Double](repeating: 0, count: 20)
        var allocations = 0
        func call() throws(EvaluationError) {
          var first = value.mutableSpan
          var second = gradient.mutableSpan
          try workspace.reading("X", x.span) { () throws(EvaluationError) in
            try workspace.reading("w", w.span) { () throws(EvaluationError) in
              try workspace.writing("value", &first) { () throws(EvaluationError) in
                try workspace.writing("gradient w", &second) { () throws(EvaluationError) in
                  let before = allocation_count()
                  try workspace.run()
                  allocations = allocation_count() - before
                }
              }
            }
          }
        }
        // The closures of a build that is not optimized have contexts; the first call warms up.
        for _ in 0..<3 { try call() }
        #expect(allocations == 0)
        let expected = try program(Self.data.filter { ["X", "w"].contains($0.key) })
        #expect(value == expected[0].values && gradient == expected[1].values)
      }

      @Test("spans that do not fit are refused, and so is a call without them")
      func misfits() throws {
        let program = try Language.elaborate("x'*x").compile(sizes: ["n": 2])
        let workspace = program.makeWorkspace()
        func message(_ body: () throws(EvaluationError) -> Void) -> String {
          do throws(EvaluationError) {
            try body()
            return "no error"
          } catch {
            return error.description
          }
        }
        #expect(
          message { () throws(EvaluationError) in try workspace.run() }
            == "x: no memory was given; call run() within it")
        let (short, floats) = ([1.0], [1, 2] as [Float])
        #expect(
          message { () throws(EvaluationError) in
            try workspace.reading("x", short.span) { () throws(EvaluationError) in }
          } == "x: 1 entries were given; a 2×1 matrix has 2")
        #expect(
          message { () throws(EvaluationError) in
            try workspace.reading("x", floats.span) { () throws(EvaluationError) in }
          } == "run: float numbers were given; the program was compiled for double")
        #expect(
          message { () throws(EvaluationError) in
            try workspace.reading("y", short.span) { () throws(EvaluationError) in }
          } == "y: the input has no such variable; it has x")
      }
    #endif

    @Test("tasks with a workspace each compute what one task does", arguments: Precision.allCases)
    func tasks(precision: Precision) async throws {
      var options = Program.Options()
      options.precision = precision
      let f = try Language.elaborate(
        "sum(log(1 + exp(-y.*(X*w)))) + logdet(S) + w'*inv(S)*w",
        declarations: ["y: vector(m)", "S: spd(n)"])
      let program = try f.compile(
        [.value, .gradient("w"), .gradient("S")], sizes: ["m": 500, "n": 20], options: options)
      let expected = try program(Self.data)
      let results = try await withThrowingTaskGroup(of: [[Matrix]].self) { group in
        for _ in 0..<4 {
          group.addTask {
            let workspace = program.makeWorkspace()
            return try (0..<20).map { _ in try program.evaluate(Self.data, in: workspace).matrices }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(results.count == 80)
      for result in results { #expect(result == expected) }
    }
  }
}
