import ExpressionCore
import Planning

// Matrices made of others, and parts of them.
extension PythonArrays {
  func size(_ dim: Dim) -> String { PythonNumbers.expression(dim).text }

  /// A position from 1 as an index from 0.
  func position(_ dim: Dim) -> String { size(dim - 1) }

  func indexed(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    switch node.indexedPart {
    case .whole, nil: return x
    case .entry(let places):
      return x.then("[\(places.map { position($0) }.joined(separator: ", "))]")
    case .column(let j): return x.then("[:, \(position(j))]")
    case .row(let i): return x.then("[\(position(i))]")
    }
  }

  func vectorized(_ node: WrittenNode) -> CodeExpression {
    node.shapes[0].isMatrix ? flattened(node.operands[0]) : node.operands[0]
  }

  func reshaped(_ node: WrittenNode) -> CodeExpression {
    if node.shapes[0] == node.shape { return node.operands[0] }
    let entries = vectorized(node)
    if node.shape.isScalar { return entries.then("[0]") }
    guard node.shape.isMatrix else {
      return node.shapes[0].isScalar ? entries.then(".reshape(1)") : entries
    }
    return reshaped(entries, size(node.shape.rows), size(node.shape.columns))
  }

  /// An array of a size that the shape gives.
  func made(_ function: String, _ shape: Shape, fill: String? = nil) -> CodeExpression {
    let sizes: String
    if shape.isMatrix {
      sizes = "(\(size(shape.rows)), \(size(shape.columns)))"
    } else if shape.isScalar {
      sizes = "()"
    } else {
      sizes = fill == nil ? size(shape.count) : "(\(size(shape.count)),)"
    }
    return .call(
      "\(module).\(function)", [sizes] + (fill.map { [$0] } ?? []) + factoryArguments)
  }

  func identity(_ n: Dim) -> CodeExpression {
    .call("\(module).eye", [size(n)] + factoryArguments)
  }

  func kronecker(_ node: WrittenNode, _ needs: inout Needs) -> CodeExpression {
    let (a, b) = (node.shapes[0], node.shapes[1])
    if a.isScalar || b.isScalar { return product(node) }
    if a.isVector, b.isRow { return .call("\(module).outer", node.operands[0], node.operands[1]) }
    if (a.isVector && b.isVector) || (a.isRow && b.isRow) {
      return .call("\(module).kron", node.operands[0], node.operands[1])
    }
    return matrixCall(kroneckerFunction(&needs), node)
  }

  func blocks(_ node: WrittenNode) -> CodeExpression {
    guard node.shape.isMatrix else {
      let blocks = node.operands.indices.map { arrayOperand($0, node).text }
      return .call("\(module).hstack", ["(\(blocks.joined(separator: ", ")))"])
    }
    var rows: [CodeExpression] = []
    var next = 0
    for count in node.parameters.dropFirst().map({ $0.literal ?? 0 }) {
      let blocks = (next..<next + count).map { matrix($0, node).text }
      next += count
      rows.append(
        count == 1
          ? CodeExpression(blocks[0])
          : .call("\(module).hstack", ["(\(blocks.joined(separator: ", ")))"]))
    }
    return rows.count == 1
      ? rows[0]
      : .call("\(module).vstack", ["(\(rows.map(\.text).joined(separator: ", ")))"])
  }

  func unit(_ node: WrittenNode) -> CodeExpression {
    identity(node.shape.rows).then("[\(position(node.parameters[1]))]")
  }

  /// The operand itself where it is known to be symmetric, else its symmetric part.
  func symmetric(_ index: Int, _ node: WrittenNode) -> CodeExpression {
    let x = node.operands[index]
    if node.facts[index].contains(.symmetric) { return x }
    return .times(x + x.then(".T"), "/", CodeExpression("2"))
  }

  func skew(_ node: WrittenNode) -> CodeExpression {
    let x = node.operands[0]
    return .times(x - x.then(".T"), "/", CodeExpression("2"))
  }
}
