import ExpressionCore
import ExpressionLanguage

/// Works out differentials, one rule at a time.
struct Expansion {
  let workbook: Workbook

  /// What one rule makes of the differential of a term.
  struct Move {
    let rule: Rule
    let term: Term
  }

  /// The differentials in a term that stand in no other one.
  func open(in term: Term) -> [Term] {
    if case .differential(let x) = term.kind { return [x] }
    return term.moves ? term.operands.flatMap { open(in: $0) } : []
  }

  /// The term with its open differentials replaced where a move is given.
  func replaced(_ term: Term, _ moves: [ObjectIdentifier: Term]) -> Term {
    guard term.moves else { return term }
    if case .differential(let x) = term.kind { return moves[ObjectIdentifier(x)] ?? term }
    return term.mapOperands { replaced($0, moves) }
  }

  /// One rule applied to d(x); nil where none is known.
  func move(_ x: Term) -> Move? {
    if !x.depends { return Move(rule: .constantFactor, term: .zero(x.shape)) }
    if let name = x.name {
      return Move(rule: .constantFactor, term: .name("d" + name, x.shape, moves: true))
    }
    if let move = composition(x) { return move }
    switch x.kind {
    case .leaf, .differential: return nil
    case .negate(let y): return Move(rule: .constantFactor, term: .negated(.differential(y)))
    case .transpose(let y):
      return Move(rule: .transposition, term: .bareTranspose(.differential(y)))
    case .sum(let terms): return sum(terms, x)
    case .product(let factors): return product(factors)
    case .quotient(let y, let s): return quotient(y, s)
    case .hadamard(let factors): return hadamard(factors, x)
    case .elementwiseQuotient(let y, let z): return elementwiseQuotient(y, z, x)
    case .apply(let primitive, let operands, let parameters):
      return application(primitive, operands, parameters, x)
    }
  }

  private func sum(_ terms: [Term.Signed], _ x: Term) -> Move {
    let varying = terms.filter(\.term.depends)
    let isWhole = varying.contains { $0.term.shape == x.shape }
    let parts = varying.map { signed in
      let d = Term.differential(signed.term)
      return Term.Signed(isWhole ? d : .spread(d, to: x.shape), negative: signed.negative)
    }
    return Move(rule: .sum, term: .sum(parts, x.shape))
  }

  private func product(_ factors: [Term]) -> Move {
    let places = factors.indices.filter { factors[$0].depends }
    let parts = places.map { place in
      var factors = factors
      factors[place] = .differential(factors[place])
      return Term.Signed(.product(factors))
    }
    let shape = parts[0].term.shape
    return Move(rule: places.count == 1 ? .constantFactor : .product, term: .sum(parts, shape))
  }

  private func quotient(_ y: Term, _ s: Term) -> Move {
    if !s.depends { return Move(rule: .constantFactor, term: .quotient(.differential(y), s)) }
    let square = Term.apply(.power, [s, .number(.two)], [], .scalar)
    let second =
      y.shape.isScalar
      ? Term.product([.quotient(y, square), .differential(s)])
      : .quotient(.product([.differential(s), y]), square)
    guard y.depends else { return Move(rule: .quotient, term: .negated(second)) }
    return Move(
      rule: .quotient,
      term: .sum(
        [.init(.quotient(.differential(y), s)), .init(second, negative: true)], y.shape))
  }

  private func hadamard(_ factors: [Term], _ x: Term) -> Move {
    let places = factors.indices.filter { factors[$0].depends }
    let parts = places.map { place in
      var factors = factors
      factors[place] = .differential(factors[place])
      return Term.Signed(.hadamard(factors, x.shape))
    }
    return Move(
      rule: places.count == 1 ? .constantFactor : .elementwiseProduct, term: .sum(parts, x.shape))
  }

  private func elementwiseQuotient(_ y: Term, _ z: Term, _ x: Term) -> Move? {
    if !z.depends {
      return Move(
        rule: .constantFactor, term: .elementwiseQuotient(.differential(y), z, x.shape))
    }
    var varying = [z]
    if y.depends { varying.insert(y, at: 0) }
    return workbook.differential(of: x, varying: varying).map { Move(rule: .quotient, term: $0) }
  }

