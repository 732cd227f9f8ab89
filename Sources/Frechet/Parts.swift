import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Where the façade calls the parts below it.
enum Parts {
  static func read(
    _ source: String, declarations: [String]
  ) throws(FrechetError) -> TypedInput {
    throw .input("no parser")
  }

  static func derive(
    _ input: TypedInput, wrt: [String], options: DerivativeOptions
  ) throws(FrechetError) -> [Derivative] {
    throw .derivative("no engine")
  }

  static func verify(
    _ derivative: Derivative, of input: TypedInput
  ) throws(FrechetError) -> DerivativeReport.Verification? {
    nil
  }

  /// A result as an input of its own, in variables that are known.
  static func read(
    _ spelling: Spelling, variables: [Variable]
  ) throws(FrechetError) -> TypedInput {
    throw .input("no parser")
  }

  /// A derivative does not exist where eigenvalues repeat, though the value does.
  static func evaluate(
    _ input: TypedInput, _ data: [String: Matrix], ofDerivative: Bool = false
  ) throws(FrechetError) -> Evaluation {
    var options = EvaluationOptions()
    options.refusesRepeatedEigenvalues = ofDerivative
    let own = data.filter { name, _ in input.variables.contains { $0.name == name } }
    do {
      return try Evaluator(input, options: options).evaluate(ofDerivative ? own : data)
    } catch {
      throw .evaluation(error.description)
    }
  }

  static func text(_ tree: Syntax) -> String { "" }
}
