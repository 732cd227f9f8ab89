import ExpressionLanguage

extension TypedInput {
  /// The author's text of a node.
  public func place(of node: TypedInput.Node) -> Place {
    let bytes = source.utf8
    if let range = node.range, range.lowerBound >= 0, range.upperBound <= bytes.count {
      let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
      let end = bytes.index(bytes.startIndex, offsetBy: range.upperBound)
      if let text = String(bytes[start..<end]), !text.isEmpty {
        return Place(text: text, range: range)
      }
    }
    switch node.operation {
    case .primitive(let primitive): return Place(text: primitive.rawValue, range: node.range)
    case .variable(let index):
      let name = variables.indices.contains(index) ? variables[index].name : "?"
      return Place(text: name, range: node.range)
    case .number(let number): return Place(text: "\(number.double)", range: node.range)
    case .pi: return Place(text: "pi", range: node.range)
    case .dimension(let dimension): return Place(text: "\(dimension)", range: node.range)
    }
  }
}
