import Compilation
import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Planning

/// Asks for a program that computes a value and derivatives of it together, for given sizes.
public struct CompilationRequest: Sendable {
  /// A derivative, by the name of its variable.
  public enum Task: Hashable, Sendable {
    case value
    /// Of a scalar input; respects the structure of the variable.
    case gradient(String)
    /// Of `vec` of the input with respect to `vec` of the variable.
    case jacobian(String)
    /// Of a scalar input, with respect to `vec` of the variable.
    case hessian(String)
    /// The directional derivative.
    case jvp(String)
    /// The directional derivative of the gradient.
    case hvp(String)
  }

  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// Computed together: what they share is computed once. At most one has a direction.
  public var tasks: [Task]
  /// Of the names of dimensions.
  public var sizes: [String: Int]
  public var options = Program.Options()
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, tasks: [Task], sizes: [String: Int], declarations: [String] = [],
    timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.tasks = tasks
    self.sizes = sizes
    self.timeLimit = timeLimit
  }

  /// Derives and compiles.
  ///
  /// Throws where the input is wrong, where a derivative does not exist, where a size is missing,
  /// where the program would need more memory than its options allow, or where the time is over.
  public func answer() throws(FrechetError) -> CompiledProgram {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let read = try Parts.read(input, declarations: declarations)
      let typed = Parts.read(input, declarations: declarations, ordered: read, by: sizes)
      return try CompiledProgram(typed, tasks, sizes: sizes, options: options, deadline: deadline)
    }
  }
}

extension TypedInput {
  /// Compiles the input and derivatives of it for given sizes of its dimensions.
  ///
  /// ```swift
  /// let f = try Language.elaborate("norm2(X*w - y)^2", declarations: ["y: vector(m)"])
  /// let program = try f.compile([.value, .gradient("w")], sizes: ["m": 1000, "n": 20])
  /// let results = try program(["X": x, "w": w, "y": y])
  /// ```
  ///
  /// Throws where a derivative does not exist, where a size is missing, or where the program would
  /// need more memory than its options allow.
  public func compile(
    _ tasks: [CompilationRequest.Task] = [.value], sizes: [String: Int] = [:],
    options: Program.Options = Program.Options()
  ) throws(FrechetError) -> Program {
    try CompiledProgram(self, tasks, sizes: sizes, options: options).program
  }
}

/// A program, and the name by which it reads the direction of a directional derivative.
public struct CompiledProgram: Sendable {
  public let program: Program
  /// The input of the program that is the direction, for tasks that have one.
  public let direction: String?
  /// The formulas that were compiled, in the order of the program's outputs.
  public let formulas: [String]
  public let notes: [String]

  init(
    _ typed: TypedInput, _ tasks: [CompilationRequest.Task], sizes: [String: Int],
    options: Program.Options, deadline: Deadline? = nil
  ) throws(FrechetError) {
    var formulas: [Listing.Formula] = []
    var direction: String?
    var options = options
    for task in tasks {
      try deadline?.check()
      let (formula, derivative) = try Self.formula(task, of: typed)
      formulas.append(formula)
      direction = direction ?? derivative?.argument?.name
      if let derivative, derivative.vectorDependence != .none {
        options.refusesRepeatedEigenvalues = true
      }
    }
    do {
      program = try Program(Listing(formulas), sizes: sizes, options: options)
    } catch {
      throw FrechetError(error)
    }
    self.direction = direction
    self.formulas = formulas.map(\.text)
    notes = typed.notes
  }

  private static func formula(
    _ task: CompilationRequest.Task, of typed: TypedInput
  ) throws(FrechetError) -> (Listing.Formula, Derivative?) {
    var options = DerivativeOptions()
    options.purpose = .computing
    let variable: String
    switch task {
    case .value:
      let value =
        Parts.valueWithSmallInverses(of: typed)
        ?? Listing.Formula(role: .value, input: typed, text: typed.source)
      return (value, nil)
    case .gradient(let x):
      try Parts.requireScalar(typed, task: "gradient", x)
      variable = x
    case .jacobian(let x):
      options.unstructured = true
      variable = x
    case .hessian(let x):
      try Parts.requireScalar(typed, task: "hessian", x)
      options.order = 2
      variable = x
    case .jvp(let x):
      options.form = .differential
      options.unstructured = true
      variable = x
    case .hvp(let x):
      try Parts.requireScalar(typed, task: "hvp", x)
      options.order = 2
      options.form = .operator
      variable = x
    }
    guard let derivative = try Parts.derive(typed, wrt: [variable], options: options).first else {
      throw .derivative("\(variable): there is no derivative with respect to it")
    }
    let input = try Parts.read(derivative.result, of: derivative, in: typed)
    let text = Formula.inputText(derivative.result)
    return (Listing.Formula(role: derivative.role, input: input, text: text), derivative)
  }
}

extension Parts {
  static func requireScalar(
    _ typed: TypedInput, task: String, _ variable: String
  ) throws(FrechetError) {
    let shape = typed.nodes[typed.result].shape
    guard !shape.isScalar else { return }
    throw .derivative(
      "--\(task) \(variable): the input is no scalar; it has the shape \(shape). "
        + "--jacobian would do.")
  }
}
