import Differentiation
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

  static func text(_ tree: Syntax) -> String { "" }
}
