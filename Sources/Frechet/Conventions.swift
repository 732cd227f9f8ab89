import Checking
import Differentiation
import ExpressionCore
import ExpressionLanguage

/// What else an author may have meant: the gradient of a structured variable by another convention,
/// or functions of matrices where those of their entries stand.
enum Conventions {
  /// Functions that are taken entry by entry, and those of matrices by the same name on paper.
  private static let matrixFunctions = [
    "log": "logm", "ln": "logm", "exp": "expm", "sqrt": "sqrtm", "sin": "sinm", "cos": "cosm",
  ]

  /// The derivative of the input in which functions of matrices stand for those of their entries.
  static func withMatrixFunctions(
    of input: TypedInput, _ wrt: [String], _ options: DerivativeOptions
  ) -> [Convention] {
    var replaced: [(old: String, new: String)] = []
    guard let parsed = try? ParsedInput(input.source),
      let tree = parsed.inlined(limit: 500)?
        .withMatrixFunctions(matrixFunctions, in: input, &replaced),
      let first = replaced.first,
      let other = try? Language.elaborate(SyntaxPrinter.text(of: tree), in: input),
      let derivative = try? Parts.derive(other, wrt: wrt, options: options)
        .first(where: { $0.secondWrt ?? $0.wrt == wrt.last })
    else { return [] }
    return [
      Convention(
        "right for the function of a matrix, \(first.new); \(first.old) is taken entry by entry",
        text: Formula.inputText(derivative.result))
    ]
  }

  /// The gradient by those that were not asked for, each made from the plain one.
  static func others(
    of input: TypedInput, _ variable: Variable, _ options: DerivativeOptions
  ) -> [Convention] {
    var plain = options
    plain.unstructured = true
    plain.layout = .denominator
    let alternatives = alternatives(to: options, variable)
    guard !alternatives.isEmpty,
      let gradient = try? Parts.derive(input, wrt: [variable.name], options: plain).first,
      let tree = (try? ParsedInput(Formula.inputText(gradient.result)))?.inlined(limit: 500)
    else { return [] }
    let g = "(\(SyntaxPrinter.text(of: tree)))"
    return alternatives.map { description, formula in
      let text = formula(g)
      return Convention(
        "the gradient \(description)",
        text: options.layout == .numerator ? "(\(text))'" : text)
    }
  }

  /// The formulas of section 5 of the language, of the plain gradient `g`.
  private static func alternatives(
    to options: DerivativeOptions, _ variable: Variable
  ) -> [(String, (String) -> String)] {
    let x = variable.name
    var result: [(String, (String) -> String)] = []
    func add(_ description: String, _ isOther: Bool, _ formula: @escaping (String) -> String) {
      if isOther || options.unstructured { result.append((description, formula)) }
    }
    if variable.type.isStructured {
      add(
        "that ignores the structure of the variable (--unstructured)", !options.unstructured
      ) { $0 }
    }
    switch variable.type {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: break
    case .symmetric, .psd, .spd:
      let isAffine = options.metric == .affine && variable.type == .spd
      add("in the symmetric matrices", options.symmetric != .projected || isAffine) { "sym(\($0))" }
      add(
        "by the entries on and below the diagonal (--symmetric entries)",
        options.symmetric != .entries
      ) { "\($0) + \($0)' - diag(diag(\($0)))" }
      if variable.type == .spd {
        add("in the affine-invariant metric (--metric affine)", !isAffine) {
          "\(x)*sym(\($0))*\(x)"
        }
      }
    case .skew: add("in the skew matrices", false) { "skew(\($0))" }
    case .diagonal: add("in the diagonal matrices", false) { "diag(diag(\($0)))" }
    case .lower: add("in the lower triangular matrices", false) { "tril(\($0))" }
    case .upper: add("in the upper triangular matrices", false) { "triu(\($0))" }
    case .orthogonal, .stiefel:
      add("in the canonical metric (--metric canonical)", options.metric != .canonical) {
        "\($0) - \(x)*\($0)'*\(x)"
      }
      add("in the Euclidean metric (--metric euclidean)", options.metric == .canonical) {
        "\($0) - \(x)*sym(\(x)'*\($0))"
      }
    }
    return result
  }
}

extension StructureType {
  /// Whether the gradient depends on the type.
  fileprivate var isStructured: Bool {
    switch self {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: false
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal, .stiefel: true
    }
  }
}

extension Syntax {
  /// With other functions where those of one argument are applied to a square matrix.
  fileprivate func withMatrixFunctions(
    _ names: [String: String], in input: TypedInput, _ replaced: inout [(old: String, new: String)]
  ) -> Syntax? {
    guard depth < 200 else { return nil }
    var operands: [Syntax] = []
    for operand in self.operands {
      guard let new = operand.withMatrixFunctions(names, in: input, &replaced) else { return nil }
      operands.append(new)
    }
    if case .call(let name, let arguments) = kind, let new = names[name], arguments.count == 1,
      arguments[0].isSquareMatrix(in: input)
    {
      let call = Syntax(.call(new, operands))
      replaced.append((SyntaxPrinter.text(of: self), SyntaxPrinter.text(of: call)))
      return call
    }
    return withOperands(operands)
  }

  private func isSquareMatrix(in input: TypedInput) -> Bool {
    guard let typed = try? Language.elaborate(SyntaxPrinter.text(of: self), in: input) else {
      return false
    }
    let shape = typed.nodes[typed.result].shape
    return shape.rows == shape.columns && !shape.isScalar
  }
}
