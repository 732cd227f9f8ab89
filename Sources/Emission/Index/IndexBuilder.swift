import ExpressionCore
import ExpressionLanguage

/// Goes through the tape once and writes the entry of every node in terms of its operands'.
///
/// A loop, not a recursion: entries are flat lists of tokens whose own indices are placeholders.
/// The author's definitions stay names, and so does what would grow too long or is long and shared,
/// so that the size of the whole stays in proportion to the input's.
struct IndexBuilder {
  /// A node ready to be used: its entry, and the sides whose index is a pair.
  struct Template {
    var entry: IndexEntry
    /// The size of the fast part, where the side is split.
    var rowFast: Dim?
    var columnFast: Dim?
    /// The places of the unit, where the entry depends on it.
    var units: [IndexExpression.Slot] = []
  }

  struct Named {
    let name: String
    let node: Int
    let template: Template
  }

  let input: TypedInput
  /// The variable whose units the result is applied to.
  let unit: String?
  let text: (Syntax) -> String
  var scope: NameScope
  var templates: [Template] = []
  var named: [Named] = []
  /// Nodes as trees, for functions that have no elementwise definition.
  var trees: [Syntax] = []
  private var nextBound = 0
  private var uses: [Int]
  private var definitionNames: [Int: String]

  /// Entries longer than this get a name; half of it where they are used several times.
  static let longest = 240
  static let deepestTree = 120

  init(_ input: TypedInput, unit: String? = nil, text: @escaping (Syntax) -> String) {
    self.input = input
    self.unit = unit
    self.text = text
    scope = NameScope(input)
    uses = Array(repeating: 0, count: input.nodes.count)
    for node in input.nodes {
      for operand in node.operands where uses.indices.contains(operand) { uses[operand] += 1 }
    }
    definitionNames = Dictionary(input.definitions.map { ($0.node, $0.name) }) { _, last in last }
  }

  mutating func run() {
    for (place, node) in input.nodes.enumerated() {
      // Operands come first by the tape's contract; one that does not is left out.
      let valid = node.operands.allSatisfy { $0 < place }
      var template = valid ? self.template(of: node) : Template(entry: .one)
      template.entry = template.entry.contracted
      template.units =
        valid
        ? node.operands.map { templates[$0].units }.first { !$0.isEmpty } ?? template.units : []
      var tree = valid ? self.tree(of: node) : Syntax(.number(.one))
      let isLeaf = node.operands.isEmpty
      let isLong =
        template.entry.count > Self.longest
        || (uses[place] > 1 && template.entry.count > Self.longest / 4)
        || tree.depth > Self.deepestTree
      let author = isLeaf ? nil : definitionNames[place]
      if place != input.result, !isLeaf, author != nil || isLong {
        let name = author ?? freshName()
        scope = scope.adding(name, Extent(node.shape))
        named.append(Named(name: name, node: place, template: template))
        template = Template(
          entry: access(name, node.shape, units: template.units), units: template.units)
        tree = Syntax(.name(name))
      }
      templates.append(template)
      trees.append(tree)
    }
  }

  private func freshName() -> String {
    var number = named.count + 1
    while scope.isDeclared("T\(number)") { number += 1 }
    return "T\(number)"
  }

  // MARK: Pieces that every rule uses

  func shape(_ node: TypedInput.Node, _ place: Int) -> Shape {
    node.operands.indices.contains(place) ? input.nodes[node.operands[place]].shape : .scalar
  }

  mutating func bound() -> Int {
    nextBound += 1
    return nextBound
  }

  /// An index to sum over a side of that size: none for 1, a pair where the side is split.
  mutating func summation(over size: Dim, fast: Dim? = nil) -> (
    ids: [Int], index: IndexExpression
  ) {
    if size.isOne { return ([], .fixed(1)) }
    guard let fast else {
      let id = bound()
      return ([id], .bound(id))
    }
    let (a, b) = (bound(), bound())
    return ([a, b], .pair(fast: .bound(a), slow: .bound(b), size: fast))
  }

  /// The entry of an operand at given indices, with summation indices of its own.
  mutating func operand(
    _ node: TypedInput.Node, _ place: Int, _ row: IndexExpression, _ column: IndexExpression
  ) -> IndexEntry {
    guard node.operands.indices.contains(place) else { return .one }
    let template = templates[node.operands[place]]
    var fresh: [Int: Int] = [:]
    func number(_ id: Int) -> Int {
      if let known = fresh[id] { return known }
      nextBound += 1
      fresh[id] = nextBound
      return nextBound
    }
    let rowParts = template.rowFast.map(row.split) ?? (fast: row, slow: row)
    let columnParts = template.columnFast.map(column.split) ?? (fast: column, slow: column)
    return template.entry.replacing(bound: number) { index in
      switch index {
      case .slot(.row): rowParts.fast
      case .slot(.rowSlow): rowParts.slow
      case .slot(.column): columnParts.fast
      case .slot(.columnSlow): columnParts.slow
      case .slot(.unitRow), .slot(.unitColumn): nil
      case .bound(let id): .bound(number(id))
      case .free, .fixed, .pair, .fastPart, .slowPart: nil
      }
    }
  }

  /// The operand's pairs, where it fills that side of the node.
  func fast(_ node: TypedInput.Node, _ place: Int) -> (row: Dim?, column: Dim?) {
    guard node.operands.indices.contains(place) else { return (nil, nil) }
    let template = templates[node.operands[place]]
    return (template.rowFast, template.columnFast)
  }

  /// A node's own index, as a pair where its side is split.
  static func row(_ fast: Dim?) -> IndexExpression {
    fast.map { .pair(fast: .slot(.row), slow: .slot(.rowSlow), size: $0) } ?? .slot(.row)
  }

  static func column(_ fast: Dim?) -> IndexExpression {
    fast.map { .pair(fast: .slot(.column), slow: .slot(.columnSlow), size: $0) } ?? .slot(.column)
  }

  /// An entry of a name, with as many indices as it has sides.
  func access(
    _ name: String, _ shape: Shape, units: [IndexExpression.Slot] = []
  ) -> IndexEntry {
    let printer = LaTeXPrinter(scope: scope)
    let symbol =
      scope.variable(ofDifferential: name).map { "\\mathrm{d}" + printer.symbol($0, bold: false) }
      ?? printer.symbol(name, bold: false)
    return IndexEntry([
      .entry(text: name, latex: symbol, Self.indices(shape) + units.map { .slot($0) })
    ])
  }

  /// The entries of the unit: 1 in one place, elsewhere 0.
  func unitTemplate(_ shape: Shape) -> Template {
    var template = Template(entry: .one)
    if !shape.rows.isOne {
      template.entry = .delta(.slot(.row), .slot(.unitRow))
      template.units.append(.unitRow)
    }
    if !shape.columns.isOne {
      template.entry = template.entry.times(.delta(.slot(.column), .slot(.unitColumn)))
      template.units.append(.unitColumn)
    }
    return template
  }

  static func indices(_ shape: Shape) -> [IndexExpression] {
    (shape.rows.isOne ? [] : [.slot(.row)]) + (shape.columns.isOne ? [] : [.slot(.column)])
  }
}
