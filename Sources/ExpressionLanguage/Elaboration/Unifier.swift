import ExpressionCore

/// Equations between dimensions, solved as they come.
struct Unifier {
  enum Outcome {
    case equal, conflict
    /// Not decided by what is known so far.
    case undecided
  }

  private var bindings: [Extent?] = []
  /// Whether an unknown is the length of a vector, which is never 1.
  private var exceedsOne: [Bool] = []

  /// Whether a size grew beyond all use (`kron` of `kron` of …); nothing that follows is right.
  private(set) var isExceeded = false

  mutating func fresh(exceedingOne: Bool = false) -> Extent {
    bindings.append(nil)
    exceedsOne.append(exceedingOne)
    return .open(bindings.count - 1)
  }

  // MARK: Names of unknowns in polynomials

  /// Not a name of the language, and sorting as the numbers do.
  static func name(_ unknown: Int) -> String {
    let digits = String(unknown)
    return "?" + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
  }

  static func unknown(_ name: String) -> Int? {
    name.hasPrefix("?") ? Int(name.dropFirst()) : nil
  }

  static func dim(_ extent: Extent) -> Dim {
    switch extent {
    case .fixed(let dim), .compound(let dim): dim
    case .open(let unknown): .name(name(unknown))
    }
  }

  static func extent(_ dim: Dim) -> Extent {
    switch dim {
    case .literal: .fixed(dim)
    case .name(let name): unknown(name).map { .open($0) } ?? .fixed(dim)
    case .polynomial: dim.names.contains { unknown($0) != nil } ? .compound(dim) : .fixed(dim)
    }
  }

  // MARK: Looking up

  /// The extent as far as it is known; afterwards looked up in one step.
  mutating func resolve(_ extent: Extent) -> Extent {
    switch extent {
    case .fixed: return extent
    case .open(let unknown):
      var path: [Int] = []
      var current = unknown
      while case .open(let next)? = bindings[current] {
        path.append(current)
        current = next
      }
      var end = Extent.open(current)
      if let bound = bindings[current] {
        end = resolve(bound)
        bindings[current] = end
      }
      for step in path { bindings[step] = end }
      return end
    case .compound(let dim):
      var values: [String: Dim] = [:]
      for name in dim.names {
        guard let unknown = Self.unknown(name) else { continue }
        let value = resolve(.open(unknown))
        if value != .open(unknown) { values[name] = Self.dim(value) }
      }
      guard !values.isEmpty else { return extent }
      guard Self.isModest(dim, replacing: values) else {
        isExceeded = true
        return .fixed(dim.substituting { Self.unknown($0) == nil ? nil : .literal(2) })
      }
      return Self.extent(dim.substituting { values[$0] })
    }
  }

  /// Known to be another number than 1; a name counts as one.
  mutating func isNotOne(_ extent: Extent) -> Bool {
    switch resolve(extent) {
    case .fixed(let dim): !dim.isOne
    case .open(let unknown): exceedsOne[unknown]
    case .compound: false
    }
  }

  /// States that an unknown is not 1.
  mutating func exceedOne(_ extent: Extent) {
    if case .open(let unknown) = resolve(extent) { exceedsOne[unknown] = true }
  }

  // MARK: Arithmetic

  mutating func product(_ a: Extent, _ b: Extent) -> Extent {
    let (x, y) = (Self.dim(resolve(a)), Self.dim(resolve(b)))
    if let p = x.literal, let q = y.literal {
      if p.multipliedReportingOverflow(by: q).overflow { return exceeded() }
    } else if Self.degree(x) + Self.degree(y) > 24
      || Self.termCount(x) * Self.termCount(y) > 64
    {
      return exceeded()
    }
    return Self.extent(x * y)
  }

  mutating func sum(_ a: Extent, _ b: Extent) -> Extent {
    let (x, y) = (Self.dim(resolve(a)), Self.dim(resolve(b)))
    if let p = x.literal, let q = y.literal, p.addingReportingOverflow(q).overflow {
      return exceeded()
    }
    guard Self.termCount(x) + Self.termCount(y) <= 64 else { return exceeded() }
    return Self.extent(x + y)
  }

  private mutating func exceeded() -> Extent {
    isExceeded = true
    return .fixed(2)
  }

  private static func degree(_ dim: Dim) -> Int {
    guard case .polynomial(let p) = dim else { return dim.literal == nil ? 1 : 0 }
    return p.terms.map { $0.factors.reduce(0) { $0 + $1.exponent } }.max() ?? 0
  }

  private static func termCount(_ dim: Dim) -> Int {
    guard case .polynomial(let p) = dim else { return 1 }
    return p.terms.count
  }

