import Evaluation
import ExpressionCore

/// Second derivatives against mixed second differences.
extension Comparison {
  /// `vec(U)'*H*vec(V)`, or ⟨U, H[V]⟩ for a product.
  func hessian(
    _ direction: String?, _ point: RandomPoint, _ step: Double, _ generator: inout SplitMix64
  ) -> Outcome {
    guard let x = point.values[rows.name], let y = point.values[columns.name],
      let value = point.finiteValue(of: function)
    else { return .undecided(.unknownVariable(rows.name)) }
    // A product with the Hessian of a structured variable is one of tangents.
    let isAmbient = direction == nil || options.unstructured
    var metric = ClaimOptions()
    metric.metric = options.metric
    metric.unstructured = isAmbient
    let space = GradientSpace(variable: rows, options: metric, point: x)
    let left = Curve(
      rows, at: x, ambient: isAmbient, metric: options.metric, using: &generator)
    let right = Curve(
      columns, at: y, ambient: isAmbient, metric: options.metric, using: &generator)
    var extended = point
    if let direction { extended.values[direction] = right.direction }
    return withClaim(extended) { claimed in
      let expected = direction == nil ? MatrixSize(x.count, y.count) : x.size
      guard claimed.size == expected else {
        return .disagrees(.infinity, .wrongShape(expected: expected, got: claimed.size))
      }
      if let (name, part) = space.excess(claimed) {
        let error = part.frobeniusNorm / max(claimed.frobeniusNorm, 1e-7)
        if error > tolerance {
          return .disagrees(error, .outsideSpace(space: name, relativeError: error))
        }
      }
      let product =
        direction == nil
        ? claimed.times(right.direction.vectorized).shaped(like: x) : claimed
      let number = space.inner(product, left.direction)
      let size = product.frobeniusNorm * left.direction.frobeniusNorm / Double(max(x.count, 1))
      return compare(
        Matrix(number), along: (left, right), at: point, step,
        scale: max(size, 1e-4 * value.frobeniusNorm))
    }
  }

  /// d²f at one direction for both differentials, or at one for each variable.
  func secondDifferential(
    _ names: (rows: String, columns: String), _ point: RandomPoint, _ step: Double,
    _ generator: inout SplitMix64
  ) -> Outcome {
    guard let x = point.values[rows.name], let y = point.values[columns.name],
      let value = point.finiteValue(of: function)
    else { return .undecided(.unknownVariable(rows.name)) }
    let left = Curve(rows, at: x, ambient: options.unstructured, using: &generator).straight
    let right =
      rows.name == columns.name
      ? left : Curve(columns, at: y, ambient: options.unstructured, using: &generator).straight
    var extended = point
    extended.values[names.rows] = left.direction
    extended.values[names.columns] = right.direction
    return withClaim(extended) { claimed in
      guard claimed.size == value.size else {
        return .disagrees(.infinity, .wrongShape(expected: value.size, got: claimed.size))
      }
      return compare(
        claimed, along: (left, right), at: point, step, scale: 1e-4 * value.frobeniusNorm)
    }
  }

  /// Compares with the mixed second difference of the function along two curves from one point.
  private func compare(
    _ claimed: Matrix, along curves: (left: Curve, right: Curve), at point: RandomPoint,
    _ step: Double, scale: Double
  ) -> Outcome {
    func moved(_ s: Double, _ t: Double) -> Matrix? {
      var point = point
      if rows.name == columns.name {
        point.values[rows.name] = curves.left.at(s, and: t, along: curves.right)
      } else {
        point.values[rows.name] = curves.left.at(s)
        point.values[columns.name] = curves.right.at(t)
      }
      return try? point.value(of: function).result
    }
    let estimate = FiniteDifference.mixed(step: step, of: moved)
    let outcome = verdict(claimed, estimate, scale: scale)
    if case .disagrees = outcome, let estimate, let value = moved(0, 0) {
      // At a kink, such as a maximum that two entries attain, there is no second derivative.
      let paths: [(Double) -> Matrix?] = [
        { moved($0, 0) }, { moved(0, $0) }, { moved($0, $0) }, { moved($0, -$0) },
      ]
      if paths.contains(where: { FiniteDifference.bends(at: value, $0) })
        || isHidden(claimed, estimate, order: 2, value, at: point)
      {
        return .undecided(.unsettled)
      }
    }
    return outcome
  }
}
