/// A piece of a chain that is differentiated as a whole, though each factor is a decomposition of
/// one matrix: a function `V*diag(w)*V'` or `U*diag(w)*V'` of its values, or one eigenvector.
///
/// The functions do not depend on the choice of vectors for repeated values. Their differentials as
/// a whole need no gaps, which those of the vectors divide by; that of one eigenvector needs only
/// the gaps to its own eigenvalue.
public struct SpectralPiece {
  enum Kind {
    /// `V*diag(w)*V'`: the vectors, the eigenvalues, w and its slopes.
    case symmetric(v: Expr, values: Expr, weights: Expr, slopes: Expr)
    /// `U*diag(w)*V'`.
    case singular(u: Expr, v: Expr, values: Expr, weights: Expr, slopes: Expr)
    /// `V*e`, e a unit vector.
    case eigenvector(v: Expr, unit: Expr, values: Expr)
  }

  let kind: Kind
  /// Whether the transpose of that stands in the chain.
  var isTransposed = false
  public let range: Range<Int>
  /// The matrix that is decomposed.
  public let operand: Expr
}

extension Graph {
  /// The pieces of a chain whose decomposed matrix varies, but no scalar in their weights.
  public func spectralPieces(of chain: [Expr], varies: (Expr) -> Bool) -> [SpectralPiece] {
    var pieces: [SpectralPiece] = []
    var start = 0
    while start < chain.count {
      if let piece = spectralPiece(of: chain, at: start, varies) {
        pieces.append(piece)
        start = piece.range.upperBound
      } else {
        start += 1
      }
    }
    return pieces
  }

  private func spectralPiece(
    of chain: [Expr], at start: Int, _ varies: (Expr) -> Bool
  ) -> SpectralPiece? {
    guard start + 1 < chain.count else { return nil }
    return functionPiece(of: chain, at: start, varies)
      ?? eigenvectorPiece(chain[start], chain[start + 1], at: start, varies)
  }

  private func eigenvectorPiece(
    _ a: Expr, _ b: Expr, at start: Int, _ varies: (Expr) -> Bool
  ) -> SpectralPiece? {
    let isTransposed = operand(of: b, .transpose).map { operand(of: $0, .eigvecs) != nil } ?? false
    let (v, unit) = isTransposed ? (transpose(b), transpose(a)) : (a, b)
    guard let matrix = operand(of: v, .eigvecs), varies(matrix), case .unit = node(unit) else {
      return nil
    }
    return SpectralPiece(
      kind: .eigenvector(v: v, unit: unit, values: eigenvalues(matrix)),
      isTransposed: isTransposed, range: start..<(start + 2), operand: matrix)
  }

  private func functionPiece(
    of chain: [Expr], at start: Int, _ varies: (Expr) -> Bool
  ) -> SpectralPiece? {
    let left = chain[start]
    let matrix =
      operand(of: left, .eigvecs) ?? operand(of: left, .svdu) ?? operand(of: left, .svdv)
    guard let matrix, varies(matrix) else { return nil }
    var end = start + 1
    var diagonal = operand(of: chain[end], .diag)
    if diagonal != nil { end += 1 }
    // U*e*e'*V' is the function that is 1 at one value and 0 at the others.
    if case .unit = node(chain[end]), end + 2 < chain.count,
      chain[end + 1] == transpose(chain[end]), operand(of: left, .eigvecs) == nil
    {
      diagonal = chain[end]
      end += 2
    }
    guard end < chain.count, let right = operand(of: chain[end], .transpose) else { return nil }
    let isSymmetric = left == right && operand(of: left, .eigvecs) == matrix
    let isForward = operand(of: left, .svdu) == matrix && operand(of: right, .svdv) == matrix
    let isTransposed = operand(of: left, .svdv) == matrix && operand(of: right, .svdu) == matrix
    guard isSymmetric || isForward || isTransposed else { return nil }
    let values = isSymmetric ? eigenvalues(matrix) : singularValues(matrix)
    let weights = diagonal ?? ones(shape(values).rows)
    guard !shape(values).isScalar, shape(weights) == shape(values),
      let slopes = slope(of: weights, by: values, varies)
    else { return nil }
    let kind: SpectralPiece.Kind =
      isSymmetric
      ? .symmetric(v: left, values: values, weights: weights, slopes: slopes)
      : .singular(
        u: isForward ? left : right, v: isForward ? right : left, values: values,
        weights: weights, slopes: slopes)
    return SpectralPiece(
      kind: kind, isTransposed: isTransposed, range: start..<(end + 1), operand: matrix)
  }

