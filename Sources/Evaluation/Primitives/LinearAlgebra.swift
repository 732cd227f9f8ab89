extension Step {
  /// Division by a scalar, otherwise `A*inv(B)`.
  mutating func quotient() throws(EvaluationError) -> Matrix {
    let (a, b) = (try operand(0), try operand(1))
    if let divisor = b.scalar { return a.map { $0 / divisor } }
    try require(b.isSquare && (a.columns == b.rows || a.isScalar))
    let factorization = try factor(b)
    if let numerator = a.scalar {
      return factorization.solveUnchecked(Matrix.identity(b.rows)).scaled(by: numerator)
    }
    return try attempt { () throws(LinearAlgebraError) in
      try factorization.solveTransposed(a.transposed).transposed
    }
  }

  /// `inv(A)*B`, by solving.
  mutating func solution() throws(EvaluationError) -> Matrix {
    let (a, b) = (try operand(0), try operand(1))
    if let divisor = a.scalar { return b.map { $0 / divisor } }
    try require(a.isSquare && (a.rows == b.rows || b.isScalar))
    let factorization = try factor(a)
    if let factor = b.scalar {
      return factorization.solveUnchecked(Matrix.identity(a.rows)).scaled(by: factor)
    }
    return factorization.solveUnchecked(b)
  }

  mutating func inverse() throws(EvaluationError) -> Matrix {
    let x = try square()
    if let value = x.scalar {
      guard value != 0 else {
        throw .linearAlgebra(place, .singular(pivot: 1, value: value))
      }
      return Matrix(1 / value)
    }
    let inverse = try factor(x).solveUnchecked(Matrix.identity(x.rows))
    return x.isExactlySymmetric ? inverse.symmetricPart : inverse
  }

  func determinant() throws(EvaluationError) -> Matrix {
    let x = try square()
    return try attempt { () throws(LinearAlgebraError) in Matrix(try x.determinant()) }
  }

  func logDeterminant() throws(EvaluationError) -> Matrix {
    let x = try square()
    return try attempt { () throws(LinearAlgebraError) in Matrix(try x.logAbsDeterminant()) }
  }

  /// `log(det(X))` of the operand X: not a number where the determinant is negative.
  func logarithmOfDeterminant() throws(EvaluationError) -> Matrix {
    let x = try square()
    return try attempt { () throws(LinearAlgebraError) in
      let factorization = try LUFactorization(x)
      let size = factorization.logAbsDeterminant
      return Matrix(factorization.determinantSign < 0 ? .nan : size)
    }
  }

  func eigen() throws(EvaluationError) -> SymmetricEigen {
    let x = try square()
    return try attempt { () throws(LinearAlgebraError) in try SymmetricEigen(x) }
  }

  func eigenvectors() throws(EvaluationError) -> Matrix {
    let eigen = try eigen()
    for index in try refusedRepetitions() {
      try attempt { () throws(LinearAlgebraError) in try eigen.requireDistinct(index) }
    }
    return eigen.vectors
  }

  func singular() throws(EvaluationError) -> SingularValues {
    let x = try operand(0)
    return try attempt { () throws(LinearAlgebraError) in try SingularValues(x) }
  }

  func singularVectors() throws(EvaluationError) -> SingularValues {
    let singular = try singular()
    for index in try refusedRepetitions() {
      try attempt { () throws(LinearAlgebraError) in try singular.requireDistinct(index) }
    }
    guard options.refusesZeroSingularValues else { return singular }
    for index in isUsedWhole || columns.isEmpty ? [nil] : try columnPositions() {
      try attempt { () throws(LinearAlgebraError) in try singular.requirePositive(index) }
    }
    return singular
  }

  /// The positions, from 0, whose values must be simple; nil stands for all.
  private func refusedRepetitions() throws(EvaluationError) -> [Int?] {
    switch options.refusedRepetitions {
    case .none: return []
    case .ofColumns: return try columnPositions()
    case .all: return isUsedWhole || columns.isEmpty ? [nil] : try columnPositions()
    }
  }

  /// The positions, from 0, of the columns that are taken.
  func columnPositions() throws(EvaluationError) -> [Int?] {
    var positions: [Int?] = []
    for dimension in columns { positions.append(try size(dimension) - 1) }
    return positions
  }

  /// Throws `rankDrops` where it is that of a variable of differentiation without full rank.
  func pseudoinverse() throws(EvaluationError) -> Matrix {
    let x = try operand(0)
    let isDifferentiated = try isDifferentiated(node.operands[0])
    return try attempt { () throws(LinearAlgebraError) in
      if isDifferentiated { try x.requireFullRank() }
      return try x.pseudoinverse()
    }
  }

  /// Whether a node is a variable of differentiation, or its transpose.
  private func isDifferentiated(_ index: Int) throws(EvaluationError) -> Bool {
    guard input.nodes.indices.contains(index) else { return false }
    switch input.nodes[index].operation {
    case .variable(let variable):
      return input.variables.indices.contains(variable)
        && options.differentiated.contains(input.variables[variable].name)
    case .primitive(.transpose):
      guard let operand = input.nodes[index].operands.first, operand < index else { return false }
      return try isDifferentiated(operand)
    case .primitive, .number, .pi, .dimension: return false
    }
  }

  /// The Fréchet derivative of a matrix function at the first operand in the direction of the
  /// second.
  func frechet(
    of function: (Matrix) throws(LinearAlgebraError) -> Matrix
  ) throws(EvaluationError) -> Matrix {
    let (x, direction) = (try square(), try operand(1))
    try require(x.size == direction.size)
    return try attempt { () throws(LinearAlgebraError) in
      try x.frechetDerivative(direction, of: function)
    }
  }

  func sylvester() throws(EvaluationError) -> Matrix {
    let (a, b, c) = (try operand(0), try operand(1), try operand(2))
    return try attempt { () throws(LinearAlgebraError) in try Matrix.sylvester(a, b, c) }
  }

  /// X with `A*X + X*A' = C`.
  func lyapunov() throws(EvaluationError) -> Matrix {
    let (a, c) = (try operand(0), try operand(1))
    return try attempt { () throws(LinearAlgebraError) in
      try Matrix.sylvester(a, a.transposed, c)
    }
  }

  /// Of two vectors or rows of 3.
  func crossProduct() throws(EvaluationError) -> Matrix {
    let (x, y) = (try operand(0), try operand(1))
    try require(x.count == 3 && y.count == 3)
    return Matrix(
      x.rows, x.columns,
      storage: [
        x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0],
      ])
  }
}
