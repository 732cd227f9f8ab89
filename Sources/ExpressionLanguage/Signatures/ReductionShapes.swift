import ExpressionCore

/// The shapes of reductions and of the softmax family.
extension ShapeSolver {
  func reduction(_ node: Int) -> ExtentShape {
    let shape = operandShape(node, 0)
    switch drafts[node].parameters.first?.literal {
    case 1: return ExtentShape(rows: .one, columns: shape.columns)
    case 2: return ExtentShape(rows: shape.rows, columns: .one)
    default: return .scalar
    }
  }

  mutating func normWithExponent(_ node: Int) throws(ShapeError) -> ExtentShape {
    try requireScalar(node, 1)
    return .scalar
  }

  mutating func dotProduct(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    guard let first = try isColumn(node, 0, forced: false),
      let second = try isColumn(node, 1, forced: false)
    else {
      guard forced else { return nil }
      throw ShapeError(
        .wrongShape(
          text(of: node), requirement: "needs two vectors", shape: shown(operandShape(node, 0))),
        "The inner product of matrices is sum(A.*B).")
    }
    let (a, b) = (operandShape(node, 0), operandShape(node, 1))
    guard first == second, agree(a.rows, b.rows, at: node), agree(a.columns, b.columns, at: node)
    else { throw ShapeError(.shapesDiffer(text(of: node), left: shown(a), right: shown(b))) }
    return .scalar
  }

  /// Of a vector or row the axis is clear, and recorded; of a matrix it is required.
  mutating func softmax(_ node: Int, forced: Bool) throws(ShapeError) -> ExtentShape? {
    let shape = operandShape(node, 0)
    if !drafts[node].parameters.isEmpty { return shape }
    if isOne(shape.columns) {
      drafts[node].parameters = [1]
    } else if isOne(shape.rows) {
      drafts[node].parameters = [2]
    } else {
      let isMatrix = unifier.isNotOne(shape.rows) && unifier.isNotOne(shape.columns)
      guard isMatrix || forced else { return nil }
      let call = text(of: node).dropLast()
      throw ShapeError(
        .axisRequired(text(of: node), shape: shown(shape)),
        "\(call),1) is down columns, \(call),2) along rows.")
    }
    return shape
  }
}