  /// f′(l) of w = f(l), entry by entry; nil where w is something else, or depends on what varies in
  /// another way too.
  private func slope(of w: Expr, by l: Expr, _ varies: (Expr) -> Bool) -> Expr? {
    if w == l { return ones(shape(l).rows) }
    guard varies(w) else { return constantSlope(w, l) }
    switch node(w) {
    case .sum(let terms):
      var parts: [Term] = []
      for term in terms {
        guard let s = slope(of: term.expr, by: l, varies) else { return nil }
        parts.append(Term(term.coefficient, s))
      }
      return sum(parts, shape: shape(l))
    case .product(let p):
      guard p.chain.count == 1, !p.scalars.contains(where: { varies($0.base) }),
        let s = slope(of: p.chain[0], by: l, varies)
      else { return nil }
      return product([product(Product(p.coefficient, scalars: p.scalars)), s])
    case .hadamard(let factors):
      var parts: [Expr] = []
      for (i, factor) in factors.enumerated() {
        guard let s = slope(of: factor.base, by: l, varies) else { return nil }
        parts.append(hadamard(lowered(factors, i) + [Factor(s)]))
      }
      return sum(parts)
    case .apply(let primitive, let x, let parameters):
      guard shape(x[0]) == shape(l), !x.dropFirst().contains(where: varies),
        let s = slope(of: x[0], by: l, varies)
      else { return nil }
      switch primitive.rule.derivative {
      case .elementwise(let f): return hadamard(f(self, x[0], w), s)
      case .constant: return zero(shape(l))
      case .differential(let rule) where primitive == .elementwisePower:
        return rule(self, x, [s] + x.dropFirst().map { _ in nil }, w, parameters)
      case .defined, .undefined, .linear, .multilinear, .linearInLast, .jointlyLinear,
        .differential:
        return nil
      }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: return nil
    }
  }

  /// A constant is a function of the values where all its entries are one number.
  private func constantSlope(_ w: Expr, _ l: Expr) -> Expr? {
    if case .unit = node(w) { return zero(shape(l)) }
    return isOnesMatrix(withoutScale(w).bare) ? zero(shape(l)) : nil
  }

  // MARK: Differentials

  public func differential(of piece: SpectralPiece, along dx: Expr) -> Expr {
    let result: Expr
    switch piece.kind {
    case .symmetric, .singular: result = applied(piece, to: dx)
    case .eigenvector(let v, let unit, let values):
      result = product([turn(v, unit, values), dx, v, unit])
    }
    return piece.isTransposed ? transpose(result) : result
  }

  /// What the cotangent of a piece gives to that of the matrix that is decomposed.
  public func adjoint(of piece: SpectralPiece, applied y: Expr) -> Expr {
    let y = piece.isTransposed ? transpose(y) : y
    switch piece.kind {
    case .symmetric, .singular: return applied(piece, to: y)
    case .eigenvector(let v, let unit, let values):
      return product([turn(v, unit, values), y, transpose(product([v, unit]))])
    }
  }

  /// The pseudoinverse of λⱼI − S, with which dvⱼ = (λⱼI − S)⁺ dS vⱼ (Magnus & Neudecker, 8.9).
  private func turn(_ v: Expr, _ unit: Expr, _ values: Expr) -> Expr {
    product([v, diag(product([reciprocalGaps(values), unit])), transpose(v)])
  }

  /// diag(f/s)
  private func ratios(_ weights: Expr, _ values: Expr) -> Expr {
    if case .unit = node(weights) {
      let value = product([transpose(weights), values])
      return product([reciprocal(value), weights, transpose(weights)])
    }
    return diag(hadamard([Factor(weights), Factor(values, .minusOne)]))
  }

  /// The differential of a function of the values, a linear map that is its own adjoint.
  ///
  /// d f(S) = V(f[l] ⊙ V'dS V)V' with the divided differences f[l] (Daleckii and Krein 1965;
  /// Bhatia, Matrix Analysis, V.3). With M = U'dX V: d U f(s) V' = U(f[s] ⊙ sym(M) + G ⊙ skew(M))V'
  /// + (I − UU')dX V diag(f/s)V' + U diag(f/s)U'dX(I − VV'), Gᵢⱼ = (fᵢ + fⱼ)/(sᵢ + sⱼ)
  /// (Noferini 2017, A formula for the Fréchet derivative of a generalized matrix function).
  private func applied(_ piece: SpectralPiece, to e: Expr) -> Expr {
    switch piece.kind {
    case .eigenvector: return e
    case .symmetric(let v, let values, let weights, let slopes):
      let rotated = product([transpose(v), e, v])
      let quotients = dividedDifferences(values, weights, slopes)
      return product([v, hadamard(quotients, rotated), transpose(v)])
    case .singular(let u, let v, let values, let weights, let slopes):
      let m = product([transpose(u), e, v])
      let mirrored = transpose(m)
      let quotients = dividedDifferences(values, weights, slopes)
      let half = product([diag(weights), reciprocalSums(values)])
      let means = sum([half, transpose(half)])
      let inside = sum([
        hadamard(quotients, scale(.half, sum([m, mirrored]))),
        hadamard(means, scale(.half, subtract(m, mirrored))),
      ])
      let ratios = ratios(weights, values)
      var parts = [product([u, inside, transpose(v)])]
      if !shape(u).isSquare {
        let outside = subtract(identity(shape(u).rows), product([u, transpose(u)]))
        parts.append(product([outside, e, v, ratios, transpose(v)]))
      }
      if !shape(v).isSquare {
        let outside = subtract(identity(shape(v).rows), product([v, transpose(v)]))
        parts.append(product([u, ratios, transpose(u), e, outside]))
      }
      return sum(parts)
    }
  }
}
