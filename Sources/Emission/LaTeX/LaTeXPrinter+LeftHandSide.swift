import ExpressionCore

extension LaTeXPrinter {
  /// `\nabla_{\mathbf{x}}\, f`
  public func gradient(of function: String = "f", by variable: String) -> String {
    "\\nabla_{\(name(variable))}\\, \(function)"
  }

  /// `\nabla^{2}_{\mathbf{x}}\, f`, of two variables `\nabla^{2}_{\mathbf{x}, \mathbf{y}}\, f`; by a
  /// matrix it is the Hessian by `vec`.
  public func hessian(
    of function: String = "f", by variable: String, and second: String? = nil
  ) -> String {
    let below = [variable, second ?? variable].map(vectorised)
    let names = second == nil ? below[0] : below.joined(separator: ", ")
    return "\\nabla^{2}_{\(names)}\\, \(function)"
  }

  /// `\frac{\partial f}{\partial x}` by a scalar; `\frac{\partial^{3} f}{\partial x^{3}}`.
  public func derivative(of function: String, by variable: String, order: Int = 1) -> String {
    let power = order == 1 ? "" : "^{\(order)}"
    return "\\frac{\\partial\(power) \(function)}{\\partial \(name(variable))\(power)}"
  }

  /// The Jacobian, rows by outputs: `\frac{\partial \mathbf{f}}{\partial \mathbf{x}^{\top}}`, of
  /// matrices
  /// `\frac{\partial \operatorname{vec} \mathbf{F}}{\partial \operatorname{vec}(\mathbf{X})^{\top}}`.
  public func jacobian(ofShape shape: Shape, by variable: String, transposed: Bool = false)
    -> String
  {
    let isVector = shape.isVector || shape.isScalar
    let by = scope.extent(of: variable)
    let symbol = functionSymbol(Extent(shape))
    let usesVec = !isVector || !by.oneColumn
    let above = usesVec ? "\\operatorname{vec} \(symbol)" : symbol
    let below = usesVec ? "\\operatorname{vec}(\(name(variable)))" : name(variable)
    return transposed
      ? "\\frac{\\partial \(above)^{\\top}}{\\partial \(below)}"
      : "\\frac{\\partial \(above)}{\\partial \(below)^{\\top}}"
  }

  /// `\mathrm{d}f`
  public func differential(ofShape shape: Shape, order: Int = 1) -> String {
    "\\mathrm{d}" + (order == 1 ? "" : "^{\(order)}") + functionSymbol(Extent(shape))
  }

  /// The map `\mathbf{V} \mapsto`, `\mathbf{V}_{1}, \mathbf{V}_{2} \mapsto`.
  public func map(from arguments: [String]) -> String {
    arguments.map { name($0) }.joined(separator: ", ") + " \\mapsto"
  }

  /// What a function of that shape is called: `f`, `\mathbf{f}`, `\mathbf{F}`.
  public func functionSymbol(_ extent: Extent) -> String {
    if extent.isScalar { return "f" }
    return extent.isMatrix ? "\\mathbf{F}" : "\\mathbf{f}"
  }

  private func vectorised(_ variable: String) -> String {
    scope.extent(of: variable).isMatrix ? "\\operatorname{vec} \(name(variable))" : name(variable)
  }
}
