import ExpressionCore

extension ShapeSolver {
  /// The shape of a node by the rule of its primitive; nil where more must be known first. A forced
  /// rule takes what is open for what is usual: no dimension of a matrix is 1.
  mutating func shape(
    of node: Int, _ primitive: Primitive, forced: Bool
  ) throws(ShapeError) -> ExtentShape? {
    switch primitive.signature.rule {
    case .same: return operandShape(node, 0)
    case .spread: return try spread(node, primitive, forced: forced)
    case .product: return try product(node, forced: forced)
    case .quotient: return try quotient(node, forced: forced)
    case .leftQuotient: return try leftQuotient(node, forced: forced)
    case .power: return try power(node, forced: forced)
    case .transpose, .transposed: return operandShape(node, 0).transposed
    case .blocks: return try blocks(node, forced: forced)

    case .reduction: return reduction(node)
    case .toScalar: return .scalar
    case .normWithExponent: return try normWithExponent(node)
    case .dotProduct: return try dotProduct(node, forced: forced)
    case .squareToScalar:
      try requireSquare(node)
      return .scalar
    case .softmax: return try softmax(node, forced: forced)

    case .diagonal: return try diagonal(node, forced: forced)
    case .column:
      try requirePosition(node, 0, within: operandShape(node, 0).columns)
      return ExtentShape(rows: operandShape(node, 0).rows, columns: .one)
    case .row:
      try requirePosition(node, 0, within: operandShape(node, 0).rows)
      return ExtentShape(rows: .one, columns: operandShape(node, 0).columns)
    case .entry:
      try requirePosition(node, 0, within: operandShape(node, 0).rows)
      try requirePosition(node, 1, within: operandShape(node, 0).columns)
      return .scalar
    case .unit:
      try requirePosition(node, 1, within: parameter(node, 0))
      return ExtentShape(rows: parameter(node, 0), columns: .one)
    case .stack:
      let shape = operandShape(node, 0)
      let count = unifier.product(shape.rows, shape.columns)
      return ExtentShape(rows: count, columns: .one, isNotScalar: shape.isNotScalar)
    case .reshape: return try reshape(node)
    case .kronecker: return kronecker(node)
    case .khatriRao: return try khatriRao(node)
    case .halfStack:
      try requireSquare(node)
      return ExtentShape(rows: triangle(operandShape(node, 0).rows), columns: .one)
    case .square:
      try requireSquare(node)
      return operandShape(node, 0)
    case .identity: return identity(node)
    case .constant: return ExtentShape(rows: parameter(node, 0), columns: parameter(node, 1))
    case .contextVector:
      try requireScalar(node, 0)
      return ExtentShape(rows: unifier.fresh(exceedingOne: true), columns: .one)
    case .contextMatrix:
      try requireScalar(node, 0)
      return ExtentShape(rows: unifier.fresh(), columns: unifier.fresh(), isNotScalar: true)
    case .commutation:
      let count = unifier.product(parameter(node, 0), parameter(node, 1))
      return ExtentShape(rows: count, columns: count)
    case .duplication:
      let n = parameter(node, 0)
      return ExtentShape(rows: unifier.product(n, n), columns: triangle(n))

    case .thinLeft:
      return thinWidth(node, forced: forced).map {
        ExtentShape(rows: operandShape(node, 0).rows, columns: $0)
      }
    case .thinSquare:
      return thinWidth(node, forced: forced).map {
        ExtentShape(rows: $0, columns: operandShape(node, 0).columns)
      }
    case .thinRight:
      return thinWidth(node, forced: forced).map {
        ExtentShape(rows: operandShape(node, 0).columns, columns: $0)
      }
    case .thinValues:
      return thinWidth(node, forced: forced).map { ExtentShape(rows: $0, columns: .one) }
    case .squareToColumn:
      try requireSquare(node)
      return ExtentShape(rows: operandShape(node, 0).rows, columns: .one)
    case .betweenValues: return try betweenValues(node)
    case .solve: return try solve(node)
    case .sylvester: return try sylvester(node)
    case .lyapunov: return try lyapunov(node)
    case .cross: return try cross(node)

    case .patches: return try patches(node, forced: forced)
    case .fromPatches: return try fromPatches(node, forced: forced)
    case .convolution1: return try convolution1(node, forced: forced)
    case .convolution2: return try convolution2(node, forced: forced)
    }
  }

  func parameter(_ node: Int, _ position: Int) -> Extent {
    .fixed(drafts[node].parameters[position])
  }

  /// A position that is an integer is at most the size, where that is an integer too.
  mutating func requirePosition(_ node: Int, _ index: Int, within extent: Extent) throws(ShapeError)
  {
    guard let position = drafts[node].parameters[index].literal,
      let size = Unifier.dim(unifier.resolve(extent)).literal, position > size
    else { return }
    throw ShapeError(
      .badArgument(
        function: text(of: node), requirement: "the position is at most \(size)", got: "\(position)"
      ))
  }

  /// `n(n+1)/2`.
  mutating func triangle(_ n: Extent) -> Extent {
    let square = unifier.product(n, unifier.sum(n, .one))
    return Unifier.extent(Unifier.dim(square).divided(by: 2) ?? .literal(1))
  }

  mutating func requireSquare(_ node: Int, operand: Int = 0) throws(ShapeError) {
    let shape = operandShape(node, operand)
    guard agree(shape.rows, shape.columns, at: node) else {
      throw ShapeError(.notSquare(text(of: node), shape: shown(shape)))
    }
  }

  mutating func requireScalar(_ node: Int, _ position: Int) throws(ShapeError) {
    let shape = operandShape(node, position)
    guard !shape.isNotScalar, agree(shape.rows, .one, at: node),
      agree(shape.columns, .one, at: node)
    else {
      throw ShapeError(
        .notAScalar(
          text(of: node), argument: operandText(node, position), shape: shown(shape)))
    }
  }

  /// True for a column, false for a row, nil where it is open; an error for a matrix.
  mutating func isColumn(_ node: Int, _ position: Int, forced: Bool) throws(ShapeError) -> Bool? {
    let shape = operandShape(node, position)
    if isOne(shape.columns) { return true }
    if isOne(shape.rows) { return false }
    let isMatrix = unifier.isNotOne(shape.rows) && unifier.isNotOne(shape.columns)
    guard isMatrix || forced else { return nil }
    throw ShapeError(
      .notAVector(text(of: node), argument: operandText(node, position), shape: shown(shape)))
  }
}
