import ExpressionCore

/// The shape of `[A, B; C, D]`.
extension ShapeSolver {
  /// Blocks of a row have the same height; rows of blocks have the same width. While widths are
  /// open the node waits, and then stacks like a grid where the rows have as many blocks.
  mutating func blocks(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let rows = blockRows(node)
    for row in rows {
      for block in row.dropFirst() where !agree(row[0].rows, block.rows, at: node) {
        throw ShapeError(
          .shapesDiffer(text(of: node), left: shown(row[0]), right: shown(block)),
          "Blocks of one row have the same height.")
      }
    }
    if rows.count > 1, !areKnown(rows) {
      guard forced else { return nil }
      alignColumns(rows, node)
    }
    var height: Extent?
    var width: Extent?
    for row in rows {
      let rowWidth = total(row.map(\.columns))
      if let expected = width, !agree(expected, rowWidth, at: node) {
        throw ShapeError(
          .sizesDisagree(text(of: node), shown(expected), shown(rowWidth)),
          "Rows of blocks have the same width.")
      }
      width = width ?? rowWidth
      height = height.map { unifier.sum($0, row[0].rows) } ?? row[0].rows
    }
    return ExtentShape(rows: height ?? .one, columns: width ?? .one)
  }

  private func blockRows(_ node: Int) -> [[ExtentShape]] {
    var next = 0
    return drafts[node].parameters.dropFirst().compactMap(\.literal).map { count in
      defer { next += count }
      return (next..<next + count).map { operandShape(node, $0) }
    }
  }

  private mutating func areKnown(_ rows: [[ExtentShape]]) -> Bool {
    for shape in rows.joined() {
      switch unifier.resolve(shape.columns) {
      case .fixed: continue
      case .open, .compound: return false
      }
    }
    return true
  }

  private mutating func alignColumns(_ rows: [[ExtentShape]], _ node: Int) {
    for row in rows.dropFirst() where row.count == rows[0].count {
      for (block, above) in zip(row, rows[0]) {
        let (a, b) = (unifier.resolve(block.columns), unifier.resolve(above.columns))
        switch (a, b) {
        case (.open, _), (_, .open): _ = agree(a, b, at: node)
        case (.fixed, .fixed), (.fixed, .compound), (.compound, .fixed), (.compound, .compound):
          continue
        }
      }
    }
  }

  private mutating func total(_ extents: [Extent]) -> Extent {
    guard var sum = extents.first else { return .one }
    let sizes = extents.map { Unifier.dim(unifier.resolve($0)) }
    if sizes.allSatisfy({ $0.literal != nil }) {
      return .fixed(sizes.reduce(.literal(0)) { $0 + $1 })
    }
    for extent in extents.dropFirst() { sum = unifier.sum(sum, extent) }
    return sum
  }
}
