import ExpressionCore

/// The tape with its shapes, once all is known.
extension Elaborator {
  mutating func finished(_ result: Int) -> TypedInput {
    for name in scope.declaredNames where scope.definitions[name] == nil {
      _ = variable(declared: name)
    }
    var namer = DimensionNamer(solver)
    let variables = solver.variables.map {
      Variable(name: $0.name, shape: namer.shape($0.shape), type: $0.type, sign: $0.sign)
    }
    let nodes = solver.drafts.map {
      TypedInput.Node(
        $0.operation, $0.operands, parameters: $0.operation.keepsParameters ? $0.parameters : [],
        shape: namer.shape($0.shape), range: $0.range)
    }
    let dimensions = scope.dimensionNames + namer.given
    return TypedInput(
      source: input.source, variables: variables, nodes: nodes, definitions: definitions,
      result: result, dimensions: dimensions, notes: notes(variables, nodes))
  }

  private func notes(_ variables: [Variable], _ nodes: [TypedInput.Node]) -> [String] {
    var seen: Set<Int> = []
    var notes: [String] = []
    for spreading in solver.spreadings where seen.insert(spreading.variable).inserted {
      let name = variables[spreading.variable].name
      let shape = nodes[spreading.over].shape
      var mends = ["`\(Mending.declaration(of: name, shape: shape))`"]
      if !shape.isVector, !shape.isRow {
        mends = ["`\(name): row(\(shape.columns))`", "`\(name): vector(\(shape.rows))`"] + mends
      }
      let declaration =
        mends.dropLast().joined(separator: ", ")
        + (mends.count > 1 ? " or " : "") + (mends.last ?? "")
      notes.append("\(name) was read as a scalar; declare \(declaration) if it is none")
    }
    for (variable, draft) in zip(variables, solver.variables)
    where draft.origin == .undeclared && draft.type == .matrix && !variable.shape.isScalar {
      guard variable.shape.isRow || variable.shape.isVector else { continue }
      let mend = Mending.declaration(of: variable.name, shape: variable.shape)
      notes.append(
        "\(variable.name) was read as \(variable.shape); declare `\(mend)` if it is that")
    }
    return notes
  }
}

extension TypedInput.Operation {
  /// `eye`, `ones` and `zeros` say their sizes by their shape.
  fileprivate var keepsParameters: Bool {
    switch self {
    case .primitive(.eye), .primitive(.ones), .primitive(.zeros): false
    case .primitive, .variable, .number, .pi, .dimension: true
    }
  }
}
