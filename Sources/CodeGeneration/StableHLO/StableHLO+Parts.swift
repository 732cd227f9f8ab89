import ExpressionCore
import Planning

// What takes several operations of StableHLO.
extension StableHLO {
  mutating func blocks(_ layout: [Int], _ x: [Tensor]) -> Tensor {
    var rows: [Tensor] = []
    var next = 0
    for count in layout.dropFirst() {
      rows.append(program.concatenate(Array(x[next..<next + count]), dimension: 1))
      next += count
    }
    return program.concatenate(rows, dimension: 0)
  }

  /// log(1 + exp(x)) without overflow.
  mutating func softplus(_ x: Tensor) -> Tensor {
    let size = program.map("stablehlo.negate", program.map("stablehlo.abs", x))
    let rest = program.map("stablehlo.log_plus_one", program.map("stablehlo.exponential", size))
    let zero = program.constant(0, x.sizes)
    return program.map("stablehlo.add", program.map("stablehlo.maximum", x, zero), rest)
  }

  mutating func normalDistribution(_ x: Tensor) -> Tensor {
    let scaled = program.map(
      "stablehlo.multiply", x, program.constant(-0.7071067811865476, x.sizes))
    return program.map(
      "stablehlo.multiply", program.map("chlo.erfc", scaled), program.constant(0.5, x.sizes))
  }

  mutating func logSumExp(_ x: Tensor, axis: Int?) -> Tensor {
    let largest = program.reduce(x, "maximum", from: -.infinity, axis: axis)
    let shifted = program.map("stablehlo.subtract", x, program.broadcast(largest, x.sizes))
    let total = program.sum(program.map("stablehlo.exponential", shifted), axis: axis)
    return program.map("stablehlo.add", largest, program.map("stablehlo.log", total))
  }

  mutating func logSoftmax(_ x: Tensor, axis: Int?) -> Tensor {
    let total = program.broadcast(logSumExp(x, axis: axis), x.sizes)
    return program.map("stablehlo.subtract", x, total)
  }

  mutating func trace(_ x: Tensor) -> Tensor { program.sum(diagonal(x)) }

  mutating func diagonal(_ x: Tensor) -> Tensor {
    let masked = program.map("stablehlo.multiply", x, program.identity(x.rows))
    return program.sum(masked, axis: 2)
  }

  mutating func cholesky(_ x: Tensor) -> Tensor {
    program.emit("stablehlo.cholesky \(x.name), lower = true : \(x.type)", x.sizes)
  }

  mutating func triangularSolve(_ l: Tensor, _ b: Tensor, transposed: Bool) -> Tensor {
    program.emit(
      "\"stablehlo.triangular_solve\"(\(l.name), \(b.name)) {left_side = true, lower = true, "
        + "unit_diagonal = false, transpose_a = #stablehlo<transpose "
        + "\(transposed ? "TRANSPOSE" : "NO_TRANSPOSE")>} : (\(l.type), \(b.type)) -> \(b.type)",
      b.sizes)
  }

  mutating func cross(_ a: Tensor, _ b: Tensor) -> Tensor {
    let dimension = a.rows == 3 ? 0 : 1
    func entry(_ x: Tensor, _ i: Int) -> Tensor {
      program.slice(x, dimension == 0 ? [i..<i + 1, 0..<1] : [0..<1, i..<i + 1])
    }
    var entries: [Tensor] = []
    for (i, j) in [(1, 2), (2, 0), (0, 1)] {
      entries.append(
        program.map(
          "stablehlo.subtract",
          program.map("stablehlo.multiply", entry(a, i), entry(b, j)),
          program.map("stablehlo.multiply", entry(a, j), entry(b, i))))
    }
    return program.concatenate(entries, dimension: dimension)
  }

  /// A convolution of one image; patches are convolutions with unit filters.
  mutating func convolution(
    _ primitive: Primitive, _ p: [Int], _ x: [Tensor], _ sizes: [Int]
  ) throws(UnsupportedOperation) -> Tensor {
    switch primitive {
    case .conv1d, .conv2d:
      var filter = x[1]
      var padding = [p[1], p[1]]
      if primitive == .conv1d {
        let isRow = x[0].rows == 1
        padding = isRow ? [0, p[1]] : [p[1], 0]
        filter = program.reshape(
          filter, isRow ? [1, filter.rows * filter.columns] : [filter.rows * filter.columns, 1])
      }
      let result = convolve(
        program.reshape(x[0], [1, 1] + x[0].sizes), program.reshape(filter, [1, 1] + filter.sizes),
        stride: p[0], padding: padding.map { ($0, $0) }, channels: 1, sizes)
      return program.reshape(result, sizes)
    case .im2col:
      let (height, width) = (p[0], p[1])
      let units = program.reshape(
        program.identity(height * width), [height * width, 1, height, width])
      let down = (x[0].rows + 2 * p[3] - height) / p[2] + 1
      let along = (x[0].columns + 2 * p[3] - width) / p[2] + 1
      let result = convolve(
        program.reshape(x[0], [1, 1] + x[0].sizes), units, stride: p[2],
        padding: [(p[3], p[3]), (p[3], p[3])], channels: height * width, [down, along])
      return program.transpose(program.reshape(result, [height * width, down * along]))
    default: return fromPatches(p, x[0])
    }
  }

  /// The adjoint of `im2col`: a convolution of the patches, spread out by the stride, with mirrored
  /// unit filters.
  private mutating func fromPatches(_ p: [Int], _ patches: Tensor) -> Tensor {
    let (rows, columns, height, width, stride, padding) = (p[0], p[1], p[2], p[3], p[4], p[5])
    let down = (rows + 2 * padding - height) / stride + 1
    let along = (columns + 2 * padding - width) / stride + 1
    let image = program.reshape(
      program.transpose(patches), [1, height * width, down, along])
    let units = program.reshape(
      program.identity(height * width), [1, height * width, height, width])
    let mirrored = program.emit(
      "stablehlo.reverse \(units.name), dims = [2, 3] : \(units.type)", units.sizes)
    func pads(_ size: Int, _ kernel: Int) -> (Int, Int) {
      let rest = (size + 2 * padding - kernel) % stride
      return (kernel - 1 - padding, kernel - 1 - padding + rest)
    }
    let result = convolve(
      image, mirrored, stride: 1, padding: [pads(rows, height), pads(columns, width)],
      channels: 1, dilation: stride, [rows, columns])
    return program.reshape(result, [rows, columns])
  }

  private mutating func convolve(
    _ image: Tensor, _ filter: Tensor, stride: Int, padding: [(Int, Int)], channels: Int,
    dilation: Int = 1, _ sizes: [Int]
  ) -> Tensor {
    let result = Tensor(name: "", sizes: [1, channels] + sizes)
    let pads = padding.map { "[\($0.0), \($0.1)]" }.joined(separator: ", ")
    return program.emit(
      "stablehlo.convolution(\(image.name), \(filter.name)) dim_numbers = "
        + "[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {stride = [\(stride), \(stride)], "
        + "pad = [\(pads)], lhs_dilate = [\(dilation), \(dilation)]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : "
        + "(\(image.type), \(filter.type)) -> \(result.type)", result.sizes)
  }
}
