import Differentiation
import ExpressionCore
import ExpressionLanguage

extension Script {
  /// dF to the matrix before dx, or before vec(dX).
  func deriveJacobian(
    _ derivative: Derivative, of result: Term, as left: DerivationLine.Left,
    identify: Rule
  ) throws(Stuck) {
    try add(left, .differential(result), [.start])
    var current = try expanded(.differential(result), as: left)
    while let layer = workbook.layers.last(where: { current.mentions("d" + $0.name) }) {
      current = current.replacing("d" + layer.name, with: .differential(layer.value))
      try add(left, current, [.layer(layer.name)])
      current = try expanded(current, as: left)
    }
    if derivative.form == .differential || derivative.form == .operator {
      return finish(
        derivative.form == .differential ? left : .derivative, derivative.result,
        [derivative.form == .operator ? .directional : .simplify])
    }
    guard current.moves else {
      return finish(.derivative, derivative.result, [.noDependence])
    }
    let x = workbook.variable.shape
    if x.isScalar {
      let slope = current.replacing("d" + workbook.variable.name, with: .number(.one))
      try add(.derivative, slope, [.identifyDerivative])
    } else if x.isVector, result.shape.isVector || result.shape.isScalar {
      let jacobian = try columnwise(current, as: left)
      try identified(jacobian, derivative, identify)
    } else {
      guard let j = workbook.jacobian(of: current, by: "d" + workbook.variable.name) else {
        throw Stuck()
      }
      let moving = Term.apply(.vec, [workbook.tangent], [], Shape(x.count, 1))
      let isColumn = result.shape.isVector
      try add(
        isColumn ? left : .vectorizedDifferential,
        .product([j, x.isVector ? workbook.tangent : moving]), [.vectorized])
      try identified(j, derivative, identify)
    }
    finish(.derivative, derivative.result, [.simplify])
  }

  private func identified(
    _ j: Term, _ derivative: Derivative, _ rule: Rule
  ) throws(Stuck) {
    let isTransposed =
      derivative.options.layout == .jacobianTransposed && derivative.kind == .jacobian
    if isTransposed { try add(.plainGradient, j, [rule]) }
    try add(
      .derivative, isTransposed ? workbook.transposed(j) : j, [isTransposed ? .layout : rule])
  }

  /// A column that is linear in dx as a matrix times dx.
  private func columnwise(_ start: Term, as left: DerivationLine.Left) throws(Stuck) -> Term {
    let columns = Columns(workbook: workbook)
    var summands = [Summand(start)]
    for round in 0...Self.lineLimit {
      guard round < Self.lineLimit else { throw Stuck() }
      let moves = summands.map { columns.move($0) }
      guard let first = moves.compactMap({ $0 }).first else { break }
      var next: [Summand] = []
      for (summand, move) in zip(summands, moves) {
        if let move, move.rule == first.rule { next += move.summands } else { next.append(summand) }
      }
      summands = next
      guard summands.count <= 40 else { throw Stuck() }
      try add(left, Summand.sum(summands), [first.rule])
    }
    guard
      summands.allSatisfy({ $0.target == "d" + workbook.variable.name && $0.right.isEmpty })
    else { throw Stuck() }
    let collected = Summand.collected(summands)
    if collected.count < summands.count { try add(left, Summand.sum(collected), [.collect]) }
    guard let only = collected.first else { throw Stuck() }
    let side = only.left.isEmpty ? Term.identity(workbook.variable.shape.rows) : .product(only.left)
    return only.scaled(side)
  }
}

extension Term {
  func mentions(_ name: String) -> Bool {
    self.name == name || (moves && operands.contains { $0.mentions(name) })
  }

  func replacing(_ name: String, with term: Term) -> Term {
    if self.name == name { return term }
    return moves ? mapOperands { $0.replacing(name, with: term) } : self
  }
}

/// Brings a column that is linear in dx to a matrix times dx, one rule at a time.
struct Columns {
  let workbook: Workbook

  func move(_ s: Summand) -> Balancing.Move? {
    func made(_ rule: Rule, _ change: (inout Summand) -> Void) -> Balancing.Move {
      var result = s
      change(&result)
      result.absorb()
      return Balancing.Move(rule, [result])
    }
    if case .sum(let terms) = s.moving.kind {
      let parts = terms.map { signed -> Summand in
        var part = s
        part.moving = .spread(signed.term, to: s.moving.shape)
        if signed.negative { part.coefficient = -part.coefficient }
        part.absorb()
        return part
      }
      return Balancing.Move(.scalarsCommute, parts)
    }
    if s.moving.name != nil { return s.right.isEmpty ? nil : scalarLast(s) }
    if !s.right.isEmpty || s.moving.shape.isScalar { return scalarLast(s) }
    guard s.moving.shape.isVector else { return nil }
    switch s.moving.kind {
    case .hadamard(let factors):
      guard let place = factors.firstIndex(where: \.moves) else { return nil }
      var others = factors
      let moving = Term.spread(others.remove(at: place), to: s.moving.shape)
      let n = s.moving.shape.rows
      let diagonal = Term.apply(
        .diag, [.hadamard(others, s.moving.shape)], [], Shape(n, n))
      return made(.diagonalFactor) {
        $0.left.append(diagonal)
        $0.moving = moving
      }
    case .elementwiseQuotient(let x, let y):
      let n = s.moving.shape.rows
      let inverse = Term.elementwiseQuotient(.number(.one), y, y.shape)
      return made(.diagonalFactor) {
        $0.left.append(.apply(.diag, [inverse], [], Shape(n, n)))
        $0.moving = x
      }
    default:
      let name = "d" + workbook.variable.name
      guard let j = workbook.jacobian(of: s.moving, by: name) else { return nil }
      return made(.columnwise) {
        $0.left.append(j)
        $0.moving = workbook.tangent
      }
    }
  }

  /// u*(r*dx): a moving scalar is brought to g'*dx, and stands last.
  private func scalarLast(_ s: Summand) -> Balancing.Move? {
    let scalar = Summand(s.moving.shape.isScalar ? s.moving : .product([s.moving] + s.right))
    guard scalar.term.shape.isScalar else { return nil }
    let balancing = Balancing(workbook: workbook)
    let before = s.left + (s.moving.shape.isScalar ? s.right : [])
    func placed(_ inner: Summand) -> Summand {
      var result = inner
      result.coefficient = result.coefficient * s.coefficient
      result.scalars = s.scalars + result.scalars
      result.divisors = s.divisors + result.divisors
      result.left = before + result.left
      return result
    }
    if let move = balancing.move(scalar) {
      return Balancing.Move(
        move.rule,
        move.summands.map { part in
          var result = s
          result.moving = part.term
          if !s.moving.shape.isScalar { result.right = [] }
          return result
        })
    }
    guard scalar.target != nil, !scalar.isTrace else { return nil }
    return Balancing.Move(.scalarsCommute, [placed(scalar)])
  }
}
