/// An arena of expressions, each stored once and kept in canonical form by the constructors.
///
/// Constructors are local: each looks at its operands only, applies the identities that always
/// shorten (`inv(A)*A = I`, `x'*A*x` is its own transpose), and interns the result. What may or may
/// not shorten (factoring, expanding) is the business of `Rewriting`.
///
/// A graph belongs to one request and one thread.
public final class Graph {
  @usableFromInline struct Record {
    @usableFromInline var node: Node
    /// The operation where the node is an application of one: looked at far more often than the
    /// operands.
    var primitive: Primitive?
    @usableFromInline var shape: Shape
    @usableFromInline var facts: Facts
    var depth: Int32
    /// The first symbol that it mentions, by number; the largest number where it mentions none.
    var firstSymbol: Int32
    /// The transpose where it was asked for; negative otherwise.
    var transpose: Int32 = -1
  }

  // These are read at every step; nothing that reads or writes them calls back.
  @exclusivity(unchecked) @usableFromInline var records: [Record] = []
  @exclusivity(unchecked) private var numbers = NodeTable()
  public private(set) var symbols: [Variable] = []
  /// What is assumed of the sizes of the symbols.
  public var sizeOrder = SizeOrder()
  var standIns: [StandIn: Expr] = [:]
  /// Whether eigenvalues or singular values were ever made: reductions look for them only then.
  var mentionsSpectra = false
  private let nodeLimit: Int
  private let depthLimit: Int32

  /// Set when a limit was hit or an operation has no value (division by zero). From then on
  /// results mean nothing; whoever asked for a derivation must look here before using them.
  @exclusivity(unchecked) public internal(set) var failure: GraphError?

  public init(nodeLimit: Int = 4_000_000, depthLimit: Int = 20_000) {
    self.nodeLimit = nodeLimit
    self.depthLimit = Int32(depthLimit)
    records.reserveCapacity(512)
  }

  /// How many expressions the graph holds.
  public var count: Int { records.count }

  @inlinable public func node(_ e: Expr) -> Node { records[e.index].node }
  @inlinable public func shape(_ e: Expr) -> Shape { records[e.index].shape }
  @inlinable public func facts(_ e: Expr) -> Facts { records[e.index].facts }
  public func depth(_ e: Expr) -> Int { Int(records[e.index].depth) }

  /// Whether one stands before another in print: by the symbols that they mention, in the order of
  /// the author's text, then by age.
  public func precedes(_ a: Expr, _ b: Expr) -> Bool {
    let (p, q) = (records[a.index].firstSymbol, records[b.index].firstSymbol)
    return p != q ? p < q : a < b
  }

  /// Whether it mentions no symbol.
  public func isConstant(_ e: Expr) -> Bool { records[e.index].firstSymbol == .max }

  // MARK: Leaves

  /// A new symbol; two symbols are never equal, whatever their names.
  public func makeSymbol(_ variable: Variable) -> Expr {
    symbols.append(variable)
    return intern(.symbol(symbols.count - 1), variable.shape, Facts(of: variable))
  }

  public func number(_ value: Number) -> Expr { intern(.number(value), .scalar, Facts(of: value)) }
  public func number(_ value: Int) -> Expr { number(Number(value)) }
  public var one: Expr { number(.one) }
  public var pi: Expr { intern(.pi, .scalar, [.positive, .nonnegative]) }

  /// A dimension as a scalar.
  public func dimension(_ dim: Dim) -> Expr {
    if let n = dim.literal { return number(n) }
    return intern(.dimension(dim), .scalar, [.positive, .nonnegative])
  }

  public func zero(_ shape: Shape) -> Expr {
    shape.isScalar ? number(.zero) : intern(.zero(shape), shape, Facts(ofZero: shape))
  }

  public func identity(_ n: Dim) -> Expr {
    n.isOne
      ? one
      : intern(
        .identity(n), Shape(n, n),
        [.nonnegative, .positiveSemidefinite, .positiveDefinite, .orthogonal, .diagonal])
  }

  /// The column of `n` ones.
  public func ones(_ n: Dim) -> Expr {
    n.isOne ? one : intern(.ones(n), Shape(n, 1), [.positive, .nonnegative])
  }

  public func unit(_ n: Dim, position: Dim) -> Expr {
    n.isOne
      ? one : intern(.unit(n, position: position), Shape(n, 1), [.nonnegative, .columnsSumToOne])
  }

  // MARK: Interning

  /// The expression of a node; its facts are inferred where it is new.
  func intern(
    _ node: Node, _ shape: @autoclosure () -> Shape, _ facts: @autoclosure () -> Facts = []
  ) -> Expr {
    let fingerprint = node.fingerprint
    if let known = number(of: node, fingerprint) { return Expr(known) }
    guard failure == nil else { return Expr(0) }
    let (shape, facts) = (shape(), facts())
    // To infer facts one makes transposes, of which this may be a part.
    if let known = number(of: node, fingerprint) { return Expr(known) }
    guard failure == nil else { return Expr(0) }
    var depth: Int32 = 0
    var firstSymbol = Int32.max
    if case .symbol(let number) = node { firstSymbol = Int32(number) }
    for operand in node.operands {
      depth = Swift.max(depth, records[operand.index].depth)
      firstSymbol = Swift.min(firstSymbol, records[operand.index].firstSymbol)
    }
    if records.count >= nodeLimit { failure = .tooManyNodes(limit: nodeLimit) }
    if depth >= depthLimit { failure = .tooDeep(limit: Int(depthLimit)) }
    let id = records.count
    records.append(
      Record(
        node: node, primitive: node.primitive, shape: shape, facts: facts, depth: depth + 1,
        firstSymbol: firstSymbol))
    numbers.append(fingerprint)
    return Expr(id)
  }

  private func number(of node: Node, _ fingerprint: UInt64) -> Int? {
    numbers.find(fingerprint) { records[$0].node == node }
  }
}

/// Why a graph cannot hold what was asked of it.
public enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooManyNodes(limit: Int)
  case tooDeep(limit: Int)
  case divisionByZero

  public var description: String {
    switch self {
    case .tooManyNodes(let limit): "the derivation needs more than \(limit) expressions"
    case .tooDeep(let limit): "the input is nested more than \(limit) operations deep"
    case .divisionByZero: "the input divides by zero"
    }
  }
}

extension Node {
  var primitive: Primitive? {
    switch self {
    case .apply(let primitive, _, _): primitive
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit, .sum, .product,
      .hadamard:
      nil
    }
  }

  /// The expressions that it is made of, repetitions included.
  public var operands: [Expr] {
    switch self {
    case .symbol, .number, .pi, .dimension, .zero, .identity, .ones, .unit: []
    case .sum(let terms): terms.map(\.expr)
    case .product(let p): p.scalars.map(\.base) + p.chain
    case .hadamard(let factors): factors.map(\.base)
    case .apply(_, let operands, _): operands
    }
  }
}
