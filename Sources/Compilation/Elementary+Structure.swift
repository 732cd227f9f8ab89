import CKernels
import Evaluation
import ExpressionCore
import Planning

extension Elementary {
  mutating func structure(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Int], _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> Int? {
    func make(_ operation: Value.Operation, _ operands: [Int], _ builder: inout ValueBuilder) -> Int
    {
      builder.add(operation, operands, node.shape, rows, columns)
    }
    switch primitive {
    case .transpose: return builder.transposed(x[0])
    case .vec, .reshape:
      guard builder.values[x[0]].count == rows * columns else { return nil }
      return builder.reshaped(x[0], node.shape, rows, columns)
    case .diag:
      return rows == 1 ? x[0] : make(.diagonalMatrix, x, &builder)
    case .diagonal: return builder.diagonal(of: x[0])
    case .eye: return rows == 1 ? builder.constant(1) : make(.identity, [], &builder)
    case .ones: return make(.constant(1), [], &builder)
    case .zeros: return make(.constant(0), [], &builder)
    case .constantVector, .constantMatrix:
      if let value = builder.values[x[0]].constant { return make(.constant(value), [], &builder) }
      return make(.unary(FKUnaryCopy), x, &builder)
    case .unit:
      let position = try size(node.parameters[node.parameters.count - 1], node)
      guard (1...rows).contains(position) else { return nil }
      return rows == 1 ? builder.constant(1) : make(.unit(position - 1), [], &builder)
    case .col:
      return block(
        x[0], row: 0, column: try size(node.parameters[0], node) - 1, node, rows, columns)
    case .row:
      return block(
        x[0], row: try size(node.parameters[0], node) - 1, column: 0, node, rows, columns)
    case .entry:
      let (i, j) = (try size(node.parameters[0], node), try size(node.parameters[1], node))
      return block(x[0], row: i - 1, column: j - 1, node, rows, columns)
    case .blocks:
      var counts: [Int] = []
      for parameter in node.parameters.dropFirst() { counts.append(try size(parameter, node)) }
      return make(.blocks(counts), x, &builder)
    case .tril: return make(.triangle(lower: true), x, &builder)
    case .triu: return make(.triangle(lower: false), x, &builder)
    case .sym, .skew:
      if rows == 1 { return primitive == .sym ? x[0] : builder.constant(0) }
      let mirrored = builder.transposed(x[0])
      let operation = primitive == .sym ? FKBinaryAdd : FKBinarySubtract
      let both = builder.binary(operation, x[0], mirrored, node.shape, rows, columns)
      return builder.scaled(both, by: 0.5)
    case .im2col, .col2im: return try patches(primitive, node, x, rows, columns)
    default: return nil
    }
  }

  private mutating func block(
    _ x: Int, row: Int, column: Int, _ node: Listing.Node, _ rows: Int, _ columns: Int
  ) -> Int? {
    let value = builder.values[x]
    guard row >= 0, column >= 0, row + rows <= value.rows, column + columns <= value.columns else {
      return nil
    }
    if rows == value.rows, columns == value.columns { return x }
    return builder.add(.block(row: row, column: column), [x], node.shape, rows, columns)
  }

  private mutating func patches(
    _ primitive: Primitive, _ node: Listing.Node, _ x: [Int], _ rows: Int, _ columns: Int
  ) throws(EvaluationError) -> Int? {
    var parameters: [Int] = []
    for parameter in node.parameters { parameters.append(try size(parameter, node)) }
    let image = builder.values[x[0]]
    let offset = primitive == .im2col ? 0 : 2
    guard parameters.count == offset + 4, parameters[offset + 2] > 0, parameters[offset + 3] >= 0
    else { return nil }
    let form = Value.Patches(
      height: primitive == .im2col ? image.rows : parameters[0],
      width: primitive == .im2col ? image.columns : parameters[1],
      kernelHeight: parameters[offset], kernelWidth: parameters[offset + 1],
      stride: parameters[offset + 2], padding: parameters[offset + 3])
    let patches = primitive == .im2col ? (rows, columns) : (image.rows, image.columns)
    guard form.count == patches.0, form.kernelHeight * form.kernelWidth == patches.1 else {
      return nil
    }
    return builder.add(
      primitive == .im2col ? .patches(form) : .fromPatches(form), [x[0]], node.shape, rows, columns)
  }
}

extension Value.Patches {
  var outputHeight: Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  var outputWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }
  /// The number of patches; 0 where the kernel does not fit.
  var count: Int {
    guard height + 2 * padding >= kernelHeight, width + 2 * padding >= kernelWidth else { return 0 }
    return outputHeight * outputWidth
  }
}
