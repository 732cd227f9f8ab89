import Evaluation
import ExpressionCore
import ExpressionLanguage

/// A condition that points have to meet, about the value of a node.
public struct SampleCondition: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case above(Double)
    case below(Double)
    /// Symmetric positive definite.
    case definite
  }

  public let kind: Kind
  public let node: Int

  public init(_ kind: Kind, node: Int) {
    self.kind = kind
    self.node = node
  }
}

/// A segment within the domain, and by how much the value at its middle differs from the mean of
/// those at its ends.
public struct CurvatureSegment: Hashable, Sendable {
  /// The values of the variables that move, at the two ends.
  public let start: [String: Matrix]
  public let end: [String: Matrix]
  /// Those of the other variables.
  public let data: [String: Matrix]
  /// The mean of the values at the ends less the value in the middle: positive where the function
  /// bends upward.
  public let gap: Double
  /// `gap` relative to the sizes of the three values.
  public let relativeGap: Double
}

/// What a function does along random segments: evidence, not proof.
public struct CurvatureSamples: Sendable {
  /// How many segments were tried.
  public let segments: Int
  /// The most upward and downward bends, at the same values of the other variables where
  /// there are such.
  public let upward: CurvatureSegment?
  public let downward: CurvatureSegment?
  /// Whether both bends were found at the same values of the other variables.
  public let isMixed: Bool

  /// Bends that are no larger are taken for rounding errors.
  public static let tolerance = 1e-7
}

/// Compares the value in the middle of random segments with the mean at their ends (Jensen's
/// inequality).
///
/// - Parameters:
///   - names: the variables that move, together; the others keep their random values.
///   - conditions: what the ends and the middle of a segment have to meet.
///   - points: how many random points segments are drawn through.
public func sampleCurvature(
  of input: TypedInput, wrt names: [String], conditions: [SampleCondition] = [],
  points: Int = 8, seed: UInt64 = 0x5EED
) -> CurvatureSamples {
  var sampler = SegmentSampler(input, names, conditions, seed: seed)
  // Many sizes that all differ are large ones.
  let isLong = input.nodes.count > 2_000 || input.dimensions.count > 30
  for _ in 0..<(isLong ? 1 : points) {
    guard sampler.drawPoint() else { break }
    // The same data, and the variables elsewhere: nearer to 0, further away, on the other side.
    for multiple in isLong ? [1] : [1, 0.25, 4, -1] {
      for scale in isLong ? [0.3] : [0.05, 0.3, 0.9, 2.5] {
        sampler.measure(scale, at: multiple)
      }
    }
    if sampler.isMixed { break }
  }
  return sampler.samples
}

private struct SegmentSampler {
  let input: TypedInput
  let moving: [Variable]
  let conditions: [SampleCondition]
  var points: RandomPoints
  var point: RandomPoint?
  var count = 0
  var upward: CurvatureSegment?
  var downward: CurvatureSegment?
  var isMixed = false
  /// The bends at the present point.
  private var here: (up: CurvatureSegment?, down: CurvatureSegment?) = (nil, nil)

  init(_ input: TypedInput, _ names: [String], _ conditions: [SampleCondition], seed: UInt64) {
    self.input = input
    self.conditions = conditions
    moving = input.variables.filter { names.contains($0.name) }
    points = RandomPoints([input], seed: seed)
  }

  var samples: CurvatureSamples {
    CurvatureSamples(segments: count, upward: upward, downward: downward, isMixed: isMixed)
  }

  /// A point that meets the conditions.
  mutating func drawPoint() -> Bool {
    here = (nil, nil)
    for _ in 0..<60 {
      guard let next = points.next() else { return false }
      if value(at: next) != nil {
        point = next
        return true
      }
    }
    return false
  }

  /// The value where the conditions are met; nil elsewhere.
  private func value(at point: RandomPoint) -> Double? {
    for variable in input.variables {
      guard let x = point.values[variable.name], isAllowed(x, variable) else { return nil }
    }
    let roots = conditions.map(\.node)
    guard
      let evaluation = try? Evaluator(input).evaluate(
        point.values, sizes: point.sizes, roots: roots),
      RandomPoints.isSound(evaluation), let value = evaluation.result.scalar
    else { return nil }
    for condition in conditions {
      guard let x = evaluation.values[condition.node], isMet(condition.kind, x) else { return nil }
    }
    return value
  }

