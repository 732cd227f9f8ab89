import ExpressionCore
import ExpressionLanguage

/// Names factors that stand side by side in several products: `X*P` in `B*X*P - C*X*P*M`, and also
/// where they stand transposed: `u = A*x` for `A*x*x'*A'` is `u*u'`.
struct RunNamer {
  /// What a tree stands for.
  struct Value {
    let shape: Shape
    let isSymmetric: Bool
  }

  private(set) var definitions: [Naming.Definition]
  private(set) var body: Syntax
  /// Of factors, where it is known.
  private var known: [ObjectIdentifier: Value]
  /// Holds on to the trees whose identities `known` uses.
  private var kept: [Syntax] = []
  private var numbers = FactorNumbers()

  init(definitions: [Naming.Definition], body: Syntax, known: [ObjectIdentifier: Value]) {
    self.definitions = definitions
    self.body = body
    self.known = known
  }

  /// Factors with the places where they stand.
  private struct Run {
    let factors: [Syntax]
    let value: Value
    var count = 0
    /// How often it stands there transposed.
    var mirrored = 0
    /// The size of all places together.
    var replaced = 0

    var size: Int { factors.reduce(factors.count - 1) { $0 + $1.size } }
    /// What a name saves: its uses cost 1, or 2 with a transpose.
    var saving: Int { replaced - size - count - (value.isSymmetric ? 0 : mirrored) }
  }

  /// - Parameter makeName: a new name for a value of a shape.
  mutating func nameRuns(_ makeName: (Shape) -> String) {
    defer { dropAliases() }
    guard size < 500 else { return }
    for _ in 0..<4 {
      guard let run = bestRun() else { return }
      let text = makeName(run.value.shape)
      let name = Syntax(.name(text))
      let transposed = run.value.isSymmetric ? name : Syntax(.transpose(name))
      for tree in [name, transposed] {
        kept.append(tree)
        let shape = tree === name ? run.value.shape : run.value.shape.transposed
        known[ObjectIdentifier(tree)] = Value(shape: shape, isSymmetric: run.value.isSymmetric)
      }
      let replacement = Replacement(
        key: key(run.factors), mirroredKey: key(mirrored(run.factors)),
        length: run.factors.count, name: name, transposed: transposed)
      let first =
        definitions.firstIndex { contains(replacement, $0.value) } ?? definitions.count
      definitions = definitions.map {
        Naming.Definition(name: $0.name, value: replacing(replacement, in: $0.value))
      }
      body = replacing(replacement, in: body)
      definitions.insert(
        Naming.Definition(name: text, value: Syntax.product(run.factors)), at: first)
    }
  }

  private var size: Int { definitions.reduce(body.size) { $0 + $1.value.size } }

  private mutating func key(_ factors: [Syntax]) -> [Int] {
    factors.map { numbers.number(of: $0) }
  }

  /// The factors of the transpose.
  private mutating func mirrored(_ factors: [Syntax]) -> [Syntax] {
    factors.reversed().map { factor in
      if case .transpose(let x) = factor.kind { return x }
      if known[ObjectIdentifier(factor)]?.isSymmetric ?? false { return factor }
      return numbers.transposed(factor)
    }
  }

  /// The leading factors of a product between which there is only `*`.
  private static func factors(of s: Syntax) -> [Syntax] {
    guard case .product(let first, let rest) = s.kind else { return [] }
    return [first] + rest.prefix { $0.operation == .times }.map(\.factor)
  }

  private mutating func bestRun() -> Run? {
    var runs: [[Int]: Run] = [:]
    var order: [[Int]] = []
    var pending = [body] + definitions.map(\.value)
    while let s = pending.popLast() {
      pending += s.operands
      let factors = Self.factors(of: s)
      guard factors.count > 1, factors.count <= 24 else { continue }
      let (ownKeys, otherKeys) = (key(factors), key(mirrored(factors)))
      for length in 2...factors.count {
        var last: [[Int]: Int] = [:]
        for start in 0...(factors.count - length) {
          let slice = Array(factors[start..<(start + length)])
          guard let value = value(of: slice) else { continue }
          // A column rather than a row; otherwise the way round that was met first.
          let own = Array(ownKeys[start..<(start + length)])
          let end = factors.count - start
          let other = Array(otherKeys[(end - length)..<end])
          let isTurned =
            value.shape.isRow || (!value.shape.isVector && runs[own] == nil && runs[other] != nil)
          let key = isTurned ? other : own
          if let before = last[key], start < before + length { continue }
          last[key] = start
          if runs[key] == nil {
            order.append(key)
            let shape = isTurned ? value.shape.transposed : value.shape
            runs[key] = Run(
              factors: isTurned ? mirrored(slice) : slice,
              value: Value(shape: shape, isSymmetric: value.isSymmetric || own == other))
          }
          runs[key]?.count += 1
          if isTurned, own != other { runs[key]?.mirrored += 1 }
          runs[key]?.replaced += slice.reduce(length - 1) { $0 + $1.size }
        }
      }
    }
    return order.compactMap { runs[$0] }.filter { $0.count > 1 && $0.saving >= 2 && $0.size >= 3 }
      .max { $0.saving < $1.saving }
  }

