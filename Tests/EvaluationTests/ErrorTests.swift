import ExpressionCore
import ExpressionLanguage
import TapeSupport
import Testing

@testable import Evaluation

@Suite("Errors")
struct ErrorTests {
  /// `A*x` with A m×n.
  private static func product() -> TypedInput {
    let builder = TapeBuilder()
    let a = builder.variable("A", "m", "n")
    let x = builder.variable("x", "n", 1)
    return builder.input(a * x, source: "A*x")
  }

  private static func message(_ input: TypedInput, _ values: [String: Matrix]) -> String {
    do throws(EvaluationError) {
      return "\(try Evaluator(input).evaluate(values).result)"
    } catch {
      return "\(error)"
    }
  }

  static let matrix = Matrix.zeros(2, 3)
  static let wrongData: [([String: Matrix], String)] = [
    (["A": matrix], "x: no value was given; a n×1 matrix is expected"),
    (
      ["A": matrix, "x": Matrix.zeros(3, 1), "y": Matrix(1)],
      "y: the input has no such variable; it has A, x"
    ),
    (
      ["A": matrix, "x": Matrix.zeros(2, 1)],
      "x: n is 2 here, and 3 in A; they must be equal"
    ),
    (
      ["A": matrix, "x": Matrix.zeros(1, 3)],
      "x: n is 1 here, and 3 in A; they must be equal"
    ),
    (
      ["A": matrix, "x": Matrix.zeros(3, 2)],
      "x: the shape is n×1 (n = 3), the value is 3×2"
    ),
  ]

  @Test("wrong data is named", arguments: wrongData.indices)
  func data(index: Int) {
    let (values, expected) = Self.wrongData[index]
    #expect(Self.message(Self.product(), values) == expected)
  }

  @Test("sizes that a formula fixes")
  func formulas() throws {
    let builder = TapeBuilder()
    let d = builder.variable("d", Dim("n") - 1, 1)
    let one = builder.apply(.ones, shape: Shape("n", 1))
    let input = builder.input(one.reduce(.sum) + d.reduce(.sum))
    let evaluation = try Evaluator(input).evaluate(["d": Matrix.zeros(4, 1)])
    #expect(evaluation.result.scalar == 5)
    #expect(evaluation.sizes == ["n": 5])
  }

  @Test("sizes that nothing fixes are asked for, and can be given")
  func unknownSizes() throws {
    let builder = TapeBuilder()
    let input = builder.input(builder.apply(.eye, shape: Shape("n", "n")), source: "eye(n)")
    #expect(throws: EvaluationError.self) { try Evaluator(input).evaluate([:]) }
    #expect(
      Self.message(input, [:])
        == "eye: the size n is unknown; no variable fixes it. Give it a value"
    )
    let given = try Evaluator(input).evaluate([:], sizes: ["n": 2])
    #expect(given.result == Matrix.identity(2))
  }

  private static func unary(
    _ primitive: Primitive, _ matrix: Matrix, options: EvaluationOptions = .init()
  ) throws(EvaluationError) -> Evaluation {
    let builder = TapeBuilder()
    let a = builder.variable("A", "m", "n")
    let term = a.apply(primitive)
    return try Evaluator(builder.input(term), options: options).evaluate(["A": matrix])
  }

  @Test("singular matrices, also those singular up to rounding only")
  func singular() {
    let counting = Matrix(rows: 3, columns: 3) { Double(3 * $0 + $1 + 1) }
    for matrix in [Matrix.zeros(2, 2), counting] {
      #expect(throws: EvaluationError.self) { try Self.unary(.inv, matrix) }
    }
    let scaled = Matrix(rows: 2, columns: 2) { $0 == $1 ? ($0 == 0 ? 1e-30 : 1) : 0 }
    #expect(throws: Never.self) { try Self.unary(.inv, scaled) }
  }

  @Test("nearly singular matrices carry a warning")
  func nearlySingular() throws {
    let near = Matrix(rows: 2, columns: 2) { $0 == 1 && $1 == 1 ? 1 + 1e-13 : 1 }
    let evaluation = try Self.unary(.inv, near)
    #expect(evaluation.warnings.count == 1)
  }

  @Test("a matrix that is not positive definite, with the pivot")
  func cholesky() {
    let matrix = Matrix(rows: 2, columns: 2) { $0 == $1 ? 1 : 2 }
    do throws(EvaluationError) {
      _ = try Self.unary(.chol, matrix)
      Issue.record("no error")
    } catch {
      #expect(
        error
          == .linearAlgebra(
            Place(text: "chol"), .notPositiveDefinite(pivot: 2, value: -3)))
    }
  }

  @Test("repeated eigenvalues are refused where they matter")
  func repeated() throws {
    var strict = EvaluationOptions()
    strict.refusedRepetitions = .all
    strict.refusesZeroSingularValues = true
    let matrix = Matrix(rows: 3, columns: 3) { $0 == $1 ? ($0 == 2 ? 5 : 1) : 0 }
    #expect(throws: Never.self) { try Self.unary(.eigvecs, matrix) }
    #expect(throws: EvaluationError.self) {
      try Self.unary(.eigvecs, matrix, options: strict)
    }
    for (column, isError) in [(3, false), (1, true)] {
      let builder = TapeBuilder()
      let a = builder.variable("A", "n", "n")
      let vector = a.apply(.eigvecs)
        .apply(.col, shape: Shape("n", 1), parameters: [.literal(column)])
      let evaluator = Evaluator(builder.input(vector), options: strict)
      let value = try? evaluator.evaluate(["A": matrix])
      #expect((value == nil) == isError)
    }
  }

  @Test("roots and logarithms without a real value")
  func domains() {
    let rotation = Matrix(rows: 2, columns: 2) { $0 == $1 ? -1 : $0 < $1 ? 1e-3 : 0 }
    let negative = Matrix(rows: 2, columns: 2) { $0 == $1 ? -1 : 0 }
    for matrix in [rotation, negative] {
      for primitive in [Primitive.sqrtm, .logm] {
        #expect(throws: EvaluationError.self) { try Self.unary(primitive, matrix) }
      }
    }
  }

  @Test("matrices that would not fit the memory are refused before they are made")
  func tooLarge() {
    let builder = TapeBuilder()
    let x = builder.variable("x", "n", 1)
    let square = x.kron(x).kron(x).kron(x)
    let input = builder.input(square)
    #expect(throws: EvaluationError.self) {
      try Evaluator(input).evaluate(["x": Matrix.zeros(1000, 1)])
    }
  }

  @Test("malformed tapes are errors")
  func malformed() {
    let node = TypedInput.Node(.primitive(.exp), [4], shape: .scalar)
    let input = TypedInput(
      source: "", variables: [], nodes: [node], definitions: [], result: 0, dimensions: [],
      notes: [])
    #expect(throws: EvaluationError.self) { try Evaluator(input).evaluate([:]) }
    for primitive in Primitive.allCases {
      let bare = TypedInput.Node(.primitive(primitive), [], shape: Shape(2, 2))
      let input = TypedInput(
        source: "", variables: [], nodes: [bare], definitions: [], result: 0, dimensions: [],
        notes: [])
      _ = try? Evaluator(input).evaluate([:])
    }
  }

  @Test("positions outside the matrix")
  func positions() {
    let builder = TapeBuilder()
    let a = builder.variable("A", 2, 2)
    let term = a.apply(.entry, shape: .scalar, parameters: [1, 3])
    #expect(
      Self.message(builder.input(term), ["A": Matrix.identity(2)])
        == "entry: the column is 3; 1 to 2 would do")
  }
}
