import ExpressionCore
import ExpressionLanguage
import Planning

// What has to agree.
extension TestBuilder {
  private var outputs: [(role: Listing.Role, name: String, shape: Shape)] {
    zip(request.listing.outputs, request.outputNames).map { output, name in
      (output.role, name, request.listing.nodes[output.node].shape)
    }
  }

  var blocks: [SelfTest.Block] {
    arguments.variables.flatMap { variable in
      let checked = outputs.indices.filter { outputs[$0].role.movesWith(original(variable.name)) }
      let comment = "Along a direction of \(variable.name)."
      if hasSecondDifferences {
        return checked.map {
          SelfTest.Block(comment: comment, steps: secondDifference($0, variable))
        }
      }
      return checked.isEmpty
        ? [] : [SelfTest.Block(comment: comment, steps: differences(variable, checked))]
    }
  }

  /// Whether the outputs are derivatives of gradients, which are no outputs themselves.
  var hasSecondDifferences: Bool {
    conventions.order > 1 && outputs.contains { $0.role.isProduct }
  }

  private func differences(_ variable: Variable, _ checked: [Int]) -> [SelfTest.Step] {
    let x = TestFormula.name(variable.name, variable.shape)
    var steps: [SelfTest.Step] = []
    // A direction that is an argument is there already.
    let given = arguments.variables.map(\.name).first { directions[$0] == variable.name }
    let name = given ?? unused("d" + variable.name)
    if given == nil { steps += direction(name, of: variable) }
    let d = TestFormula.name(name, variable.shape)
    for (call, sign) in [("above", 1), ("below", -1)] {
      let moved = sign > 0 ? x + SelfTest.step * d : x - SelfTest.step * d
      let place = variable.isOnManifold ? moved.mapped(.qrq) : moved
      steps.append(.call(call, moving: [variable.name: place]))
    }
    for place in checked { steps += comparison(place, variable, x, d) }
    return steps
  }

  private func output(_ place: Int, of call: String = SelfTest.base) -> TestFormula {
    .result(call: call, place: place, outputs[place].shape)
  }

  /// The central difference of an output.
  private func slope(_ place: Int) -> TestFormula {
    (output(place, of: "above") - output(place, of: "below"))
      / (.number(.two) * SelfTest.step)
  }

  private func comparison(
    _ place: Int, _ variable: Variable, _ x: TestFormula, _ d: TestFormula
  ) -> [SelfTest.Step] {
    let (role, name, _) = outputs[place]
    let own = output(place)
    switch role {
    case .gradient: return [.compare(name, slope(0), paired(own, variable, x, d))]
    case .derivative: return [.compare(name, slope(0), d * own)]
    case .jacobian:
      let matrix = conventions.transposesJacobians ? own.transposed : own
      return [.compare(name, slope(0).vec, matrix * d.vec)]
    case .product: return [.compare(name, slope(0), own)]
    case .hessian(let rows, _): return hessian(name, own, rows, variable, d)
    case .value: return []
    }
  }

  /// The derivative along a direction that a gradient gives.
  private func paired(
    _ gradient: TestFormula, _ variable: Variable, _ x: TestFormula, _ d: TestFormula
  ) -> TestFormula {
    let g = conventions.transposesGradients ? gradient.transposed : gradient
    switch conventions.pairings[original(variable.name)] ?? .euclidean {
    case .euclidean: return g.dot(d)
    case .entries: return g.mapped(.tril).dot(d)
    case .canonical:
      let half = TestFormula.number(.half)
      return (g - half * (x * (x.transposed * g))).dot(d)
    case .affine: return x.solved(x.solved(g).transposed).dot(d)
    }
  }

  /// A Hessian along a direction on either side, against the slope of the gradient.
  private func hessian(
    _ name: String, _ own: TestFormula, _ rows: String, _ variable: Variable, _ d: TestFormula
  ) -> [SelfTest.Step] {
    let gradient = outputs.firstIndex { if case .gradient(rows) = $0.role { true } else { false } }
    guard let gradient,
      let row = arguments.variables.first(where: { original($0.name) == rows }),
      !row.isOnManifold, !variable.isOnManifold,
      conventions.pairings[rows] ?? .euclidean == .euclidean
    else { return [.remark("\(name): not checked, since the gradient is that of a manifold")] }
    let other = unused("along_" + name)
    let along = TestFormula.name(other, row.shape)
    let slope = conventions.transposesGradients ? slope(gradient).transposed : slope(gradient)
    return direction(other, of: row) + [
      .compare(name, along.dot(slope), along.vec.dot(own * d.vec))
    ]
  }

  /// A derivative of a gradient along a direction, against mixed differences of the value.
  private func secondDifference(_ place: Int, _ variable: Variable) -> [SelfTest.Step] {
    let (role, name, _) = outputs[place]
    guard case .product(_, let direction) = role,
      let argument = arguments.variables.first(where: { original($0.name) == direction }),
      let other = directions[argument.name].flatMap({ self.argument($0) }),
      !variable.isOnManifold, !other.isOnManifold,
      conventions.pairings[original(variable.name)] ?? .euclidean == .euclidean
    else { return [.remark("\(name): not checked, since the gradient is that of a manifold")] }
    let width = SelfTest.step
    let first = unused("along_" + name)
    let along = TestFormula.name(first, variable.shape)
    let second = TestFormula.name(argument.name, other.shape)
    var steps = self.direction(first, of: variable)
    var total: TestFormula?
    for (call, signs) in [
      ("first", (1, 1)), ("second", (1, -1)), ("third", (-1, 1)), ("fourth", (-1, -1)),
    ] {
      func moved(_ x: TestFormula, _ sign: Int, _ d: TestFormula) -> TestFormula {
        sign > 0 ? x + width * d : x - width * d
      }
      let x = TestFormula.name(variable.name, variable.shape)
      let y = TestFormula.name(other.name, other.shape)
      steps.append(
        .call(
          call,
          moving: variable == other
            ? [variable.name: moved(moved(x, signs.0, along), signs.1, second)]
            : [
              variable.name: moved(x, signs.0, along), other.name: moved(y, signs.1, second),
            ]))
      let value = output(0, of: call)
      total = total.map { signs.0 == signs.1 ? $0 + value : $0 - value } ?? value
    }
    guard let total else { return steps }
    let product = along.dot(output(place))
    return steps + [.compare(name, total / (.number(Number(4)) * width * width), product)]
  }
}

extension Listing.Role {
  /// Whether it is checked by moving a variable.
  fileprivate func movesWith(_ variable: String) -> Bool {
    switch self {
    case .value: false
    case .gradient(let x), .derivative(let x), .jacobian(let x), .product(let x, _): x == variable
    case .hessian(_, let y): y == variable
    }
  }

  fileprivate var isProduct: Bool { if case .product = self { true } else { false } }
}
