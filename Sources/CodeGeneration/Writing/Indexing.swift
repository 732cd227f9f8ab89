import ExpressionCore

/// What `col`, `row` and `entry` take of an operand, where vectors and rows have one axis.
enum IndexedPart {
  case whole
  /// Positions from 1, one for each axis.
  case entry([Dim])
  case column(Dim)
  case row(Dim)
}

extension WrittenNode {
  /// The part of the first operand that an operation takes; nil of other operations.
  var indexedPart: IndexedPart? {
    let shape = shapes[0]
    switch operation.operation {
    case .primitive(.col):
      return shape.isScalar || shape.isVector
        ? .whole : shape.isRow ? .entry([parameters[0]]) : .column(parameters[0])
    case .primitive(.row):
      return shape.isScalar || shape.isRow
        ? .whole : shape.isVector ? .entry([parameters[0]]) : .row(parameters[0])
    case .primitive(.entry):
      if shape.isScalar { return .whole }
      return .entry(
        shape.isVector ? [parameters[0]] : shape.isRow ? [parameters[1]] : parameters)
    default: return nil
    }
  }
}
