import ExpressionCore

/// Gives readable names to the dimensions that nothing fixes: `m×n` to a matrix, `n` to a vector.
struct DimensionNamer {
  private var unifier: Unifier
  private var names: [Int: String] = [:]
  private var taken: Set<String>

  private static let rowNames = ["m", "n", "k", "p", "q", "r", "s", "t", "h", "l"]
  private static let columnNames = ["n", "p", "k", "q", "m", "r", "s", "t", "h", "l"]
  private static let vectorNames = ["n", "m", "k", "p", "q", "r", "s", "t", "h", "l"]

  init(_ solver: ShapeSolver) {
    unifier = solver.unifier
    taken = solver.namesInUse
    let shapes = solver.variables.map(\.shape)
    for shape in shapes { nameMatrix(shape, square: false) }
    for shape in shapes { nameMatrix(shape, square: true) }
    for shape in shapes {
      name(shape.rows, from: Self.vectorNames)
      name(shape.columns, from: Self.vectorNames)
    }
  }

  /// Names that were given, in the order of the unknowns.
  var given: [String] { names.sorted { $0.key < $1.key }.map(\.value) }

  mutating func shape(_ shape: ExtentShape) -> Shape { Shape(dim(shape.rows), dim(shape.columns)) }

  mutating func dim(_ extent: Extent) -> Dim {
    let resolved = unifier.resolve(extent)
    if case .fixed(let dim) = resolved { return dim }
    let dim = Unifier.dim(resolved)
    switch dim {
    case .literal: return dim
    case .name, .polynomial:
      for name in dim.names {
        if let unknown = Unifier.unknown(name) { self.name(.open(unknown), from: Self.vectorNames) }
      }
      let names = names
      return dim.substituting { name in
        Unifier.unknown(name).flatMap { names[$0] }.map { .name($0) }
      }
    }
  }

  private mutating func nameMatrix(_ shape: ExtentShape, square: Bool) {
    let (rows, columns) = (unifier.resolve(shape.rows), unifier.resolve(shape.columns))
    guard !rows.isOne, !columns.isOne, (rows == columns) == square else { return }
    name(rows, from: square ? Self.vectorNames : Self.rowNames)
    name(columns, from: Self.columnNames)
  }

  private mutating func name(_ extent: Extent, from candidates: [String]) {
    guard case .open(let unknown) = unifier.resolve(extent), names[unknown] == nil else { return }
    var name = candidates.first { !taken.contains($0) }
    var number = 1
    while name == nil {
      if !taken.contains("n\(number)") { name = "n\(number)" }
      number += 1
    }
    names[unknown] = name
    if let name { taken.insert(name) }
  }
}
