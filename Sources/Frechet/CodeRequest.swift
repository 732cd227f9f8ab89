import CodeGeneration
import Differentiation
import ExpressionLanguage
import Planning

/// Asks for a program that computes a value and its derivatives.
public struct CodeRequest: Sendable {
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variables of differentiation; with none, the program computes the value alone.
  public var wrt: [String]
  /// Of order 2, gradients come along with the blocks of the Hessian.
  public var options: DerivativeOptions
  public var target: TargetName
  /// Appends a check of the derivatives against differences at random data.
  public var selfTest = false
  /// Appends a measurement of the time of a call.
  public var benchmark = false
  /// Sizes of dimensions, for targets whose programs are for given sizes.
  public var sizes: [String: Int] = [:]
  /// Checks the formulas numerically before they are written down.
  public var verify = true
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], target: TargetName, declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.options = options
    self.target = target
    self.timeLimit = timeLimit
  }

  /// The program's text.
  ///
  /// Throws where the input is wrong, where there is no derivative, where the target lacks an
  /// operation, where a formula fails its verification, or where the time is over.
  public func answer() throws(FrechetError) -> String { try program().text }

  /// The program with what one has to know to call it, and the formulas that it computes.
  ///
  /// Throws as `answer` does.
  public func program() throws(FrechetError) -> GeneratedProgram {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      if wrt.isEmpty { throw .variableMissing(in: typed.variables.map(\.name)) }
      var formulas: [Listing.Formula] = []
      var likes: [String?] = []
      for derivative in try derivatives(of: typed) {
        try deadline?.check()
        if formulas.isEmpty { formulas.append(try value(derivative, of: typed)) }
        formulas.append(try formula(derivative, of: typed))
        likes.append(derivative.argument?.like)
      }
      likes.insert(nil, at: 0)
      return try program(
        formulas.withOwnDirections(likes, of: typed), likes: likes, of: typed, deadline)
    }
  }

  private func program(
    _ formulas: [Listing.Formula], likes: [String?], of typed: TypedInput, _ deadline: Deadline?
  ) throws(FrechetError) -> GeneratedProgram {
    var request = ProgramRequest(
      Listing(formulas), source: typed.source, layout: options.layout.rawValue,
      selfTest: selfTest, sizes: sizes)
    request.benchmark = benchmark
    if selfTest || benchmark { request.sample = try ProgramSample(formulas, likes: likes, options) }
    if let value = formulas.first { request.rules = try rules(of: typed, value, deadline) }
    do {
      return GeneratedProgram(
        text: try request.program(in: target), interface: request.interface, formulas: formulas)
    } catch {
      throw .unsupported(error)
    }
  }

  func formulas(
    _ options: DerivativeOptions, of typed: TypedInput, wrt: [String]? = nil
  ) throws(FrechetError) -> [Listing.Formula] {
    var formulas: [Listing.Formula] = []
    for derivative in try Parts.derive(typed, wrt: wrt ?? self.wrt, options: options) {
      formulas.append(try formula(derivative, of: typed))
    }
    return formulas
  }

  private func derivatives(of typed: TypedInput) throws(FrechetError) -> [Derivative] {
    guard options.order == 2, options.form != .operator else {
      return try Parts.derive(typed, wrt: wrt, options: options)
    }
    var first = options
    first.order = 1
    return try Parts.derive(typed, wrt: wrt, options: first)
      + Parts.derive(typed, wrt: wrt, options: options)
  }

  private func value(
    _ derivative: Derivative, of typed: TypedInput
  ) throws(FrechetError) -> Listing.Formula {
    // The engine's notation of log(det(A)) has a value where the determinant is negative, too.
    if typed.hasLogarithmOfDeterminant, let own = typed.authorsSpelling {
      return Listing.Formula(role: .value, input: typed, text: Formula.inputText(own))
    }
    let text = Formula.inputText(derivative.value)
    do {
      return Listing.Formula(
        role: .value, input: try Language.elaborate(text, in: typed), text: text)
    } catch {
      throw .derivative("the value cannot be read back: \(text)\n\(error.description)")
    }
  }

  func formula(
    _ derivative: Derivative, of typed: TypedInput
  ) throws(FrechetError) -> Listing.Formula {
    let input = try Parts.read(derivative.result, of: derivative, in: typed)
    let text = Formula.inputText(derivative.result)
    if verify, !derivative.verified(input, of: typed).passed {
      throw .derivative("\(text): the derivative is not verified")
    }
    return Listing.Formula(role: derivative.role, input: input, text: text)
  }
}

/// A program for a value and its derivatives.
public struct GeneratedProgram: Sendable {
  public let text: String
  public let interface: ProgramInterface
  /// What each output computes, in the order of the outputs.
  public let formulas: [Listing.Formula]
}

extension Derivative {
  /// What a program calls the result.
  var role: Listing.Role {
    if let argument { return .product(wrt, direction: argument.name) }
    switch kind {
    case .gradient: return .gradient(wrt)
    case .derivative: return .derivative(wrt)
    case .jacobian: return .jacobian(wrt)
    case .hessian: return .hessian(wrt, secondWrt ?? wrt)
    }
  }
}

extension TypedInput {
  /// Whether the logarithm of a determinant is in it.
  fileprivate var hasLogarithmOfDeterminant: Bool {
    nodes.contains { node in
      node.operation == .primitive(.log)
        && node.operands.contains { nodes[$0].operation == .primitive(.det) }
    }
  }
}
