import Differentiation
import ExpressionCore
import ExpressionLanguage
import Rewriting

/// What the lines of one derivation share: the names that may stand in them, and the engine that
/// knows the rules.
///
/// Every rule of a line comes from the engine: a rule is its differential, or its adjoint, of
/// stand-ins, spelled, and with the author's expressions in their place.
final class Workbook {
  let input: TypedInput
  let variable: Variable
  /// Whether the input is small enough to be followed line by line.
  let isReadable: Bool
  private static let nodeLimit = 400
  /// Whether the variable's structure is known while deriving.
  let keepsStructure: Bool
  /// The values of definitions that depend on the variable, and of all nodes.
  let values: [Term]
  /// The definitions that depend on the variable, in order.
  let layers: [(name: String, value: Term)]
  let result: Term
  /// Names that lines gave to derivatives on the way.
  private(set) var gradients: [(name: String, value: Term)] = []
  /// Set where a transpose was left out because a matrix is symmetric.
  var usedSymmetry = false
  private let reader: TermReader
  private var symmetric: [String: Bool] = [:]
  private var types: [String: (StructureType, EntrySign)] = [:]
  private var statements: [String: Term?] = [:]

  init(_ input: TypedInput, wrt index: Int, keepsStructure: Bool) {
    self.input = input
    isReadable = input.nodes.count <= Self.nodeLimit
    let declared = input.variables[index]
    self.keepsStructure = keepsStructure
    variable = keepsStructure ? declared : declared.plain
    var reader = TermReader()
    let own = variable
    reader.terms[own.name] = .name(own.name, own.shape, depends: true)
    reader.terms["d" + own.name] = .name("d" + own.name, own.shape, moves: true)
    guard isReadable else {
      values = []
      layers = []
      result = .name(own.name, own.shape, depends: true)
      self.reader = reader
      return
    }
    values = reader.read(input)
    var layers: [(name: String, value: Term)] = []
    for definition in input.definitions {
      let value = values[definition.node]
      guard value.depends else { continue }
      if case .leaf = value.kind { continue }
      layers.append((definition.name, value))
      reader.terms[definition.name] = .name(definition.name, value.shape, depends: true)
      reader.terms["d" + definition.name] = .name(
        "d" + definition.name, value.shape, moves: true)
    }
    self.layers = layers
    let name = input.definitions.last { $0.node == input.result }?.name
    result =
      name.flatMap { name in layers.first { $0.name == name }?.value } ?? values[input.result]
    self.reader = reader
  }

  func addGradient(_ name: String, _ value: Term) {
    gradients.append((name, value))
  }

  /// The differential of the variable.
  var tangent: Term { .name("d" + variable.name, variable.shape, moves: true) }

  func isTarget(_ name: String) -> Bool {
    name == "d" + variable.name || layers.contains { "d" + $0.name == name }
  }

  // MARK: Names

  /// All names as plain variables, so that the engine treats definitions as symbols.
  private func context(_ extra: [Variable] = []) -> TypedInput {
    var variables = input.variables.map { $0.name == variable.name ? variable : $0 }
    var taken = Set(variables.map(\.name))
    func add(_ variable: Variable) {
      if taken.insert(variable.name).inserted { variables.append(variable) }
    }
    for definition in input.definitions {
      let shape = input.nodes[definition.node].shape
      add(Variable(name: definition.name, shape: shape, type: shape.plainType))
    }
    add(Differential.variable(of: variable))
    for (name, value) in layers {
      add(Variable(name: "d" + name, shape: value.shape, type: value.shape.plainType))
    }
    for (name, value) in gradients {
      add(Variable(name: name, shape: value.shape, type: value.shape.plainType))
    }
    extra.forEach(add)
    return TypedInput(
      source: "", variables: variables, nodes: [], definitions: [], result: 0,
      dimensions: input.dimensions, notes: [])
  }

  /// The input with what the lines name besides.
  func read(_ syntax: Syntax, extra: [Variable] = []) -> TypedInput? {
    try? Language.elaborate(SyntaxPrinter.text(of: syntax), in: context(extra))
  }

  /// A piece of text as a term, names replaced.
  func term(_ syntax: Syntax, extra: [Variable] = [], _ replacing: [String: Term] = [:]) -> Term? {
    guard let typed = read(syntax, extra: extra) else { return nil }
    var reader = self.reader
    for (name, term) in replacing { reader.terms[name] = term }
    let values = reader.read(typed)
    return values.indices.contains(typed.result) ? values[typed.result] : nil
  }

  /// The term with the author's names for what he named.
  func named(_ x: Term) -> Term {
    let layer =
      x.name == nil
      ? layers.first { $0.value.size == x.size && $0.value.text == x.text } : nil
    if let layer { return .name(layer.name, x.shape, depends: true) }
    return x.operands.isEmpty ? x : x.mapOperands { named($0) }
  }

  // MARK: Facts

  /// Whether a square matrix equals its transpose, by the engine's inference.
  func isSymmetric(_ x: Term) -> Bool {
    guard x.shape.isSquare, !x.isOpen, x.size < 200 else { return false }
    if let known = symmetric[x.text] { return known }
    var result = false
    if let typed = read(x.syntax) {
      let lowering = Lowering(typed, into: Graph())
      result = lowering.graph.failure == nil && lowering.graph.isSymmetric(lowering.result)
    }
    symmetric[x.text] = result
    return result
  }

