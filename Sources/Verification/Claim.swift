/// What kind of derivative a claim states.
public enum ClaimKind: Hashable, Sendable {
  /// Of a scalar: in the shape of the variable.
  case gradient
  /// By a scalar: in the shape of the function.
  case derivative
  /// Of `vec(f)` with respect to `vec(X)`.
  case jacobian
  /// Linear in the variable of this name, which stands for `dX` (or the `V` of an operator).
  case differential(direction: String)
  /// Of a scalar with respect to `vec(X)`, or the block of two variables.
  case hessian
  /// The product of the Hessian with the variable of this name, in the shape of the rows' variable;
  /// of a structured variable the Riemannian Hessian, applied to a tangent.
  case hessianProduct(direction: String)
  /// d²f, in the shape of the function, linear in each of the variables of these names.
  case secondDifferential(rows: String, columns: String)
}

/// How a claimed derivative is laid out.
public enum ClaimLayout: String, CaseIterable, Sendable {
  case denominator, numerator
  case jacobianTransposed = "jacobian-transposed"
}

/// The metric of a claimed gradient.
public enum ClaimMetric: String, CaseIterable, Sendable {
  case euclidean, canonical, affine
}

/// The conventions that a claim follows.
public struct ClaimOptions: Hashable, Sendable {
  public var layout = ClaimLayout.denominator
  public var metric = ClaimMetric.euclidean
  /// The gradient by a symmetric matrix holds the derivatives by the entries on and below the
  /// diagonal, instead of being the gradient in the space of symmetric matrices.
  public var symmetricEntries = false
  /// The structure of the variable is ignored.
  public var unstructured = false

  public init() {}
}
