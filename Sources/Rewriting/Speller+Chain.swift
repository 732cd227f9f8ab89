import ExpressionCore
import ExpressionLanguage

extension Speller {
  /// The factors of a chain that is not 1×1, ready to stand in a product.
  ///
  /// - Parameter item: an element by its place, and how it is spelled this time.
  func spellChain(_ chain: [Expr], item: (Int, Syntax)?) -> [Syntax] {
    guard let item else { return spellFactors(chain) }
    var chain = chain
    chain[item.0] = placeholder(for: item.1, graph.shape(chain[item.0]))
    return spellFactors(chain)
  }

  private func spellFactors(_ chain: [Expr]) -> [Syntax] {
    guard chain.count > 1, let first = chain.first, let last = chain.last else {
      return chain.map { spell($0) }
    }
    // Sums along an axis.
    if graph.isOnesRow(first), !graph.isOnesColumn(chain[1]), !graph.shape(chain[1]).rows.isOne {
      let rest = spellSummed(chain[1], axis: 1)
      return [rest] + (chain.count > 2 ? spellFactors(Array(chain.dropFirst(2))) : [])
    }
    let previous = chain[chain.count - 2]
    if graph.isOnesColumn(last), !graph.isOnesRow(previous), !graph.shape(previous).columns.isOne {
      let rest = spellSummed(previous, axis: 2)
      return (chain.count > 2 ? spellFactors(Array(chain.dropLast(2))) : []) + [rest]
    }
    // Positions.
    if case .unit(_, let j) = graph.node(last), !graph.shape(previous).columns.isOne {
      if chain.count > 2 {
        return spellFactors(Array(chain.dropLast(2))) + [spell(graph.product([previous, last]))]
      }
      return [.call("col", spell(previous), .dim(j))]
    }
    if let column = graph.operand(of: first, .transpose), case .unit(_, let i) = graph.node(column),
      !graph.shape(chain[1]).rows.isOne
    {
      if chain.count > 2 {
        return [spell(graph.product([first, chain[1]]))] + spellFactors(Array(chain.dropFirst(2)))
      }
      // A row of a transpose is a column, transposed.
      let mirrored = graph.transpose(chain[1])
      let turned = graph.product([mirrored, column])
      if size(mirrored) < size(chain[1]), !isBeingSpelled(turned) {
        return [.transposed(spell(turned))]
      }
      return [.call("row", spell(chain[1]), .dim(i))]
    }
    // A cut of inner dimension 1: an outer product.
    if let cut = chain.dropLast().firstIndex(where: { graph.shape($0).columns.isOne }) {
      return spellPiece(Array(chain[...cut])) + spellPiece(Array(chain[(cut + 1)...]))
    }
    if let scaled = spellScaled(chain) { return scaled }
    return spellRuns(chain)
  }

  /// A vector of an outer product; a column of a matrix is one tree, which can get a name.
  private func spellPiece(_ chain: [Expr]) -> [Syntax] {
    guard chain.count == 2, isUnit(chain[1]) || isUnit(graph.transpose(chain[0])) else {
      return spellFactors(chain)
    }
    return [spell(graph.product(chain))]
  }

  private func isUnit(_ e: Expr) -> Bool { if case .unit = graph.node(e) { true } else { false } }

  private func spellSummed(_ e: Expr, axis: Int) -> Syntax {
    .call("sum", spell(e), .number(Number(axis)))
  }

  /// `diag(v)*A` as `v.*A`, `A*diag(w)` as `A.*w'`.
  private func spellScaled(_ chain: [Expr]) -> [Syntax]? {
    let left = graph.operand(of: chain[0], .diag)
    let right = graph.operand(of: chain[chain.count - 1], .diag)
    guard left != nil || right != nil else { return nil }
    let inner = Array(chain.dropFirst(left == nil ? 0 : 1).dropLast(right == nil ? 0 : 1))
    guard !inner.isEmpty else { return nil }
    if diagonals == .matrix, !isReciprocal(left), !isReciprocal(right) { return nil }
    let core = graph.product([], chain: inner)
    guard !graph.shape(core).rows.isOne, !graph.shape(core).columns.isOne else { return nil }
    var above: [Syntax] = []
    var below: [Syntax] = []
    func place(_ v: Expr) {
      if isReciprocal(v) {
        below.append(spell(graph.reciprocal(v)))
      } else {
        above.append(spell(v))
      }
    }
    if let left { place(left) }
    above.append(spell(core))
    if let right { place(graph.transpose(right)) }
    // One division after the other: a column and a row have no product.
    return [
      below.reduce(.product(above, .hadamard)) { .product([$0, $1], .elementwiseDivide) }
    ]
  }

  private func isReciprocal(_ v: Expr?) -> Bool {
    guard let v else { return false }
    switch graph.node(v) {
    case .hadamard(let factors): return factors.allSatisfy { $0.exponent.isNegative }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product, .apply:
      return false
    }
  }

  /// Equal neighbours as a power, inverses of neighbours as one.
  private func spellRuns(_ chain: [Expr]) -> [Syntax] {
    var result: [Syntax] = []
    var i = 0
    while i < chain.count {
      var end = i + 1
      while end < chain.count, chain[end] == chain[i] { end += 1 }
      if end - i > 2 || (end - i == 2 && size(chain[i]) > 2) {
        result.append(Syntax(.power(spell(chain[i]), .number(Number(end - i)))))
        i = end
        continue
      }
      // inv(B)*inv(A) = inv(A*B)
      var inverses: [Expr] = []
      var next = i
      while next < chain.count, let x = graph.operand(of: chain[next], .inv) {
        inverses.append(x)
        next += 1
      }
      if inverses.count > 1 {
        let product = inverses.reversed().map { spell($0) }
        result.append(.call("inv", .product(product)))
        i = next
        continue
      }
      result.append(spell(chain[i]))
      i += 1
    }
    return result
  }

