import ExpressionCore

/// Intervals of the values of functions.
extension Prover {
  func rangeOfFunction(_ e: Expr, _ primitive: Primitive, _ x: [Expr]) -> Ranged {
    if let values = Self.values(of: primitive) {
      let sharper = elementwise(primitive, x)
      let range = values.intersected(sharper ?? .anything)
      let isPlain = range == values
      return Ranged(
        e, range, by: .rangeOf(primitive), isPlain ? [] : x.prefix(1).map { ranged($0).proof })
    }
    if let range = elementwise(primitive, x) {
      return Ranged(e, range, by: .rangeOf(primitive), x.prefix(1).map { ranged($0).proof })
    }
    switch primitive {
    case .tr: return trace(e, x[0])
    case .diag, .tril, .triu, .im2col, .col2im, .conv1d, .conv2d:
      // Some entries are zero, the others those of the operand.
      let own = ranged(x[0])
      let isEntry = primitive == .diag || primitive == .tril || primitive == .triu
      guard isEntry || primitive == .im2col else { return Ranged(e, .anything, by: .signs) }
      return Ranged(e, own.range.joined(.zero), by: .entriesOfParts, [own.proof])
    case .diagonal: return diagonal(e, x[0])
    case .transpose, .vec, .reshape, .vech:
      let own = ranged(x[0])
      return Ranged(e, own.range, by: own.rule, own.premises)
    case .blocks:
      let parts = x.map { ranged($0) }
      let range = parts.dropFirst().reduce(parts[0].range) { $0.joined($1.range) }
      return Ranged(e, range, by: .entriesOfParts, parts.map(\.proof))
    case .kron, .khatrirao:
      let parts = x.map { ranged($0) }
      return Ranged(
        e, parts.reduce(.point(.one)) { $0 * $1.range }, by: .signs, parts.map(\.proof))
    case .power, .elementwisePower: return power(e, x)
    case .max: return extreme(e, x, up: true)
    case .min: return extreme(e, x, up: false)
    case .maximum, .minimum:
      let own = ranged(x[0])
      return Ranged(e, own.range, by: .entriesOfParts, [own.proof])
    case .prod:
      let own = ranged(x[0])
      let range: EntryRange =
        own.range.isPositive ? .positive : own.range.isNonnegative ? .nonnegative : .anything
      return Ranged(e, range, by: .signs, [own.proof])
    case .det, .lambdamax, .lambdamin, .eigvals: return spectrum(e, x[0])
    case .logsumexp:
      let own = ranged(x[0])
      return Ranged(e, EntryRange(own.range.lower, nil), by: .rangeOf(primitive), [own.proof])
    default: return Ranged(e, .anything, by: .signs)
    }
  }

  /// All values that a function takes, whatever its argument.
  private static func values(of primitive: Primitive) -> EntryRange? {
    let quarterTurn = Number(11, over: 7)
    switch primitive {
    case .exp, .softplus, .trigamma: return .positive
    case .sigmoid, .normcdf: return .openUnit
    case .normpdf: return EntryRange(.aboveOrBelowZero, Bound(Number(2, over: 5), isOpen: true))
    case .tanh, .erf: return .symmetric(.one, isOpen: true)
    case .sin, .cos, .sign: return .symmetric(.one)
    case .atan: return .symmetric(quarterTurn, isOpen: true)
    case .asin: return .symmetric(quarterTurn)
    case .acos: return EntryRange(.zero, Bound(Number(22, over: 7)))
    case .cosh: return EntryRange(Bound(.one), nil)
    case .abs, .relu, .nucnorm, .specnorm, .svdvals: return .nonnegative
    case .step: return .unit
    case .softmax: return EntryRange(.aboveOrBelowZero, Bound(.one))
    default: return nil
    }
  }

  /// What the sign of the argument says of the value.
  private func elementwise(_ primitive: Primitive, _ x: [Expr]) -> EntryRange? {
    switch primitive {
    case .exp, .log, .sigmoid, .normcdf, .tanh, .erf, .atan, .asin, .sinh, .relu, .abs, .elu,
      .sign, .softplus, .cosh:
      break
    default: return nil
    }
    let t = range(x[0])
    let sign: EntryRange =
      t.isPositive
      ? .positive
      : t.isNegative
        ? .negative
        : t.isNonnegative ? .nonnegative : t.isNonpositive ? EntryRange(nil, .zero) : .anything
    func shifted(_ by: Number) -> EntryRange { sign + .point(by) }
    switch primitive {
    case .exp: return shifted(.one)
    case .sigmoid, .normcdf: return shifted(.half)
    case .tanh, .erf, .atan, .asin, .sinh, .elu: return sign
    case .sign:
      return t.isPositive || t.isNegative ? (t.isPositive ? .point(.one) : .point(.minusOne)) : sign
    case .relu: return t.isNonpositive ? .zero : t.isPositive ? t : EntryRange(.zero, t.upper)
    case .abs: return t.isNonnegative ? t : t.isNonpositive ? t.negated : .nonnegative
    case .log:
      let below = t + .point(.minusOne)
      return below.isPositive
        ? .positive
        : below.isNegative
          ? .negative
          : below.isNonnegative
            ? .nonnegative : below.isNonpositive ? EntryRange(nil, .zero) : .anything
    default: return nil
    }
  }

