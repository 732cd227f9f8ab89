import Evaluation
import ExpressionCore
import ExpressionLanguage

/// Small distinct sizes for the names of dimensions of some tapes.
struct SizeAssignment {
  private let names: [String]
  private let shapes: [Shape]
  private let tall: [Shape]
  private let plain: [Shape]
  private let skew: [Shape]
  private let relations: [SizeOrder.Relation]
  /// The sizes that are given.
  private let given: [String: Int]
  /// A dimension may not be larger; products of several names could be.
  private let largest: Int

  init(_ inputs: [TypedInput], given: [String: Int] = [:]) {
    self.given = given
    let variables = inputs.flatMap(\.variables)
    let shapes = Set(variables.map(\.shape) + inputs.flatMap { $0.nodes.map(\.shape) })
    self.shapes = Array(shapes)
    let used = shapes.flatMap { $0.rows.names + $0.columns.names }
    names = Set(used + inputs.flatMap(\.dimensions)).subtracting(given.keys).sorted()
    tall = variables.filter { $0.type == .stiefel }.map(\.shape)
    plain = variables.filter { $0.type == .matrix }.map(\.shape)
    relations = inputs.flatMap(\.sizeOrder.relations)
    largest = 4096 * min(max(given.values.max() ?? 1, 1), 1 << 40)
    skew = variables.filter { $0.type == .skew }.map(\.shape)
  }

  /// Sizes under which every shape exists; nil where none were found.
  ///
  /// With `prefersTall`, matrices get more rows than columns where possible, so that `X'*X` is
  /// regular.
  func random(prefersTall: Bool, using generator: inout SplitMix64) -> [String: Int]? {
    if names.isEmpty { return isPossible(given) ? given : nil }
    var best: [String: Int]?
    var bestScore = -1
    var found = 0
    for attempt in 0..<400 {
      let largest = max(4, names.count + 2) + attempt / 40
      let pool = Array(2...largest).filter { !given.values.contains($0) || attempt >= 100 }
        .shuffled(using: &generator)
      let sizes = given.merging(zip(names, pool)) { first, _ in first }
      guard sizes.count == given.count + names.count else { continue }
      guard isPossible(sizes) else { continue }
      found += 1
      // A skew matrix of odd order is singular.
      let even = skew.count { ($0.rows.value { sizes[$0] } ?? 0) % 2 == 0 }
      let score =
        even * (plain.count + 1) + (prefersTall ? plain.count { self.isTall($0, sizes) } : 0)
      if score > bestScore {
        best = sizes
        bestScore = score
      }
      let highest = skew.count * (plain.count + 1) + (prefersTall ? plain.count : 0)
      if bestScore == highest || found == 12 { break }
    }
    return best
  }

  private func isPossible(_ sizes: [String: Int]) -> Bool {
    for shape in shapes {
      for dimension in [shape.rows, shape.columns] {
        // An integer divided without rest, and positive.
        guard let value = dimension.value({ sizes[$0] }), value >= 1, value <= largest else {
          return false
        }
      }
    }
    guard relations.allSatisfy({ $0.holds { sizes[$0] } ?? true }) else { return false }
    return tall.allSatisfy { isTall($0, sizes) }
  }

  private func isTall(_ shape: Shape, _ sizes: [String: Int]) -> Bool {
    let rows = shape.rows.value { sizes[$0] } ?? 0
    let columns = shape.columns.value { sizes[$0] } ?? 0
    return rows >= columns
  }
}
