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
      let tree = parsed.inlined(limit: 500)?.withMatrixFunctions(matrixFunctions, &replaced),
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

  /// The gradient by those that were not asked for.
  static func others(
    of input: TypedInput, _ variable: Variable, _ options: DerivativeOptions
  ) -> [Convention] {
    alternatives(to: options, variable.type).compactMap { description, changed in
      guard let derivative = try? Parts.derive(input, wrt: [variable.name], options: changed).first
      else { return nil }
      return Convention(
        "the gradient \(description)", text: Formula.inputText(derivative.result))
    }
  }

  private static func alternatives(
    to options: DerivativeOptions, _ type: StructureType
  ) -> [(String, DerivativeOptions)] {
    func changed(_ change: (inout DerivativeOptions) -> Void) -> DerivativeOptions {
      var result = options
      result.unstructured = false
      change(&result)
      return result
    }
    let euclidean = (
      "in the Euclidean metric (--metric euclidean)", changed { $0.metric = .euclidean }
    )
    var result: [(String, DerivativeOptions)] = []
    switch type {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: return []
    case .symmetric, .psd, .spd:
      result = [
        (
          "by the entries on and below the diagonal (--symmetric entries)",
          changed { $0.symmetric = .entries }
        ),
        ("in the symmetric matrices", changed { $0.symmetric = .projected }),
      ]
      if type == .spd {
        result.append(
          ("in the affine-invariant metric (--metric affine)", changed { $0.metric = .affine }))
        result.append(euclidean)
      }
    case .orthogonal, .stiefel:
      result = [
        ("in the canonical metric (--metric canonical)", changed { $0.metric = .canonical }),
        euclidean,
      ]
    case .skew, .diagonal, .lower, .upper:
      result = [("within the structure of the variable", changed { _ in })]
    }
    return [
      (
        "that ignores the structure of the variable (--unstructured)",
        changed { $0.unstructured = true }
      )
    ] + result
  }
}

extension Syntax {
  /// With other functions for those of one argument that is more than a number or a name of a
  /// scalar; where they do not fit, the result cannot be read as an input.
  fileprivate func withMatrixFunctions(
    _ names: [String: String], _ replaced: inout [(old: String, new: String)]
  ) -> Syntax? {
    guard depth < 200 else { return nil }
    var operands: [Syntax] = []
    for operand in self.operands {
      guard let new = operand.withMatrixFunctions(names, &replaced) else { return nil }
      operands.append(new)
    }
    if case .call(let name, _) = kind, let new = names[name], operands.count == 1 {
      let call = Syntax(.call(new, operands))
      replaced.append((SyntaxPrinter.text(of: self), SyntaxPrinter.text(of: call)))
      return call
    }
    return withOperands(operands)
  }
}
