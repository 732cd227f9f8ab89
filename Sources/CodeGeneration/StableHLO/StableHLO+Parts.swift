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

  // MARK: Triangles

  /// The entries whose row and column compare so, and another tensor's elsewhere: `GE` keeps the
  /// lower triangle with the diagonal.
  mutating func below(_ x: Tensor, _ direction: String, else other: Tensor) -> Tensor {
    let (i, j) = (program.iota(x.sizes, dimension: 0), program.iota(x.sizes, dimension: 1))
    return program.select(i, direction, j, then: x, else: other)
  }

  /// The columns of the lower triangle one below another.
  mutating func lowerHalf(_ x: Tensor) -> Tensor {
    let columns = (0..<x.columns).map { program.slice(x, [$0..<x.rows, $0..<$0 + 1]) }
    return program.concatenate(columns, dimension: 0)
  }

  /// The matrix with `D * vech(S) = vec(S)`: a row has its 1 where the place of the entry, or of its
  /// mirror image below the diagonal, is among the columns of the lower triangle.
  mutating func duplication(_ n: Int, _ sizes: [Int]) -> Tensor {
    let square = [n, n]
    let (i, j) = (program.iota(square, dimension: 0), program.iota(square, dimension: 1))
    let row = program.map("stablehlo.maximum", i, j)
    let column = program.map("stablehlo.minimum", i, j)
    // n·j - j(j + 1)/2 entries of earlier columns come before row i of column j.
    let next = program.map("stablehlo.add", column, program.constant(1, square))
    let skipped = program.map("stablehlo.multiply", column, next)
    let half = program.map("stablehlo.multiply", skipped, program.constant(0.5, square))
    let all = program.map("stablehlo.multiply", column, program.constant(Double(n), square))
    let before = program.map("stablehlo.subtract", all, half)
    let place = program.map("stablehlo.add", before, row)
    let places = program.broadcast(program.reshape(place, [n * n, 1]), sizes)
    return program.select(
      places, "EQ", program.iota(sizes, dimension: 1), then: program.constant(1, sizes),
      else: program.constant(0, sizes))
  }

  // MARK: Spectra

  /// A column repeated as a square matrix, less its transpose: x_i - x_j.
  private mutating func differences(_ x: Tensor) -> Tensor {
    let columns = program.broadcast(column(x), [x.rows * x.columns, x.rows * x.columns])
    return program.map("stablehlo.subtract", columns, program.transpose(columns))
  }

  private mutating func column(_ x: Tensor) -> Tensor {
    program.reshape(x, [x.rows * x.columns, 1])
  }

  /// 1/(l_j - l_i) off the diagonal and 0 on it.
  mutating func reciprocalGaps(_ l: Tensor) -> Tensor {
    let gaps = program.map("stablehlo.negate", differences(l))
    let (zero, one) = (program.constant(0, gaps.sizes), program.constant(1, gaps.sizes))
    let safe = program.select(gaps, "EQ", zero, then: one, else: gaps)
    return program.select(
      gaps, "EQ", zero, then: zero, else: program.map("stablehlo.divide", one, safe))
  }

  /// (f_i - f_j)/(l_i - l_j), the mean slope where rounding leaves no more.
  mutating func dividedDifferences(_ x: [Tensor], _ sizes: [Int]) -> Tensor {
    let (gaps, rise) = (differences(x[0]), differences(x[1]))
    func sum(_ x: Tensor) -> Tensor {
      let columns = program.broadcast(x, sizes)
      return program.map("stablehlo.add", columns, program.transpose(columns))
    }
    let slopes = sum(column(x[2]))
    let mean = program.map("stablehlo.multiply", slopes, program.constant(0.5, sizes))
    let linear = program.map("stablehlo.multiply", mean, gaps)
    let rest = program.map("stablehlo.abs", program.map("stablehlo.subtract", rise, linear))
    let sizesOfValues = sum(program.map("stablehlo.abs", column(x[1])))
    let rounding = program.map(
      "stablehlo.multiply", sizesOfValues, program.constant(0x1p-50, sizes))
    let one = program.constant(1, sizes)
    let safe = program.select(gaps, "EQ", program.constant(0, sizes), then: one, else: gaps)
    return program.select(
      rest, "GT", rounding, then: program.map("stablehlo.divide", rise, safe), else: mean)
  }

  // MARK: Linear algebra

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