  private static func isModest(_ dim: Dim, replacing values: [String: Dim]) -> Bool {
    let degree = degree(dim)
    let highest = values.values.map(Self.degree).max() ?? 0
    let terms = values.values.map(termCount).max() ?? 1
    guard degree * max(highest, 1) <= 48 else { return false }
    var count = termCount(dim)
    for _ in 0..<degree where count <= 4096 { count *= terms }
    return count <= 4096
  }

  // MARK: Solving

  mutating func unify(_ a: Extent, _ b: Extent) -> Outcome {
    let (a, b) = (resolve(a), resolve(b))
    if a == b { return .equal }
    switch (a, b) {
    case (.fixed, .fixed): return .conflict
    case (.open(let x), .open(let y)):
      // The older one stays, so that names follow the order of appearance.
      let (old, new) = (min(x, y), max(x, y))
      bindings[new] = .open(old)
      exceedsOne[old] = exceedsOne[old] || exceedsOne[new]
      return .equal
    case (.open(let x), _): return bind(x, to: b)
    case (_, .open(let y)): return bind(y, to: a)
    case (.compound, _), (_, .compound): return solve(Self.dim(a) - Self.dim(b))
    }
  }

  private mutating func bind(_ unknown: Int, to value: Extent) -> Outcome {
    switch value {
    case .fixed(let dim):
      if let literal = dim.literal, literal < (exceedsOne[unknown] ? 2 : 1) { return .conflict }
      bindings[unknown] = value
      return .equal
    case .open: return .undecided
    case .compound(let dim):
      // x = x*y and the like are left to later knowledge.
      if dim.names.contains(Self.name(unknown)) { return solve(dim - .name(Self.name(unknown))) }
      bindings[unknown] = value
      return .equal
    }
  }

  /// Solves `difference = 0` for an unknown in which it is linear.
  private mutating func solve(_ difference: Dim) -> Outcome {
    let polynomial = difference.asPolynomial
    let unknowns = difference.names.filter { Self.unknown($0) != nil }
    if unknowns.isEmpty { return difference == .literal(0) ? .equal : .conflict }
    for name in unknowns {
      let highest = polynomial.terms.map { term in
        term.factors.first { $0.name == name }?.exponent ?? 0
      }.max()
      guard highest == 1, let unknown = Self.unknown(name) else { continue }
      let rest = difference.substituting { $0 == name ? .literal(0) : nil }
      let factor = difference.substituting { $0 == name ? .literal(1) : nil } - rest
      guard let value = (.literal(0) - rest).divided(by: factor) else { continue }
      if value.names.isEmpty, value.literal == nil { return .conflict }
      return bind(unknown, to: Self.extent(value))
    }
    return guess(difference, unknowns)
  }

  /// An unknown equal to another name that makes both sides the same: `n(n+1)/2 = k(k+1)/2`; or
  /// the one integer that solves an equation in one unknown.
  private mutating func guess(_ difference: Dim, _ unknowns: [String]) -> Outcome {
    guard difference.asPolynomial.terms.count <= 8 else { return .undecided }
    for name in unknowns {
      guard let unknown = Self.unknown(name) else { continue }
      for other in difference.names where other != name {
        let replaced = difference.substituting { $0 == name ? .name(other) : nil }
        if replaced == .literal(0) { return unify(.open(unknown), Self.extent(.name(other))) }
      }
    }
    guard difference.names.count == 1, let unknown = Self.unknown(unknowns[0]) else {
      return .undecided
    }
    for candidate in 1...4096 where difference.value({ _ in candidate }) == 0 {
      return bind(unknown, to: .fixed(.literal(candidate)))
    }
    return .conflict
  }

  /// Pairs the factors of two products of equal length: in order, as in `vec(A)'*vec(B)`, or the
  /// last with the first, as in `kron(B,A)*vec(X)`.
  mutating func pairFactors(_ a: Extent, _ b: Extent, inOrder: Bool) -> Outcome {
    let left = Self.dim(resolve(a)).asPolynomial
    let right = Self.dim(resolve(b)).asPolynomial
    guard left.terms.count == 1, right.terms.count == 1,
      left.terms[0].coefficient == right.terms[0].coefficient
    else { return .undecided }
    let factors = { (term: DimPolynomial.Term) in
      term.factors.flatMap { Array(repeating: $0.name, count: min($0.exponent, 16)) }
    }
    var (x, y) = (factors(left.terms[0]), factors(right.terms[0]))
    for name in x where y.contains(name) {
      x.remove(at: x.firstIndex(of: name) ?? 0)
      y.remove(at: y.firstIndex(of: name) ?? 0)
    }
    guard x.count == y.count else { return .undecided }
    for (name, other) in zip(x, inOrder ? y : y.reversed()) {
      let outcome = unify(Self.extent(.name(name)), Self.extent(.name(other)))
      guard case .equal = outcome else { return outcome }
    }
    return .equal
  }
}
