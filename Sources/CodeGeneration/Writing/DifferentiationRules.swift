import ExpressionCore
import Planning

/// How a library that differentiates programs is to differentiate the value.
public enum DifferentiationRules: Sendable {
  /// Of a scalar value, by its gradients: those of a listing, or of the one asked for.
  case gradients(Listing?, SecondOrderRules)
  /// By the derivative along a direction of each variable.
  case pushforwards(value: Listing, [(variable: String, listing: Listing)])
  /// By the gradients of the inner product of the value with another variable, the last one.
  case pullback(value: Listing, Listing, SecondOrderRules)
}

/// How the gradients themselves are to be differentiated.
public enum SecondOrderRules: Sendable {
  /// Along a direction of one variable: the derivatives of all gradients, by the variables that
  /// these belong to.
  public struct Direction: Sendable {
    public let variable: String
    public let direction: String
    public let listing: Listing

    public init(variable: String, direction: String, listing: Listing) {
      self.variable = variable
      self.direction = direction
      self.listing = listing
    }
  }

  case along([Direction])
  /// By the library, operation by operation.
  case none(because: String)
}

extension TargetName {
  /// How its own differentiation is taught that of a value that is no scalar.
  public enum RuleKind: Sendable { case pushforward, pullback, none }

  /// Nil where there is nothing to teach.
  public var ruleKind: RuleKind? {
    switch self {
    case .jax: .pushforward
    case .torch, .julia: .pullback
    case .swift: RuleKind.none
    case .numpy, .matlab, .eigen, .stablehlo: nil
    }
  }

  /// Whether it is taught the derivatives of the gradients, too.
  public var learnsSecondOrder: Bool { self == .jax || self == .torch }
}
