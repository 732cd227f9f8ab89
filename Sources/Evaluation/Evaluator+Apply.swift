import ExpressionCore
import ExpressionLanguage

extension Evaluator {
  /// The value of one operation, whose operands are known matrices and whose parameters are
  /// numbers.
  package static func apply(
    _ primitive: Primitive, to operands: [Matrix], parameters: [Int], size: MatrixSize,
    refusesRepeatedEigenvalues: Bool = false
  ) throws(EvaluationError) -> (value: Matrix, warnings: [EvaluationWarning]) {
    var variables: [Variable] = []
    var nodes: [TypedInput.Node] = []
    var matrices: [String: Matrix] = [:]
    for (position, operand) in operands.enumerated() {
      let shape = Shape(.literal(operand.rows), .literal(operand.columns))
      let name = "x\(position)"
      variables.append(Variable(name: name, shape: shape, type: .matrix))
      nodes.append(TypedInput.Node(.variable(position), shape: shape))
      matrices[name] = operand
    }
    nodes.append(
      TypedInput.Node(
        .primitive(primitive), Array(operands.indices), parameters: parameters.map { .literal($0) },
        shape: Shape(.literal(size.rows), .literal(size.columns))))
    let input = TypedInput(
      source: "", variables: variables, nodes: nodes, definitions: [], result: operands.count,
      dimensions: [], notes: [])
    var options = EvaluationOptions()
    options.refusedRepetitions = refusesRepeatedEigenvalues ? .all : .none
    let evaluation = try Evaluator(input, options: options).evaluate(matrices)
    return (evaluation.result, evaluation.warnings)
  }
}

extension Evaluator {
  /// The sizes of the names of dimensions, read off matrices; `sizes` gives those that no matrix
  /// fixes. Throws as `evaluate` does where they do not fit.
  package static func sizes(
    of input: TypedInput, _ matrices: [String: Matrix], given sizes: [String: Int]
  ) throws(EvaluationError) -> [String: Int] {
    try SizeInference(input, matrices.mapValues(\.size), given: sizes).sizes
  }
}
