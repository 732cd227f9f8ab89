/// Where the patches of a kernel lie in an image with zero padding.
struct PatchGeometry {
  let height: Int
  let width: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let stride: Int
  let verticalPadding: Int
  let horizontalPadding: Int

  /// The numbers of positions down and along; not positive where the kernel does not fit.
  var outputHeight: Int { Self.positions(height, kernelHeight, stride, verticalPadding) }
  var outputWidth: Int { Self.positions(width, kernelWidth, stride, horizontalPadding) }

  private static func positions(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
    let free = size + 2 * padding - kernel
    return free < 0 ? 0 : free / stride + 1
  }

  /// Calls with (patch, position within the patch, row, column) of each entry that is not padding.
  ///
  /// Patches in scan order, entries of a patch row by row.
  func forEach(_ body: (Int, Int, Int, Int) -> Void) {
    for top in 0..<outputHeight {
      for left in 0..<outputWidth {
        for a in 0..<kernelHeight {
          let i = top * stride + a - verticalPadding
          guard i >= 0, i < height else { continue }
          for b in 0..<kernelWidth {
            let j = left * stride + b - horizontalPadding
            guard j >= 0, j < width else { continue }
            body(top * outputWidth + left, a * kernelWidth + b, i, j)
          }
        }
      }
    }
  }
}

extension Step {
  private static var sizeLimit: Int { 1 << 28 }

  private func geometry(
    _ height: Int, _ width: Int, _ kernel: (Int, Int), strideAt index: Int, padsRows: Bool = true,
    padsColumns: Bool = true
  ) throws(EvaluationError) -> PatchGeometry {
    let stride = try parameter(index, "stride", in: 1...Self.sizeLimit)
    let padding = try parameter(index + 1, "padding", in: 0...Self.sizeLimit)
    let geometry = PatchGeometry(
      height: height, width: width, kernelHeight: kernel.0, kernelWidth: kernel.1, stride: stride,
      verticalPadding: padsRows ? padding : 0, horizontalPadding: padsColumns ? padding : 0)
    guard geometry.outputHeight > 0, geometry.outputWidth > 0 else {
      throw .sizesDoNotFit(place, [MatrixSize(height, width), MatrixSize(kernel.0, kernel.1)])
    }
    try requireRoom(geometry.outputHeight, geometry.outputWidth)
    return geometry
  }

  /// `im2col(X, kh, kw, stride, padding)`: the patches as rows.
  func patches() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let kernel = (
      try parameter(0, "kernel height", in: 1...Self.sizeLimit),
      try parameter(1, "kernel width", in: 1...Self.sizeLimit)
    )
    let geometry = try geometry(x.rows, x.columns, kernel, strideAt: 2)
    let count = geometry.outputHeight * geometry.outputWidth
    try requireRoom(kernel.0, kernel.1)
    try requireRoom(count, kernel.0 * kernel.1)
    var result = Matrix.zeros(count, kernel.0 * kernel.1)
    geometry.forEach { patch, position, i, j in result[patch, position] = x[i, j] }
    return result
  }

  /// `col2im(P, h, w, kh, kw, stride, padding)`: the adjoint of `im2col`.
  func fromPatches() throws(EvaluationError) -> Matrix {
    let p = try operand(0)
    let height = try parameter(0, "height", in: 1...Self.sizeLimit)
    let width = try parameter(1, "width", in: 1...Self.sizeLimit)
    let kernel = (
      try parameter(2, "kernel height", in: 1...Self.sizeLimit),
      try parameter(3, "kernel width", in: 1...Self.sizeLimit)
    )
    try requireRoom(height, width)
    try requireRoom(kernel.0, kernel.1)
    let geometry = try geometry(height, width, kernel, strideAt: 4)
    try require(
      p.rows == geometry.outputHeight * geometry.outputWidth && p.columns == kernel.0 * kernel.1)
    var result = Matrix.zeros(height, width)
    geometry.forEach { patch, position, i, j in result[i, j] += p[patch, position] }
    return result
  }

  /// `conv1d(x, w, stride, padding)`: in the orientation of `x`, padded along it only.
  func convolution1D() throws(EvaluationError) -> Matrix {
    let (x, w) = (try operand(0), try operand(1))
    try require((x.rows == 1 || x.columns == 1) && (w.rows == 1 || w.columns == 1))
    let isRow = x.rows == 1 && !(node.shape.columns.isOne && x.isScalar && !node.shape.rows.isOne)
    let geometry = try geometry(
      x.rows, x.columns, isRow ? (1, w.count) : (w.count, 1), strideAt: 0, padsRows: !isRow,
      padsColumns: isRow)
    return correlation(x, w, geometry)
  }

  /// `conv2d(X, W, stride, padding)`: cross-correlation, as in machine learning.
  func convolution2D() throws(EvaluationError) -> Matrix {
    let (x, w) = (try operand(0), try operand(1))
    return correlation(x, w, try geometry(x.rows, x.columns, (w.rows, w.columns), strideAt: 0))
  }

  private func correlation(_ x: Matrix, _ w: Matrix, _ geometry: PatchGeometry) -> Matrix {
    let width = geometry.outputWidth
    let weights = w.rowMajorValues
    var result = Matrix.zeros(geometry.outputHeight, width)
    geometry.forEach { patch, position, i, j in
      result[patch / width, patch % width] += x[i, j] * weights[position]
    }
    return result
  }
}