  private func value(of factors: [Syntax]) -> Value? {
    let values = factors.map { known[ObjectIdentifier($0)] }
    guard !values.contains(where: { $0 == nil }) else { return nil }
    let matrices = values.compactMap { $0?.shape }.filter { !$0.isScalar }
    guard let first = matrices.first, let last = matrices.last else {
      return Value(shape: .scalar, isSymmetric: true)
    }
    let shape = Shape(first.rows, last.columns)
    return Value(shape: shape, isSymmetric: shape.isScalar)
  }

  private struct Replacement {
    let key: [Int]
    let mirroredKey: [Int]
    let length: Int
    let name: Syntax
    let transposed: Syntax

    /// What stands for a run; nil where it is another one.
    func tree(for run: ArraySlice<Int>) -> Syntax? {
      run.elementsEqual(key) ? name : run.elementsEqual(mirroredKey) ? transposed : nil
    }
  }

  private mutating func contains(_ replacement: Replacement, _ s: Syntax) -> Bool {
    let factors = Self.factors(of: s)
    if factors.count >= replacement.length {
      let keys = key(factors)
      for start in 0...(factors.count - replacement.length)
      where replacement.tree(for: keys[start..<(start + replacement.length)]) != nil {
        return true
      }
    }
    for operand in s.operands where contains(replacement, operand) { return true }
    return false
  }

  private mutating func replacing(_ replacement: Replacement, in s: Syntax) -> Syntax {
    var changed: [(Syntax, Value)] = []
    var inner = s.mapOperands { operand in
      let result = replacing(replacement, in: operand)
      if result !== operand, let value = known[ObjectIdentifier(operand)] {
        changed.append((result, value))
      }
      return result
    }
    for (tree, value) in changed {
      known[ObjectIdentifier(tree)] = value
      kept.append(tree)
    }
    let factors = Self.factors(of: inner)
    guard factors.count >= replacement.length, case .product(_, let rest) = inner.kind else {
      return inner
    }
    var result: [Syntax] = []
    let keys = key(factors)
    var i = 0
    while i < factors.count {
      if i + replacement.length <= factors.count,
        let tree = replacement.tree(for: keys[i..<(i + replacement.length)])
      {
        result.append(tree)
        i += replacement.length
      } else {
        result.append(factors[i])
        i += 1
      }
    }
    guard result.count < factors.count else { return inner }
    let tail = rest.dropFirst(factors.count - 1)
    let head = result.dropFirst().map { (operation: Syntax.Multiplication.times, factor: $0) }
    inner =
      head.isEmpty && tail.isEmpty ? result[0] : Syntax(.product(result[0], head + tail))
    return inner
  }

  /// Definitions of which no more than another name is left.
  private mutating func dropAliases() {
    var aliases: [String: Syntax] = [:]
    func renamed(_ s: Syntax) -> Syntax {
      if case .name(let name) = s.kind { return aliases[name] ?? s }
      return s.mapOperands { renamed($0) }
    }
    var remaining: [Naming.Definition] = []
    for definition in definitions {
      let value = aliases.isEmpty ? definition.value : renamed(definition.value)
      if case .name = value.kind {
        aliases[definition.name] = value
      } else {
        remaining.append(Naming.Definition(name: definition.name, value: value))
      }
    }
    definitions = remaining
    if !aliases.isEmpty { body = renamed(body) }
  }
}

/// Numbers trees by their text: trees of one text have one number.
private struct FactorNumbers {
  private var numbers: [String: Int] = [:]
  /// With the tree, whose identity is taken while it is held.
  private var known: [ObjectIdentifier: (tree: Syntax, number: Int)] = [:]
  private var transposes: [ObjectIdentifier: (tree: Syntax, transpose: Syntax)] = [:]

  mutating func number(of s: Syntax) -> Int {
    if let known = known[ObjectIdentifier(s)] { return known.number }
    let text = SyntaxPrinter.text(of: s)
    let number = numbers[text] ?? numbers.count
    numbers[text] = number
    known[ObjectIdentifier(s)] = (s, number)
    return number
  }

  mutating func transposed(_ s: Syntax) -> Syntax {
    if let known = transposes[ObjectIdentifier(s)] { return known.transpose }
    let made = Syntax(.transpose(s))
    transposes[ObjectIdentifier(s)] = (s, made)
    return made
  }
}
