import ExpressionCore
import ExpressionLanguage

/// A spelling with definitions: parts that are used more than once and are not small get a name.
public struct Naming {
  public struct Definition: Sendable {
    public let name: String
    public let value: Syntax
  }

  public let definitions: [Definition]
  public let body: Syntax

  /// Operators, calls and leaves, definitions in full.
  public var size: Int { definitions.reduce(body.size) { $0 + $1.value.size } }

  /// The shortest way found to write an expression.
  public static func shortest(
    _ e: Expr, by speller: Speller, preferred: [Expr: String] = [:], taken: Set<String>
  ) -> Naming {
    let root = speller.spell(e)
    var best = Naming(root, by: speller, preferred: preferred, taken: taken)
    // Where nothing repeats no other choice can help; where all is large it costs too much.
    guard !best.definitions.isEmpty || !preferred.isEmpty, root.size < 2_000 else { return best }
    func consider(_ choices: Speller.Choices) -> Speller {
      let other = Speller(speller.graph, diagonals: speller.diagonals, choices)
      let naming = Naming(other.spell(e), by: other, preferred: preferred, taken: taken)
      if naming.size < best.size { best = naming }
      return other
    }
    let graph = speller.graph
    let own = (speller.expressions(in: root) + preferred.keys.sorted())
      .map { graph.splitCoefficient($0).1 }.filter { graph.isSum($0) }
    // A sum may stand transposed in one place and inside a longer sum in another.
    let sums =
      own
      + own.map { graph.splitCoefficient(graph.transpose($0)).1 }
      .filter { graph.isSum($0) && !own.contains($0) }
    for turnsSigns in [true, false] {
      for groups in sums.isEmpty ? [[]] : [[], sums] {
        let choices = Speller.Choices(turnsSigns: turnsSigns, groups: groups)
        let other = consider(choices)
        var mirrored = choices
        mirrored.mirrors = other.mirrors(in: other.spell(e))
        if !mirrored.mirrors.isEmpty { _ = consider(mirrored) }
      }
    }
    return best
  }

  /// A way to write an expression in which trees that are shared have names, and no other choice is
  /// tried than to write a part as the transpose of another.
  public static func shared(
    _ e: Expr, by speller: Speller, preferred: [Expr: String] = [:], taken: Set<String>
  ) -> Naming {
    func naming(_ speller: Speller) -> Naming {
      Naming(speller.spell(e), by: speller, preferred: preferred, taken: taken, namesRuns: false)
    }
    let plain = naming(speller)
    let mirrors = speller.mirrors(in: speller.spell(e))
    guard !mirrors.isEmpty else { return plain }
    let choices = Speller.Choices(mirrors: mirrors)
    let mirrored = naming(Speller(speller.graph, diagonals: speller.diagonals, choices))
    return mirrored.size < plain.size ? mirrored : plain
  }

  /// - Parameters:
  ///   - preferred: the author's names of expressions, used before invented ones.
  ///   - taken: names that mean something already.
  ///   - namesRuns: whether neighbours in several products get a name too, which takes most of the
  ///     time; otherwise only trees that are shared get one.
  public init(
    _ root: Syntax, by speller: Speller, preferred: [Expr: String] = [:], taken: Set<String>,
    namesRuns: Bool = true
  ) {
    var counter = UseCounter()
    counter.visit(root)
    var namer = Namer(speller: speller, uses: counter.uses, preferred: preferred, taken: taken)
    let renamed = namer.rename(root, isRoot: true)
    guard namesRuns else {
      body = renamed
      definitions = namer.definitions
      return
    }
    var runs = RunNamer(definitions: namer.definitions, body: renamed, known: namer.known)
    runs.nameRuns { namer.makeName(for: $0) }
    body = runs.body
    definitions = runs.definitions
  }
}

extension Naming {
  /// Another expression in the same names: what a definition stands for is written by its name.
  public func applied(to root: Syntax) -> Syntax {
    var named: [String: String] = [:]
    for definition in definitions {
      named[SyntaxPrinter.text(of: definition.value)] = definition.name
    }
    if named.isEmpty || root.size > 2_000 { return root }
    var known: [ObjectIdentifier: Syntax] = [:]
    func rename(_ s: Syntax) -> Syntax {
      if let done = known[ObjectIdentifier(s)] { return done }
      let inner = s.mapOperands(rename)
      let result = named[SyntaxPrinter.text(of: inner)].map { Syntax(.name($0)) } ?? inner
      known[ObjectIdentifier(s)] = result
      return result
    }
    return rename(root)
  }
}

