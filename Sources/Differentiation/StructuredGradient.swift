import ExpressionCore

extension Graph {
  /// The gradient with respect to a structured variable, from that with respect to a plain one.
  ///
  /// Symmetric: the projection (G+G')/2, or G+G'−diag(G) by free entries. Orthogonal and Stiefel:
  /// the Riemannian gradient G − Q sym(Q'G) of the embedded metric, or G − Q G'Q of the canonical
  /// one (Edelman, Arias and Smith 1998, 2.4). Positive definite, affine-invariant: X sym(G) X.
  func structuredGradient(_ g: Expr, _ x: Expr, _ type: StructureType, _ options: DerivativeOptions)
    -> Expr
  {
    switch type {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: return g
    case .symmetric, .spd, .psd:
      if options.metric == .affine, type == .spd { return product([x, symmetricPart(g), x]) }
      if options.symmetric == .entries {
        return subtract(sum([g, transpose(g)]), diag(diagonalOf(g)))
      }
      return symmetricPart(g)
    case .skew: return scale(.half, subtract(g, transpose(g)))
    case .diagonal: return diag(diagonalOf(g))
    case .lower: return apply(.tril, [g], shape: shape(g))
    case .upper: return apply(.triu, [g], shape: shape(g))
    case .orthogonal, .stiefel:
      if options.metric == .canonical { return subtract(g, product([x, transpose(g), x])) }
      return subtract(g, product([x, symmetricPart(product([transpose(x), g]))]))
    }
  }

  /// The Riemannian Hessian along a tangent V of a structured variable X, from the derivative H of
  /// the plain gradient G along V.
  ///
  /// Embedded metric: the projection of H, or on the orthogonal and Stiefel manifolds of
  /// H − V sym(X'G) (Absil, Mahony and Sepulchre 2008, 5.3.3; Absil, Mahony and Trumpf 2013, An
  /// extrinsic look at the Riemannian Hessian). Canonical metric: C − X C'X with
  /// C = H + (X V'G + G V'X)/2 − (I − X X')V sym(X'G) (Edelman, Arias and Smith 1998, 2.4.5).
  /// Affine-invariant: X sym(H) X + sym(V sym(G) X) (Ferreira, Louzeiro and Prudente 2019,
  /// Gradient method for optimization on Riemannian manifolds with lower bounded curvature).
  func structuredHessian(
    _ h: Expr, along v: Expr, gradient g: Expr, _ x: Expr, _ type: StructureType,
    _ options: DerivativeOptions
  ) -> Expr {
    switch type {
    case .orthogonal, .stiefel:
      let normal = product([v, symmetricPart(product([transpose(x), g]))])
      guard options.metric == .canonical else {
        return structuredGradient(subtract(h, normal), x, type, options)
      }
      let turned = scale(
        .half,
        sum([product([x, transpose(v), g]), product([g, transpose(v), x])]))
      let across = subtract(normal, product([x, transpose(x), normal]))
      return structuredGradient(subtract(sum([h, turned]), across), x, type, options)
    case .spd where options.metric == .affine:
      let bent = symmetricPart(product([v, symmetricPart(g), x]))
      return sum([structuredGradient(h, x, type, options), bent])
    case .scalar, .vector, .row, .matrix, .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd,
      .simplex, .stochastic:
      return structuredGradient(h, x, type, options)
    }
  }

  private func symmetricPart(_ m: Expr) -> Expr { scale(.half, sum([m, transpose(m)])) }
}
