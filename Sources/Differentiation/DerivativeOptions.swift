import ExpressionCore

/// How a derivative is laid out, structured and written.
public struct DerivativeOptions: Hashable, Sendable {
  /// 1, or 2 for the Hessian.
  public var order = 1
  public var layout = Layout.denominator
  public var symmetric = SymmetricConvention.projected
  public var metric = Metric.euclidean
  /// Ignores the structure of the variable of differentiation.
  public var unstructured = false
  public var form = Form.auto
  public var purpose = Purpose.reading

  public init() {}
}

/// What a derivative is wanted for.
public enum Purpose: Sendable {
  /// As short as it gets.
  case reading
  /// Any short form, found fast: what a program computes is put in order by cost again.
  case computing
}

public enum Layout: String, CaseIterable, Sendable {
  case denominator, numerator
  case jacobianTransposed = "jacobian-transposed"
}

/// How the gradient with respect to a symmetric matrix is stated.
public enum SymmetricConvention: String, CaseIterable, Sendable {
  /// `(G+G')/2`, the gradient in the space of symmetric matrices.
  case projected
  /// `G+G'-diag(diag(G))`, the derivatives by the free entries.
  case entries
}

/// The metric of the manifold that a structured variable moves on.
public enum Metric: String, CaseIterable, Sendable {
  case euclidean, canonical, affine
}

/// How a result is written.
public enum Form: String, CaseIterable, Sendable {
  case auto, matrix, kronecker, differential, index
  case `operator`
}
