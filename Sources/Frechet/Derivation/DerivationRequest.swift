import Differentiation

/// Asks whether a derivation on paper is right, line by line.
public struct DerivationRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language: the function.
  public var input: String
  /// The variables of differentiation. A line about the differential has a `dX` for each.
  public var wrt: [String]
  /// Equations, one a line: definitions, chains `df = … = …`, and at last `gradient = …`.
  ///
  /// Left sides are `f`, `df`, `d2f`, `gradient`, `jacobian`, `df/dX`, `∇f`, `hessian`, `∇²f`, names
  /// of the author's and their differentials (`r = A*x - b`, `dr = A*dx`), or any expression. A line
  /// that begins with `=` goes on with the chain; `#` begins a comment.
  public var derivation: String
  public var options: DerivativeOptions
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], derivation: String, declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.derivation = derivation
    self.options = options
    self.timeLimit = timeLimit
  }

  /// Compares each line with the one before, and with the truth.
  ///
  /// Throws where the input is wrong, where a line is no equation in its names, or where the time is
  /// over. A line that does not follow is part of the report.
  public func answer() throws(FrechetError) -> DerivationReport {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      guard options.order == 1 else {
        throw .derivative(
          "--order \(options.order): a derivation says itself what its lines are about; `hessian = …` "
            + "is a line about the second order.")
      }
      let typed = try Parts.read(input, declarations: declarations)
      let known = typed.variables.map(\.name)
      if wrt.isEmpty { throw .variableMissing(in: known) }
      var variables: [Variable] = []
      for name in wrt {
        guard let variable = typed.variables.first(where: { $0.name == name }) else {
          throw FrechetError(.unknownVariable(name, known: known), in: typed)
        }
        variables.append(variable)
      }
      let statements = DerivationStatement.all(in: derivation)
      if statements.isEmpty {
        throw .input("--derivation: there is no line; `df = …` and `gradient = …` would do.")
      }
      var check = DerivationCheck(typed, variables, options, statements, until: deadline)
      let lines = try check.lines()
      return DerivationReport(
        input: input, wrt: wrt, options: options, lines: lines, answer: try check.answer(),
        notes: typed.notes)
    }
  }
}
