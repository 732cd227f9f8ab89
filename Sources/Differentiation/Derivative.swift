import ExpressionCore
import ExpressionLanguage

/// A result in the language: shared definitions, in order, and the expression that uses them.
public struct Spelling: Sendable {
  public struct Definition: Sendable {
    public let name: String
    public let value: Syntax

    public init(name: String, value: Syntax) {
      self.name = name
      self.value = value
    }
  }

  public let shape: Shape
  public let definitions: [Definition]
  public let body: Syntax

  public init(shape: Shape, definitions: [Definition] = [], body: Syntax) {
    self.shape = shape
    self.definitions = definitions
    self.body = body
  }

  /// Definitions in full and the body; each use of a name is 1.
  public var size: Int { definitions.reduce(body.size) { $0 + $1.value.size } }
}

/// One derivative of an input, spelled.
public struct Derivative: Sendable {
  public enum Kind: String, Sendable { case gradient, derivative, jacobian, hessian }

  /// The variable of differentiation; of a mixed block of order 2, the rows' one.
  public let wrt: String
  /// The columns' variable of a block of order 2, otherwise nil.
  public let secondWrt: String?
  public let kind: Kind
  public let options: DerivativeOptions
  /// How `result` is in fact written: never `auto`.
  public let form: Form
  /// The value of the input.
  public let value: Spelling
  /// The derivative. Of the form `operator`, linear in `direction`.
  public let result: Spelling
  /// The differential, linear in `dX` for the variable `X`; nil where the order is 2.
  public let differential: Spelling?
  /// A name of the variable's shape: `V`, or another one where the input has that.
  public let direction: String
  /// The conditions under which the derivative exists (`det(X) > 0`, `x ≠ 0`).
  public let domain: [String]
  public let notes: [String]
  /// How far the result depends on single vectors of decompositions.
  public let vectorDependence: VectorDependence
}
