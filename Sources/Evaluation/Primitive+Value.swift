import ExpressionCore
import ExpressionLanguage

extension Primitive {
  /// The value of one operation at matrices.
  ///
  /// - Parameters:
  ///   - sizes: the arguments that are sizes, positions or axes, in the order of the language.
  ///   - size: of the result, for the operations that only the context gives one (`eye`, `ones`).
  /// - Throws: where the operands do not fit or a factorization fails; the error names the
  ///   operation.
  public func value(
    _ operands: [Matrix], sizes: [Int] = [], size: MatrixSize? = nil
  ) throws(EvaluationError) -> Matrix {
    func shape(_ size: MatrixSize) -> Shape { Shape(.literal(size.rows), .literal(size.columns)) }
    let inputs = operands.map { TypedInput.Node(.number(.zero), shape: shape($0.size)) }
    let node = TypedInput.Node(
      .primitive(self), Array(operands.indices), parameters: sizes.map { .literal($0) },
      shape: size.map(shape) ?? Shape("rows", "columns"))
    let input = TypedInput(
      source: rawValue, variables: [], nodes: inputs + [node], definitions: [],
      result: operands.count, dimensions: [], notes: [])
    var step = Step(node, of: input, options: EvaluationOptions())
    step.operands = operands
    return try step.run(self)
  }
}
