import Differentiation
import ExpressionCore
import ExpressionLanguage

/// A derivative written in every notation, with the left-hand sides of its equations.
public struct RenderedDerivative: Sendable {
  public let value: RenderedSpelling
  public let result: RenderedSpelling
  public let differential: RenderedSpelling?
  /// What the result is, in LaTeX: `\nabla_{\mathbf{x}}\, f`.
  public let latexLeftHandSide: String
  /// The same for terminals: `∇ₓ f`.
  public let unicodeLeftHandSide: String
  public let domain: [String]
  public let notes: [String]

  /// Renders a derivative of an input; `text` writes the language.
  public init(_ derivative: Derivative, of input: TypedInput, text: (Syntax) -> String) {
    var scope = NameScope(input)
    if derivative.form == .operator {
      scope = scope.adding(
        derivative.direction, scope.extent(of: derivative.secondWrt ?? derivative.wrt))
    }
    value = RenderedSpelling(derivative.value, scope: scope, text: text)
    result = RenderedSpelling(derivative.result, scope: scope, text: text)
    differential = derivative.differential.map {
      RenderedSpelling($0, scope: scope, text: text)
    }
    latexLeftHandSide = Self.latex(derivative, scope)
    unicodeLeftHandSide = Self.unicode(derivative)
    domain = derivative.domain
    notes = derivative.notes
  }

  private static func latex(_ derivative: Derivative, _ scope: NameScope) -> String {
    let printer = LaTeXPrinter(scope: scope)
    let shape = derivative.value.shape
    switch derivative.form {
    case .differential:
      return printer.differential(ofShape: shape, order: derivative.options.order)
    case .operator: return printer.map(from: [derivative.direction])
    case .auto, .matrix, .kronecker, .index: break
    }
    switch derivative.kind {
    case .gradient:
      let gradient = printer.gradient(by: derivative.wrt)
      return derivative.options.layout == .numerator ? "(\(gradient))^{\\top}" : gradient
    case .derivative:
      return printer.derivative(
        of: printer.functionSymbol(Extent(shape)), by: derivative.wrt)
    case .jacobian:
      return printer.jacobian(
        ofShape: shape, by: derivative.wrt,
        transposed: derivative.options.layout == .jacobianTransposed)
    case .hessian:
      return printer.hessian(by: derivative.wrt, and: derivative.secondWrt)
    }
  }

  private static func unicode(_ derivative: Derivative) -> String {
    let wrt = UnicodeScript.name(derivative.wrt)
    let function = derivative.value.shape.isScalar ? "f" : "F"
    switch derivative.form {
    case .differential: return (derivative.options.order == 2 ? "d²" : "d") + function
    case .operator: return "\(UnicodeScript.name(derivative.direction)) ↦"
    case .auto, .matrix, .kronecker, .index: break
    }
    switch derivative.kind {
    case .gradient:
      return derivative.options.layout == .numerator ? "(∇_\(wrt) f)ᵀ" : "∇_\(wrt) f"
    case .derivative, .jacobian:
      return "∂\(function)/∂\(wrt)"
    case .hessian:
      let second = derivative.secondWrt.map { ",\(UnicodeScript.name($0))" } ?? ""
      return "∇²_\(wrt)\(second) f"
    }
  }
}
