import ExpressionLanguage
import Planning

extension [Listing.Formula] {
  /// The formulas with a direction of its own for each variable, where they are derivatives along
  /// directions of several: `V_x`, `V_y` instead of `V`.
  ///
  /// - Parameter likes: the variable whose shape each formula's direction has.
  func withOwnDirections(_ likes: [String?], of input: TypedInput) -> [Listing.Formula] {
    var kinds: [String] = []
    for like in likes.compactMap({ $0 }) where !kinds.contains(like) { kinds.append(like) }
    guard kinds.count > 1 else { return self }
    let taken = Set(input.variables.map(\.name) + input.dimensions)
    var names: [String: String] = [:]
    var directions: [String: Variable] = [:]
    for (formula, like) in zip(self, likes) {
      guard let like, case .product(_, let old) = formula.role,
        let variable = formula.input.variables.first(where: { $0.name == old })
      else { continue }
      var name = old + "_" + like
      while taken.contains(name) { name += "_" }
      names[like] = name
      directions[like] = Variable(
        name: name, shape: variable.shape, type: variable.type, sign: variable.sign)
    }
    let all = kinds.compactMap { directions[$0] }
    return zip(self, likes).map { formula, like in
      guard let like, case .product(let wrt, let old) = formula.role, let name = names[like],
        let place = formula.input.variables.firstIndex(where: { $0.name == old }),
        let kind = kinds.firstIndex(of: like)
      else { return formula }
      var own = formula.input
      own.variables = input.variables + all
      own.nodes = own.nodes.map { node in
        guard case .variable(place) = node.operation else { return node }
        return TypedInput.Node(
          .variable(input.variables.count + kind), node.operands, parameters: node.parameters,
          shape: node.shape)
      }
      return Listing.Formula(
        role: .product(wrt, direction: name), input: own,
        text: formula.text.replacingWord(old, by: name))
    }
  }
}

extension String {
  /// The text with a name replaced wherever it stands alone.
  fileprivate func replacingWord(_ word: String, by other: String) -> String {
    func isPart(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "_"
    }
    var result = ""
    var name = ""
    for character in self {
      if isPart(character) {
        name.append(character)
      } else {
        result += (name == word ? other : name) + String(character)
        name = ""
      }
    }
    return result + (name == word ? other : name)
  }
}
