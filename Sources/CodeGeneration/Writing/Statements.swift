import ExpressionCore
import Planning

/// A listing as assignments: what is used twice, named by the author or too long has a name.
struct Statements {
  struct Assignment {
    /// Several where the parts of a decomposition are assigned at once.
    let names: [String]
    let node: Int
    let expression: CodeExpression

    var name: String { names.joined(separator: ", ") }
    var isOfParts: Bool { names.count > 1 }
  }

  /// The last ones assign what is left of the outputs.
  private(set) var assignments: [Assignment] = []
  private(set) var needs = Needs()
  /// The outputs: their names, or what is left of them where they have none.
  private(set) var results: [CodeExpression] = []
  /// With the names of the assignments.
  private(set) var identifiers: Identifiers

  /// - Parameters:
  ///   - identifiers: with the names of variables, sizes and outputs declared.
  ///   - outputNames: one for each output of the listing, or none where they are only wanted as
  ///     expressions.
  ///   - widest: longer expressions are split where they can be.
  init(
    _ listing: Listing, _ writer: some ExpressionWriter, identifiers: Identifiers,
    outputNames: [String], widest: Int = 72
  ) throws(UnsupportedOperation) {
    var identifiers = identifiers
    self.identifiers = identifiers
    let uses = Self.uses(listing)
    let repeated = Self.namedOperands(listing, writer)
    var outputName: [Int: String] = [:]
    for (name, output) in zip(outputNames, listing.outputs) where outputName[output.node] == nil {
      outputName[output.node] = name
    }
    var code: [CodeExpression] = []
    code.reserveCapacity(listing.nodes.count)
    func name(_ index: Int, _ expression: CodeExpression) -> CodeExpression {
      let name =
        outputName[index]
        ?? identifiers.fresh(listing.names[index] ?? Self.hint(index, in: listing, writer))
      assignments.append(Assignment(names: [name], node: index, expression: expression))
      return CodeExpression(name, isConstant: expression.isConstant)
    }
    let shares = Decomposition.shares(in: listing)
    var parts: [Decomposition.Key: [Primitive: CodeExpression]] = [:]
    for (index, node) in listing.nodes.enumerated() {
      if let share = shares[index], parts[share.key] == nil {
        let (names, whole) = Self.decomposed(
          share.key, WrittenNode(node, in: listing, code), listing, writer, &identifiers, &needs)
        if let whole {
          assignments.append(Assignment(names: names, node: index, expression: whole))
        }
        parts[share.key] =
          whole == nil
          ? [:]
          : Dictionary(
            uniqueKeysWithValues: zip(share.key.kind.parts, names.map { CodeExpression($0) }))
      }
      if let share = shares[index], let part = parts[share.key]?[share.part] {
        guard let reduced = share.node(of: part, like: WrittenNode(node, in: listing, code)) else {
          code.append(part)
          continue
        }
        let expression = try writer.expression(reduced, &needs)
        code.append(
          uses[index] > 1 || outputName[index] != nil ? name(index, expression) : expression)
        continue
      }
      var expression = try Self.expression(of: node, in: listing, code, writer, &needs)
      // Too long a line: its longest part gets a name, and so on.
      while expression.text.count > widest,
        let longest = node.operands.filter({ !Self.isCheap(listing.nodes[$0], listing) })
          .max(by: { code[$0].text.count < code[$1].text.count }),
        code[longest].text.count > 12
      {
        code[longest] = name(longest, code[longest])
        expression = try Self.expression(of: node, in: listing, code, writer, &needs)
      }
      let isWanted =
        outputName[index] != nil || listing.names[index] != nil || uses[index] > 1
        || repeated[index] || node.operation.isFactor
      let isNamed = isWanted && !expression.isName && !Self.isCheap(node, listing)
      code.append(isNamed ? name(index, expression) : expression)
    }
    for (name, output) in zip(outputNames, listing.outputs) where code[output.node].text != name {
      assignments.append(
        Assignment(names: [name], node: output.node, expression: code[output.node]))
    }
    results = listing.outputs.map { code[$0.node] }
    self.identifiers = identifiers
  }

