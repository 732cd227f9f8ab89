import ExpressionCore
import ExpressionLanguage

/// Brings a scalar that is linear in differentials to sums of `g'*dx` and `tr(G'*dX)`, off which
/// the gradient is read, one rule at a time.
///
/// Each rule moves an operation from the differential to the other side of the inner product:
/// ⟨A, L(dX)⟩ = ⟨L*(A), dX⟩ (Magnus & Neudecker, 9.3).
struct Balancing {
  let workbook: Workbook

  struct Move {
    let rule: Rule
    let summands: [Summand]

    init(_ rule: Rule, _ summands: [Summand]) {
      self.rule = rule
      self.summands = summands
    }
  }

  /// One rule applied to a summand; nil where it has its form.
  func move(_ s: Summand) -> Move? {
    if case .sum(let terms) = s.moving.kind { return split(s, terms) }
    if s.moving.shape.isScalar { return scalar(s) }
    if case .transpose(let inner) = s.moving.kind { return turned(s, inner) }
    if let name = s.moving.name, workbook.isTarget(name) { return placed(s) }
    if s.moving.shape.isVector, s.isTrace || !s.right.isEmpty { return outer(s) }
    if s.moving.shape.isRow, s.isTrace || !s.left.isEmpty { return outer(s) }
    if !s.moving.shape.isVector, !s.moving.shape.isRow {
      if let move = atTheEnd(s) { return move }
    }
    switch s.moving.kind {
    case .hadamard(let factors): return shifted(s, factors)
    case .elementwiseQuotient(let x, let y):
      return shifted(s, [.elementwiseQuotient(.number(.one), y, y.shape), x])
    case .apply(.sum, let x, let axis): return summed(s, x[0], axis.first, count: nil)
    case .apply(.mean, let x, let axis): return mean(s, x[0], axis.first)
    case .apply: return adjoint(s)
    case .leaf, .negate, .transpose, .differential, .sum, .product, .quotient: return nil
    }
  }

  /// A sum: each term for itself.
  private func split(_ s: Summand, _ terms: [Term.Signed]) -> Move {
    let parts = terms.map { signed -> Summand in
      var part = s
      part.moving = .spread(signed.term, to: s.moving.shape)
      if signed.negative { part.coefficient = -part.coefficient }
      part.absorb()
      return part
    }
    return Move(.scalarsCommute, parts)
  }

  private func made(_ s: Summand, _ change: (inout Summand) -> Void) -> Summand {
    var result = s
    change(&result)
    result.absorb()
    return result
  }

  // MARK: Scalars

  private func scalar(_ s: Summand) -> Move? {
    switch s.moving.kind {
    case .leaf, .differential, .negate, .quotient, .product, .sum, .hadamard: return nil
    case .transpose(let x): return Move(.scalarsCommute, [made(s) { $0.moving = x }])
    case .elementwiseQuotient(let x, let y):
      return Move(.scalarsCommute, [made(s) { $0.moving = .quotient(x, y) }])
    case .apply(.sum, let x, _): return total(s, x[0], divisors: [])
    case .apply(.mean, let x, _):
      return total(s, x[0], divisors: counts(x[0].shape))
    case .apply: return adjoint(s)
    }
  }

  private func counts(_ shape: Shape) -> [Term] {
    [shape.rows, shape.columns].filter { !$0.isOne }.map { .dimension($0) }
  }

