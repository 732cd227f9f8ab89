import Checking
import Differentiation
import ExpressionCore
import ExpressionLanguage

/// The conventions by which the gradient of one structured variable may be stated.
enum Conventions {
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
