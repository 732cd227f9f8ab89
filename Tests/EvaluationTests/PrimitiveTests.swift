import ExpressionCore
import ExpressionLanguage
import PrimitiveSamples
import TapeSupport
import Testing

@testable import Evaluation

@Suite("Primitives")
struct PrimitiveTests {
  @Test("every primitive has a sample", arguments: Primitive.allCases)
  func covered(primitive: Primitive) {
    #expect(primitiveSamples.contains { $0.primitive == primitive })
  }

  @Test("values agree with NumPy, SciPy and mpmath", arguments: primitiveSamples.indices)
  func value(index: Int) throws {
    let sample = primitiveSamples[index]
    let builder = TapeBuilder()
    var matrices: [String: Matrix] = [:]
    let operands = sample.operands.enumerated().map { position, matrix in
      matrices["X\(position)"] = matrix
      return builder.variable("X\(position)", .literal(matrix.rows), .literal(matrix.columns))
    }
    let shape = Shape(.literal(sample.expected.rows), .literal(sample.expected.columns))
    let term = builder.apply(
      sample.primitive, operands, parameters: sample.parameters, shape: shape)
    let result = try Evaluator(builder.input(term)).evaluate(matrices).result
    #expect(
      distance(result, sample.expected) < 2e-14,
      "\(sample.primitive.rawValue): \(result) instead of \(sample.expected)")
  }

  @Test("numbers, pi, sizes and definitions")
  func leaves() throws {
    let builder = TapeBuilder()
    let x = builder.variable("x", "m", 1)
    let half = builder.number(1) / (2 * builder.dimension("m"))
    let input = builder.input(half * x.reduce(.sum))
    let result = try Evaluator(input).evaluate(["x": Matrix(column: [1, 2, 5])]).result
    #expect(result.scalar == 8.0 / 6)
  }

  @Test("only the nodes that are asked for are run")
  func lazily() throws {
    let builder = TapeBuilder()
    let x = builder.variable("x", "n", 1)
    let a = builder.variable("A", "n", "n")
    let unused = a.apply(.inv)
    let total = x.reduce(.sum)
    let input = builder.input(total)
    let column = Matrix(column: [1, 2])
    #expect(try Evaluator(input).evaluate(["x": column]).result.scalar == 3)
    let both = try Evaluator(input).evaluate(
      ["x": column, "A": Matrix.identity(2)], roots: [unused.index])
    #expect(both.values[unused.index] == Matrix.identity(2))
  }

  @Test("functions of a symmetric matrix are functions of its symmetric part")
  func symmetricPart() throws {
    let a = Matrix(rows: 3, columns: 3) { i, j in i == j ? 4 : Double(i) - 0.3 * Double(j) }
    for primitive in [Primitive.chol, .eigvecs] {
      let builder = TapeBuilder()
      let variable = builder.variable("A", 3, 3)
      let evaluator = Evaluator(builder.input(variable.apply(primitive)))
      let whole = try evaluator.evaluate(["A": a]).result
      let half = try evaluator.evaluate(["A": a.symmetricPart]).result
      #expect(distance(whole, half) < 1e-14)
    }
  }

  @Test("extreme arguments neither overflow nor lose their limit")
  func extremes() throws {
    let x = Matrix(row: [-1e3, 0, 1e3])
    func value(_ primitive: Primitive, _ shape: Shape, _ parameters: [Dim] = []) throws -> Matrix {
      let builder = TapeBuilder()
      let variable = builder.variable("x", 1, 3)
      let term = variable.apply(primitive, shape: shape, parameters: parameters)
      return try Evaluator(builder.input(term)).evaluate(["x": x]).result
    }
    let row = Shape(1, 3)
    #expect(try value(.sigmoid, row).values == [0, 0.5, 1])
    #expect(try value(.softplus, row).values[2] == 1e3)
    #expect(try value(.logsumexp, .scalar).scalar == 1e3)
    #expect(try value(.softmax, row, [2]).values == [0, 0, 1])
    #expect(try value(.logsoftmax, row, [2]).values == [-2e3, -1e3, 0])
    #expect(try value(.gelu, row).values == [0, 0, 1e3])
  }
}

/// The Frobenius distance relative to the expected matrix.
func distance(_ a: Matrix, _ b: Matrix) -> Double {
  guard a.size == b.size else { return .infinity }
  let scale = b.frobeniusNorm
  return a.subtracting(b).frobeniusNorm / (scale > 0 ? scale : 1)
}
