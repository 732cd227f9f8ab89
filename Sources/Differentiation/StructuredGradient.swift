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
    let symmetricPart = scale(.half, sum([g, transpose(g)]))
    switch type {
    case .scalar, .vector, .row, .matrix, .simplex, .stochastic: return g
    case .symmetric, .spd, .psd:
      if options.metric == .affine, type == .spd { return product([x, symmetricPart, x]) }
      if options.symmetric == .entries {
        return subtract(sum([g, transpose(g)]), diag(diagonalOf(g)))
      }
      return symmetricPart
    case .skew: return scale(.half, subtract(g, transpose(g)))
    case .diagonal: return diag(diagonalOf(g))
    case .lower: return apply(.tril, [g], shape: shape(g))
    case .upper: return apply(.triu, [g], shape: shape(g))
    case .orthogonal, .stiefel:
      if options.metric == .canonical { return subtract(g, product([x, transpose(g), x])) }
      let inner = product([transpose(x), g])
      return subtract(g, scale(.half, product([x, sum([inner, transpose(inner)])])))
    }
  }
}