  /// sum(A ⊙ B) = tr(A'B), sum(u ⊙ v) = u'v, else 1'A1.
  private func total(_ s: Summand, _ x: Term, divisors: [Term]) -> Move? {
    var inner = Summand(x)
    guard inner.left.isEmpty, inner.right.isEmpty, !inner.isTrace else {
      inner = Summand(x)
      return byOnes(s, x, divisors)
    }
    var result = s
    result.coefficient = s.coefficient * inner.coefficient
    result.scalars += inner.scalars
    result.divisors += inner.divisors + divisors
    if case .sum(let terms) = inner.moving.kind {
      return Move(
        .linear(.sum),
        terms.map { signed in
          made(result) {
            if signed.negative { $0.coefficient = -$0.coefficient }
            $0.moving = .apply(.sum, [.spread(signed.term, to: inner.moving.shape)], [], .scalar)
          }
        })
    }
    guard let (others, moving) = factors(of: inner.moving) else {
      result.moving = inner.moving
      return byOnes(result, inner.moving, [])
    }
    let shape = inner.moving.shape
    let spread = Term.spread(moving, to: shape)
    return Move(
      .sumOfProducts,
      [
        made(result) {
          if shape.isRow {
            $0.moving = spread
            $0.right = [workbook.transposed(.spread(others, to: shape))]
          } else {
            $0.isTrace = !shape.isVector
            $0.left = [workbook.transposed(.spread(others, to: shape))]
            $0.moving = spread
          }
        }
      ])
  }

  /// What multiplies the moving factor entry by entry, and that factor.
  private func factors(of x: Term) -> (others: Term, moving: Term)? {
    switch x.kind {
    case .hadamard(let factors):
      guard let place = factors.firstIndex(where: \.moves) else { return nil }
      var others = factors
      others.remove(at: place)
      return (.hadamard(others, x.shape), factors[place])
    case .elementwiseQuotient(let y, let z):
      if case .hadamard = y.kind, let (others, moving) = factors(of: y) {
        return (.elementwiseQuotient(others, z, x.shape), moving)
      }
      return (.elementwiseQuotient(.number(.one), z, z.shape), y)
    default: return nil
    }
  }

  private func byOnes(_ s: Summand, _ x: Term, _ divisors: [Term]) -> Move {
    Move(
      .sumByOnes,
      [
        made(s) {
          $0.divisors += divisors
          $0.moving = x
          if !x.shape.rows.isOne { $0.left = [.bareTranspose(.ones(x.shape.rows))] }
          if !x.shape.columns.isOne { $0.right = [.ones(x.shape.columns)] }
        }
      ])
  }

  // MARK: Transposes and traces

  private func turned(_ s: Summand, _ inner: Term) -> Move {
    let before = s.right.reversed().map { workbook.transposed($0) }
    let after = s.left.reversed().map { workbook.transposed($0) }
    return Move(
      s.isTrace ? .traceTranspose : .scalarTranspose,
      [
        made(s) {
          // Under a trace what follows may as well stand in front.
          $0.left = s.isTrace ? after + before : before
          $0.right = s.isTrace ? [] : after
          $0.moving = inner
        }
      ])
  }

  /// A differential in its place at the end.
  private func placed(_ s: Summand) -> Move? {
    if s.moving.shape.isVector { return s.isTrace || !s.right.isEmpty ? outer(s) : nil }
    if s.moving.shape.isRow { return s.isTrace || !s.left.isEmpty ? outer(s) : nil }
    return atTheEnd(s)
  }

  /// The moving matrix last under a trace.
  private func atTheEnd(_ s: Summand) -> Move? {
    if s.isTrace, s.right.isEmpty { return nil }
    return Move(
      s.isTrace ? .cyclic : .traceTrick,
      [
        made(s) {
          $0.left = s.right + s.left
          $0.right = []
          $0.isTrace = true
        }
      ])
  }

  /// tr(u*r) = r*u
  private func outer(_ s: Summand) -> Move? {
    guard s.isTrace else { return nil }
    return Move(
      .outerTrace,
      [
        made(s) {
          $0.isTrace = false
          if s.moving.shape.isVector {
            $0.left = s.right + s.left
            $0.right = []
          } else {
            $0.right = s.right + s.left
            $0.left = []
          }
        }
      ])
  }

  // MARK: Other operations

  /// Sums along an axis are products with ones.
  private func summed(_ s: Summand, _ x: Term, _ axis: Dim?, count: Term?) -> Move {
    Move(
      .sumByOnes,
      [
        made(s) {
          $0.moving = x
          if let count { $0.divisors.append(count) }
          if axis == 1 { $0.left.append(.bareTranspose(.ones(x.shape.rows))) }
          if axis == 2 { $0.right.insert(.ones(x.shape.columns), at: 0) }
        }
      ])
  }