  /// How often each node is written, where transposes are never named: what they transpose is.
  private static func uses(_ listing: Listing) -> [Int] {
    var uses = listing.useCounts
    for index in listing.nodes.indices.reversed() where uses[index] > 1 {
      let node = listing.nodes[index]
      if node.operation == .primitive(.transpose) { uses[node.operands[0]] += uses[index] - 1 }
    }
    return uses
  }

  private static func expression(
    of node: Listing.Node, in listing: Listing, _ code: [CodeExpression],
    _ writer: some ExpressionWriter, _ needs: inout Needs
  ) throws(UnsupportedOperation) -> CodeExpression {
    if case .variable(let i) = node.operation { return CodeExpression(listing.variables[i].name) }
    return try writer.expression(WrittenNode(node, in: listing, code), &needs)
  }

  /// The names of the parts of a decomposition, and what they are assigned.
  private static func decomposed(
    _ key: Decomposition.Key, _ node: WrittenNode, _ listing: Listing,
    _ writer: some ExpressionWriter, _ identifiers: inout Identifiers, _ needs: inout Needs
  ) -> (names: [String], whole: CodeExpression?) {
    guard let whole = writer.decomposition(key.kind, node, &needs) else { return ([], nil) }
    var ending = ""
    if case .variable(let i) = listing.nodes[key.matrix].operation {
      ending = "_" + listing.variables[i].name
    }
    return (key.kind.parts.map { identifiers.fresh($0.rawValue + ending) }, whole)
  }

  /// What the expression above it needs by name.
  private static func namedOperands(
    _ listing: Listing, _ writer: some ExpressionWriter
  ) -> [Bool] {
    var named = [Bool](repeating: false, count: listing.nodes.count)
    for node in listing.nodes {
      if case .primitive(let primitive) = node.operation, writer.namesOperands(of: primitive) {
        for operand in node.operands { named[operand] = true }
      }
    }
    return named
  }

  /// A telling name for a function of one variable: `inv_S`, `exp_x`.
  private static func hint(
    _ index: Int, in listing: Listing, _ writer: some ExpressionWriter
  ) -> String? {
    let node = listing.nodes[index]
    guard node.operands.count == 1,
      case .variable(let i) = listing.nodes[node.operands[0]].operation
    else { return nil }
    let variable = listing.variables[i].name
    switch node.operation {
    case .factor(.cholesky): return (writer.hasCholesky ? "chol_" : "lu_") + variable
    case .factor(.lu): return "lu_" + variable
    case .primitive(let primitive):
      let word = primitive.rawValue
      return word.allSatisfy { $0.isLetter || $0.isNumber } ? "\(word)_\(variable)" : nil
    case .variable, .number, .pi, .dimension, .solve, .logdet, .logOfDeterminant: return nil
    }
  }

  /// Whether writing it again costs nothing.
  private static func isCheap(_ node: Listing.Node, _ listing: Listing) -> Bool {
    switch node.operation {
    case .variable, .number, .pi, .dimension, .primitive(.transpose): return true
    case .primitive(.negate):
      guard let operand = node.operands.first else { return false }
      switch listing.nodes[operand].operation {
      case .variable, .number, .pi, .dimension: return true
      case .primitive, .factor, .solve, .logdet, .logOfDeterminant: return false
      }
    case .primitive, .factor, .solve, .logdet, .logOfDeterminant: return false
    }
  }
}

extension CodeExpression {
  /// Whether it is an identifier, which no assignment would make shorter.
  fileprivate var isName: Bool { text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }
}

extension ExpressionWriter {
  /// Operations that most languages write with their operand twice.
  func namesOperands(of primitive: Primitive) -> Bool {
    switch primitive {
    case .sym, .skew, .halftril, .leakyrelu, .elu, .gelu, .silu: true
    default: false
    }
  }
}

extension WrittenNode {
  fileprivate init(_ node: Listing.Node, in listing: Listing, _ code: [CodeExpression]) {
    self.init(
      operation: node, operands: node.operands.map { code[$0] },
      shapes: node.operands.map { listing.nodes[$0].shape },
      numbers: node.operands.map { listing.number($0) },
      facts: node.operands.map { listing.facts[$0] })
  }
}
