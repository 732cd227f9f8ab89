/// What the engine knows of an operation: how it is made canonical, transposed and differentiated.
///
/// One static member an operation, in its topic's file under `Primitives/`; no member has a
/// default, so an operation without a derivative rule does not compile.
public struct PrimitiveRule: Sendable {
  public typealias Construct =
    @Sendable (
      _ graph: Graph, _ operands: [Expr], _ parameters: [Dim], _ shape: Shape
    ) -> Expr

  /// The canonical expression: a node of this primitive, or something simpler. Operands are spread
  /// to their common shape; `shape` is that of the result.
  public let construct: Construct
  public let transpose: TransposeRule
  public let derivative: DerivativeRule

  init(transpose: TransposeRule, derivative: DerivativeRule, construct: @escaping Construct) {
    self.construct = construct
    self.transpose = transpose
    self.derivative = derivative
  }

  /// An operation that is written in terms of others, so that no node of it is ever made.
  static func defined(_ construct: @escaping Construct) -> PrimitiveRule {
    PrimitiveRule(transpose: .opaque, derivative: .defined, construct: construct)
  }
}

public enum TransposeRule: Sendable {
  /// f(X)' stays.
  case opaque
  /// f(X)' = f(X')
  case commutes
  case rule(@Sendable (Graph, _ operands: [Expr], _ parameters: [Dim]) -> Expr)
}

/// How an operation is differentiated. A nonlinear one states its differential, a linear one its
/// adjoint; reverse mode is the transpose of the differential, all of whose nodes are linear.
public enum DerivativeRule: Sendable {
  /// Never a node of the graph.
  case defined
  /// The derivative is zero wherever there is one.
  case constant
  /// d f(X) = f′(X) ⊙ dX
  case elementwise(@Sendable (Graph, _ x: Expr, _ result: Expr) -> Expr)
  /// Linear in its one operand; the differential is the operation on the differential, and the
  /// adjoint takes a cotangent of the result to one of the operand.
  case linear(
    adjoint: @Sendable (Graph, _ cotangent: Expr, _ operand: Expr, _ parameters: [Dim]) -> Expr)
  /// Linear in each operand (Leibniz).
  case multilinear(
    adjoint:
      @Sendable (
        Graph, _ cotangent: Expr, _ operands: [Expr], _ position: Int, _ parameters: [Dim]
      ) -> Expr)
  /// Linear in the last operand only, with the adjoint of that; the differential is with respect
  /// to the others, the last one fixed.
  case linearInLast(
    adjoint: @Sendable (Graph, _ cotangent: Expr, _ operands: [Expr]) -> Expr,
    differential:
      @Sendable (
        Graph, _ operands: [Expr], _ d: [Expr?], _ result: Expr
      ) -> Expr)
  /// Linear in all operands together.
  case jointlyLinear(
    adjoint:
      @Sendable (
        Graph, _ cotangent: Expr, _ operands: [Expr], _ position: Int, _ parameters: [Dim]
      ) -> Expr)
  /// `d` holds the operands' differentials, nil where one is constant.
  case differential(
    @Sendable (
      _ graph: Graph, _ operands: [Expr], _ d: [Expr?], _ result: Expr, _ parameters: [Dim]
    ) -> Expr)
  case undefined
}

extension Graph {
  /// The operation on operands of fitting shapes, in canonical form.
  public func apply(
    _ primitive: Primitive, _ operands: [Expr], _ parameters: [Dim] = [], shape: Shape
  )
    -> Expr
  {
    let spread = primitive.spreads ? operands.map { self.spread($0, to: shape) } : operands
    return primitive.rule.construct(self, spread, parameters, shape)
  }

  /// A 1×1, 1×n or m×1 operand of an m×n operation as a matrix of that shape.
  public func spread(_ e: Expr, to target: Shape) -> Expr {
    let own = shape(e)
    if own == target { return e }
    var factors = [e]
    if own.rows.isOne, !target.rows.isOne { factors.insert(ones(target.rows), at: 0) }
    if own.columns.isOne, !target.columns.isOne { factors.append(transpose(ones(target.columns))) }
    return product(factors)
  }

  /// A node of the primitive itself.
  func opaque(
    _ primitive: Primitive, _ operands: [Expr], _ parameters: [Dim] = [], _ shape: Shape,
    _ facts: Facts = []
  ) -> Expr {
    intern(.apply(primitive, operands, parameters), shape, facts)
  }

  /// A node of a linear primitive of one operand, numbers and scalars taken out of it.
  func linear(
    _ primitive: Primitive, _ x: Expr, _ parameters: [Dim] = [], _ shape: Shape, _ facts: Facts = []
  ) -> Expr {
    if case .zero = node(x) { return zero(shape) }
    if case .product(let p) = node(x), !p.chain.isEmpty, !(p.coefficient.isOne && p.scalars.isEmpty)
    {
      let bare = product(Product(chain: p.chain))
      let inner = primitive.rule.construct(self, [bare], parameters, shape)
      return product([product(Product(p.coefficient, scalars: p.scalars)), inner])
    }
    return opaque(primitive, [x], parameters, shape, facts)
  }
}
