import ExpressionCore

/// Turns syntax into a tape: resolves names, overloads and shapes.
struct Elaborator {
  static let mostErrors = 8

  let input: ParsedInput
  /// With the text that each stands in.
  let declarations: [(ParsedInput, ParsedInput.Declaration)]
  /// With the text that each stands in.
  let assumptions: [(ParsedInput, ParsedInput.Assumption)]
  let context: TypedInput?
  /// Types that stand in for those by first letter, to find out what a declaration would mend.
  let overrides: [String: StructureType]

  var survey = Survey()
  var scope = Scope()
  var solver: ShapeSolver
  private(set) var definitions: [TypedInput.Definition] = []
  private var statementIndex = 0
  /// Nodes of the context's tape that were copied.
  var copies: [Int: Int] = [:]

  init(
    _ input: ParsedInput, declarations: [ParsedInput] = [], extra: [Variable] = [],
    context: TypedInput? = nil, overrides: [String: StructureType] = [:]
  ) {
    self.input = input
    self.context = context
    self.overrides = overrides
    self.declarations = (declarations + [input]).flatMap { text in
      text.declarations.map { (text, $0) }
    }
    assumptions = (declarations + [input]).flatMap { text in
      text.assumptions.map { (text, $0) }
    }
    solver = ShapeSolver(source: input.source)
    for text in declarations + [input] { survey.add(text) }
    for (index, statement) in input.statements.enumerated() {
      if case .definition(let definition) = statement,
        scope.definedAt[definition.name] == nil
      {
        scope.definedAt[definition.name] = index
      }
    }
    if let context {
      context.dimensions.forEach { scope.addDimension($0) }
      context.variables.forEach { give($0, as: .declared) }
    }
    extra.forEach { give($0, as: .given) }
    declareAll()
    solver.sizeOrder = context?.sizeOrder ?? knownOrder()
    solver.namesInUse = survey.names.union(scope.dimensions).union(scope.declaredNames)
    // The variables of a context keep their places.
    if context != nil { scope.declaredNames.forEach { _ = variable(declared: $0) } }
  }

  private mutating func give(_ variable: Variable, as origin: DraftVariable.Origin) {
    guard scope.declared[variable.name] == nil else { return }
    for dim in [variable.shape.rows, variable.shape.columns] {
      dim.names.forEach { scope.addDimension($0) }
    }
    scope.declared[variable.name] = Scope.Declared(
      type: variable.type, sign: variable.sign,
      shape: ExtentShape(
        rows: .fixed(variable.shape.rows), columns: .fixed(variable.shape.columns)),
      origin: origin, source: "", range: 0..<0)
    scope.declaredNames.append(variable.name)
  }

  // MARK: Statements

  /// The tape, or all that is wrong.
  mutating func elaborate() throws(Diagnostics) -> TypedInput {
    var result: Int?
    let last = input.statements.lastIndex { statement in
      switch statement {
      case .declaration, .assumption: false
      case .definition, .expression: true
      }
    }
    for (index, statement) in input.statements.enumerated() {
      statementIndex = index
      if solver.errors.count >= Self.mostErrors { break }
      switch statement {
      case .declaration, .assumption: continue
      case .definition(let definition): define(definition)
      case .expression(let syntax):
        let node = elaborate(syntax)
        if index == last {
          result = node
        } else {
          report(
            .severalResults, at: syntax.range,
            "Name it, as in y = …, or end the input with it.")
        }
      }
    }
    guard let result else {
      if solver.errors.isEmpty { reportMissingResult(last) }
      throw diagnostics()
    }
    solver.solve()
    checkScalars()
    if solver.unifier.isExceeded { report(.sizesTooLarge, at: input.result?.range) }
    if !solver.errors.isEmpty { throw diagnostics() }
    var typed = finished(result)
    typed.sizeOrder = try sizeOrder(of: typed)
    return typed
  }

  private mutating func reportMissingResult(_ last: Int?) {
    let end = input.source.utf8.count
    guard let last, case .definition(let definition) = input.statements[last] else {
      return report(.empty, at: 0..<end, "An input ends in an expression, such as x'*A*x.")
    }
    report(
      .missingResult, at: definition.nameRange,
      "End it with an expression, such as ; \(definition.name).")
  }

  private mutating func define(_ definition: ParsedInput.Definition) {
    let name = definition.name
    let node = elaborate(definition.value)
    if FunctionTable.isReserved(name) {
      return report(.reservedName(name), at: definition.nameRange, Self.renaming(name))
    }
    if scope.definedAt[name] != statementIndex {
      return report(.definedTwice(name), at: definition.nameRange, "Choose another name.")
    }
    if scope.dimensions.contains(name) {
      return report(.dimensionAndVariable(name), at: definition.nameRange)
    }
    if let declared = scope.declared[name] {
      if context != nil, declared.origin == .declared {
        return report(.redefinedInput(name), at: definition.nameRange, "Choose another name.")
      }
      if declared.origin == .declared { check(definition, declared, node) }
    }
    let size = try? self.size(definition.value)
    scope.definitions[name] = Scope.Definition(node: node, size: size)
    definitions.append(TypedInput.Definition(name: name, node: node))
  }

  /// A definition that is also declared must have the declared shape.
  private mutating func check(
    _ definition: ParsedInput.Definition, _ declared: Scope.Declared, _ node: Int
  ) {
    let value = solver.drafts[node].shape
    guard !solver.drafts[node].isPoisoned else { return }
    if solver.agree(declared.shape.rows, value.rows, at: node),
      solver.agree(declared.shape.columns, value.columns, at: node)
    {
      return
    }
    report(
      .declarationMismatch(
        definition.name, declared: solver.shown(declared.shape), value: solver.shown(value)),
      at: definition.nameRange)
  }

  /// An undeclared vector or matrix never shrinks to 1×1.
  private mutating func checkScalars() {
    for variable in solver.variables where variable.origin == .undeclared {
      guard variable.type != .scalar, solver.isOne(variable.shape.rows),
        solver.isOne(variable.shape.columns)
      else { continue }
      let node = solver.drafts.firstIndex { draft in
        guard case .variable(let index) = draft.operation else { return false }
        return solver.variables[index].name == variable.name
      }
      report(
        .shrinksToScalar(variable.name), at: node.flatMap { solver.drafts[$0].range },
        "Declare \(variable.name): scalar.")
    }
  }

  mutating func report(_ problem: Problem, at range: Range<Int>?, _ suggestion: String? = nil) {
    solver.errors.append(
      Diagnostic(problem, in: input.source, at: range ?? 0..<0, suggestion: suggestion))
  }

  private func diagnostics() -> Diagnostics {
    let errors = solver.errors.prefix(Self.mostErrors)
    guard let first = errors.first else {
      return Diagnostics(Diagnostic(.empty, in: input.source, at: 0..<0))
    }
    return Diagnostics(first, Array(errors.dropFirst()))
  }
}
