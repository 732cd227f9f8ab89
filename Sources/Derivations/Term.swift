import ExpressionCore
import ExpressionLanguage

/// An expression as its author wrote it, with shapes, and with differentials `d(…)` that are not
/// yet worked out.
///
/// The engine's graph is canonical the moment it is built, so that no single move shows in it. A
/// derivation is written on terms instead, one rule at a time.
final class Term: Sendable {
  struct Signed: Sendable {
    let negative: Bool
    let term: Term

    init(_ term: Term, negative: Bool = false) {
      self.term = term
      self.negative = negative
    }
  }

  enum Kind: Sendable {
    /// A name, a number or a size.
    case leaf(Syntax)
    case negate(Term)
    case transpose(Term)
    /// `d(…)`
    case differential(Term)
    case sum([Signed])
    /// Matrix products and scalar factors, in the order in which they are written.
    case product([Term])
    /// Divided by a scalar.
    case quotient(Term, Term)
    case hadamard([Term])
    case elementwiseQuotient(Term, Term)
    case apply(Primitive, [Term], [Dim])
  }

  let kind: Kind
  let shape: Shape
  /// Whether it depends on the variable of differentiation.
  let depends: Bool
  /// Whether a differential stands in it; what moves is linear in it.
  let moves: Bool
  let syntax: Syntax

  init(_ kind: Kind, _ shape: Shape, depends: Bool, moves: Bool) {
    self.kind = kind
    self.shape = shape
    self.depends = depends
    self.moves = moves
    syntax = Self.syntax(of: kind, shape)
  }

  private convenience init(_ kind: Kind, _ shape: Shape) {
    let operands = Self.operands(of: kind)
    var moves = operands.contains(where: \.moves)
    if case .differential = kind { moves = true }
    self.init(kind, shape, depends: operands.contains(where: \.depends), moves: moves)
  }

  var operands: [Term] { Self.operands(of: kind) }
  var text: String { SyntaxPrinter.text(of: syntax) }
  var size: Int { syntax.size }

  private static func operands(of kind: Kind) -> [Term] {
    switch kind {
    case .leaf: []
    case .negate(let x), .transpose(let x), .differential(let x): [x]
    case .sum(let terms): terms.map(\.term)
    case .product(let x), .hadamard(let x), .apply(_, let x, _): x
    case .quotient(let x, let y), .elementwiseQuotient(let x, let y): [x, y]
    }
  }

  /// The value of a number.
  var number: Number? {
    switch kind {
    case .leaf(let s): if case .number(let value) = s.kind { value } else { nil }
    case .negate(let x): x.number.map { -$0 }
    default: nil
    }
  }

  var isZero: Bool {
    if case .apply(.zeros, _, _) = kind { return true }
    return number?.isZero ?? false
  }

  /// The name, where it is nothing else.
  var name: String? {
    if case .leaf(let s) = kind, case .name(let name) = s.kind { return name }
    return nil
  }
}

// MARK: - Construction

extension Term {
  static func name(_ name: String, _ shape: Shape, depends: Bool = false, moves: Bool = false)
    -> Term
  {
    Term(.leaf(Syntax(.name(name))), shape, depends: depends, moves: moves)
  }

  static func number(_ value: Number) -> Term {
    if value.isNegative { return negated(number(-value)) }
    if case .rational(let p, let q) = value, q != 1 {
      return quotient(number(Number(p)), number(Number(q)))
    }
    return Term(.leaf(Syntax(.number(value))), .scalar)
  }

  static func dimension(_ dim: Dim) -> Term { Term(.leaf(.size(dim)), .scalar) }

  static func negated(_ x: Term) -> Term {
    if case .negate(let inner) = x.kind { return inner }
    return Term(.negate(x), x.shape)
  }

  static func differential(_ x: Term) -> Term { Term(.differential(x), x.shape) }

  /// Sums in it are run together.
  static func sum(_ terms: [Signed], _ shape: Shape) -> Term {
    var flat: [Signed] = []
    for signed in terms {
      var (term, negative) = (signed.term, signed.negative)
      if case .negate(let inner) = term.kind { (term, negative) = (inner, !negative) }
      if case .sum(let inner) = term.kind {
        flat += inner.map { Signed($0.term, negative: $0.negative != negative) }
      } else {
        flat.append(Signed(term, negative: negative))
      }
    }
    guard let first = flat.first else { return zero(shape) }
    if flat.count == 1 { return first.negative ? negated(first.term) : first.term }
    return Term(.sum(flat), shape)
  }

  static func zero(_ shape: Shape) -> Term {
    shape.isScalar ? number(.zero) : Term(.apply(.zeros, [], []), shape)
  }

  static func ones(_ n: Dim) -> Term {
    n.isOne ? number(.one) : Term(.apply(.ones, [], []), Shape(n, 1))
  }

  static func identity(_ n: Dim) -> Term {
    n.isOne ? number(.one) : Term(.apply(.eye, [], []), Shape(n, n))
  }

