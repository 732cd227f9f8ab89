import ExpressionCore
import Planning

/// A tensor of doubles: its name in the program and its sizes.
struct Tensor: Hashable {
  let name: String
  let sizes: [Int]

  var type: String { "tensor<\(sizes.map { "\($0)x" }.joined())f64>" }
  var rows: Int { sizes[0] }
  var columns: Int { sizes[1] }
}

/// Statements of a StableHLO function, one operation each.
struct TensorProgram {
  private(set) var lines: [String] = []
  private var count = 0
  private var known: [String: Tensor] = [:]

  /// A statement; what was computed before is not computed again.
  mutating func emit(_ text: String, _ sizes: [Int]) -> Tensor {
    if let tensor = known[text] { return tensor }
    let tensor = Tensor(name: "%\(count)", sizes: sizes)
    count += 1
    lines.append("\(tensor.name) = \(text)")
    known[text] = tensor
    return tensor
  }

  mutating func constant(_ value: Double, _ sizes: [Int]) -> Tensor {
    let type = Tensor(name: "", sizes: sizes).type
    return emit("stablehlo.constant dense<\(Self.literal(value))> : \(type)", sizes)
  }

  /// A number as MLIR reads it: with a point, infinities by their bits.
  private static func literal(_ value: Double) -> String {
    if value.isInfinite { return value > 0 ? "0x7FF0000000000000" : "0xFFF0000000000000" }
    let text = "\(value)"
    return text.contains(".") ? text : text.replacing("e", with: ".0e")
  }

  /// An operation on tensors of one shape.
  mutating func map(_ operation: String, _ operands: Tensor...) -> Tensor {
    let names = operands.map(\.name).joined(separator: ", ")
    // Operations of CHLO state their operands' types.
    let type =
      operation.hasPrefix("chlo.")
      ? operands.map(\.type).joined(separator: ", ") + " -> " + operands[0].type
      : operands[0].type
    return emit("\(operation) \(names) : \(type)", operands[0].sizes)
  }

  mutating func reshape(_ x: Tensor, _ sizes: [Int]) -> Tensor {
    if x.sizes == sizes { return x }
    let result = Tensor(name: "", sizes: sizes)
    return emit("stablehlo.reshape \(x.name) : (\(x.type)) -> \(result.type)", sizes)
  }

  mutating func broadcast(_ x: Tensor, _ sizes: [Int], along dims: [Int]? = nil) -> Tensor {
    if x.sizes == sizes { return x }
    let dims = dims ?? Array(sizes.indices)
    let result = Tensor(name: "", sizes: sizes)
    return emit(
      "stablehlo.broadcast_in_dim \(x.name), dims = \(dims) : (\(x.type)) -> \(result.type)", sizes)
  }

  mutating func transpose(_ x: Tensor, _ order: [Int] = [1, 0]) -> Tensor {
    let sizes = order.map { x.sizes[$0] }
    let result = Tensor(name: "", sizes: sizes)
    return emit(
      "stablehlo.transpose \(x.name), dims = \(order) : (\(x.type)) -> \(result.type)", sizes)
  }

  mutating func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    let sizes = [a.rows, b.columns]
    let result = Tensor(name: "", sizes: sizes)
    return emit(
      "stablehlo.dot_general \(a.name), \(b.name), contracting_dims = [1] x [0] : "
        + "(\(a.type), \(b.type)) -> \(result.type)", sizes)
  }

  /// Over the rows (axis 1), the columns (axis 2) or all entries (nil); two axes stay.
  mutating func reduce(
    _ x: Tensor, _ operation: String, from start: Double, axis: Int?
  ) -> Tensor {
    let dims = axis.map { [$0 - 1] } ?? [0, 1]
    let kept = x.sizes.indices.filter { !dims.contains($0) }.map { x.sizes[$0] }
    let initial = constant(start, [])
    let result = Tensor(name: "", sizes: kept)
    let reduced = emit(
      "stablehlo.reduce(\(x.name) init: \(initial.name)) applies stablehlo.\(operation) across "
        + "dimensions = \(dims) : (\(x.type), tensor<f64>) -> \(result.type)", kept)
    return reshape(reduced, x.sizes.indices.map { dims.contains($0) ? 1 : x.sizes[$0] })
  }

  mutating func sum(_ x: Tensor, axis: Int? = nil) -> Tensor {
    reduce(x, "add", from: 0, axis: axis)
  }

  mutating func slice(_ x: Tensor, _ ranges: [Range<Int>]) -> Tensor {
    let sizes = ranges.map(\.count)
    let result = Tensor(name: "", sizes: sizes)
    let text = ranges.map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ", ")
    return emit("stablehlo.slice \(x.name) [\(text)] : (\(x.type)) -> \(result.type)", sizes)
  }

  mutating func concatenate(_ tensors: [Tensor], dimension: Int) -> Tensor {
    guard tensors.count > 1 else { return tensors[0] }
    var sizes = tensors[0].sizes
    sizes[dimension] = tensors.reduce(0) { $0 + $1.sizes[dimension] }
    let names = tensors.map(\.name).joined(separator: ", ")
    let types = tensors.map(\.type).joined(separator: ", ")
    let result = Tensor(name: "", sizes: sizes)
    return emit(
      "stablehlo.concatenate \(names), dim = \(dimension) : (\(types)) -> \(result.type)", sizes)
  }

  /// Where a comparison of two tensors holds: `GT`, `GE`, `EQ`.
  mutating func select(
    _ a: Tensor, _ direction: String, _ b: Tensor, then x: Tensor, else y: Tensor
  ) -> Tensor {
    let mask = Tensor(name: "", sizes: a.sizes).type.replacingElement("i1")
    let truth = emit(
      "stablehlo.compare \(direction), \(a.name), \(b.name) : (\(a.type), \(b.type)) -> \(mask)",
      a.sizes)
    return emit(
      "stablehlo.select \(truth.name), \(x.name), \(y.name) : \(mask), \(x.type)", x.sizes)
  }

  /// The numbers 0, 1, … along a dimension.
  mutating func iota(_ sizes: [Int], dimension: Int) -> Tensor {
    emit("stablehlo.iota dim = \(dimension) : \(Tensor(name: "", sizes: sizes).type)", sizes)
  }

  mutating func identity(_ n: Int) -> Tensor {
    let (i, j) = (iota([n, n], dimension: 0), iota([n, n], dimension: 1))
    let (one, zero) = (constant(1, [n, n]), constant(0, [n, n]))
    return select(i, "EQ", j, then: one, else: zero)
  }
}

extension String {
  /// The type with another type of entries.
  fileprivate func replacingElement(_ element: String) -> String { dropLast(4) + element + ">" }
}