/// Counts the places in which each shared tree stands.
private struct UseCounter {
  var uses: [ObjectIdentifier: Int] = [:]

  mutating func visit(_ root: Syntax) {
    var pending = [root]
    while let s = pending.popLast() {
      let count = uses[ObjectIdentifier(s), default: 0] + 1
      uses[ObjectIdentifier(s)] = count
      if count == 1 { pending += s.operands }
    }
  }
}

private struct Namer {
  let speller: Speller
  let uses: [ObjectIdentifier: Int]
  let preferred: [Expr: String]
  var taken: Set<String>
  var definitions: [Naming.Definition] = []
  private var renamed: [ObjectIdentifier: Syntax] = [:]
  /// What the renamed trees stand for.
  private(set) var known: [ObjectIdentifier: RunNamer.Value] = [:]

  init(
    speller: Speller, uses: [ObjectIdentifier: Int], preferred: [Expr: String], taken: Set<String>
  ) {
    self.speller = speller
    self.uses = uses
    self.preferred = preferred
    self.taken = taken
  }

  mutating func rename(_ s: Syntax, isRoot: Bool = false) -> Syntax {
    if let known = renamed[ObjectIdentifier(s)] { return known }
    var result = s.mapOperands { rename($0) }
    let count = uses[ObjectIdentifier(s)] ?? 1
    let expr = speller.source[ObjectIdentifier(s)]
    let isAuthors = expr.flatMap { preferred[$0] } != nil
    // The name pays for itself: one definition and `count` uses of size 1.
    let saving = (count - 1) * result.size - count
    if !isRoot, let expr, !result.isTransposedName,
      !speller.graph.isConstant(expr), saving >= (isAuthors ? 1 : 2)
    {
      let name = makeName(for: expr)
      definitions.append(Naming.Definition(name: name, value: result))
      result = .name(name)
    }
    renamed[ObjectIdentifier(s)] = result
    if let expr {
      known[ObjectIdentifier(result)] = RunNamer.Value(
        shape: speller.graph.shape(expr), isSymmetric: speller.graph.transpose(expr) == expr)
    }
    return result
  }

  private mutating func makeName(for e: Expr) -> String {
    if let name = preferred[e], taken.insert("=" + name).inserted { return name }
    return makeName(for: speller.graph.shape(e))
  }

  mutating func makeName(for shape: Shape) -> String {
    let letters =
      shape.isScalar
      ? ["s", "t", "q", "r", "u", "v"]
      : shape.isVector || shape.isRow
        ? ["s", "r", "p", "q", "u", "v", "t", "z"]
        : ["P", "R", "M", "H", "T", "G", "Q", "S"]
    for letter in letters where taken.insert(letter).inserted { return letter }
    let base = shape.isScalar || shape.isVector || shape.isRow ? "s" : "M"
    var i = 1
    while !taken.insert("\(base)\(i)").inserted { i += 1 }
    return "\(base)\(i)"
  }
}

extension Syntax {
  fileprivate var isTransposedName: Bool {
    if case .transpose(let x) = kind, case .name = x.kind { return true }
    return false
  }

  /// The same tree over other operands; itself where nothing changes.
  func mapOperands(_ transform: (Syntax) -> Syntax) -> Syntax {
    var changed = false
    func map(_ s: Syntax) -> Syntax {
      let t = transform(s)
      if t !== s { changed = true }
      return t
    }
    let kind: Kind =
      switch self.kind {
      case .number, .name: self.kind
      case .negate(let x): .negate(map(x))
      case .transpose(let x): .transpose(map(x))
      case .sum(let first, let rest): .sum(map(first), rest.map { ($0.negative, map($0.term)) })
      case .product(let first, let rest):
        .product(map(first), rest.map { ($0.operation, map($0.factor)) })
      case .power(let x, let y): .power(map(x), map(y))
      case .elementwisePower(let x, let y): .elementwisePower(map(x), map(y))
      case .call(let name, let x): .call(name, x.map(map))
      case .blocks(let rows): .blocks(rows.map { $0.map(map) })
      }
    return changed ? Syntax(kind) : self
  }
}