  /// Products in it are run together where that changes nothing; minus signs go in front.
  static func product(_ factors: [Term]) -> Term {
    var flat: [Term] = []
    var negative = false
    // An inner product that scales a matrix stays one factor.
    let scales = factors.contains { !$0.shape.isScalar }
    for factor in factors {
      var factor = factor
      if case .negate(let inner) = factor.kind {
        negative.toggle()
        factor = inner
      }
      let isGrouped =
        scales && factor.shape.isScalar && factor.operands.contains { !$0.shape.isScalar }
      if case .product(let inner) = factor.kind, !isGrouped {
        flat += inner
      } else {
        flat.append(factor)
      }
    }
    // diag(v)*1 = v
    if let place = flat.indices.dropLast().first(where: { place in
      flat[place + 1].head == .ones && flat[place].head == .diag
        && flat[place].operands[0].shape.isVector
    }) {
      flat.replaceSubrange(place...(place + 1), with: flat[place].operands)
    }
    let numbers = flat.compactMap(\.number)
    if numbers.count > 1 || numbers.contains(where: \.isOne) {
      let value = numbers.reduce(.one) { $0 * $1 }
      flat.removeAll { $0.number != nil }
      if !value.isOne || flat.isEmpty { flat.insert(number(value), at: 0) }
    }
    let shape = flat.reduce(Shape.scalar) { shape, factor in
      shape.isScalar
        ? factor.shape
        : factor.shape.isScalar ? shape : Shape(shape.rows, factor.shape.columns)
    }
    let result = flat.count == 1 ? flat[0] : Term(.product(flat), shape)
    return negative ? negated(result) : result
  }

  static func quotient(_ x: Term, _ divisor: Term) -> Term {
    if divisor.number?.isOne == true { return x }
    if case .negate(let inner) = x.kind { return negated(quotient(inner, divisor)) }
    return Term(.quotient(x, divisor), x.shape)
  }

  static func hadamard(_ factors: [Term], _ shape: Shape) -> Term {
    var flat: [Term] = []
    var negative = false
    for factor in factors {
      var factor = factor
      if case .negate(let inner) = factor.kind {
        negative.toggle()
        factor = inner
      }
      if case .hadamard(let inner) = factor.kind { flat += inner } else { flat.append(factor) }
    }
    let result = flat.count == 1 ? flat[0] : Term(.hadamard(flat), shape)
    return negative ? negated(result) : result
  }

  static func elementwiseQuotient(_ x: Term, _ divisor: Term, _ shape: Shape) -> Term {
    if case .negate(let inner) = x.kind {
      return negated(elementwiseQuotient(inner, divisor, shape))
    }
    return Term(.elementwiseQuotient(x, divisor), shape)
  }

  static func apply(
    _ primitive: Primitive, _ operands: [Term], _ parameters: [Dim] = [], _ shape: Shape
  ) -> Term { Term(.apply(primitive, operands, parameters), shape) }

  static func trace(_ x: Term) -> Term { x.shape.isScalar ? x : apply(.tr, [x], [], .scalar) }

  /// The transpose as it stands, without any rule applied to it.
  static func bareTranspose(_ x: Term) -> Term {
    if x.shape.isScalar { return x }
    if case .transpose(let inner) = x.kind { return inner }
    if case .negate(let inner) = x.kind { return negated(bareTranspose(inner)) }
    return Term(.transpose(x), x.shape.transposed)
  }

  /// A 1×1, 1×n or m×1 term as a matrix of that shape, by products with ones.
  static func spread(_ x: Term, to shape: Shape) -> Term {
    if x.shape == shape { return x }
    var factors = [x]
    if x.shape.rows.isOne, !shape.rows.isOne { factors.insert(ones(shape.rows), at: 0) }
    if x.shape.columns.isOne, !shape.columns.isOne {
      factors.append(bareTranspose(ones(shape.columns)))
    }
    if x.shape.isScalar { factors = [x] + factors.filter { $0 !== x } }
    return product(factors)
  }

  /// The same term over other operands; itself where none changes.
  func mapOperands(_ change: (Term) -> Term) -> Term {
    let changed = operands.map(change)
    if zip(changed, operands).allSatisfy({ $0 === $1 }) { return self }
    var rest = changed[...]
    func transform(_ operand: Term) -> Term { rest.popFirst() ?? operand }
    return switch kind {
    case .leaf: self
    case .negate(let x): .negated(transform(x))
    case .transpose(let x): .bareTranspose(transform(x))
    case .differential(let x): .differential(transform(x))
    case .sum(let terms):
      .sum(terms.map { Signed(transform($0.term), negative: $0.negative) }, shape)
    case .product(let x): .product(x.map(transform))
    case .quotient(let x, let y): .quotient(transform(x), transform(y))
    case .hadamard(let x): .hadamard(x.map(transform), shape)
    case .elementwiseQuotient(let x, let y):
      .elementwiseQuotient(transform(x), transform(y), shape)
    case .apply(let primitive, let x, let parameters):
      .apply(primitive, x.map(transform), parameters, shape)
    }
  }

  /// Whether a differential `d(…)` is left in it.
  var isOpen: Bool {
    if case .differential = kind { return true }
    return moves && operands.contains(where: \.isOpen)
  }
}
