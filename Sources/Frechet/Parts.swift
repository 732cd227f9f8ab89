import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Where the library calls the parts below it, and where their errors become its own.
enum Parts {
  static func read(
    _ source: String, declarations: [String]
  ) throws(FrechetError) -> TypedInput {
    throw .input("no parser")
  }

  /// A result as an input of its own: in the variables of `input` and, where the form has one, in
  /// the direction that it is linear in.
  static func read(
    _ spelling: Spelling, of derivative: Derivative, in input: TypedInput
  ) throws(FrechetError) -> TypedInput {
    throw .input("no parser")
  }

  static func derive(
    _ input: TypedInput, wrt: [String], options: DerivativeOptions
  ) throws(FrechetError) -> [Derivative] {
    throw .derivative("no engine")
  }

  static func text(_ tree: Syntax) -> String { "" }

  /// A derivative does not exist where eigenvalues repeat, though the value does. Its formula need
  /// not use all variables, whereas data for a name that the input lacks are a mistake.
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
}
