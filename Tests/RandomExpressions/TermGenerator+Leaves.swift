extension TermGenerator {
  /// A variable, a definition or a constant.
  mutating func leaf(_ shape: RandomShape, _ range: Range) -> RandomTerm {
    if range == .any, chance(0.4),
      let known = definitions.filter({ $0.term.shape == shape }).randomElement(using: &random)
    {
      return .atom(known.name, shape)
    }
    if range != .bounded, chance(0.15) { return constant(shape, range) }
    let known = declarations.filter {
      $0.shape == shape && (range == .any || $0.range == .positive)
    }
    if let variable = known.randomElement(using: &random), declarations.count > 5 || chance(0.7) {
      return wrapped(.atom(variable.name, shape), range)
    }
    return wrapped(.atom(declare(shape, range), shape), range)
  }

  private func wrapped(_ term: RandomTerm, _ range: Range) -> RandomTerm {
    range == .bounded ? .call("tanh", [term], term.shape) : term
  }

  private mutating func constant(_ shape: RandomShape, _ range: Range) -> RandomTerm {
    if shape.isScalar {
      let sizes = sizes.filter { $0.literal == nil }
      if let size = sizes.first, chance(0.2) { return .atom(size.description, shape) }
      return .atom(pick(["2", "3", "0.5", "1.5", "pi", "1", "0.1", "1/3", "7"]), shape)
    }
    if shape.isSquare, range == .any, chance(0.6) { return .atom("eye(\(shape.rows))", shape) }
    if shape.isVector, range == .any, chance(0.3) {
      return .atom("unit(\(shape.rows),1)", shape)
    }
    return .atom("ones(\(shape.rows),\(shape.columns))", shape)
  }

  /// The name of a new variable.
  private mutating func declare(_ shape: RandomShape, _ range: Range) -> String {
    var sign = Range.any
    var type = shape.plainType
    if range == .positive || chance(0.08) {
      sign = .positive
      type = "positive " + type
    } else if chance(0.4), let other = structuredType(shape) {
      type = other
    }
    return declare(shape, type: type, sign)
  }

  mutating func declare(_ shape: RandomShape, type: String, _ range: Range = .any) -> String {
    let names: [String] =
      if shape.isScalar { ["a", "b", "c", "d", "alpha", "beta"] } else if shape.isVector {
        ["x", "y", "z", "u", "v", "w"]
      } else if shape.isRow { ["r", "s", "q", "h"] } else {
        ["X", "A", "B", "C", "W", "S", "Y", "Q"]
      }
    let taken = Set(declarations.map(\.name))
    let name = names.first { !taken.contains($0) } ?? "\(names[0])\(declarations.count)"
    declarations.append(
      RandomInput.Declaration(name: name, type: type, shape: shape, range: range))
    return name
  }

  private mutating func structuredType(_ shape: RandomShape) -> String? {
    if shape.isVector { return chance(0.3) ? "simplex(\(shape.rows))" : nil }
    guard shape.isMatrix else { return nil }
    let (m, n) = (shape.rows, shape.columns)
    if shape.isSquare {
      return pick([
        "symmetric", "symmetric", "skew", "diagonal", "lower", "upper", "spd", "spd", "psd",
        "orthogonal",
      ]) + "(\(n))"
    }
    if m.literal == nil || n.literal == nil || (m.literal ?? 0) >= (n.literal ?? 0), chance(0.3) {
      return "stiefel(\(m),\(n))"
    }
    return chance(0.3) ? "stochastic(\(m),\(n))" : nil
  }
}
