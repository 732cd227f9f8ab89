import Differentiation
import Evaluation
import ExpressionCore
import ExpressionLanguage
import Verification

/// Compares the lines of a derivation by their values at random points.
///
/// Two lines with one left side must be equal; where the left side changes, the gradient paired
/// with a random dX, or the Jacobian times it, must be the differential before.
struct LineCheck {
  private let workbook: Workbook
  private let derivative: Derivative
  private var points: [RandomPoint] = []
  private static let pointCount = 3
  private static let tolerance = 1e-7

  init(_ workbook: Workbook, _ derivative: Derivative, seed: UInt64 = 0x57E9) {
    self.workbook = workbook
    self.derivative = derivative
    let direction = Differential.name(of: workbook.variable.name)
    var sampler = RandomPoints(
      [workbook.input], excluding: derivative.form == .operator ? [direction, "V"] : [direction],
      seed: seed)
    for _ in 0..<(4 * Self.pointCount) where points.count < Self.pointCount {
      guard var point = sampler.next(), let x = point.values[workbook.variable.name] else { break }
      let d = sampler.direction(of: workbook.variable, at: x)
      point.values[direction] = d
      if derivative.form == .operator { point.values["V"] = d }
      points.append(point)
    }
  }

  /// What a line says, as numbers at each point; nil where it has no value there.
  struct Values {
    let left: DerivationLine.Left
    /// The value itself, and the differential that it means.
    let own: [Matrix?]
    let meant: [Matrix?]
    let floors: [Double]
  }

  func values(of line: DerivationLine) -> Values? {
    guard let body = line.checked else { return nil }
    // The answer has definitions of its own, and uses none of a derivation's names.
    var statements = line.value.definitions.isEmpty ? prefix : []
    statements += line.value.definitions.map { "\($0.name) = \(SyntaxPrinter.text(of: $0.value))" }
    statements.append(SyntaxPrinter.text(of: body))
    var extra = [Differential.variable(of: workbook.variable)]
    if derivative.form == .operator {
      extra.append(
        Variable(name: "V", shape: workbook.variable.shape, type: workbook.variable.shape.plainType)
      )
    }
    let text = statements.joined(separator: "; ")
    guard let typed = try? Language.elaborate(text, in: workbook.input, extra: extra) else {
      return nil
    }
    var options = EvaluationOptions()
    options.tracksMagnitude = true
    var own: [Matrix?] = []
    var meant: [Matrix?] = []
    var floors: [Double] = []
    for point in points {
      let evaluation = try? point.value(of: typed, options: options)
      let value = evaluation.flatMap { $0.result.allFinite ? $0.result : nil }
      own.append(value)
      meant.append(value.flatMap { self.meant($0, by: line.left, at: point) })
      floors.append(max(1e-6 * (evaluation?.largestMagnitude ?? 0), 1e-12))
    }
    return Values(left: line.left, own: own, meant: meant, floors: floors)
  }

  /// Whether two lines say the same; nil where no point decides.
  func agree(_ a: Values, _ b: Values) -> Bool? {
    let isDirect = a.left == b.left
    let (p, q) = isDirect ? (a.own, b.own) : (a.meant, b.meant)
    var decided = false
    for i in points.indices {
      guard let x = p[i], let y = q[i] else { continue }
      decided = true
      let floor = max(a.floors[i], b.floors[i])
      if relativeDifference(x, y, floor: floor) > Self.tolerance { return false }
    }
    return decided ? true : nil
  }

  /// Definitions of the input, their differentials, and the gradients that got a name.
  private var prefix: [String] {
    var statements: [String] = []
    for (name, value) in workbook.layers {
      guard let d = workbook.closed(.differential(value)) else { continue }
      statements.append("d\(name) = \(d.text)")
    }
    return statements + workbook.gradients.map { "\($0.name) = \($0.value.text)" }
  }

  /// The differential that a line stands for, as a column.
  private func meant(
    _ value: Matrix, by left: DerivationLine.Left, at point: RandomPoint
  ) -> Matrix? {
    let name = workbook.variable.name
    guard let x = point.values[name], let d = point.values["d" + name] else { return nil }
    func column(_ m: Matrix) -> Matrix { Matrix(column: m.values) }
    func times(_ j: Matrix) -> Matrix? { j.columns == d.count ? j.times(column(d)) : nil }
    switch left {
    case .name, .gradientDifferential, .differential, .vectorizedDifferential:
      return column(value)
    case .plainGradient, .gradient, .derivative:
      switch derivative.kind {
      case _ where derivative.form == .operator || derivative.form == .differential:
        return column(value)
      case .gradient:
        let isTransposed = left == .derivative && derivative.options.layout == .numerator
        let g = isTransposed ? value.transposed : value
        guard g.size == x.size else { return nil }
        if left == .plainGradient { return Matrix(g.inner(d)) }
        guard let variable = workbook.input.variables.first(where: { $0.name == name }) else {
          return nil
        }
        return Matrix(
          pairing(
            of: g, with: d, variable: variable, at: x, options: derivative.options.pairing))
      case .derivative: return d.scalar.map { column(value.scaled(by: $0)) }
      case .jacobian:
        let isTransposed =
          left == .derivative && derivative.options.layout == .jacobianTransposed
        return times(isTransposed ? value.transposed : value)
      case .hessian: return times(value)
      }
    }
  }
}

extension DerivativeOptions {
  /// The metric and the convention, in the terms of the verification.
  var pairing: ClaimOptions {
    var claim = ClaimOptions()
    claim.metric =
      switch metric {
      case .euclidean: .euclidean
      case .canonical: .canonical
      case .affine: .affine
      }
    claim.symmetricEntries = symmetric == .entries
    claim.unstructured = unstructured
    return claim
  }
}
