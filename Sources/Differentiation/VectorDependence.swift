import ExpressionCore

/// How far a derivative depends on single eigenvectors or singular vectors, which are not unique
/// where values repeat.
public enum VectorDependence: Hashable, Sendable {
  /// Not at all: functions such as V·diag(f(l))·V' are the same for every choice of vectors.
  case none
  /// On columns `V*e` only, so that only their values must be simple.
  case onColumns
  case onAll
}

/// Finds the uses of the vectors of decompositions in an expression that are not part of a function
/// of the decomposed matrix.
final class VectorUse {
  private(set) var dependence = VectorDependence.none
  /// The columns that single vectors are taken from.
  private(set) var columns: [Dim] = []
  /// Whether singular vectors are used at all: those of zero values are not unique.
  private(set) var usesSingularVectors = false
  private let graph: Graph
  private var pending: [Visit] = []
  private var seen: Set<Visit> = []

  /// An expression in its context; `isInside`: between `V` and `V'`, where it may begin with `V'` and
  /// end with `V`.
  private struct Visit: Hashable {
    let expr: Expr
    let isInside: Bool
  }

  init(_ graph: Graph, _ root: Expr) {
    self.graph = graph
    visit(root)
    while let next = pending.popLast(), dependence != .onAll { examine(next) }
  }

  private func visit(_ e: Expr, isInside: Bool = false) {
    if frame(e) != nil { return dependence = .onAll }
    let visit = Visit(expr: e, isInside: isInside)
    if seen.insert(visit).inserted { pending.append(visit) }
  }

  private func examine(_ visit: Visit) {
    let e = visit.expr
    if [.svdu, .svdv].contains(where: { graph.operand(of: e, $0) != nil }) {
      usesSingularVectors = true
    }
    switch graph.node(e) {
    case .product(let p):
      for factor in p.scalars { self.visit(factor.base) }
      var chain = p.chain[...]
      if visit.isInside { chain = inside(of: chain) }
      examine(Array(chain))
    case .sum(let terms) where visit.isInside:
      for term in terms { self.visit(term.expr, isInside: true) }
    case .hadamard(let factors) where visit.isInside:
      for factor in factors {
        self.visit(factor.base, isInside: isRotated(factor.base))
      }
    case .apply(.transpose, let x, _) where visit.isInside: self.visit(x[0], isInside: true)
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .hadamard, .apply:
      for operand in graph.node(e).operands { self.visit(operand) }
    }
  }

  /// A chain outside: pieces from a frame to its transpose are functions of the matrix.
  private func examine(_ chain: [Expr]) {
    var i = 0
    while i < chain.count {
      if let frame = frame(chain[i]) {
        let isSingular = frame.isSingular
        if isSingular { usesSingularVectors = true }
        if let end = end(of: frame, in: chain, from: i) {
          for e in chain[(i + 1)..<end] { visit(e, isInside: true) }
          i = end + 1
          continue
        }
        let neighbour = frame.isTransposed ? i - 1 : i + 1
        if chain.indices.contains(neighbour), let position = position(of: chain[neighbour]) {
          require(column: position)
        } else {
          dependence = .onAll
        }
      } else {
        visit(chain[i])
      }
      i += 1
    }
  }

  /// The position of a unit vector or of its transpose.
  private func position(of e: Expr) -> Dim? {
    if case .unit(_, let position) = graph.node(e) { return position }
    return graph.operand(of: e, .transpose).flatMap { position(of: $0) }
  }

  private func require(column: Dim) {
    if !columns.contains(column) { columns.append(column) }
    if dependence == .none { dependence = .onColumns }
  }

  // MARK: Frames

  /// `V`, `U`, their transposes, and Kronecker products of two.
  private struct Frame {
    let matrix: Expr
    let isSingular: Bool
    let isTransposed: Bool
  }

  private func frame(_ e: Expr) -> Frame? {
    guard case .apply(let primitive, let x, _) = graph.node(e) else { return nil }
    switch primitive {
    case .eigvecs: return Frame(matrix: x[0], isSingular: false, isTransposed: false)
    case .svdu, .svdv: return Frame(matrix: x[0], isSingular: true, isTransposed: false)
    case .transpose:
      return frame(x[0]).map {
        Frame(matrix: $0.matrix, isSingular: $0.isSingular, isTransposed: !$0.isTransposed)
      }
    case .kron:
      guard let a = frame(x[0]), let b = frame(x[1]), a.matrix == b.matrix,
        a.isSingular == b.isSingular, a.isTransposed == b.isTransposed
      else { return nil }
      return a
    default: return nil
    }
  }

  /// Where the frame that opens at a place closes, everything between being a function of values or
  /// rotated into the frame.
  private func end(of frame: Frame, in chain: [Expr], from start: Int) -> Int? {
    guard !frame.isTransposed else { return nil }
    for i in (start + 1)..<max(chain.count, start + 1) {
      guard let other = self.frame(chain[i]) else { continue }
      guard other.isTransposed, other.matrix == frame.matrix,
        other.isSingular == frame.isSingular,
        isNeutral(Array(chain[(start + 1)..<i]), frame.matrix)
      else { return nil }
      return i
    }
    return nil
  }

  private func isNeutral(_ chain: [Expr], _ matrix: Expr) -> Bool {
    chain.count { !isScale($0, matrix) } <= 1
      && chain.allSatisfy { isScale($0, matrix) || isRotated($0) }
  }

