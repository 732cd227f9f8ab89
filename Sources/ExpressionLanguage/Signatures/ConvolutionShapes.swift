import ExpressionCore

/// The shapes of convolutions and of their patches.
extension ShapeSolver {
  /// `floor((size + 2 padding - kernel)/stride) + 1`; nil where a stride meets an unknown size.
  private mutating func steps(
    _ size: Extent, _ kernel: Extent, stride: Dim, padding: Dim, _ node: Int, forced: Bool
  ) throws(ShapeError) -> Extent? {
    let (size, kernel) = (unifier.resolve(size), unifier.resolve(kernel))
    let free = Unifier.dim(size) + padding + padding - Unifier.dim(kernel)
    if let room = free.literal, let step = stride.literal {
      guard room >= 0 else {
        throw ShapeError(
          .badArgument(
            function: text(of: node), requirement: "the kernel must fit into \(shown(size))",
            got: "\(shown(kernel))"))
      }
      return .fixed(.literal(room / max(step, 1) + 1))
    }
    if stride.isOne { return Unifier.extent(free + 1) }
    guard forced || free.names.allSatisfy({ Unifier.unknown($0) == nil }) else { return nil }
    // Rounding down is exact only where the stride divides for all values of the names.
    guard let quotient = free.divided(by: stride),
      quotient.asPolynomial.terms.allSatisfy({ $0.coefficient.isInteger })
    else {
      throw ShapeError(
        .badArgument(
          function: text(of: node), requirement: "a stride needs sizes that are integers",
          got: "\(shown(size))"))
    }
    return Unifier.extent(quotient + 1)
  }

  /// Patches as rows: one for each place of the kernel.
  mutating func patches(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let shape = operandShape(node, 0)
    let parameters = drafts[node].parameters
    return try patchShape(
      (shape.rows, shape.columns), (parameters[0], parameters[1]), stride: parameters[2],
      padding: parameters[3], node, forced: forced)
  }

  private mutating func patchShape(
    _ size: (Extent, Extent), _ kernel: (Dim, Dim), stride: Dim, padding: Dim, _ node: Int,
    forced: Bool
  ) throws(ShapeError) -> ExtentShape? {
    guard
      let down = try steps(
        size.0, .fixed(kernel.0), stride: stride, padding: padding, node, forced: forced),
      let across = try steps(
        size.1, .fixed(kernel.1), stride: stride, padding: padding, node, forced: forced)
    else { return nil }
    return ExtentShape(
      rows: unifier.product(down, across), columns: .fixed(kernel.0 * kernel.1))
  }

  mutating func fromPatches(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let p = drafts[node].parameters
    let size = (Extent.fixed(p[0]), Extent.fixed(p[1]))
    guard
      let expected = try patchShape(
        size, (p[2], p[3]), stride: p[4], padding: p[5], node, forced: forced)
    else { return nil }
    let shape = operandShape(node, 0)
    guard agree(shape.rows, expected.rows, at: node),
      agree(shape.columns, expected.columns, at: node)
    else {
      throw ShapeError(
        .wrongShape(
          text(of: node), requirement: "the patches must be \(shown(expected))",
          shape: shown(shape)))
    }
    return ExtentShape(rows: size.0, columns: size.1)
  }

  /// Along the orientation of the first operand only.
  mutating func convolution1(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    guard let alongColumn = try isColumn(node, 0, forced: forced),
      let kernelIsColumn = try isColumn(node, 1, forced: forced)
    else { return nil }
    let (x, w) = (operandShape(node, 0), operandShape(node, 1))
    let p = drafts[node].parameters
    guard
      let count = try steps(
        alongColumn ? x.rows : x.columns, kernelIsColumn ? w.rows : w.columns, stride: p[0],
        padding: p[1], node, forced: forced)
    else { return nil }
    return alongColumn
      ? ExtentShape(rows: count, columns: .one) : ExtentShape(rows: .one, columns: count)
  }

  mutating func convolution2(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let (x, w) = (operandShape(node, 0), operandShape(node, 1))
    let p = drafts[node].parameters
    guard
      let down = try steps(
        x.rows, w.rows, stride: p[0], padding: p[1], node, forced: forced),
      let across = try steps(
        x.columns, w.columns, stride: p[0], padding: p[1], node, forced: forced)
    else { return nil }
    return ExtentShape(rows: down, columns: across)
  }
}
