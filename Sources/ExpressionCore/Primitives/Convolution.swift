/// Cross-correlations and the patches that they are products of (Dumoulin and Visin 2016).
///
/// With stride 1 the gradient with respect to the kernel is again a correlation with the image;
/// otherwise it goes through the patches.
extension PrimitiveRule {
  /// Patches as rows. Parameters: kernel height and width, stride, padding.
  static let im2col = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, x, p in
      let size = g.shape(x)
      return g.apply(.col2im, [y], [size.rows, size.columns] + p, shape: size)
    },
    construct: { g, x, p, shape in
      g.linear(.im2col, x[0], p, shape, g.facts(x[0]).intersection(.nonnegative))
    })

  /// The adjoint of `im2col`. Parameters: image height and width, then those of the patches.
  static let col2im = PrimitiveRule(
    transpose: .opaque,
    derivative: .linear { g, y, x, p in
      g.apply(.im2col, [y], Array(p.dropFirst(2)), shape: g.shape(x))
    },
    construct: { g, x, p, shape in
      g.linear(.col2im, x[0], p, shape, g.facts(x[0]).intersection(.nonnegative))
    })

  /// vec(conv2d(X,W)') = im2col(X)·vec(W'). Parameters: stride and padding.
  static let conv2d = PrimitiveRule(
    transpose: .opaque,
    derivative: .multilinear { g, y, x, position, p in
      let (image, kernel) = (g.shape(x[0]), g.shape(x[1]))
      if position == 1, p[0].isOne { return g.apply(.conv2d, [x[0], y], p, shape: kernel) }
      let patches = [kernel.rows, kernel.columns] + p
      let row = g.vec(g.transpose(y))
      let size = Shape(g.shape(y).count, kernel.count)
      if position == 1 {
        let columns = g.transpose(g.apply(.im2col, [x[0]], patches, shape: size))
        let turned = Shape(kernel.columns, kernel.rows)
        return g.transpose(
          g.apply(
            .reshape, [g.product([columns, row])], [turned.rows, turned.columns], shape: turned))
      }
      let weights = g.transpose(g.vec(g.transpose(x[1])))
      return g.apply(
        .col2im, [g.product([row, weights])], [image.rows, image.columns] + patches, shape: image)
    },
    construct: { g, x, p, shape in g.bilinear(.conv2d, x, p, shape) })

  /// In the orientation of the signal, whatever that of the kernel. Parameters: stride, padding.
  static let conv1d = PrimitiveRule(
    transpose: .opaque,
    derivative: .multilinear { g, y, x, position, p in
      position == 1 ? g.kernelGradient(y, x, p) : g.signalGradient(y, x, p)
    },
    construct: { g, x, p, shape in
      // A 1×1 kernel or signal only scales.
      if p == [1, 0], g.shape(x[1]).isScalar { return g.product(x) }
      return g.bilinear(.conv1d, x, p, shape)
    })
}

extension Graph {
  fileprivate func kernelGradient(_ y: Expr, _ x: [Expr], _ p: [Dim]) -> Expr {
    let kernel = shape(x[1])
    if p[0].isOne {
      let isTurned = shape(x[0]).isRow != kernel.isRow && !kernel.isScalar
      let result = apply(
        .conv1d, [x[0], y], p, shape: isTurned ? kernel.transposed : kernel)
      return isTurned ? transpose(result) : result
    }
    let gradient = product([row(y), windows(x[0], kernel.count, p, shape(y).count)])
    return kernel.rows.isOne ? gradient : transpose(gradient)
  }

  fileprivate func signalGradient(_ y: Expr, _ x: [Expr], _ p: [Dim]) -> Expr {
    let (n, k) = (shape(x[0]).count, shape(x[1]).count)
    let padded = n + p[1] + p[1]
    let patches = product([transpose(row(y)), row(x[1])])
    let whole = apply(.col2im, [patches], [1, padded, 1, k, p[0], 0], shape: Shape(1, padded))
    let inner = product([whole, selector(padded, from: p[1], count: n)])
    return shape(x[0]).rows.isOne ? inner : transpose(inner)
  }

  private func row(_ v: Expr) -> Expr { shape(v).rows.isOne ? v : transpose(v) }

  /// The windows of a signal as rows. `im2col` would pad across it too, so it is padded before.
  private func windows(_ x: Expr, _ k: Dim, _ p: [Dim], _ count: Dim) -> Expr {
    let signal = row(x)
    let n = shape(signal).columns
    let padded = n + p[1] + p[1]
    let wide = product([signal, transpose(selector(padded, from: p[1], count: n))])
    return apply(.im2col, [wide], [1, k, p[0], 0], shape: Shape(count, k))
  }
}
