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

  private static let tolerance = 1e-7
  private static let pointCount = 5

  /// Points at which `function` and `expected` have values, of more than one size.
  init(_ function: TypedInput, _ expected: TypedInput, directionOf variable: Variable?) {
    let direction = variable.map { Differential.name(of: $0.name) }
    var sampler = RandomPoints(
      [function, expected], excluding: Set([direction].compactMap { $0 }), seed: 0xC1A1)
    var points: [RandomPoint] = []
    for _ in 0..<(4 * Self.pointCount) {
      guard var point = sampler.next() else { break }
      if let variable, let direction, let x = point.values[variable.name] {
        point.values[direction] = sampler.direction(of: variable, at: x)
      }
      if points.count == Self.pointCount {
        if points.contains(where: { $0.sizes != point.sizes }) { break }
        points.removeLast()
      }
      points.append(point)
    }
    self.init(points, expected)
  }

  private init(_ points: [RandomPoint], _ expected: TypedInput) {
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

  /// The same points where some matrices are symmetric.
  func symmetric(_ names: Set<String>, _ expected: TypedInput) -> Samples {
    let moved = points.map { point in
      var point = point
      for name in names { point.values[name] = point.values[name]?.symmetricPart }
      return point
    }
    return Samples(moved, expected)
  }

  /// The value at each point where there is one.
  func values(of input: TypedInput) -> [Matrix?] {
    points.map { point in
      (try? point.value(of: input).result).flatMap { $0.allFinite ? $0 : nil }
    }
  }

  /// Whether an input has the values of the right derivative, at two points at least.
  func agree(_ input: TypedInput) -> Bool { agree(input, with: expected) }

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
    return decided >= 2
  }

  /// Whether values agree at each point where both exist, at two at least.
  func agree(_ a: [Matrix?], _ b: [Matrix?]) -> Bool {
    var decided = 0
    for index in points.indices {
      guard let left = a[index], let right = b[index] else { continue }
      guard agree(left, right, at: index) else { return false }
      decided += 1
    }
    return decided >= 2
  }

  private func agree(_ a: Matrix, _ b: Matrix, at index: Int) -> Bool {
    relativeDifference(a, b, floor: floors[index]) <= Self.tolerance
  }

  /// The largest relative difference from the right values.
  func largestDifference(_ values: [Matrix?]) -> Double? {
    points.indices.compactMap { index in
      values[index].map { relativeDifference($0, expected[index], floor: floors[index]) }
    }.max()
  }
}
