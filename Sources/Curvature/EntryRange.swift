import ExpressionCore

/// An end of an interval: a number, attained or not.
struct Bound: Hashable {
  let value: Number
  let isOpen: Bool

  init(_ value: Number, isOpen: Bool = false) {
    self.value = value
    self.isOpen = isOpen
  }

  static let zero = Bound(.zero)
  static let aboveOrBelowZero = Bound(.zero, isOpen: true)
}

/// An interval that holds every entry of an expression; an end that is missing is infinite.
///
/// Interval arithmetic with exact rational ends (Moore 1966); where exactness is lost an end moves
/// outward.
struct EntryRange: Hashable {
  let lower: Bound?
  let upper: Bound?

  init(_ lower: Bound?, _ upper: Bound?) {
    self.lower = lower
    self.upper = upper
  }

  static let anything = EntryRange(nil, nil)
  static let zero = EntryRange(.zero, .zero)
  static let positive = EntryRange(.aboveOrBelowZero, nil)
  static let nonnegative = EntryRange(.zero, nil)
  static let negative = EntryRange(nil, .aboveOrBelowZero)
  static let unit = EntryRange(.zero, Bound(.one))
  static let openUnit = EntryRange(.aboveOrBelowZero, Bound(.one, isOpen: true))

  static func point(_ value: Number) -> EntryRange { EntryRange(Bound(value), Bound(value)) }

  static func symmetric(_ radius: Number, isOpen: Bool = false) -> EntryRange {
    EntryRange(Bound(-radius, isOpen: isOpen), Bound(radius, isOpen: isOpen))
  }

  // MARK: Signs

  var isPositive: Bool {
    guard let lower else { return false }
    return lower.value.isPositive || lower.value.isZero && lower.isOpen
  }
  var isNonnegative: Bool { lower.map { !$0.value.isNegative } ?? false }
  var isNegative: Bool { negated.isPositive }
  var isNonpositive: Bool { upper.map { !$0.value.isPositive } ?? false }
  var isZero: Bool { isNonnegative && isNonpositive }
  var isKnown: Bool { lower != nil || upper != nil }

  // MARK: Arithmetic

  var negated: EntryRange {
    EntryRange(
      upper.map { Bound(-$0.value, isOpen: $0.isOpen) },
      lower.map { Bound(-$0.value, isOpen: $0.isOpen) })
  }

  static func + (a: EntryRange, b: EntryRange) -> EntryRange {
    func ends(_ x: Bound?, _ y: Bound?, _ up: Bool) -> Bound? {
      guard let x, let y else { return nil }
      return Self.outward(x.value + y.value, up, isOpen: x.isOpen || y.isOpen)
    }
    return EntryRange(ends(a.lower, b.lower, false), ends(a.upper, b.upper, true))
  }

  static func * (a: EntryRange, b: EntryRange) -> EntryRange {
    if a.isZero || b.isZero { return .zero }
    let corners = [
      corner(a.lower, b.lower, -1, -1), corner(a.lower, b.upper, -1, 1),
      corner(a.upper, b.lower, 1, -1), corner(a.upper, b.upper, 1, 1),
    ]
    return EntryRange(least(corners, -1), least(corners, 1))
  }

  private enum Corner {
    case finite(Bound)
    case infinite(sign: Int)
  }

  /// The product of two ends; 0 times an infinite end is 0, which is attained where the 0 is.
  private static func corner(_ a: Bound?, _ b: Bound?, _ sideA: Int, _ sideB: Int) -> Corner {
    func sign(_ x: Bound?, _ side: Int) -> Int {
      guard let x else { return side }
      return x.value.isZero ? 0 : x.value.isNegative ? -1 : 1
    }
    let product = sign(a, sideA) * sign(b, sideB)
    if product == 0 {
      let attained = [a, b].contains { $0.map { $0.value.isZero && !$0.isOpen } ?? false }
      return .finite(Bound(.zero, isOpen: !attained))
    }
    guard let a, let b else { return .infinite(sign: product) }
    return .finite(Bound(a.value * b.value, isOpen: a.isOpen || b.isOpen))
  }

