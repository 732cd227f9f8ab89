import Checking
import Differentiation
import ExpressionCore
import ExpressionLanguage

/// The names that the lines of a derivation may use, and what is true of them.
struct DerivationScope {
  let typed: TypedInput
  let variables: [Variable]
  let options: DerivativeOptions
  /// The names that stand for the function.
  private(set) var aliases: Set<String>
  /// The author's, in order; a differential among them is `dr` for the definition `r`.
  private var definitions: [(name: String, text: String)] = []

  /// An answer that is longer says nothing that a line could be compared with.
  private static let largestSize = 2_000

  init(
    _ typed: TypedInput, _ variables: [Variable], _ options: DerivativeOptions,
    aliases: Set<String>
  ) {
    self.typed = typed
    self.variables = variables
    self.options = options
    self.aliases = aliases
  }

  /// One more name for the function.
  mutating func addAlias(_ name: String) { aliases.insert(name) }

  var directions: [Direction] { variables.map(Direction.init(differentialOf:)) }

  // MARK: Names

  func isDefined(_ name: String) -> Bool {
    definitions.contains { $0.name == name } || typed.definitions.contains { $0.name == name }
  }

  func isVariable(_ name: String) -> Bool { typed.variables.contains { $0.name == name } }

  mutating func define(_ name: String, _ text: String) {
    definitions.removeAll { $0.name == name }
    definitions.append((name, text))
  }

  /// An expression of the lines with the definitions that it uses, as one text of the language.
  ///
  /// A `dr` that nobody stated is the true differential of `r`, and so is `d(…)` of an expression.
  mutating func source(_ expression: String) throws(FrechetError) -> String {
    let parsed: ParsedInput
    do {
      parsed = try ParsedInput(expression)
    } catch {
      throw .input(error.description)
    }
    var used = parsed.result?.names ?? []
    for definition in parsed.definitions { used.formUnion(definition.value.names) }
    for name in used.sorted() { try supply(name) }
    var text = expression
    if let tree = parsed.result, parsed.definitions.isEmpty, !isDefined("d"), !isVariable("d"),
      let new = try withoutDifferentials(tree)
    {
      text = SyntaxPrinter.text(of: new)
      used.formUnion(new.names)
    }
    var prefix: [String] = []
    for definition in definitions.reversed() where used.contains(definition.name) {
      prefix.append("\(definition.name) = \(definition.text)")
      used.formUnion((try? ParsedInput(definition.text))?.result?.names ?? [])
    }
    return (prefix.reversed() + [text]).joined(separator: "; ")
  }

  /// The tree with each `d(…)` worked out; nil where it has none.
  private mutating func withoutDifferentials(_ tree: Syntax) throws(FrechetError) -> Syntax? {
    if case .call("d", let arguments) = tree.kind, arguments.count == 1 {
      let source = try source(SyntaxPrinter.text(of: arguments[0]))
      guard let text = try differential(ofTape: tape(source)) else { return nil }
      return (try? ParsedInput(text))?.result
    }
    guard tree.depth < 200 else { return nil }
    var operands = tree.operands
    var isChanged = false
    for (place, operand) in operands.enumerated() {
      guard let new = try withoutDifferentials(operand) else { continue }
      operands[place] = new
      isChanged = true
    }
    return isChanged ? tree.withOperands(operands) : nil
  }

  private mutating func supply(_ name: String) throws(FrechetError) {
    guard !isDefined(name), !isVariable(name), !typed.dimensions.contains(name),
      !directions.contains(where: { $0.name == name })
    else { return }
    if aliases.contains(name), let value = try value(of: name) {
      define(name, value)
    } else if name.first == "d" {
      let base = String(name.dropFirst())
      guard isDefined(base) || aliases.contains(base), let text = try differential(of: base) else {
        return
      }
      define(name, text)
    }
  }

  // MARK: Truth

  /// The function, or what a name was defined as.
  func value(of name: String) throws(FrechetError) -> String? {
    if isDefined(name) { return name }
    guard aliases.contains(name), let spelling = typed.authorsSpelling else { return nil }
    return inlined(Formula.inputText(spelling))
  }

  /// The tape of a name: of the function, or of a definition.
  private func tape(of name: String) throws(FrechetError) -> TypedInput? {
    if !isDefined(name) { return aliases.contains(name) ? typed : nil }
    var scope = self
    return try tape(try scope.source(name))
  }

  private func tape(_ source: String) throws(FrechetError) -> TypedInput {
    do {
      return try Language.elaborate(source, in: typed, extra: directions.map(\.asVariable))
    } catch {
      throw .input(error.description)
    }
  }

  /// The total differential, in the directions of all variables.
  func differential(of name: String) throws(FrechetError) -> String? {
    guard let tape = try tape(of: name) else { return nil }
    return try differential(ofTape: tape)
  }

  private func differential(ofTape tape: TypedInput) throws(FrechetError) -> String? {
    var terms: [String] = []
    for variable in variables {
      var options = DerivativeOptions()
      options.form = .differential
      guard let term = try derived(tape, variable.name, options) else { return nil }
      terms.append("(\(term))")
    }
    return terms.joined(separator: " + ")
  }

  /// The second differential of a scalar in one variable: `sum(dX.*H[dX])`.
  func secondDifferential(of name: String) throws(FrechetError) -> String? {
    guard let tape = try tape(of: name), variables.count == 1 else { return nil }
    var options = DerivativeOptions()
    options.order = 2
    options.form = .operator
    guard let product = try derived(tape, variables[0].name, options) else { return nil }
    let direction = Differential.name(of: variables[0].name)
    return "V = \(direction); sum(\(direction).*(\(product)))"
  }

  func derivative(of name: String, by variable: String, order: Int) throws(FrechetError) -> String?
  {
    guard let tape = try tape(of: name) else { return nil }
    var options = options
    options.order = order
    options.form = .auto
    return try derived(tape, variable, options)
  }

  /// What the derivative is if a differential, a line of the author's, is taken for right: that of
  /// the line, which is linear in `dX`, with respect to `dX`.
  func derivative(identifiedFrom line: String, by variable: String) throws(FrechetError) -> String?
  {
    let type = variables.first { $0.name == variable }?.type
    let extra = directions.map(\.asVariable)
    guard var tape = try? Language.elaborate(line, in: typed, extra: extra) else { return nil }
    let name = Differential.name(of: variable)
    guard let index = tape.variables.firstIndex(where: { $0.name == name }) else { return nil }
    switch type {
    // On a manifold the gradient depends on the point, which the line does not know.
    case nil, .orthogonal, .stiefel, .spd: return nil
    case .symmetric, .psd, .skew, .diagonal, .lower, .upper:
      if let type {
        let shape = tape.variables[index].shape
        tape.variables[index] = Variable(name: name, shape: shape, type: type)
      }
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: break
    }
    var options = options
    options.form = .auto
    return try derived(tape, name, options)
  }

  /// As one expression; nil where there is none.
  private func derived(
    _ tape: TypedInput, _ name: String, _ options: DerivativeOptions
  ) throws(FrechetError) -> String? {
    do {
      return try Parts.derive(tape, wrt: [name], options: options).first
        .flatMap { inlined(Formula.inputText($0.result)) }
    } catch {
      switch error {
      case .derivative: return nil
      case .input, .unsupported, .evaluation, .implementation, .callLimit, .timeLimit,
        .sizeLimit:
        throw error
      }
    }
  }

  private func inlined(_ text: String) -> String? {
    (try? ParsedInput(text))?.inlined(limit: Self.largestSize).map { SyntaxPrinter.text(of: $0) }
  }
}