  private func mean(_ s: Summand, _ x: Term, _ axis: Dim?) -> Move {
    summed(s, x, axis, count: .dimension(axis == 1 ? x.shape.rows : x.shape.columns))
  }

  /// What the moving term is paired with, as a matrix of its shape.
  private func partner(_ s: Summand) -> Term {
    if s.moving.shape.isScalar { return .number(.one) }
    if s.moving.shape.isRow {
      return s.right.isEmpty
        ? .number(.one) : workbook.transposed(.product(s.right))
    }
    return s.left.isEmpty
      ? .identity(s.moving.shape.rows) : workbook.transposed(.product(s.left))
  }

  /// ⟨A, moving⟩ as a summand with the numbers of another one.
  private func paired(_ s: Summand, _ a: Term, _ moving: Term) -> Summand {
    made(s) {
      $0.moving = moving
      ($0.left, $0.right, $0.isTrace) = ([], [], false)
      if moving.shape.isScalar {
        $0.moving = .product([a, moving])
      } else if moving.shape.isRow {
        $0.right = [workbook.transposed(a)]
      } else {
        $0.left = [workbook.transposed(a)]
        $0.isTrace = !moving.shape.isVector
      }
    }
  }

  /// ⟨A, B ⊙ L⟩ = ⟨A ⊙ B, L⟩
  private func shifted(_ s: Summand, _ factors: [Term]) -> Move? {
    guard let place = factors.firstIndex(where: \.moves) else { return nil }
    let shape = s.moving.shape
    var others = factors
    let moving = Term.spread(others.remove(at: place), to: shape)
    let a: Term
    if others.count == 1, case .elementwiseQuotient(let one, let divisor) = others[0].kind,
      one.number?.isOne == true
    {
      a = .elementwiseQuotient(partner(s), divisor, shape)
    } else {
      a = .hadamard([partner(s)] + others, shape)
    }
    return Move(.elementwiseShift, [paired(s, a, moving)])
  }

  /// ⟨A, L(dX)⟩ = ⟨L*(A), dX⟩ by the engine's adjoint of the operation.
  private func adjoint(_ s: Summand) -> Move? {
    guard let head = s.moving.head else { return nil }
    var parts: [Summand] = []
    var texts: Set<String> = []
    for operand in s.moving.operands where operand.moves && texts.insert(operand.text).inserted {
      guard let a = workbook.adjoint(of: s.moving, cotangent: partner(s), moving: operand) else {
        return nil
      }
      parts.append(paired(s, a, operand))
    }
    return parts.isEmpty ? nil : Move(.adjoint(head), parts)
  }
}

extension Workbook {
  /// The transpose worked out: of a product in reverse order, of a symmetric matrix itself.
  func transposed(_ x: Term) -> Term {
    if x.shape.isScalar { return x }
    if isSymmetric(x) {
      usedSymmetry = true
      return x
    }
    switch x.kind {
    case .transpose(let inner): return inner
    case .negate(let y): return .negated(transposed(y))
    case .quotient(let y, let s): return .quotient(transposed(y), s)
    case .sum(let terms):
      let termwise = Term.sum(
        terms.map { .init(transposed($0.term), negative: $0.negative) }, x.shape.transposed)
      return termwise.size <= x.size + 1 ? termwise : .bareTranspose(x)
    case .product(let factors):
      let scalars = factors.filter(\.shape.isScalar)
      let chain = factors.filter { !$0.shape.isScalar }
      return .product(scalars + chain.reversed().map { transposed($0) })
    case .hadamard(let factors):
      let factorwise = Term.hadamard(factors.map { transposed($0) }, x.shape.transposed)
      return factorwise.size <= x.size ? factorwise : .bareTranspose(x)
    case .elementwiseQuotient(let y, let z):
      let sidewise = Term.elementwiseQuotient(transposed(y), transposed(z), x.shape.transposed)
      return sidewise.size <= x.size ? sidewise : .bareTranspose(x)
    case .leaf, .differential, .apply: return .bareTranspose(x)
    }
  }
}
