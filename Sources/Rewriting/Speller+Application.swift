import ExpressionCore
import ExpressionLanguage

extension Speller {
  /// `a.*b.^2./c`, with a sum at `negating` spelled with its signs turned.
  func spellHadamard(_ factors: [Factor], negating: Int? = nil) -> Syntax {
    var above: [Syntax] = []
    var below: [Syntax] = []
    let (gates, factors) = negating == nil ? gates(in: factors) : ([], factors)
    above += gates
    var rootsAbove: [Expr] = []
    var rootsBelow: [Expr] = []
    let order = factors.indices.sorted { graph.precedes(factors[$0].base, factors[$1].base) }
    for (i, factor) in order.map({ ($0, factors[$0]) }) {
      let exponent = factor.exponent
      if exponent.magnitude == .half {
        if exponent.isPositive {
          rootsAbove.append(factor.base)
        } else {
          rootsBelow.append(factor.base)
        }
        continue
      }
      let turned = i == negating ? freeNegation(factor.base) : nil
      let base = turned ?? spell(factor.base)
      let power: Syntax
      if case .rational(let p, 2) = exponent.magnitude {
        power = .raised(.call("sqrt", base), Number(p), elementwise: true)
      } else {
        power = .raised(base, exponent.magnitude, elementwise: true)
      }
      if exponent.isPositive { above.append(power) } else { below.append(power) }
    }
    if !rootsAbove.isEmpty {
      above.append(.call("sqrt", .product(rootsAbove.map { spell($0) }, .hadamard)))
    }
    if !rootsBelow.isEmpty {
      below.append(.call("sqrt", .product(rootsBelow.map { spell($0) }, .hadamard)))
    }
    return .quotient(above, below, .hadamard, .elementwiseDivide)
  }

  /// `x.*sigmoid(x)` is `silu(x)`, `x.*normcdf(x)` is `gelu(x)`; what is left beside them.
  func gates(in factors: [Factor]) -> ([Syntax], [Factor]) {
    var rest = factors
    var found: [Syntax] = []
    for factor in factors where factor.exponent.isOne {
      guard case .apply(let primitive, let x, _) = graph.node(factor.base),
        primitive == .sigmoid || primitive == .normcdf, let own = rest.firstIndex(of: factor),
        let argument = rest.firstIndex(of: Factor(x[0]))
      else { continue }
      found.append(.call(primitive == .sigmoid ? "silu" : "gelu", spell(x[0])))
      for i in [own, argument].sorted(by: >) { rest.remove(at: i) }
    }
    return (found, rest)
  }

  func spellApplication(_ e: Expr, _ primitive: Primitive, _ x: [Expr], _ parameters: [Dim])
    -> Syntax
  {
    switch primitive {
    case .transpose:
      if case .ones(let n) = graph.node(x[0]) { return .call("ones", .number(.one), .dim(n)) }
      return .transposed(spell(x[0]))
    case .power: return Syntax(.power(spell(x[0]), spell(x[1])))
    case .elementwisePower:
      let (base, exponent) = graph.shape(x[1]).isScalar ? (spell(x[0]), spell(x[1])) : spellPair(x)
      return Syntax(.elementwisePower(base, exponent))
    case .diagonal: return spellDiagonal(x[0])
    case .maximum, .minimum:
      let name = primitive == .maximum ? "max" : "min"
      return Syntax(.call(name, [spell(x[0])] + parameters.map { .dim($0) }))
    case .max, .min: return spellExtreme(primitive, x)
    case .clip: return Syntax(.call(primitive.rawValue, spellSpread(x)))
    case .softmax:
      let shape = graph.shape(x[0])
      if shape.isVector || shape.isRow { return .call("softmax", spell(x[0])) }
      return .call("softmax", spell(x[0]), .dim(parameters[0]))
    case .polygamma: return .call("polygamma", .dim(parameters[0]), spell(x[0]))
    case .tr: return spellTrace(x[0])
    case .sum, .blocks: return spellBlocks(x, parameters)
    case .chol, .eigvals, .eigvecs, .lambdamax, .lambdamin:
      return .call(primitive.rawValue, spell(symmetricOperand(x[0])))
    case .im2col, .col2im, .conv1d, .conv2d:
      return call(primitive, x.map { spell($0) }, parameters)
    default:
      return Syntax(.call(primitive.rawValue, x.map { spell($0) } + parameters.map { .dim($0) }))
    }
  }

  /// A call without the arguments that say what goes without saying: stride 1, padding 0.
  func call(_ primitive: Primitive, _ operands: [Syntax], _ parameters: [Dim]) -> Syntax {
    var parameters = parameters
    switch primitive {
    case .im2col, .col2im, .conv1d, .conv2d:
      if parameters.last == 0 { parameters.removeLast(parameters.dropLast().last == 1 ? 2 : 1) }
    default: break
    }
    return Syntax(.call(primitive.rawValue, operands + parameters.map { .dim($0) }))
  }

  /// M of (M + M')/2, where that stands in a function of the symmetric part.
  private func symmetricOperand(_ e: Expr) -> Expr {
    guard case .product(let p) = graph.node(e), p.chain.count == 1,
      case .sum(var rest) = graph.node(p.chain[0]), rest.count % 2 == 0, rest.count <= 32
    else { return e }
    var half: [Term] = []
    while let term = rest.popLast() {
      let mirrored = Term(term.coefficient, graph.transpose(term.expr))
      guard let partner = rest.firstIndex(of: mirrored) else { return e }
      rest.remove(at: partner)
      half.append(size(mirrored.expr) < size(term.expr) ? mirrored : term)
    }
    let scale = Factor(graph.number(p.coefficient * .two))
    let whole = graph.product(
      [scale] + p.scalars, chain: [graph.sum(half, shape: graph.shape(e))])
    return graph.symmetricPart(whole) == e ? whole : e
  }

  private func spellBlocks(_ x: [Expr], _ layout: [Dim]) -> Syntax {
    var rest = x.map { spell($0) }[...]
    let rows = layout.dropFirst().map { width -> [Syntax] in
      let count = width.literal ?? 0
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    return Syntax(.blocks(rows))
  }

  /// Arguments that spread by themselves are written bare; one of a repeated argument is enough.
  private func spellSpread(_ x: [Expr]) -> [Syntax] {
    let bare = spreadTerms(x)
    var seen: Set<Expr> = []
    return x.map { e in
      let isFirst = seen.insert(e).inserted
      return spell(bare[e] ?? (isFirst ? e : spreadPart(e) ?? e))
    }
  }

  private func spellPair(_ x: [Expr]) -> (Syntax, Syntax) {
    let operands = spellSpread(x)
    return (operands[0], operands[1])
  }

  /// `max(1,X)`: a number in the second place would be read as an axis.
  private func spellExtreme(_ primitive: Primitive, _ x: [Expr]) -> Syntax {
    var operands = spellSpread(x)
    if case .number = operands[1].kind { operands.swapAt(0, 1) }
    return Syntax(.call(primitive.rawValue, operands))
  }
}
