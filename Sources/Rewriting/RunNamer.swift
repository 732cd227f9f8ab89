import ExpressionCore
import ExpressionLanguage

/// Names factors that stand side by side in several products: `X*P` in `B*X*P - C*X*P*M`.
struct RunNamer {
  private(set) var definitions: [Naming.Definition]
  private(set) var body: Syntax
  /// The shapes of factors, where they are known.
  private var shapes: [ObjectIdentifier: Shape]
  /// Holds on to the trees whose identities `shapes` uses.
  private var kept: [Syntax] = []

  init(definitions: [Naming.Definition], body: Syntax, shapes: [ObjectIdentifier: Shape]) {
    self.definitions = definitions
    self.body = body
    self.shapes = shapes
  }

  private struct Run {
    var factors: [Syntax]
    var count = 0
    var size: Int { factors.reduce(factors.count - 1) { $0 + $1.size } }
    /// What a name saves.
    var saving: Int { (count - 1) * size - count }
  }

  /// - Parameter makeName: a new name for a value of a shape.
  mutating func nameRuns(_ makeName: (Shape) -> String) {
    guard size < 500 else { return }
    for _ in 0..<4 {
      guard let run = bestRun(), let shape = shape(of: run.factors) else { return }
      let key = Self.key(run.factors)
      let name = Syntax(.name(makeName(shape)))
      shapes[ObjectIdentifier(name)] = shape
      kept.append(name)
      let value = Syntax.product(run.factors)
      let first =
        definitions.firstIndex { Self.contains(key, run.factors.count, $0.value) }
        ?? definitions.count
      definitions = definitions.map {
        Naming.Definition(
          name: $0.name, value: replacing(key, run.factors.count, by: name, in: $0.value))
      }
      body = replacing(key, run.factors.count, by: name, in: body)
      guard case .name(let text) = name.kind else { return }
      definitions.insert(Naming.Definition(name: text, value: value), at: first)
    }
  }

  private var size: Int { definitions.reduce(body.size) { $0 + $1.value.size } }

  private static func key(_ factors: some Collection<Syntax>) -> String {
    factors.map { SyntaxPrinter.text(of: $0) }.joined(separator: "\u{1}")
  }

  /// The leading factors of a product between which there is only `*`.
  private static func factors(of s: Syntax) -> [Syntax] {
    guard case .product(let first, let rest) = s.kind else { return [] }
    return [first] + rest.prefix { $0.operation == .times }.map(\.factor)
  }

  private func bestRun() -> Run? {
    var runs: [String: Run] = [:]
    var order: [String] = []
    var pending = [body] + definitions.map(\.value)
    while let s = pending.popLast() {
      pending += s.operands
      let factors = Self.factors(of: s)
      guard factors.count > 1, factors.count <= 24 else { continue }
      for length in 2...factors.count {
        var last: [String: Int] = [:]
        for start in 0...(factors.count - length) {
          let slice = Array(factors[start..<(start + length)])
          let key = Self.key(slice)
          if let before = last[key], start < before + length { continue }
          last[key] = start
          if runs[key] == nil { order.append(key) }
          runs[key, default: Run(factors: slice)].count += 1
        }
      }
    }
    return order.compactMap { runs[$0] }
      .filter { $0.saving >= 2 && $0.size >= 3 && shape(of: $0.factors) != nil }
      .max { $0.saving < $1.saving }
  }

  private func shape(of factors: [Syntax]) -> Shape? {
    let known = factors.map { shapes[ObjectIdentifier($0)] }
    guard !known.contains(nil) else { return nil }
    let matrices = known.compactMap { $0 }.filter { !$0.isScalar }
    guard let first = matrices.first, let last = matrices.last else { return .scalar }
    return Shape(first.rows, last.columns)
  }

  private static func contains(_ key: String, _ length: Int, _ s: Syntax) -> Bool {
    let factors = factors(of: s)
    if factors.count >= length {
      for start in 0...(factors.count - length)
      where Self.key(factors[start..<(start + length)]) == key { return true }
    }
    return s.operands.contains { contains(key, length, $0) }
  }

  private func replacing(_ key: String, _ length: Int, by name: Syntax, in s: Syntax) -> Syntax {
    let inner = s.mapOperands { replacing(key, length, by: name, in: $0) }
    let factors = Self.factors(of: inner)
    guard factors.count >= length, case .product(_, let rest) = inner.kind else { return inner }
    var result: [Syntax] = []
    var i = 0
    while i < factors.count {
      if i + length <= factors.count, Self.key(factors[i..<(i + length)]) == key {
        result.append(name)
        i += length
      } else {
        result.append(factors[i])
        i += 1
      }
    }
    guard result.count < factors.count else { return inner }
    let tail = rest.dropFirst(factors.count - 1)
    let head = result.dropFirst().map { (operation: Syntax.Multiplication.times, factor: $0) }
    if head.isEmpty, tail.isEmpty { return result[0] }
    return Syntax(.product(result[0], head + tail))
  }
}
