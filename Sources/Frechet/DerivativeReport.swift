import Differentiation
import ExpressionCore
import Verification

/// A derivative and all that is known about it.
public struct DerivativeReport: Sendable {
  /// The source of the input.
  public let input: String
  public let wrt: String
  /// The columns' variable of a block of order 2.
  public let secondWrt: String?
  public let kind: Derivative.Kind
  public let options: DerivativeOptions
  /// By name.
  public let variables: [Variable]
  public let value: Formula
  public let derivative: Formula
  /// How the derivative is in fact written: never `auto`.
  public let form: Form
  /// The names that the form `operator` is linear in, of the variable's shape.
  public let directions: [String]
  /// Operators, calls and leaves of the derivative in the language, definitions in full.
  public let size: Int
  /// Nil where the order is 2.
  public let differential: Formula?
  /// The left side of the equation that states the derivative, in LaTeX.
  public let latexLeftHandSide: String
  /// The conditions under which the derivative exists.
  public let domain: [String]
  public let notes: [String]
  /// Of a Hessian, what follows from its form; nil where nothing does or nobody asked.
  public var curvature: HessianSign?
  /// Nil where no check was asked for.
  public let verification: VerificationReport?
  /// The derivation, line by line; nil where none was asked for.
  public var derivation: StepsReport?
}

extension DerivativeReport {
  /// What the derivative is called in a sentence.
  var word: String {
    let isHigher = options.order > 2 || options.order == 2 && kind != .hessian
    guard isHigher else { return kind.word }
    let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
    let ordinal = options.order <= ordinals.count ? ordinals[options.order - 1] : "higher"
    return ordinal + " derivative"
  }

  /// The block that this one is the transpose of (Schwarz), where it was shown before: the mixed
  /// blocks of two variables are written once. As maps both are written, and entry by entry.
  func mirrored(among earlier: ArraySlice<DerivativeReport>) -> DerivativeReport? {
    guard let secondWrt, secondWrt != wrt else { return nil }
    switch form {
    case .operator, .index: return nil
    case .auto, .matrix, .kronecker, .differential:
      return earlier.first {
        $0.wrt == secondWrt && $0.secondWrt == wrt
          && ($0.form == .differential) == (form == .differential)
          && $0.form != .operator
      }
    }
  }

  /// Whether a numerical check was asked for and did not pass.
  public var failedVerification: Bool { verification.map { !$0.passed } ?? false }

  /// The derivative's definitions but for those that the value has: the author's, by his names.
  var ownDefinitions: [Formula.Definition] {
    let shown = Set(value.definitions.map(\.name))
    return derivative.definitions.filter { !shown.contains($0.name) }
  }
}
