import ExpressionCore

/// What a name stands for.
extension Elaborator {
  /// A node for a name, or nil after a report.
  mutating func name(_ name: String, at range: Range<Int>?) -> Int? {
    if let definition = scope.definitions[name] { return definition.node }
    if scope.definedAt[name] != nil, scope.declared[name]?.origin != .given {
      report(.usedBeforeDefinition(name), at: range)
      return nil
    }
    if let index = variable(declared: name) { return variableNode(index, range) }
    if scope.dimensions.contains(name) {
      return solver.append(.dimension(.name(name)), shape: .scalar, range: range)
    }
    if name == "pi" { return solver.append(.pi, shape: .scalar, range: range) }
    if name == "eye" { return solver.apply(.eye, [], range: range) }
    if FunctionTable.contains(name) {
      let usage = FunctionTable.primitive(named: name)?.signature.usage(of: name) ?? name
      report(.functionWithoutArguments(name), at: range, "Write \(usage).")
      return nil
    }
    if let copied = copyDefinition(name) { return copied }
    if let context {
      let near = NearestName.find(for: name, among: scope.knownNames)
      let known = context.variables.prefix(12).map(\.name).joined(separator: ", ")
      let names = known.isEmpty ? nil : "The input has \(known)."
      report(.unknownName(name), at: range, near.map { "Did you mean \($0)?" } ?? names)
      return nil
    }
    return variableNode(undeclared(name), range)
  }

  private mutating func variableNode(_ index: Int, _ range: Range<Int>?) -> Int {
    solver.append(.variable(index), shape: solver.variables[index].shape, range: range)
  }

  mutating func variable(declared name: String) -> Int? {
    if let index = scope.variableIndex[name] { return index }
    guard let declared = scope.declared[name] else { return nil }
    return add(
      DraftVariable(
        name: name, type: declared.type, sign: declared.sign, shape: declared.shape,
        origin: declared.origin))
  }

  private mutating func add(_ variable: DraftVariable) -> Int {
    solver.variables.append(variable)
    scope.variableIndex[variable.name] = solver.variables.count - 1
    return solver.variables.count - 1
  }

  private mutating func undeclared(_ name: String) -> Int {
    if overrides[name] == nil, let index = differential(name) { return index }
    let type = overrides[name] ?? survey.standardType(of: name)
    return add(
      DraftVariable(
        name: name, type: type, sign: .any, shape: shape(of: type, sizes: []),
        origin: .undeclared))
  }

  /// `dX` has the shape of the variable `X` of the input.
  private mutating func differential(_ name: String) -> Int? {
    let base = String(name.dropFirst())
    guard name.first == "d", survey.names.contains(base), !base.isEmpty,
      scope.definedAt[base] == nil, !scope.dimensions.contains(base),
      !FunctionTable.isReserved(base)
    else { return nil }
    let index = variable(declared: base) ?? scope.variableIndex[base] ?? undeclared(base)
    let variable = solver.variables[index]
    return add(
      DraftVariable(
        name: name, type: Differential.type(of: variable.type), sign: .any,
        shape: variable.shape, origin: .given))
  }

  // MARK: Context

  /// A definition of the context: its part of the tape is copied.
  private mutating func copyDefinition(_ name: String) -> Int? {
    guard let context, let definition = context.definitions.last(where: { $0.name == name })
    else { return nil }
    var needed: Set<Int> = [definition.node]
    for index in stride(from: definition.node, through: 0, by: -1) where needed.contains(index) {
      needed.formUnion(context.nodes[index].operands)
    }
    for index in needed.sorted() where copies[index] == nil {
      let node = context.nodes[index]
      let shape = ExtentShape(
        rows: .fixed(node.shape.rows), columns: .fixed(node.shape.columns))
      copies[index] = solver.append(
        node.operation, node.operands.compactMap { copies[$0] }, parameters: node.parameters,
        shape: shape, range: nil)
    }
    return copies[definition.node]
  }
}
