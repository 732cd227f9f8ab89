import Frechet
import Testing

/// Numbers of an input and its derivatives, and what is refused.
@Suite struct EvaluationRequestTests {
  private static let x = Matrix(column: [1, 2, -1])
  private static let a = Matrix(rows: [[2, 1, 0], [0, 3, 1], [1, 0, 4]]) ?? Matrix(1)
  private static let data = ["x": x, "A": a]

  private func entry(
    _ input: String, _ quantity: EvaluationRequest.Quantity,
    _ data: [String: Matrix] = Self.data
  ) throws -> Matrix {
    let report = try EvaluationRequest(input, data: data, quantities: [quantity]).answer()
    return try #require(report.entries.first).matrix
  }

  private func message(
    _ input: String, _ quantities: [EvaluationRequest.Quantity],
    _ data: [String: Matrix] = Self.data, limit: MemoryLimit = .standard
  ) -> String? {
    do {
      _ = try EvaluationRequest(
        input, data: data, quantities: quantities, memoryLimit: limit
      ).answer()
      return nil
    } catch {
      return error.description
    }
  }

  @Test func everyQuantityHasItsNumbers() throws {
    let (x, a) = (Self.x, Self.a)
    let symmetric = a.adding(a.transposed)
    #expect(try entry("x'*A*x", .gradient("x")) == symmetric.times(x))
    #expect(try entry("x'*A*x", .hessian("x")) == symmetric)
    #expect(try entry("x'*A*x", .jacobian("x")) == symmetric.times(x).transposed)
    #expect(try entry("x'*A*x", .hvp("x", along: x)) == symmetric.times(x))
    #expect(try entry("A*x", .jacobian("x")) == a)
    #expect(try entry("A*x", .jvp("x", along: x)) == a.times(x))
    #expect(try entry("A*x", .vjp("x", with: x)) == a.transposedTimes(x))
    #expect(try entry("A*x", .jacobian("A")).size == MatrixSize(3, 9))
  }

  /// Each has its own direction, whatever the names in the formulas are.
  @Test func severalDirectionsAtOnce() throws {
    let (x, a) = (Self.x, Self.a)
    let v = a.scaled(by: 0.5)
    let quantities: [EvaluationRequest.Quantity] = [
      .hvp("x", along: x), .hvp("A", along: v), .jvp("x", along: x.scaled(by: 2)),
      .jvp("A", along: v), .vjp("x", with: Matrix(3)), .hessian("x"), .jacobian("A"),
      .hvp("x", along: x.scaled(by: -1)),
    ]
    let report = try EvaluationRequest("(x'*A*x)^2", data: Self.data, quantities: quantities)
      .answer()
    let alone = try quantities.map { try entry("(x'*A*x)^2", $0) }
    for (entry, expected) in zip(report.entries, alone) {
      let distance = entry.matrix.subtracting(expected).frobeniusNorm
      #expect(distance <= 1e-12 * expected.frobeniusNorm, "\(entry.quantity.name)")
    }
    let whole = report.entries[5].matrix.times(x)
    #expect(report.entries[0].matrix.subtracting(whole).frobeniusNorm < 1e-10)
  }

  struct Structured: Sendable {
    let type: String
    let rows: [[Double]]
    /// What the note says of the entries; nil where there is none.
    var defect: String?
  }

  private static let structured: [Structured] = [
    Structured(
      type: "symmetric", rows: [[1, 2], [3, 4]],
      defect: "entries (2,1) and (1,2) are 3.0 and 2.0"),
    Structured(
      type: "spd", rows: [[1, 2], [3, 4]], defect: "entries (2,1) and (1,2) are 3.0 and 2.0"),
    Structured(type: "skew", rows: [[0, 2], [-2, 4]], defect: "entry (2,2) is 4.0"),
    Structured(
      type: "diagonal", rows: [[1, 2], [0, 4]], defect: "entries (2,1) and (1,2) are 0.0 and 2.0"),
    Structured(
      type: "lower", rows: [[1, 2], [0, 4]], defect: "entries (2,1) and (1,2) are 0.0 and 2.0"),
    Structured(type: "upper", rows: [[1, 2], [0, 4]]),
    Structured(type: "symmetric", rows: [[1, 0.1], [0.1, 4]]),
  ]

  /// Derivatives rely on the structure that is declared.
  @Test(arguments: structured) func dataWithoutTheirStructureAreNoted(row: Structured) throws {
    let matrix = try #require(Matrix(rows: row.rows))
    let report = try EvaluationRequest(
      "tr(S*S)", data: ["S": matrix], quantities: [.gradient("S")],
      declarations: ["S: \(row.type)"]
    ).answer()
    let square = matrix.times(matrix)
    let trace = square[0, 0] + square[1, 1]
    #expect((report.value[0] - trace).magnitude < 1e-14 * trace.magnitude)
    #expect(report.notes == (row.defect.map { ["S: declared \(row.type), but \($0)"] } ?? []))
  }

  /// What has no matrix form is written out by products.
  @Test func aHessianWithoutMatrixFormIsWrittenOut() throws {
    let a = Self.a.scaled(by: 0.3)
    let hessian = try entry("tr(expm(A))", .hessian("A"), ["A": a])
    let v = Matrix(rows: 3, columns: 3) { Double($0 * 3 + $1) - 2 }
    let product = try entry("tr(expm(A))", .hvp("A", along: v), ["A": a])
    let whole = hessian.times(Matrix(column: v.values))
    #expect(whole.subtracting(Matrix(column: product.values)).frobeniusNorm < 1e-9)
  }