  /// What a stand-in for a term may be declared as.
  func type(of x: Term) -> (StructureType, EntrySign) {
    if let known = types[x.text] { return known }
    var result = (x.shape.plainType, EntrySign.any)
    if x.size < 200, let typed = read(x.syntax) {
      let lowering = Lowering(typed, into: Graph())
      let graph = lowering.graph
      let facts = graph.facts(lowering.result)
      if graph.failure == nil {
        if x.shape.isSquare, !x.shape.isScalar, graph.isSymmetric(lowering.result) {
          result.0 = facts.contains(.positiveDefinite) ? .spd : .symmetric
        }
        if facts.contains(.positive) { result.1 = .positive }
      }
    }
    types[x.text] = result
    return result
  }

  /// The shortest equal term that the search finds; nil where the term is too large for it.
  func simplified(_ x: Term) -> Term? {
    guard !x.isOpen, x.size < 400, let typed = read(x.syntax) else { return nil }
    let graph = Graph()
    let lowering = Lowering(typed, into: graph)
    let search = Search(graph, diagonals: .scaling, budget: 3_000)
    let shortest = search.speller.spell(search.simplify(lowering.result))
    guard graph.failure == nil, let plain = term(shortest) else { return nil }
    // With the author's names in it, it may be shorter again: `mean(x) - m` is 0.
    let named = named(plain)
    let term = named === plain ? plain : simplified(named) ?? named
    return term.size < x.size ? term : nil
  }

  // MARK: The engine's rules

  /// The differential of an operation on stand-ins for what varies in it.
  ///
  /// - Parameters:
  ///   - unit: the operation; the parts that vary are `varying`, which occur in it as they are.
  func differential(of unit: Term, varying: [Term], simplified: Bool = true) -> Term? {
    let standIns = StandIns(self, varying: varying)
    let pattern = standIns.pattern(unit)
    let key = standIns.key + pattern.text + (simplified ? "" : " as it is")
    if let known = statements[key] { return known.map { named(standIns.filled($0)) } }
    let statement = statement(pattern, standIns, simplified)
    statements[key] = .some(statement)
    return statement.map { named(standIns.filled($0)) }
  }

  private func statement(
    _ pattern: Term, _ standIns: StandIns, _ simplified: Bool
  ) -> Term? {
    guard let typed = read(pattern.syntax, extra: standIns.variables) else { return nil }
    let graph = Graph()
    let lowering = Lowering(typed, into: graph)
    var seeds: [Expr: Expr] = [:]
    for (standIn, direction) in zip(standIns.moving, standIns.directions) {
      guard let i = typed.variables.firstIndex(where: { $0.name == standIn.name }) else { continue }
      seeds[lowering.variables[i]] = graph.makeSymbol(direction)
    }
    // No differential is that of a constant.
    guard let found = try? .some(graph.differential(of: lowering.result, given: seeds)) else {
      return nil
    }
    let d = found ?? graph.zero(pattern.shape)
    let search = Search(graph, diagonals: .scaling, budget: 2_000)
    let spelled = search.speller.spell(simplified ? search.simplify(d) : d)
    guard graph.failure == nil else { return nil }
    return term(spelled, extra: standIns.variables + standIns.directions, standIns.terms)
  }

  /// The cotangent of what varies in a linear operation, given that of its result.
  func adjoint(of operation: Term, cotangent: Term, moving: Term) -> Term? {
    let standIns = StandIns(self, varying: [moving])
    let pattern = standIns.pattern(operation)
    guard let typed = read(pattern.syntax, extra: standIns.variables),
      let i = typed.variables.firstIndex(where: { $0.name == standIns.moving[0].name })
    else { return nil }
    let graph = Graph()
    let lowering = Lowering(typed, into: graph)
    let incoming = Variable(
      name: standIns.cotangentName, shape: operation.shape, type: operation.shape.plainType)
    let g = graph.makeSymbol(incoming)
    let target = lowering.variables[i]
    guard
      let pulled = try? graph.pullback(of: lowering.result, cotangent: g, to: [target])[target]
    else { return nil }
    let search = Search(graph, diagonals: .scaling, budget: 2_000)
    let spelled = search.speller.spell(search.simplify(pulled))
    guard graph.failure == nil,
      let term = term(spelled, extra: standIns.variables + [incoming], standIns.terms)
    else { return nil }
    return named(standIns.filled(term, [incoming.name: cotangent]))
  }

  /// J with `vec(term) = J*vec(dX)` for a term that is linear in one differential.
  func jacobian(of term: Term, by name: String) -> Term? {
    guard let typed = read(term.syntax),
      let i = typed.variables.firstIndex(where: { $0.name == name })
    else { return nil }
    let graph = Graph()
    let lowering = Lowering(typed, into: graph)
    guard let j = graph.identified(lowering.result, by: lowering.variables[i]),
      graph.failure == nil
    else { return nil }
    return self.term(Speller(graph, diagonals: .matrix).spell(j))
  }
}

extension Shape {
  var plainType: StructureType { isScalar ? .scalar : isVector ? .vector : isRow ? .row : .matrix }
}

extension Variable {
  /// The same with nothing known of its structure.
  var plain: Variable { Variable(name: name, shape: shape, type: shape.plainType, sign: sign) }
}
