/// An expression of a `Graph`, by its number. Equal expressions of one graph have equal numbers.
@frozen public struct Expr: Hashable, Sendable, Comparable {
  public let id: Int32

  init(_ id: Int) { self.id = Int32(truncatingIfNeeded: id) }

  @inlinable public var index: Int { Int(id) }

  /// Operands always precede the expressions that use them.
  public static func < (a: Expr, b: Expr) -> Bool { a.id < b.id }
}

/// A term of a sum: a number times an expression whose own coefficient is 1.
public struct Term: Hashable, Sendable {
  public let coefficient: Number
  public let expr: Expr

  public init(_ coefficient: Number, _ expr: Expr) {
    self.coefficient = coefficient
    self.expr = expr
  }
}

/// A power: a factor of a scalar or of an elementwise product.
public struct Factor: Hashable, Sendable {
  public let base: Expr
  public let exponent: Number

  public init(_ base: Expr, _ exponent: Number = .one) {
    self.base = base
    self.exponent = exponent
  }
}

/// A number, times powers of scalars, times a chain of matrices.
public struct Product: Hashable, Sendable {
  public var coefficient: Number
  /// Sorted by base. The base of a scalar that is itself a chain (`x'*A*x`) is a product of
  /// nothing but that chain.
  public var scalars: [Factor]
  /// Matrices and vectors in order, none of them a product. Empty for a scalar.
  public var chain: [Expr]

  public init(_ coefficient: Number = .one, scalars: [Factor] = [], chain: [Expr] = []) {
    self.coefficient = coefficient
    self.scalars = scalars
    self.chain = chain
  }
}

/// The forms that an expression takes in a graph.
///
/// Reductions and spreading are products with `ones`, so that they need no rules of their own:
/// `sum(X,1)` is `1'X`, and `X + b` is `X + 1b`.
public enum Node: Hashable, Sendable {
  /// By number in `Graph.symbols`.
  case symbol(Int)
  case number(Number)
  case pi
  /// A dimension as a scalar; never a literal.
  case dimension(Dim)
  /// Not 1×1: that is the number 0.
  case zero(Shape)
  case identity(Dim)
  /// A column of ones.
  case ones(Dim)
  /// Column `position` (from 1) of the identity.
  case unit(Dim, position: Dim)
  /// At least two terms, sorted by expression, the first coefficient positive, their content 1.
  case sum([Term])
  case product(Product)
  /// Elementwise; at least two factors, or one with an exponent other than 1.
  case hadamard([Factor])
  /// Any other operation; its parameters are sizes, positions and axes.
  case apply(Primitive, [Expr], [Dim])
}
