import Differentiation
import Emission
import ExpressionCore
import ExpressionLanguage

extension DerivativeRequest {
  /// The reports on derivatives that are neither gradients, Jacobians nor Hessians: of order 3 and
  /// above, and of order 2 where the input is no scalar. Nil for all others.
  ///
  /// By a scalar the derivative has the shape of the input. Otherwise it is a map of directions: of
  /// a scalar input its gradient, so that order 2 would be the Hessian's product.
  func higherReports(
    of typed: TypedInput, until deadline: Deadline?
  ) throws(FrechetError) -> [DerivativeReport]? {
    let isScalar = typed.nodes[typed.result].shape.isScalar
    guard options.order >= 2 else { return nil }
    var variables: [Variable] = []
    for name in wrt {
      guard let variable = typed.variables.first(where: { $0.name == name }) else {
        throw FrechetError(
          .unknownVariable(name, known: typed.variables.map(\.name)), in: typed)
      }
      variables.append(variable)
    }
    let byScalars = variables.allSatisfy(\.shape.isScalar)
    if options.order == 2, isScalar || !(byScalars || options.form == .operator) { return nil }
    guard variables.count == 1 else {
      throw .derivative(
        "--order \(options.order): one variable at a time, as in --wrt \(wrt[0]); "
          + "HigherDerivativeRequest of the library mixes them.")
    }
    switch options.form {
    case .auto, .operator: break
    case .matrix where byScalars: break
    case .matrix, .kronecker, .differential, .index:
      throw .derivative(
        "--form \(options.form.rawValue): a derivative of order \(options.order) is not written "
          + "so. --form operator writes it as a map of directions.")
    }
    return [try higherReport(by: variables[0], of: typed, until: deadline)]
  }

  private func higherReport(
    by variable: Variable, of typed: TypedInput, until deadline: Deadline?
  ) throws(FrechetError) -> DerivativeReport {
    let alongOne = variable.shape.isScalar && options.form != .operator
    let hasGradient = typed.nodes[typed.result].shape.isScalar && !variable.shape.isScalar
    let along = Array(repeating: variable.name, count: options.order - (hasGradient ? 1 : 0))
    let derivation = try HigherDerivation(
      typed, along: along, gradient: hasGradient ? variable.name : nil, alongOne: alongOne)
    try deadline?.check()
    let value = RenderedSpelling(
      typed.authorsSpelling ?? derivation.derivative.value, scope: NameScope(typed),
      text: Parts.text)
    let directions = derivation.derivative.directions.map(\.name)
    let printer = LaTeXPrinter(scope: derivation.scope)
    let leftHandSide =
      alongOne
      ? printer.derivative(
        of: printer.functionSymbol(Extent(value.shape)), by: variable.name, order: options.order)
      : printer.map(from: directions)
    return DerivativeReport(
      input: input, wrt: variable.name, secondWrt: nil, kind: .derivative, options: options,
      variables: typed.variables.sorted { $0.name < $1.name }, value: Formula(value),
      derivative: derivation.formula, form: alongOne ? .matrix : .operator,
      directions: directions, size: derivation.derivative.result.size, differential: nil,
      latexLeftHandSide: leftHandSide, domain: derivation.derivative.domain, notes: typed.notes,
      verification: verify ? try derivation.verified(until: deadline) : nil)
  }
}