  private func isMet(_ kind: SampleCondition.Kind, _ x: Matrix) -> Bool {
    switch kind {
    case .above(let bound): x.values.allSatisfy { $0 > bound }
    case .below(let bound): x.values.allSatisfy { $0 < bound }
    case .definite: isDefinite(x)
    }
  }

  private func isDefinite(_ x: Matrix) -> Bool {
    x.isSquare && x.symmetricPart.subtracting(x).maxMagnitude <= 1e-9 * x.maxMagnitude
      && (try? x.cholesky()) != nil
  }

  private func isAllowed(_ x: Matrix, _ variable: Variable) -> Bool {
    switch variable.sign {
    case .any: break
    case .nonnegative: if x.values.contains(where: { $0 < 0 }) { return false }
    case .positive: if x.values.contains(where: { $0 <= 0 }) { return false }
    }
    switch variable.type {
    case .spd, .psd: return isDefinite(x)
    case .simplex, .stochastic: return x.values.allSatisfy { $0 >= 0 }
    case .scalar, .vector, .row, .matrix, .symmetric, .skew, .diagonal, .lower, .upper,
      .orthogonal, .stiefel:
      return true
    }
  }

  /// One segment through a multiple of the point, its half about as long as `scale` times that.
  mutating func measure(_ scale: Double, at multiple: Double) {
    guard var point else { return }
    for variable in moving where multiple != 1 {
      if variable.type == .simplex || variable.type == .stochastic { return }
      point.values[variable.name] = point.values[variable.name]?.scaled(by: multiple)
    }
    guard let middle = value(at: point) else { return }
    var (start, end) = (point, point)
    for variable in moving {
      guard let x = point.values[variable.name] else { return }
      let length = moving.count == 1 ? 1 : points.normal()
      let direction = tangent(points.direction(of: variable, at: x), variable).scaled(by: length)
      start.values[variable.name] = x.adding(direction, times: -scale)
      end.values[variable.name] = x.adding(direction, times: scale)
    }
    guard let a = value(at: start), let b = value(at: end) else { return }
    count += 1
    let gap = (a + b) / 2 - middle
    let size = abs(a) + abs(b) + abs(middle)
    guard size > 0 else { return }
    func moved(_ p: RandomPoint) -> [String: Matrix] {
      p.values.filter { name, _ in moving.contains { $0.name == name } }
    }
    let segment = CurvatureSegment(
      start: moved(start), end: moved(end),
      data: point.values.filter { name, _ in !moving.contains { $0.name == name } }, gap: gap,
      relativeGap: gap / size)
    record(segment)
  }

  private mutating func record(_ segment: CurvatureSegment) {
    guard abs(segment.relativeGap) > CurvatureSamples.tolerance else { return }
    let size = abs(segment.gap)
    if segment.gap > 0 {
      if size > here.up?.gap ?? 0 { here.up = segment }
      if !isMixed, size > upward?.gap ?? 0 { upward = segment }
    } else {
      if size > -(here.down?.gap ?? 0) { here.down = segment }
      if !isMixed, size > -(downward?.gap ?? 0) { downward = segment }
    }
    if let up = here.up, let down = here.down { (upward, downward, isMixed) = (up, down, true) }
  }

  /// Within the probabilities the entries of a direction sum to 0.
  private func tangent(_ direction: Matrix, _ variable: Variable) -> Matrix {
    switch variable.type {
    case .simplex:
      let mean = direction.values.reduce(0, +) / Double(max(direction.count, 1))
      return direction.map { 0.3 * ($0 - mean) }
    case .stochastic:
      return Matrix(rows: direction.rows, columns: direction.columns) { i, j in
        let total = (0..<direction.columns).reduce(0) { $0 + direction[i, $1] }
        return 0.3 * (direction[i, j] - total / Double(max(direction.columns, 1)))
      }
    case .scalar, .vector, .row, .matrix, .symmetric, .skew, .diagonal, .lower, .upper, .spd,
      .psd, .orthogonal, .stiefel:
      return direction
    }
  }
}
