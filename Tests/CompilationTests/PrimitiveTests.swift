import Compilation
import Evaluation
import ExpressionCore
import PrimitiveSamples
import TapeSupport
import Testing

@Suite("Every primitive, compiled")
struct PrimitiveProgramTests {
  @Test("has the value of the evaluator", arguments: primitiveSamples.indices)
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
    let program = try Program(builder.input(term), sizes: [:])
    let result = try program(matrices)
    #expect(
      relativeDistance(result[0], sample.expected) < 2e-14,
      "\(sample.primitive.rawValue): \(result[0]) instead of \(sample.expected)")
    try expectWithinBound(builder.input(term), matrices)
  }
}
