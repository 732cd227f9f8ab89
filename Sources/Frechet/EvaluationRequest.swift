import Evaluation

/// Asks for numbers: the value of an input and its derivatives at given matrices.
///
/// Entries that are infinite or not a number are values as any other (IEEE 754), and a note says
/// which operation gives the first of them.
public struct EvaluationRequest: Sendable {
  /// A derivative, by the name of its variable.
  public enum Quantity: Hashable, Sendable {
    /// Of a scalar input; respects the structure of the variable.
    case gradient(String)
    /// Of `vec` of the input with respect to `vec` of the variable.
    case jacobian(String)
    /// Of a scalar input, with respect to `vec` of the variable.
    case hessian(String)
    /// The directional derivative along a matrix of the variable's shape.
    case jvp(String, along: Matrix)
    /// The gradient of the inner product with a matrix of the input's shape.
    case vjp(String, with: Matrix)
    /// The directional derivative of the gradient.
    case hvp(String, along: Matrix)
  }

  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The matrix of each variable. Sizes are read off them.
  public var data: [String: Matrix]
  /// Variables that are read from their files where they are used, which may be larger than the
  /// memory. All that is asked for must be within what one program computes, and whether an entry
  /// is not a number is not looked for.
  public var arrays: [String: MappedArray] = [:]
  public var quantities: [Quantity]
  /// With `float` the data are rounded, and so are the results; large products of
  /// matrices are in single precision, as `Precision` says.
  public var precision = Precision.double
  /// Of all results together, and of each matrix on the way. What would take more is refused
  /// before memory is taken.
  public var memoryLimit: MemoryLimit
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, data: [String: Matrix], quantities: [Quantity] = [],
    declarations: [String] = [], memoryLimit: MemoryLimit = .standard, timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.data = data
    self.quantities = quantities
    self.memoryLimit = memoryLimit
    self.timeLimit = timeLimit
  }
}

extension EvaluationRequest.Quantity {
  /// `gradient`, `jvp`: the word for it.
  public var name: String {
    switch self {
    case .gradient: "gradient"
    case .jacobian: "jacobian"
    case .hessian: "hessian"
    case .jvp: "jvp"
    case .vjp: "vjp"
    case .hvp: "hvp"
    }
  }

  public var variable: String {
    switch self {
    case .gradient(let x), .jacobian(let x), .hessian(let x), .jvp(let x, _), .vjp(let x, _),
      .hvp(let x, _):
      x
    }
  }

  /// Its matrix as it is in a precision.
  func rounded(to precision: Precision) -> Self {
    switch self {
    case .gradient, .jacobian, .hessian: self
    case .jvp(let x, let matrix): .jvp(x, along: matrix.rounded(to: precision))
    case .vjp(let x, let matrix): .vjp(x, with: matrix.rounded(to: precision))
    case .hvp(let x, let matrix): .hvp(x, along: matrix.rounded(to: precision))
    }
  }
}
