import ExpressionCore
import ExpressionLanguage

extension Summand {
  static func sum(_ summands: [Summand]) -> Term {
    guard let first = summands.first else { return .number(.zero) }
    return .sum(summands.map { Term.Signed($0.term) }, first.term.shape)
  }

  /// What stands beside the differential: its transpose is the gradient.
  private var side: [Term] { moving.shape.isRow ? right : left }

  private func with(side: [Term]) -> Summand {
    var result = self
    if moving.shape.isRow { result.right = side } else { result.left = side }
    return result
  }

  /// For each differential one summand, in the order of their appearance.
  static func collected(_ summands: [Summand]) -> [Summand] {
    var targets: [String] = []
    for summand in summands {
      if let name = summand.target, !targets.contains(name) { targets.append(name) }
    }
    return targets.compactMap { name in
      collected(alike: merged(summands.filter { $0.target == name }))
    }
  }

  /// Equal terms become one with the sum of their numbers.
  private static func merged(_ summands: [Summand]) -> [Summand] {
    var result: [Summand] = []
    var places: [String: Int] = [:]
    for summand in summands {
      var unit = summand
      unit.coefficient = .one
      let key = unit.term.text
      if let place = places[key] {
        result[place].coefficient = result[place].coefficient + summand.coefficient
      } else {
        places[key] = result.count
        result.append(summand)
      }
    }
    let rest = result.filter { !$0.coefficient.isZero }
    return rest.isEmpty ? Array(result.prefix(1)) : rest
  }

  /// What the terms have in common in front, their sum after it.
  private static func collected(alike summands: [Summand]) -> Summand? {
    guard var common = summands.first else { return nil }
    guard summands.count > 1 else { return common }
    var rest = summands
    let scale = commonScale(rest.map(\.coefficient))
    for i in rest.indices { rest[i].coefficient = rest[i].coefficient / scale }
    let scalars = taken(from: &rest, \.scalars)
    let divisors = taken(from: &rest, \.divisors)
    var sides = rest.map(\.side)
    var before: [Term] = []
    var after: [Term] = []
    while sides.allSatisfy({ $0.count > 1 }), alike(sides.compactMap(\.first)) {
      before.append(sides[0][0])
      for i in sides.indices { sides[i].removeFirst() }
    }
    while sides.allSatisfy({ $0.count > 1 }), alike(sides.compactMap(\.last)) {
      after.insert(sides[0][sides[0].count - 1], at: 0)
      for i in sides.indices { sides[i].removeLast() }
    }
    let parts = zip(rest, sides).map { summand, side -> Term in
      let inside = side.isEmpty ? summand.empty(beside: before, after) : .product(side)
      return summand.scaled(inside)
    }
    common.coefficient = scale
    common.scalars = scalars
    common.divisors = divisors
    if common.moving.shape.isScalar {
      let sum = Term.sum(parts.map { Term.Signed($0) }, .scalar)
      common.scalars.append(sum)
      return common.with(side: [])
    }
    let shape = parts.map(\.shape).first { !$0.isScalar } ?? .scalar
    let sum = Term.sum(parts.map { Term.Signed($0) }, shape)
    return common.with(side: before + [sum] + after)
  }

  /// What an empty side multiplies by.
  private func empty(beside before: [Term], _ after: [Term]) -> Term {
    moving.shape.isRow ? .identity(moving.shape.columns) : .identity(moving.shape.rows)
  }

  private static func alike(_ terms: [Term]) -> Bool {
    terms.dropFirst().allSatisfy { $0.text == terms[0].text }
  }

  /// The number that all have as a factor: equal magnitudes, or a common divisor.
  private static func commonScale(_ values: [Number]) -> Number {
    let magnitudes = values.map(\.magnitude)
    guard let first = magnitudes.first, magnitudes.allSatisfy({ $0 == first }) else { return .one }
    return values.allSatisfy(\.isNegative) ? -first : first
  }

  private static func taken(
    from summands: inout [Summand], _ path: WritableKeyPath<Summand, [Term]>
  ) -> [Term] {
    var common: [Term] = []
    for candidate in summands[0][keyPath: path] {
      let places = summands.map { summand in
        summand[keyPath: path].firstIndex { $0.text == candidate.text }
      }
      guard places.allSatisfy({ $0 != nil }) else { continue }
      for (i, place) in places.enumerated() {
        if let place { summands[i][keyPath: path].remove(at: place) }
      }
      common.append(candidate)
    }
    return common
  }

  /// G with this term = ⟨G, dX⟩.
  func gradient(_ workbook: Workbook) -> Term {
    if moving.shape.isScalar { return scaled(.number(.one)) }
    let side = side
    let bare =
      side.isEmpty
      ? moving.shape.isVector || moving.shape.isRow
        ? Term.number(.one) : .identity(moving.shape.rows)
      : workbook.transposed(.product(side)).withSums
    return scaled(bare)
  }
}

extension Term {
  /// Products with ones at the ends written as sums: `1'X` is `sum(X,1)`.
  fileprivate var withSums: Term {
    guard case .product(var factors) = kind else { return self }
    var scalars: [Term] = []
    while let first = factors.first, first.shape.isScalar { scalars.append(factors.removeFirst()) }
    func isOnes(_ x: Term?) -> Bool {
      if case .apply(.ones, _, _) = x?.kind { true } else { false }
    }
    var axis: Dim?
    if factors.count > 1, isOnes(factors.last) {
      factors.removeLast()
      axis = 2
    } else if factors.count > 1, case .transpose(let inner) = factors[0].kind, isOnes(inner) {
      factors.removeFirst()
      axis = 1
    }
    guard let axis else { return self }
    let inner = Term.product(factors)
    let shape = axis == 1 ? Shape(1, inner.shape.columns) : Shape(inner.shape.rows, 1)
    return .product(scalars + [.apply(.sum, [inner], [axis], shape)])
  }
}
