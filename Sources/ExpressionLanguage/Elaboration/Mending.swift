import ExpressionCore

/// Finds out which declaration would make an ill-shaped input right, by trying.
struct Mending {
  let input: ParsedInput
  let declarations: [ParsedInput]
  let extra: [Variable]

  private static let largestTape = 2000
  private static let mostNames = 4
  private static let mostMends = 3

  static func declaration(of name: String, shape: Shape) -> String {
    if shape.isScalar { return "\(name): scalar" }
    if shape.isVector { return "\(name): vector(\(shape.rows))" }
    if shape.isRow { return "\(name): row(\(shape.columns))" }
    return "\(name): matrix(\(shape.rows),\(shape.columns))"
  }

  /// A sentence; nil where no single declaration helps.
  func suggestion(for node: Int, in solver: ShapeSolver) -> String? {
    guard solver.drafts.count <= Self.largestTape else { return nil }
    var mends: [String] = []
    for variable in undeclared(below: node, in: solver).prefix(Self.mostNames) {
      for type in Self.alternatives(to: variable.type) where mends.count < Self.mostMends {
        var trial = Elaborator(
          input, declarations: declarations, extra: extra, overrides: [variable.name: type])
        guard let typed = try? trial.elaborate(),
          let mended = typed.variables.first(where: { $0.name == variable.name }),
          type == .scalar || !mended.shape.isScalar
        else { continue }
        mends.append("`\(Self.declaration(of: variable.name, shape: mended.shape))`")
      }
    }
    guard let last = mends.popLast() else { return nil }
    if mends.isEmpty { return "Declare \(last)." }
    return "Declare \(mends.joined(separator: ", ")) or \(last)."
  }

  private static func alternatives(to type: StructureType) -> [StructureType] {
    if type == .scalar { return [.vector, .row, .matrix] }
    if type == .vector { return [.scalar, .row, .matrix] }
    return [.scalar, .vector, .row]
  }

  /// The undeclared variables that an operation depends on, the nearest first.
  private func undeclared(below node: Int, in solver: ShapeSolver) -> [DraftVariable] {
    var found: [DraftVariable] = []
    var seen: Set<Int> = [node]
    var level = [node]
    while !level.isEmpty {
      var next: [Int] = []
      for index in level {
        if case .variable(let number) = solver.drafts[index].operation {
          let variable = solver.variables[number]
          if variable.origin == .undeclared, !found.contains(where: { $0.name == variable.name }) {
            found.append(variable)
          }
        }
        next += solver.drafts[index].operands.filter { seen.insert($0).inserted }
      }
      level = next
    }
    return found
  }
}
