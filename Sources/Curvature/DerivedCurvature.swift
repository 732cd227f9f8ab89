import Differentiation
import ExpressionCore
import ExpressionLanguage

/// How a function bends in some of its variables, and why.
public struct DerivedCurvature: Sendable {
  public let wrt: [String]
  public let curvature: Curvature
  /// Where it does; the domain of the function among them.
  public let conditions: [DomainCondition]
  /// What was looked at; nil where nothing was derived from a second derivative.
  public let form: CurvatureForm?
  /// The argument, each step from earlier ones; empty where nothing was derived.
  public let steps: [ArgumentStep]
  /// Why nothing was derived.
  public let obstacle: CurvatureObstacle?
  /// The input with what the conditions say of its variables declared.
  public let input: TypedInput
}

/// The second derivative whose sign was found.
public struct CurvatureForm: Sendable {
  public enum Kind: Hashable, Sendable {
    /// The Hessian with respect to `vec` of the variable.
    case hessian
    /// The second differential, a quadratic form in `dX` for each variable `X`.
    case secondDifferential
  }

  public let kind: Kind
  public let spelling: Spelling
}

/// A step of an argument, written in the names of the form's definitions.
public struct ArgumentStep: Sendable {
  public enum Relation: Hashable, Sendable {
    case entries(lower: StatedBound?, upper: StatedBound?)
    case semidefinite(isStrict: Bool)
    case bends(Vexity)
  }

  /// In the names of the form's definitions.
  public let subject: Syntax
  /// In the names of the input alone.
  public let plainSubject: Syntax
  public let relation: Relation
  public let rule: ProofRule
}

/// Why nothing was derived.
public enum CurvatureObstacle: Hashable, Sendable {
  /// The domain is not known to be convex: what a node must be.
  case domain(Requirement)
  /// There is a kink, and composition rules say nothing.
  case kink(Primitive?)
  /// The second derivative exists, and no rule tells its sign.
  case noRule
  case limit(ProofLimit)
  /// A second derivative could not be formed.
  case graph(GraphError)
}

extension CurvatureObstacle {
  /// What an operation needs of the value of a node of the input.
  public struct Requirement: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case positive, nonzero, invertible, definite
      /// Of full rank, or without repeated eigenvalues.
      case regular
    }

    public let node: Int
    public let kind: Kind
  }
}

/// Why curvature cannot be asked for.
public enum CurvatureError: Error, Hashable, Sendable {
  case unknownVariable(String, known: [String])
  case notScalar(Shape)
  /// The values of the variable are no convex set (orthogonal matrices).
  case notConvex(variable: String, type: StructureType)
  case limit(GraphError)
}
