extension RandomInput {
  /// A small input that fails in the same way.
  public func shrunk(
    tries: Int = 400, while fails: (RandomInput) -> Bool
  ) -> RandomInput {
    var current = self
    var left = tries
    var improved = true
    while improved, left > 0 {
      improved = false
      for candidate in current.smaller {
        left -= 1
        if left == 0 { break }
        if fails(candidate) {
          current = candidate
          improved = true
          break
        }
      }
    }
    return current
  }

  /// Smaller inputs, the boldest first.
  var smaller: [RandomInput] {
    var result: [RandomInput] = []
    func add(_ change: (inout RandomInput) -> Void) {
      var copy = self
      change(&copy)
      result.append(copy)
    }
    for (i, definition) in definitions.enumerated() {
      add { copy in
        copy.definitions.remove(at: i)
        copy.body = copy.body.replacing(definition.name, with: definition.term)
        for j in copy.definitions.indices {
          copy.definitions[j].term = copy.definitions[j].term.replacing(
            definition.name, with: definition.term)
        }
      }
    }
    if options.order == 1 {
      for part in body.all.dropFirst().sorted(by: { $0.count < $1.count }) where part.count > 1 {
        add { $0.body = part }
      }
    }
    for term in body.reduced(leaves) { add { $0.body = term } }
    for (i, definition) in definitions.enumerated() {
      for term in definition.term.reduced(leaves) { add { $0.definitions[i].term = term } }
    }
    if options.form != .auto { add { $0.options.form = .auto } }
    if options.layout != .denominator { add { $0.options.layout = .denominator } }
    if options.unstructured { add { $0.options.unstructured = false } }
    if options.symmetric != .projected { add { $0.options.symmetric = .projected } }
    if options.metric != .euclidean { add { $0.options.metric = .euclidean } }
    let used = names
    for (i, declaration) in declarations.enumerated() where used.contains(declaration.name) {
      let plain = declaration.shape.plainType
      if declaration.type != plain { add { $0.declarations[i].type = plain } }
    }
    return result.sorted { $0.weight < $1.weight }.filter { $0.weight < weight }
  }

  private var weight: Int {
    let plain = declarations.count { $0.type != $0.shape.plainType && names.contains($0.name) }
    let changed = [
      options.form != .auto, options.layout != .denominator, options.unstructured,
      options.symmetric != .projected, options.metric != .euclidean,
    ].count { $0 }
    let terms = definitions.reduce(body.count) { $0 + $1.term.count + 1 }
    return 20 * terms + 2 * plain + changed + names.count
  }

  /// What can stand in for a term of a shape.
  private func leaves(_ shape: RandomShape) -> [RandomTerm] {
    var result = declarations.filter { $0.shape == shape }.map { RandomTerm.atom($0.name, shape) }
    if shape.isScalar { result.append(.atom("2", shape)) }
    if !shape.isScalar { result.append(.atom("ones(\(shape.rows),\(shape.columns))", shape)) }
    return result
  }
}

extension RandomTerm {
  /// It with one of its parts replaced by something smaller of the same shape.
  func reduced(_ leaves: (RandomShape) -> [RandomTerm]) -> [RandomTerm] {
    var result: [RandomTerm] = []
    if kind != .atom {
      result += all.dropFirst().filter { $0.shape == shape }
      result += leaves(shape)
    }
    for (i, part) in parts.enumerated() {
      for smaller in part.reduced(leaves) {
        var parts = parts
        parts[i] = smaller
        result.append(RandomTerm(kind, shape, pieces, parts))
      }
    }
    return result
  }
}