  /// Diagonal matrices of functions of the values, and products and sums of them and of swaps.
  private func isScale(_ e: Expr, _ matrix: Expr, depth: Int = 0) -> Bool {
    guard depth < 8 else { return false }
    if let w = graph.operand(of: e, .diag) { return isEntrywise(w, of: matrix) }
    if isSwap(e) { return true }
    switch graph.node(e) {
    case .sum(let terms): return terms.allSatisfy { isScale($0.expr, matrix, depth: depth + 1) }
    case .product(let p):
      return !p.chain.isEmpty && p.chain.allSatisfy { isScale($0, matrix, depth: depth + 1) }
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .hadamard, .apply:
      return false
    }
  }

  /// The identity, the commutation of equal sizes, and sums of the two.
  private func isSwap(_ e: Expr) -> Bool {
    switch graph.node(e) {
    case .identity: return true
    case .apply(.commutation, _, let sizes): return sizes[0] == sizes[1]
    case .sum(let terms): return terms.allSatisfy { isSwap($0.expr) }
    case .symbol, .number, .pi, .dimension, .zero, .ones, .unit, .product, .hadamard, .apply:
      return false
    }
  }

  /// `V'*…*V`, scaled by functions of the values.
  private func isRotated(_ e: Expr) -> Bool { rotation(of: e) != nil }

  /// The matrix whose frame the expression is rotated into.
  private func rotation(of e: Expr, depth: Int = 0) -> Expr? {
    guard depth < 8 else { return nil }
    switch graph.node(e) {
    case .product(let p):
      let chain = stripped(p.chain[...])
      if chain.count == 1, let only = chain.first { return rotation(of: only, depth: depth + 1) }
      guard let first = chain.first.flatMap(frame), let last = chain.last.flatMap(frame),
        first.isTransposed, !last.isTransposed, first.matrix == last.matrix, chain.count > 1
      else { return nil }
      let scales = p.chain.filter { graph.operand(of: $0, .diag) != nil && !chain.contains($0) }
      let areFunctions = scales.allSatisfy { e in
        graph.operand(of: e, .diag).map { isEntrywise($0, of: first.matrix) } ?? false
      }
      return areFunctions ? first.matrix : nil
    case .sum(let terms):
      let matrices = terms.map { rotation(of: $0.expr, depth: depth + 1) }
      return matrices.allSatisfy { $0 == matrices[0] } ? matrices[0] : nil
    case .hadamard(let factors):
      var found: Expr?
      for factor in factors where factor.exponent.isOne && found == nil {
        found = rotation(of: factor.base, depth: depth + 1)
      }
      guard let found else { return nil }
      let others = factors.filter { rotation(of: $0.base, depth: depth + 1) == nil }
      guard others.count == factors.count - 1 else { return nil }
      return others.allSatisfy { isEntrywise($0.base, of: found) } ? found : nil
    case .apply(.transpose, let x, _): return rotation(of: x[0], depth: depth + 1)
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .apply: return nil
    }
  }

  /// A chain without the diagonal matrices at its ends.
  private func stripped(_ chain: ArraySlice<Expr>) -> ArraySlice<Expr> {
    var chain = chain
    while let first = chain.first, chain.count > 1, graph.operand(of: first, .diag) != nil {
      chain = chain.dropFirst()
    }
    while let last = chain.last, chain.count > 1, graph.operand(of: last, .diag) != nil {
      chain = chain.dropLast()
    }
    return chain
  }

  /// What stands between `V'` and `V`.
  private func inside(of chain: ArraySlice<Expr>) -> ArraySlice<Expr> {
    let chain = stripped(chain)
    guard chain.count > 1, frame(chain[chain.startIndex]) != nil else { return chain }
    return chain.dropFirst().dropLast()
  }

  // MARK: Functions of the values

  /// Whether equal values have equal entries: built of the values entry by entry.
  private func isEntrywise(_ e: Expr, of matrix: Expr, depth: Int = 0) -> Bool {
    guard depth < 16 else { return false }
    func all(_ parts: [Expr]) -> Bool {
      parts.allSatisfy { isEntrywise($0, of: matrix, depth: depth + 1) }
    }
    if graph.shape(e).isScalar || graph.isOnesMatrix(e) { return true }
    if graph.operand(of: e, .eigvals) == matrix || graph.operand(of: e, .svdvals) == matrix {
      return true
    }
    switch graph.node(e) {
    case .sum(let terms): return all(terms.map(\.expr))
    case .hadamard(let factors): return all(factors.map(\.base))
    case .product(let p):
      // What is taken at one position needs its own value to be simple.
      let isSelected = p.chain.contains { position(of: $0) != nil }
      let areMatrices = p.chain.allSatisfy {
        graph.operand(of: $0, .diag) != nil || graph.shape($0).isSquare || position(of: $0) != nil
      }
      guard p.chain.count == 1 || isSelected || areMatrices || graph.isOuterProduct(p) else {
        return false
      }
      return all(p.chain.map { graph.operand(of: $0, .diag) ?? $0 })
    case .apply(let primitive, let x, _):
      switch primitive {
      case .transpose, .vec, .divdiff, .gapinv, .suminv, .elementwisePower, .max, .min, .clip,
        .leakyrelu,
        .softmax, .logsoftmax:
        return all(x)
      default: break
      }
      switch primitive.rule.derivative {
      case .elementwise, .constant: return !x.isEmpty && all(x)
      case .defined, .undefined, .linear, .multilinear, .linearInLast, .jointlyLinear,
        .differential:
        return false
      }
    case .zero: return true
    case .unit(_, let position):
      require(column: position)
      return true
    case .symbol, .number, .pi, .dimension, .identity, .ones: return false
    }
  }
}

extension Graph {
  /// A column times a row.
  fileprivate func isOuterProduct(_ p: Product) -> Bool {
    p.chain.count == 2 && shape(p.chain[0]).columns.isOne
  }
}
