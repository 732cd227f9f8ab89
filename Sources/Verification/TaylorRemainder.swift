import Evaluation
import ExpressionCore
import ExpressionLanguage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is left of a function along a curve when its value and the derivative that is claimed are
/// taken away: `‖f(γ(t)) - f(γ(0)) - t*D[γ'(0)]‖`.
///
/// It shrinks as `t^2` where the derivative is right, and as `t` where it is wrong (the test of
/// Griewank & Walther, Evaluating Derivatives, section 2.1, and of every adjoint code).
public struct TaylorRemainder: Sendable {
  public struct Row: Sendable {
    public let step: Double
    public let remainder: Double
    /// The slope from the row before, in logarithms; nil of the first, and where rounding is all.
    public let order: Double?

    /// The decimal logarithms; of a remainder that is 0, that of the smallest worth showing.
    public var logStep: Double { log10(step) }
    public var logRemainder: Double { log10(max(remainder, 1e-18)) }
  }

  public let rows: [Row]
  /// The slope of all rows that are more than rounding, by least squares; nil where there are fewer
  /// than two.
  public let order: Double?
  /// The norm of the function's value: remainders are to be seen beside it.
  public let scale: Double

  /// Where the derivative is right.
  public static let idealOrder = 2.0

  /// Whether nothing but rounding is left at any step: of a function that is linear along the curve.
  public var isRounding: Bool { order == nil && !rows.isEmpty }
}

extension TaylorRemainder {
  /// From 0.1 down to 0.000001.
  private static let steps = (1...6).map { pow(10, -Double($0)) }

  /// The remainder of `function` at a point, along a random curve within the structure of `wrt`,
  /// with each of some claimed derivatives; nil where there are no values near the point.
  ///
  /// - Parameter derivatives: Values of the derivative in the layout of `options`; all are measured
  ///   along the same curve.
  public static func measure(
    _ function: TypedInput, derivatives: [Matrix], wrt variable: Variable, kind: ClaimKind,
    options: ClaimOptions, at point: RandomPoint, seed: UInt64
  ) -> [TaylorRemainder?] {
    var generator = SplitMix64(seed: seed)
    let none = [TaylorRemainder?](repeating: nil, count: derivatives.count)
    guard let x = point.values[variable.name],
      let value = try? point.value(of: function).result, value.allFinite
    else { return none }
    let isAmbient = kind != .gradient || options.unstructured
    let curve = Curve(variable, at: x, ambient: isAmbient, using: &generator)
    let moved = steps.map { step -> Matrix? in
      guard let x = curve.at(step) else { return nil }
      var point = point
      point.values[variable.name] = x
      guard let value = try? point.value(of: function).result else { return nil }
      return value.allFinite ? value : nil
    }
    return derivatives.map { derivative in
      let product = directional(
        derivative, along: curve, variable, kind, options, like: value)
      guard let product, product.size == value.size else { return nil }
      let rows = zip(steps, moved).compactMap { step, moved -> (Double, Double)? in
        guard let moved, moved.size == value.size else { return nil }
        let rest = moved.subtracting(value).adding(product, times: -step)
        return (step, rest.frobeniusNorm)
      }
      return TaylorRemainder(rows, scale: value.frobeniusNorm)
    }
  }

  private init(_ entries: [(step: Double, remainder: Double)], scale: Double) {
    let floor = 64 * Double.ulpOfOne * max(scale, 1e-300)
    var rows: [Row] = []
    var used: [(x: Double, y: Double)] = []
    for entry in entries {
      var order: Double?
      let isMore = entry.remainder > floor
      if isMore, let last = rows.last, last.remainder > floor {
        order = log(entry.remainder / last.remainder) / log(entry.step / last.step)
      }
      if isMore { used.append((log(entry.step), log(entry.remainder))) }
      rows.append(Row(step: entry.step, remainder: entry.remainder, order: order))
    }
    self.rows = rows
    self.scale = scale
    // The smaller half of the steps tells: larger ones hold higher orders.
    order = Self.slope(Array(used.suffix(max(3, (used.count + 1) / 2))))
  }

  private static func slope(_ points: [(x: Double, y: Double)]) -> Double? {
    guard points.count >= 2 else { return nil }
    let count = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / count
    let y = points.reduce(0) { $0 + $1.y } / count
    let above = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    let below = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    return below > 0 ? above / below : nil
  }

  /// What the derivative says of the curve's direction.
  private static func directional(
    _ derivative: Matrix, along curve: Curve, _ variable: Variable, _ kind: ClaimKind,
    _ options: ClaimOptions, like value: Matrix
  ) -> Matrix? {
    let direction = curve.direction
    switch kind {
    case .gradient:
      let gradient = options.layout == .numerator ? derivative.transposed : derivative
      guard gradient.size == direction.size else { return nil }
      let space = GradientSpace(variable: variable, options: options, point: curve.point)
      return Matrix(space.inner(gradient, direction))
    case .derivative:
      return direction.scalar.map { derivative.scaled(by: $0) }
    case .jacobian, .hessian:
      let isTransposed = kind == .jacobian && options.layout == .jacobianTransposed
      let jacobian = isTransposed ? derivative.transposed : derivative
      guard jacobian.size == MatrixSize(value.count, direction.count) else { return nil }
      return jacobian.times(direction.vectorized).shaped(like: value)
    case .differential, .hessianProduct, .secondDifferential: return nil
    }
  }
}