  private func power(_ e: Expr, _ x: [Expr]) -> Ranged {
    let base = ranged(x[0])
    let exponent = ranged(x[1])
    guard graph.shape(e).isScalar || graph.node(e).isElementwisePower else {
      return Ranged(e, .anything, by: .signs)
    }
    if base.range.isPositive {
      let aboveOne = (base.range + .point(.minusOne)).isNonnegative
      let range: EntryRange =
        aboveOne && exponent.range.isNonnegative ? EntryRange(Bound(.one), nil) : .positive
      return Ranged(e, range, by: .signs, [base.proof])
    }
    // Elsewhere a power with a symbolic exponent has no value.
    return Ranged(e, .nonnegative, by: .signs, base.range.isNonnegative ? [base.proof] : [])
  }

  private func extreme(_ e: Expr, _ x: [Expr], up: Bool) -> Ranged {
    let (a, b) = (ranged(x[0]), ranged(x[1]))
    let (p, q) =
      up ? (a.range, b.range) : (a.range.negated, b.range.negated)
    // The larger of both is at least either.
    let either = p.lower == nil ? q : q.lower == nil ? p : p.intersected(q)
    let lower = EntryRange(either.lower, nil)
    let upper = EntryRange(nil, p.joined(q).upper)
    let both = lower.intersected(upper)
    return Ranged(e, up ? both : both.negated, by: .entriesOfParts, [a.proof, b.proof])
  }

  // MARK: Matrices

  private func diagonal(_ e: Expr, _ m: Expr) -> Ranged {
    let entries = ranged(m)
    if !entries.range.isNonnegative, let proof = semidefinite(m) {
      return Ranged(
        e, proof.isStrict ? .positive : .nonnegative, by: .quadraticForm, [proof])
    }
    return Ranged(e, entries.range, by: .entriesOfParts, [entries.proof])
  }

  private func spectrum(_ e: Expr, _ m: Expr) -> Ranged {
    guard let proof = semidefinite(m) else { return Ranged(e, .anything, by: .signs) }
    return Ranged(e, proof.isStrict ? .positive : .nonnegative, by: .signs, [proof])
  }

  /// `tr(M*N) ≥ 0` where both are semidefinite; the product may be cut anywhere, turned round.
  private func trace(_ e: Expr, _ m: Expr) -> Ranged {
    if let proof = semidefinite(m) {
      return Ranged(e, proof.isStrict ? .positive : .nonnegative, by: .traceOfProduct, [proof])
    }
    if case .product(let p) = graph.node(m), p.coefficient.isOne, p.scalars.isEmpty,
      p.chain.count > 1, p.chain.count <= 12
    {
      for start in p.chain.indices {
        let turned = Array(p.chain[start...] + p.chain[..<start])
        for cut in 1..<turned.count {
          let (left, right) = (Array(turned[..<cut]), Array(turned[cut...]))
          guard isMirrored(left), isMirrored(right),
            let a = semidefinite(graph.product([], chain: left)),
            let b = semidefinite(graph.product([], chain: right))
          else { continue }
          return Ranged(e, .nonnegative, by: .traceOfProduct, [a, b])
        }
      }
    }
    let entries = ranged(m)
    return Ranged(e, summedDiagonal(entries.range), by: .signs, [entries.proof])
  }

  private func summedDiagonal(_ range: EntryRange) -> EntryRange {
    EntryRange(
      range.isNonnegative ? range.lower : nil, range.isNonpositive ? range.upper : nil)
  }

  /// Whether a chain reads the same from behind, each factor transposed.
  func isMirrored(_ chain: [Expr]) -> Bool {
    zip(chain, chain.reversed()).prefix((chain.count + 1) / 2).allSatisfy {
      graph.transpose($0) == $1
    }
  }
}

extension Node {
  fileprivate var isElementwisePower: Bool {
    if case .apply(.elementwisePower, _, _) = self { true } else { false }
  }
}
