import ExpressionCore

/// Symmetric matrices, written so that one sees it.
extension Search {
  /// Whether a matrix is its own transpose by the identities of the graph: `P'*M*P`, `u*u'`,
  /// `A + A'`. Then its spelling shows it too.
  func isVisiblySymmetric(_ e: Expr) -> Bool {
    let shape = graph.shape(e)
    return shape.isSquare && !shape.isScalar && graph.transpose(e) == e
  }

  /// H + H' of a symmetric sum, H the shorter for being simplified on its own.
  func halved(_ e: Expr) -> Expr? {
    let (coefficient, unit) = graph.splitCoefficient(e)
    guard isVisiblySymmetric(e), case .sum(var rest) = graph.node(unit), rest.count > 2,
      rest.count <= 16
    else { return nil }
    var half: [Term] = []
    var pairs = 0
    while let term = rest.popLast() {
      let mirrored = graph.transpose(term.expr)
      if mirrored == term.expr {
        half.append(Term(term.coefficient * .half, term.expr))
      } else if let partner = rest.firstIndex(of: Term(term.coefficient, mirrored)) {
        rest.remove(at: partner)
        pairs += 1
        half.append(
          speller.size(mirrored) < speller.size(term.expr)
            ? Term(term.coefficient, mirrored) : term)
      } else {
        return nil
      }
    }
    guard pairs > 0 else { return nil }
    let simple = improve(graph.sum(half, shape: graph.shape(e)))
    return graph.scale(coefficient, graph.sum([simple, graph.transpose(simple)]))
  }

  /// Sums of matrices that are factors of products multiplied out, and those in Kronecker products;
  /// a difference of vectors stays one.
  func multipliedOut(_ e: Expr) -> Expr {
    var pending: [Term] = [Term(.one, e)]
    var done: [Term] = []
    while let term = pending.popLast() {
      guard done.count + pending.count < 32, let parts = summands(of: term.expr) else {
        done.append(term)
        continue
      }
      pending += parts.map { Term($0.coefficient * term.coefficient, $0.expr) }
    }
    return graph.sum(done, shape: graph.shape(e))
  }

  private func summands(of e: Expr) -> [Term]? {
    switch graph.node(e) {
    case .sum(let terms): return terms
    case .product(let p):
      let scale = Factor(graph.number(p.coefficient))
      for (i, element) in p.chain.enumerated() {
        let shape = graph.shape(element)
        if shape.isVector || shape.isRow { continue }
        guard let inner = summands(of: element) else { continue }
        return inner.map { term in
          var chain = p.chain
          chain[i] = term.expr
          return Term(term.coefficient, graph.product(p.scalars + [scale], chain: chain))
        }
      }
      return nil
    case .apply(.kron, let x, _), .apply(.khatrirao, let x, _):
      guard case .apply(let primitive, _, _) = graph.node(e) else { return nil }
      for (i, operand) in x.enumerated() {
        guard let inner = summands(of: operand) else { continue }
        return inner.map { term in
          var operands = x
          operands[i] = term.expr
          return Term(
            term.coefficient, graph.apply(primitive, operands, shape: graph.shape(e)))
        }
      }
      return nil
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .hadamard, .apply:
      return nil
    }
  }
}
