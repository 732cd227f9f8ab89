import Frechet
import Verification

/// Builds random well-typed expressions from the shape that is wanted down to the variables.
public struct TermGenerator {
  typealias Range = RandomInput.Range

  var random: SplitMix64
  var sizes: [RandomSize] = []
  var declarations: [RandomInput.Declaration] = []
  var definitions: [RandomInput.Definition] = []
  /// How many operations may still be made.
  var budget = 0
  let topic: Topic

  /// Which operations are drawn.
  public enum Topic: String, Sendable {
    case ordinary
    /// Many decompositions, matrix functions and convolutions among the others.
    case decompositions
  }

  init(seed: UInt64, topic: Topic = .ordinary) {
    random = SplitMix64(seed: seed)
    self.topic = topic
    let named: [RandomSize] = ["m", "n", "k", "p"].map { RandomSize($0) }
    let literal: [RandomSize] = [2, 3, 4, 5].map { RandomSize($0) }
    switch Int.random(in: 0..<10, using: &random) {
    case 0...6: sizes = Array(named.shuffled(using: &random).prefix(pick(1...3)))
    case 7: sizes = [named[1], literal[pick(0...2)]]
    case 8: sizes = Array(literal.shuffled(using: &random).prefix(2))
    default: sizes = [named[1], .one]
    }
  }

  /// The input of a seed; equal seeds give equal inputs.
  public static func input(
    seed: UInt64, order: Int = 1, largest: Int = 24, topic: Topic = .ordinary
  ) -> RandomInput {
    var generator = TermGenerator(seed: seed, topic: topic)
    return generator.input(order: order, largest: largest)
  }

  private mutating func input(order: Int, largest: Int) -> RandomInput {
    while true {
      declarations = []
      definitions = []
      for i in 0..<pick([0, 0, 0, 1, 1, 2]) {
        budget = pick(2...8)
        let term = term(anyShape(), depth: pick(1...3))
        definitions.append(RandomInput.Definition(name: "t\(i + 1)", term: term))
      }
      budget = pick(2...largest)
      let shape = order == 2 || chance(0.5) ? RandomShape.scalar : anyShape()
      let body = term(shape, depth: pick(1...6))
      var result = RandomInput(
        declarations: declarations, definitions: definitions, body: body, wrt: "",
        options: DerivativeOptions())
      for definition in definitions.reversed() where !result.names.contains(definition.name) {
        result.definitions.removeAll { $0.name == definition.name }
      }
      let names = result.names
      let used = declarations.filter { names.contains($0.name) }
      guard let wrt = used.randomElement(using: &random) else { continue }
      result.wrt = wrt.name
      if order == 2 { result.secondWrt = pick(used).name }
      result.options = options(order: order)
      declareSizes(of: &result)
      return result
    }
  }

  /// A variable for each size that the text names and that no declaration fixes.
  private func declareSizes(of input: inout RandomInput) {
    let declared = Set(input.declarations.flatMap(\.shape.names))
    let names = input.names
    for size in sizes where names.contains(size.description) && size.literal == nil {
      if declared.contains(size.description) { continue }
      let shape = RandomShape(size, .one)
      input.declarations.append(
        RandomInput.Declaration(
          name: "size_\(size)", type: shape.plainType, shape: shape, range: .any))
    }
  }

  private mutating func options(order: Int) -> DerivativeOptions {
    var options = DerivativeOptions()
    options.order = order
    options.form = pick([
      .auto, .auto, .auto, .auto, .auto, .operator, .operator, .differential, .matrix, .kronecker,
    ])
    if order == 2 {
      options.form = pick([.auto, .auto, .auto, .operator, .differential, .index])
    }
    if chance(0.3) { options.layout = pick([.numerator, .jacobianTransposed]) }
    if chance(0.15) { options.unstructured = true }
    if chance(0.15) { options.symmetric = .entries }
    if chance(0.2) { options.metric = pick([.canonical, .affine]) }
    return options
  }

  // MARK: Choices

  mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }

  mutating func size() -> RandomSize { pick(sizes) }

  mutating func anyShape() -> RandomShape {
    switch pick(0...9) {
    case 0...2: .scalar
    case 3...5: RandomShape(size(), .one)
    case 6: RandomShape(.one, size())
    default: chance(0.4) ? square() : RandomShape(size(), size())
    }
  }

  mutating func square() -> RandomShape {
    let n = size()
    return RandomShape(n, n)
  }

  /// A term of a shape; `range` is what every entry is to satisfy.
  mutating func term(_ shape: RandomShape, depth: Int, _ range: Range = .any) -> RandomTerm {
    guard depth > 0, budget > 0 else { return leaf(shape, range) }
    budget -= 1
    switch range {
    case .positive: return positive(shape, depth - 1)
    case .bounded: return bounded(shape, depth - 1)
    case .any: break
    }
    if topic == .decompositions, chance(0.5), let found = decomposition(shape, depth - 1) {
      return found
    }
    if chance(0.12) { return leaf(shape, .any) }
    if chance(0.35) { return pointwise(shape, depth - 1) }
    if shape.isScalar { return scalar(depth - 1) }
    return structured(shape, depth - 1)
  }
}