  /// A diagonal between the data would be a square matrix of all samples.
  @Test func aHessianOverManySamplesIsSmall() throws {
    let m = 50_000
    let data = [
      "X": Matrix(rows: m, columns: 2) { i, j in Double((i * (j + 3)) % 17) / 17 - 0.4 },
      "w": Matrix(column: [0.5, -1]), "y": Matrix(column: (0..<m).map { $0 % 3 == 0 ? 1 : -1 }),
    ]
    let hessian = try entry("sum(log(1 + exp(-y.*(X*w))))", .hessian("w"), data)
    #expect(hessian.size == MatrixSize(2, 2) && hessian.allFinite)
    #expect((hessian[0, 1] - hessian[1, 0]).magnitude < 1e-9 * hessian.frobeniusNorm)
  }

  // MARK: Sizes

  @Test func aLargeHessianIsRefusedBeforeMemoryIsTaken() {
    let data = ["X": Matrix.zeros(20_000, 1000)]
    let text = message("norm2(X)^4", [.hessian("X")], data)
    #expect(
      text?.contains("--hessian X: a 20000000×20000000 matrix would take 2980232.2 GiB") == true)
    #expect(text?.contains("--hvp X=V.npy gives its product") == true)
    #expect(text?.contains("--memory-limit allows more") == true)
    let jacobian = message("X*X'", [.jacobian("X")], data)
    #expect(jacobian?.contains("--jvp X=V.npy and --vjp X=U.npy") == true)
  }

  @Test func theLimitCountsAllResults() throws {
    let limit = MemoryLimit(bytes: 1000)
    let data = ["X": Matrix(rows: 3, columns: 3) { Double($0 + 2 * $1) }]
    #expect(message("norm2(X)^4", [.hessian("X")], data, limit: limit) == nil)
    let both = message("norm2(X)^4", [.hessian("X"), .jacobian("X")], data, limit: limit)
    #expect(both == nil)
    let text = message(
      "norm2(X*Y)^4", [.hessian("X"), .hessian("Y")],
      [
        "X": data["X"] ?? Matrix(1), "Y": data["X"] ?? Matrix(1),
      ], limit: limit)
    #expect(text?.contains("together they would take 1296 bytes; the limit is 1000 bytes") == true)
    do {
      _ = try EvaluationRequest(
        "x'*x", data: ["x": Matrix.zeros(100, 1)], quantities: [.hessian("x")], memoryLimit: limit
      ).answer()
      Issue.record("an error was expected")
    } catch {
      guard case .sizeLimit = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func matricesOnTheWayAreLimitedToo() {
    let data = ["x": Matrix.zeros(100, 1)]
    let limit = MemoryLimit(bytes: 1 << 20)
    // The trace of a product needs no product.
    #expect(message("tr(kron(x,x)*kron(x,x)')", [], data, limit: limit) == nil)
    let text = message("tr(expm(kron(x,x)*kron(x,x)'))", [], data, limit: limit)
    #expect(
      text == "kron(x,x)*kron(x,x)': a 10000×10000 matrix would take 0.75 GiB; the limit is 1 MiB. "
        + "--memory-limit allows more.")
  }

  @Test(arguments: [
    ("A*x", EvaluationRequest.Quantity.hessian("x"), "--hessian x: the input is no scalar"),
    ("A*x", .gradient("x"), "--gradient x: the input is no scalar"),
    ("x'*x", .hessian("z"), "--hessian z: no such variable; the input has x."),
    ("x'*x", .hvp("x", along: Matrix(1)), "--hvp x: the matrix is 1×1, and 3×1 is expected"),
    (
      "x'*x", .hvp("x", along: Matrix(row: [1, 2, 3])),
      "3×1 is expected, that of x; its transpose would do"
    ),
    ("A*x", .vjp("x", with: Matrix(1)), "3×1 is expected, that of the value"),
    ("1 + 1", .gradient("x"), "--gradient x: the input has no variables."),
    ("y'*x", .hessian("x"), "y: no value was given"),
  ])
  func whatDoesNotFitIsSaid(
    _ input: String, _ quantity: EvaluationRequest.Quantity, _ text: String
  ) throws {
    let names = try typed(input).variables.map(\.name)
    let data = Self.data.filter { names.contains($0.key) }
    let error = message(input, [quantity], data)
    #expect(error?.contains(text) == true, "\(error ?? "no error")")
  }

  // MARK: Entries that are not finite

  @Test(arguments: [
    ("a/0", ["a": 1.0], "a/0: the value is inf"),
    ("a/b", ["a": -1, "b": 0], "a/b: the value is -inf"),
    ("log(a)", ["a": -1], "log(a): the value is not a number"),
    ("exp(a)*exp(a)", ["a": 500], "exp(a)*exp(a): the value is inf"),
    ("log(a) + log(b)", ["a": 0, "b": 0], "log(a): the value is -inf"),
  ])
  func aNoteSaysWhereTheyArise(_ input: String, _ values: [String: Double], _ note: String) throws {
    let report = try EvaluationRequest(input, data: values.mapValues { Matrix($0) }).answer()
    #expect(report.notes.contains(note), "\(report.notes)")
    #expect(!report.value.allFinite)
  }

  @Test func dataThatAreNoNumbersAreNamed() throws {
    let data = ["x": Matrix(column: [1, .nan, 2])]
    let report = try EvaluationRequest("x'*x", data: data, quantities: [.gradient("x")]).answer()
    #expect(report.notes == ["x: entry (2,1) is not a number"])
    #expect(report.text().hasPrefix("value = nan\n"))
  }

  /// What is infinite on the way only needs no note.
  @Test func finiteResultsHaveNoNote() throws {
    let report = try EvaluationRequest("exp(-1/a)", data: ["a": Matrix(0)]).answer()
    #expect(report.value.scalar == 0 && report.notes.isEmpty)
  }
}