  private func application(
    _ primitive: Primitive, _ operands: [Term], _ parameters: [Dim], _ x: Term
  ) -> Move? {
    if primitive.isLinear {
      let varying = operands.map { $0.depends ? Term.differential($0) : .zero($0.shape) }
      return Move(
        rule: .linear(primitive), term: .apply(primitive, varying, parameters, x.shape))
    }
    if primitive.isMultilinear {
      let places = operands.indices.filter { operands[$0].depends }
      let parts = places.map { place in
        var operands = operands
        operands[place] = .differential(operands[place])
        return Term.Signed(.apply(primitive, operands, parameters, x.shape))
      }
      return Move(
        rule: places.count == 1 ? .constantFactor : .product, term: .sum(parts, x.shape))
    }
    return workbook.differential(of: x, varying: operands.filter(\.depends))
      .map { Move(rule: .differential(primitive), term: $0) }
  }

  // MARK: Two operations as one

  /// `log(det(X))`, `norm2(u)^2`: where an operation and the one below it have a differential
  /// together that is clearly shorter than what the single rules give, they are one.
  private func composition(_ x: Term) -> Move? {
    guard let outer = x.head, outer.startsCompositions else { return nil }
    var inner = x.operands.filter(\.depends)
    guard inner.count == 1, x.size < 120, !x.isScaled else { return nil }
    var heads = [outer]
    for _ in 0..<3 {
      guard inner.count == 1, let head = inner[0].head, inner[0].name == nil else { return nil }
      heads.append(head)
      inner = inner[0].operands.filter(\.depends)
      guard !inner.isEmpty, inner.count <= 2 else { return nil }
      guard !head.isLinear || head == .add || head == .negate else { return nil }
      let varying = inner
      guard let together = workbook.differential(of: x, varying: varying) else { return nil }
      guard let apart = singly(x, downTo: varying) else { return nil }
      if 4 * together.size <= 3 * apart.size {
        return Move(rule: .composition(heads, pattern(x, varying)), term: together)
      }
    }
    return nil
  }

  /// The operation with a letter for what varies.
  private func pattern(_ x: Term, _ varying: [Term]) -> String {
    let letters = varying.count == 1 ? ["t"] : ["s", "t"]
    func visit(_ y: Term) -> Term {
      if let i = varying.firstIndex(where: { $0.text == y.text }) {
        return .name(letters[i], y.shape)
      }
      return y.mapOperands { visit($0) }
    }
    return visit(x).text
  }

  /// The differential by single rules, as far as the given terms.
  private func singly(_ x: Term, downTo ends: [Term]) -> Term? {
    func visit(_ y: Term) -> Term? {
      if ends.contains(where: { $0.text == y.text }) { return .differential(y) }
      guard y.depends, y.name == nil else { return .differential(y) }
      guard let operand = y.operands.first(where: \.depends),
        let d = workbook.differential(of: y, varying: y.operands.filter(\.depends)),
        let inner = visit(operand)
      else { return nil }
      return replaced(d, [ObjectIdentifier(operand): inner])
    }
    return visit(x)
  }
}

extension Term {
  /// Whether it is divided by a constant, which just stays.
  fileprivate var isScaled: Bool {
    switch kind {
    case .quotient(_, let divisor), .elementwiseQuotient(_, let divisor): !divisor.depends
    default: false
    }
  }

  /// The operation at the top, sums and signs included.
  var head: Primitive? {
    switch kind {
    case .leaf, .differential: nil
    case .negate: .negate
    case .transpose: .transpose
    case .sum: .add
    case .product: .multiply
    case .quotient: .divide
    case .hadamard: .hadamard
    case .elementwiseQuotient: .elementwiseDivide
    case .apply(let primitive, _, _): primitive
    }
  }
}

extension Primitive {
  /// Linear in all operands together, so that the differential passes through.
  var isLinear: Bool {
    switch self {
    case .sum, .mean, .sym, .skew, .col, .row, .entry, .add, .negate, .transpose: return true
    default: break
    }
    switch rule.derivative {
    case .linear, .jointlyLinear: return true
    case .defined, .constant, .elementwise, .multilinear, .linearInLast, .differential, .undefined:
      return false
    }
  }

  var isMultilinear: Bool {
    if case .multilinear = rule.derivative { return true }
    return self == .dot
  }

  /// Where looking one operation further may shorten the differential.
  fileprivate var startsCompositions: Bool {
    switch self {
    case .log, .sqrt, .power, .elementwisePower, .square, .divide, .elementwiseDivide: true
    default: false
    }
  }
}