  /// The least corner for the direction -1, the greatest for 1.
  private static func least(_ corners: [Corner], _ direction: Int) -> Bound? {
    var best: Bound?
    for corner in corners {
      switch corner {
      case .infinite(let sign): if sign == direction { return nil }
      case .finite(let bound):
        guard let known = best else {
          best = bound
          continue
        }
        let isFurther = direction < 0 ? bound.value < known.value : known.value < bound.value
        if isFurther {
          best = bound
        } else if bound.value == known.value {
          best = Bound(known.value, isOpen: known.isOpen && bound.isOpen)
        }
      }
    }
    return best.flatMap { outward($0.value, direction > 0, isOpen: $0.isOpen) }
  }

  /// What holds the values of both.
  func joined(_ other: EntryRange) -> EntryRange {
    func outer(_ a: Bound?, _ b: Bound?, _ up: Bool) -> Bound? {
      guard let a, let b else { return nil }
      if a.value == b.value { return Bound(a.value, isOpen: a.isOpen && b.isOpen) }
      return (a.value < b.value) == up ? b : a
    }
    return EntryRange(outer(lower, other.lower, false), outer(upper, other.upper, true))
  }

  /// What holds the values that both hold.
  func intersected(_ other: EntryRange) -> EntryRange {
    func inner(_ a: Bound?, _ b: Bound?, _ up: Bool) -> Bound? {
      guard let a else { return b }
      guard let b else { return a }
      if a.value == b.value { return Bound(a.value, isOpen: a.isOpen || b.isOpen) }
      return (a.value < b.value) == up ? a : b
    }
    return EntryRange(inner(lower, other.lower, false), inner(upper, other.upper, true))
  }

  /// A real end moves by what rounding may have cost; an infinite one is none.
  private static func outward(_ value: Number, _ up: Bool, isOpen: Bool) -> Bound? {
    guard case .real(let x) = value, x != 0 else { return Bound(value, isOpen: isOpen) }
    let moved = up ? x.nextUp : x.nextDown
    return moved.isFinite ? Bound(.real(moved), isOpen: isOpen) : nil
  }

  // MARK: Powers

  /// The range of the power; a fractional one has values where the base is not negative only.
  func power(_ exponent: Number) -> EntryRange {
    if exponent.isOne { return self }
    if exponent.isZero { return .point(.one) }
    if exponent.isNegative { return power(-exponent).reciprocal }
    let base = exponent.isInteger ? self : intersected(.nonnegative)
    if base.isNonnegative {
      return EntryRange(
        base.lower.flatMap { Self.end($0, exponent, up: false) } ?? .zero,
        base.upper.flatMap { Self.end($0, exponent, up: true) })
    }
    if exponent.isEvenInteger {
      if base.isNonpositive { return base.negated.power(exponent) }
      let (a, b) = (base.negated.intersected(.nonnegative), base.intersected(.nonnegative))
      let joined = a.power(exponent).joined(b.power(exponent))
      return EntryRange(.zero, joined.upper)
    }
    if base.isNonpositive { return base.negated.power(exponent).negated }
    return .anything
  }

  private static func end(_ bound: Bound, _ exponent: Number, up: Bool) -> Bound? {
    if let exact = bound.value.exactPower(exponent), exact.isExact {
      return Bound(exact, isOpen: bound.isOpen)
    }
    // Without its value it lies on the same side of 1 as the base.
    if up { return bound.value < .one ? Bound(.one, isOpen: true) : nil }
    return .one < bound.value ? Bound(.one, isOpen: true) : .aboveOrBelowZero
  }

  private var reciprocal: EntryRange {
    if isPositive {
      return EntryRange(
        upper.map { Bound(.one / $0.value, isOpen: $0.isOpen) } ?? .aboveOrBelowZero,
        lower.flatMap { $0.value.isZero ? nil : Bound(.one / $0.value, isOpen: $0.isOpen) }
      ).roundedOutward
    }
    if isNegative { return negated.reciprocal.negated }
    // Where the base is 0 there is no value.
    if isNonnegative { return intersected(.positive).reciprocal }
    if isNonpositive { return intersected(.negative).reciprocal }
    return .anything
  }

  private var roundedOutward: EntryRange {
    EntryRange(
      lower.flatMap { Self.outward($0.value, false, isOpen: $0.isOpen) },
      upper.flatMap { Self.outward($0.value, true, isOpen: $0.isOpen) })
  }
}
