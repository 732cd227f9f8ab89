import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// Random points and the values of the right derivative there.
struct Samples {
  let points: [RandomPoint]
  let expected: [Matrix]
  /// Below these sizes a difference is what rounding leaves.
  private let floors: [Double]

  /// The relative difference up to which values agree.
  let tolerance: Double

  private static let pointCount = 5

  /// Points at which `function` and `expected` have values, where possible of different sizes.
  init(_ function: TypedInput, _ expected: TypedInput, directions: [Direction]) {
    var sampler = RandomPoints(
      [function, expected], excluding: Set(directions.map(\.name)), seed: 0xC1A1)
    var points: [RandomPoint] = []
    for _ in 0..<(4 * Self.pointCount) {
      guard var point = sampler.next() else { break }
      for direction in directions {
        guard let x = point.values[direction.variable.name] else { continue }
        point.values[direction.name] = sampler.direction(of: direction.variable, at: x)
      }
      if points.count == Self.pointCount {
        // A size that is the same everywhere is not to be told from a number.
        let vary = point.sizes.keys.allSatisfy { name in
          Set(points.map { $0.sizes[name] }).count > 1
        }
        if vary { break }
        points.removeLast()
      }
      points.append(point)
    }
    self.init(points, expected)
  }

  init(_ points: [RandomPoint], _ expected: TypedInput, tolerance: Double = 1e-7) {
    self.tolerance = tolerance
    var options = EvaluationOptions()
    options.tracksMagnitude = true
    let evaluated = points.compactMap { point -> (RandomPoint, Evaluation)? in
      guard let evaluation = try? point.value(of: expected, options: options),
        evaluation.result.allFinite
      else { return nil }
      return (point, evaluation)
    }
    self.points = evaluated.map(\.0)
    self.expected = evaluated.map(\.1.result)
    floors = evaluated.map { max(1e-6 * $0.1.largestMagnitude, 1e-12) }
  }

  /// Other points, and the values of the right derivative there.
  func moved(_ expected: TypedInput, _ move: (RandomPoint) -> RandomPoint?) -> Samples {
    Samples(points.compactMap(move), expected, tolerance: tolerance)
  }

  /// The value at each point where there is one.
  func values(of input: TypedInput) -> [Matrix?] {
    points.map { point in
      (try? point.value(of: input).result).flatMap { $0.allFinite ? $0 : nil }
    }
  }

  /// Whether an input has the values of the right derivative, at two points at least.
  func agree(_ input: TypedInput) -> Bool { agree(input, with: expected) }

  /// Whether a candidate has them. Ends at the first point where it has not.
  func agree(_ candidate: Candidate) -> Bool {
    var decided = 0
    for (index, point) in points.enumerated() {
      guard let value = candidate.values(at: [point])[0] else { continue }
      guard agree(value, expected[index], at: index) else { return false }
      decided += 1
    }
    return decided >= fewest
  }

  /// How many points have to be decided: one alone tells nothing, unless there is no other.
  private var fewest: Int { min(2, max(points.count, 1)) }

  /// Whether an input has the given values.
  func agree(_ input: TypedInput, with other: [Matrix?]) -> Bool {
    var decided = 0
    for (index, point) in points.enumerated() {
      guard let right = other[index], let value = try? point.value(of: input).result,
        value.allFinite
      else { continue }
      guard agree(value, right, at: index) else { return false }
      decided += 1
    }
    return decided >= fewest
  }

  /// Whether values agree at each point where both exist, at two at least.
  func agree(_ a: [Matrix?], _ b: [Matrix?]) -> Bool {
    var decided = 0
    for index in points.indices {
      guard let left = a[index], let right = b[index] else { continue }
      guard agree(left, right, at: index) else { return false }
      decided += 1
    }
    return decided >= fewest
  }

  private func agree(_ a: Matrix, _ b: Matrix, at index: Int) -> Bool {
    relativeDifference(a, b, floor: floors[index]) <= tolerance
  }

  /// The largest relative difference from the right values.
  func largestDifference(_ values: [Matrix?]) -> Double? {
    points.indices.compactMap { index in
      values[index].map { relativeDifference($0, expected[index], floor: floors[index]) }
    }.max()
  }
}