  // MARK: Scalars

  /// `x'*A*y` or its transpose, `sum(…)`, `entry(A,i,j)`.
  func spellScalarChain(_ chain: [Expr]) -> Syntax {
    var best = writeScalarChain(chain)
    let mirrored = chain.reversed().map { graph.transpose($0) }
    let other = writeScalarChain(mirrored)
    if other.size < best.size { best = other }
    if let x = squaredNorm(chain), x.size < best.size { best = x }
    return best
  }

  private func squaredNorm(_ chain: [Expr]) -> Syntax? {
    guard chain.count % 2 == 0 else { return nil }
    let half = chain.count / 2
    guard zip(chain[..<half], chain[half...].reversed()).allSatisfy({ graph.transpose($0) == $1 })
    else { return nil }
    let x = graph.product([], chain: Array(chain[half...]))
    return Syntax(.power(norm(of: x), .number(.two)))
  }

  private func writeScalarChain(_ chain: [Expr]) -> Syntax {
    let first = chain[0]
    let last = chain[chain.count - 1]
    if graph.isOnesRow(first) {
      let inner = Array(chain.dropFirst().dropLast(graph.isOnesColumn(last) ? 1 : 0))
      if inner.count == 1, case .hadamard(let factors) = graph.node(inner[0]) {
        return spellSumOfProducts(inner[0], factors)
      }
      return .call("sum", spell(graph.product([], chain: inner)))
    }
    if graph.isOnesColumn(last) {
      return .call("sum", spell(graph.product([], chain: Array(chain.dropLast()))))
    }
    let row = graph.operand(of: first, .transpose).flatMap { position($0) }
    if let j = position(last) {
      if let i = row, chain.count > 2 {
        return .call(
          "entry", spell(graph.product([], chain: Array(chain.dropFirst().dropLast()))), .dim(i),
          .dim(j))
      }
      if chain.count == 2 { return .call("entry", spell(first), .number(.one), .dim(j)) }
    }
    if let i = row, chain.count == 2 { return .call("entry", spell(last), .dim(i), .number(.one)) }
    return .product(spellFactors(chain))
  }

  private func position(_ e: Expr) -> Dim? {
    if case .unit(_, let i) = graph.node(e) { return i }
    return nil
  }

  /// `sum(a.*b.*c)` or `a'*(b.*c)`.
  private func spellSumOfProducts(_ whole: Expr, _ factors: [Factor]) -> Syntax {
    var best = Syntax.call("sum", spell(whole))
    guard graph.shape(whole).columns.isOne, factors.count > 1, factors.count <= 8 else {
      return best
    }
    for (i, factor) in factors.enumerated() where factor.exponent.isOne {
      var rest = factors
      rest.remove(at: i)
      let candidate = Syntax.product([
        spell(graph.transpose(factor.base)), spell(graph.hadamard(rest)),
      ])
      if candidate.size < best.size { best = candidate }
    }
    return best
  }

  /// The diagonal of a matrix: `diag(X)`, of a product perhaps `sum(P.*Q',2)`.
  func spellDiagonal(_ x: Expr) -> Syntax {
    var best = Syntax.call("diag", spell(x))
    guard case .product(let p) = graph.node(x), p.chain.count > 1, p.chain.count <= 16 else {
      return best
    }
    for cut in 1..<p.chain.count {
      let left = graph.product([], chain: Array(p.chain[..<cut]))
      let right = graph.transpose(graph.product([], chain: Array(p.chain[cut...])))
      let entries = spell(graph.hadamard(left, right))
      let candidate = Syntax.call("sum", entries, .number(.two))
      if candidate.size < best.size { best = candidate }
    }
    return best
  }

  private func isNewest(_ e: Expr, in chain: [Expr]) -> Bool {
    guard case .symbol = graph.node(e) else { return false }
    return chain.allSatisfy { $0 == e || graph.precedes($0, e) }
  }

  /// `tr(A*B*C)` from the shortest of its rotations, `norm2(A)^2`, `sum(A.*B)`.
  func spellTrace(_ x: Expr) -> Syntax {
    var best = Syntax.call("tr", spell(x))
    guard case .product(let p) = graph.node(x), p.chain.count <= 24 else { return best }
    let mirrored = p.chain.reversed().map { graph.transpose($0) }
    for chain in [p.chain, mirrored] {
      for start in chain.indices {
        let rotated = Array(chain[start...] + chain[..<start])
        let product = graph.product([], chain: rotated)
        let candidate = Syntax.call("tr", spell(product))
        // Of equals the one that ends in the newest symbol, a differential's dX.
        let endsWell = isNewest(rotated[rotated.count - 1], in: rotated)
        if candidate.size < best.size || (candidate.size == best.size && endsWell) {
          best = candidate
        }
        if rotated.count % 2 == 0 {
          let half = rotated.count / 2
          if zip(rotated[..<half], rotated[half...].reversed()).allSatisfy({
            graph.transpose($0) == $1
          }) {
            let x = graph.product([], chain: Array(rotated[half...]))
            let squared = Syntax(.power(norm(of: x), .number(.two)))
            if squared.size < best.size { best = squared }
          }
        }
        for cut in 1..<rotated.count {
          let left = spell(graph.transpose(graph.product([], chain: Array(rotated[..<cut]))))
          let right = spell(graph.product([], chain: Array(rotated[cut...])))
          // sum(A.*B) of products reads worse than a trace.
          let handicap = rotated.count > 2 ? 1 : 0
          if left.size + right.size + 2 + handicap < best.size {
            best = .call("sum", .product([left, right], .hadamard))
          }
        }
      }
    }
    return best
  }
}
