import Evaluation

/// Asks for the Hessian of a scalar input at given data as a structured operator: one that is
/// applied to matrices and solved with, and is written out only where that is asked for.
///
/// ```swift
/// let request = HessianRequest("norm2(X*W - Y)^2/2", wrt: "W", data: ["X": x, "W": w, "Y": y])
/// let hessian = try request.answer()   // I ⊗ X'*X
/// let step = try hessian.solve(gradient)
/// ```
public struct HessianRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language, 1×1.
  public var input: String
  /// The variable of the rows, and of the columns unless `secondWrt` names another.
  public var wrt: String
  /// The columns' variable of a mixed block.
  public var secondWrt: String?
  /// The matrix of each variable. Sizes are read off them.
  public var data: [String: Matrix]
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: String, secondWrt: String? = nil, data: [String: Matrix],
    declarations: [String] = [], timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.secondWrt = secondWrt
    self.data = data
    self.timeLimit = timeLimit
  }

  /// Derives the Hessian with respect to `vec` of the variable, in its most compact form, and
  /// evaluates what that form is made of.
  ///
  /// The structure of the variable is that of a plain matrix, as in every Hessian. Throws where
  /// the input is wrong or no scalar, where there is no derivative, where the data do not fit, or
  /// where the time is over.
  public func answer() throws(FrechetError) -> DerivativeOperator {
    try limited(to: timeLimit) { _ throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      return try OperatorDerivation(typed, data).hessian(wrt, secondWrt ?? wrt)
    }
  }
}

/// Asks for the Hessian of a scalar input by several variables together at given data, as one
/// structured operator of blocks.
///
/// ```swift
/// let request = JointHessianRequest(
///   "norm2(X - U*V')^2/2 + c/2*(norm2(U)^2 + norm2(V)^2)", wrt: ["U", "V"], data: data)
/// let step = try request.answer().solve(["U": gradientByU, "V": gradientByV])
/// ```
public struct JointHessianRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language, 1×1.
  public var input: String
  /// The variables, each once, in the order of the blocks.
  public var wrt: [String]
  /// The matrix of each variable. Sizes are read off them.
  public var data: [String: Matrix]
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], data: [String: Matrix], declarations: [String] = [],
    timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.data = data
    self.timeLimit = timeLimit
  }

  /// Derives each block with respect to `vec` of its variables and evaluates what the blocks are
  /// made of, what they share once.
  ///
  /// The structure of the variables is that of plain matrices. Throws where the input is wrong or
  /// no scalar, where a variable is named twice or none is, where there is no derivative, where
  /// the data do not fit, or where the time is over.
  public func answer() throws(FrechetError) -> JointHessian {
    try limited(to: timeLimit) { _ throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      if wrt.isEmpty { throw .variableMissing(in: typed.variables.map(\.name)) }
      if let twice = wrt.indices.first(where: { wrt[..<$0].contains(wrt[$0]) }) {
        throw .derivative(
          "wrt: \(wrt[twice]) is named twice; each variable of a joint Hessian stands there once.")
      }
      return try OperatorDerivation(typed, data).jointHessian(wrt)
    }
  }
}

/// Asks for the Jacobian of `vec` of an input with respect to `vec` of a variable at given data, as
/// a structured operator.
public struct JacobianRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  public var wrt: String
  /// The matrix of each variable. Sizes are read off them.
  public var data: [String: Matrix]
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: String, data: [String: Matrix], declarations: [String] = [],
    timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.data = data
    self.timeLimit = timeLimit
  }

  /// Derives the Jacobian, of pq rows and mn columns for a p×q input and an m×n variable.
  ///
  /// Throws where the input is wrong, where there is no derivative, where the data do not fit, or
  /// where the time is over.
  public func answer() throws(FrechetError) -> DerivativeOperator {
    try limited(to: timeLimit) { _ throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      return try OperatorDerivation(typed, data).jacobian(wrt)
    }
  }
}
