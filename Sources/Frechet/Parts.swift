import Checking
import Differentiation
import Emission
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Rewriting

/// Where the library calls the parts below it, and where their errors become its own.
enum Parts {
  static func read(
    _ source: String, declarations: [String]
  ) throws(FrechetError) -> TypedInput {
    do {
      return try Language.elaborate(source, declarations: declarations)
    } catch {
      throw .input(error.description)
    }
  }

  /// A result as an input of its own: in the variables of `input` and, where the form has one, in
  /// the direction that it is linear in.
  static func read(
    _ spelling: Spelling, of derivative: Derivative, in input: TypedInput
  ) throws(FrechetError) -> TypedInput {
    let text = Formula.inputText(spelling)
    let differentials =
      derivative.form == .differential
      ? [derivative.wrt] + (derivative.secondWrt.map { [$0] } ?? []) : []
    var extra: [Variable] = []
    if derivative.form == .operator, let direction = derivative.argument,
      let variable = input.variables.first(where: { $0.name == direction.like })
    {
      let type = Differential.type(of: variable.type)
      extra.append(Variable(name: direction.name, shape: variable.shape, type: type))
    }
    do {
      return try Language.elaborate(
        text, in: input, extra: extra, differentials: differentials)
    } catch {
      throw .derivative("the answer cannot be read back: \(text)\n\(error.description)")
    }
  }

  static func derive(
    _ input: TypedInput, wrt: [String], options: DerivativeOptions
  ) throws(FrechetError) -> [Derivative] {
    do {
      return try Differentiation.derive(input, wrt: wrt, options: options)
    } catch {
      throw FrechetError(error, in: input)
    }
  }

  static func deriveBlock(
    _ input: TypedInput, rows: String, columns: String, options: DerivativeOptions
  ) throws(FrechetError) -> Derivative {
    do {
      return try Differentiation.deriveBlock(
        input, rows: rows, columns: columns, options: options)
    } catch {
      throw FrechetError(error, in: input)
    }
  }

  /// An expression in the names of `input` and in directions, simplified; nil where the result is
  /// longer than a reader would want to see.
  static func simplified(
    _ tree: Syntax, in input: TypedInput, _ directions: [Direction], limit: Int = 40
  ) -> Formula? {
    guard let spelling = shorter(tree, in: input, directions), spelling.size <= limit else {
      return nil
    }
    return Formula(RenderedSpelling(spelling, scope: NameScope(input), text: text))
  }

  /// The shortest notation of such an expression that the search finds.
  static func shorter(
    _ tree: Syntax, in input: TypedInput, _ directions: [Direction]
  ) -> Spelling? {
    let text = SyntaxPrinter.text(of: tree)
    let extra = directions.map(\.asVariable)
    guard let typed = try? Language.elaborate(text, in: input, extra: extra) else { return nil }
    let graph = Graph()
    let lowering = Lowering(typed, into: graph)
    let search = Search(
      graph, diagonals: typed.nodes[typed.result].shape.isVector ? .scaling : .matrix)
    let body = search.speller.spell(search.simplify(lowering.result))
    guard graph.failure == nil else { return nil }
    return Spelling(shape: graph.shape(lowering.result), body: body)
  }

  static func text(_ tree: Syntax) -> String { SyntaxPrinter.text(of: tree) }

  /// Data for a name that the input lacks are a mistake.
  static func evaluate(
    _ input: TypedInput, _ data: [String: Matrix], limit: MemoryLimit = .standard
  ) throws(FrechetError) -> Evaluation {
    try evaluate(input, data, EvaluationOptions(), limit)
  }

  /// The formula of a derivative, which need not exist where the value does, nor use all variables.
  static func evaluate(
    _ formula: TypedInput, of derivative: Derivative, _ data: [String: Matrix],
    limit: MemoryLimit = .standard
  ) throws(FrechetError) -> Evaluation {
    let own = data.filter { name, _ in formula.variables.contains { $0.name == name } }
    return try evaluate(formula, own, EvaluationOptions(of: derivative), limit)
  }

  private static func evaluate(
    _ input: TypedInput, _ data: [String: Matrix], _ options: EvaluationOptions,
    _ limit: MemoryLimit
  ) throws(FrechetError) -> Evaluation {
    var options = options
    options.maximumEntries = limit.entries
    do {
      let evaluation = try Evaluator(input, options: options).evaluate(data)
      guard !evaluation.result.allFinite else { return evaluation }
      // Once more, to say where that comes from.
      options.tracksFiniteness = true
      return try Evaluator(input, options: options).evaluate(data)
    } catch {
      if case .tooLarge = error { throw .sizeLimit("\(error). --memory-limit allows more.") }
      throw FrechetError(error)
    }
  }
}

extension EvaluationOptions {
  /// What a derivative refuses: vectors that are not unique, and ranks that drop.
  init(of derivative: Derivative) {
    self.init()
    refusedRepetitions =
      switch derivative.vectorDependence {
      case .none: .none
      case .onColumns: .ofColumns
      case .onAll: .all
      }
    refusesZeroSingularValues = true
    differentiated = Set([derivative.wrt, derivative.secondWrt].compactMap { $0 })
  }
}
