extension Matrix {
  /// The principal square root. Throws `outsideDomain` where the matrix has a negative eigenvalue
  /// or is singular without being symmetric.
  ///
  /// Symmetric ones through their eigenvalues, others by the scaled product form of the
  /// Denman–Beavers iteration (Higham, Functions of Matrices, equation (6.29)).
  public func squareRoot() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    if isExactlySymmetric {
      let eigen = try SymmetricEigen(self)
      let scale = Swift.max(eigen.values.last ?? 0, 0)
      if let smallest = eigen.values.first, smallest < -1e-14 * scale || smallest < 0 && scale == 0
      {
        throw .outsideDomain(function: "sqrtm", eigenvalue: smallest)
      }
      return eigen.applying { Swift.max($0, 0).squareRoot() }.symmetricPart
    }
    return try denmanBeavers()
  }

  private func denmanBeavers() throws(LinearAlgebraError) -> Matrix {
    let n = rows
    var m = self
    var x = self
    let limit = 60
    var previous = Double.infinity
    for _ in 0..<limit {
      let factorization = try LUFactorization(m)
      guard (try? factorization.requireRegular()) != nil else {
        throw .outsideDomain(function: "sqrtm", eigenvalue: nil)
      }
      let inverse = factorization.solveUnchecked(Matrix.identity(n))
      let distance = m.addingToDiagonal(-1).frobeniusNorm
      // Scaling speeds up the start and must stop near convergence.
      let logScale = distance > 0.01 ? -factorization.logAbsDeterminant / (2 * Double(n)) : 0
      let scale = logScale.exponential
      let square = scale * scale
      x = x.adding(x.times(inverse), times: 1 / square).scaled(by: scale / 2)
      m = m.scaled(by: square / 4).adding(inverse, times: 1 / (4 * square)).addingToDiagonal(0.5)
      guard x.allFinite else { throw .outsideDomain(function: "sqrtm", eigenvalue: nil) }
      let now = m.addingToDiagonal(-1).frobeniusNorm
      if now <= Double(n) * Double.ulpOfOne || (now < 1e-10 && now >= previous / 2) {
        return x
      }
      previous = now
    }
    throw .outsideDomain(function: "sqrtm", eigenvalue: nil)
  }

  /// The principal logarithm. Throws `outsideDomain`.
  ///
  /// Symmetric ones through their eigenvalues, others by inverse scaling and squaring with the
  /// Padé approximant in partial fractions (Higham, Functions of Matrices, algorithm 11.9 and
  /// equation (11.18)).
  public func logarithm() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    if isExactlySymmetric {
      let eigen = try SymmetricEigen(self)
      if let smallest = eigen.values.first, !(smallest > 0) {
        throw .outsideDomain(function: "logm", eigenvalue: smallest)
      }
      return eigen.applying(\.logarithm).symmetricPart
    }
    var root = self
    var roots = 0
    while root.addingToDiagonal(-1).oneNorm > 0.25 {
      guard roots < 60 else { throw .outsideDomain(function: "logm", eigenvalue: nil) }
      do {
        root = try root.denmanBeavers()
      } catch {
        throw .outsideDomain(function: "logm", eigenvalue: nil)
      }
      roots += 1
    }
    let x = root.addingToDiagonal(-1)
    var result = Matrix.zeros(rows, rows)
    for (node, weight) in GaussLegendre.eight {
      let denominator = x.scaled(by: node).addingToDiagonal(1)
      result = result.adding(try denominator.solving(x), times: weight)
    }
    return result.scaled(by: Double(sign: .plus, exponent: roots, significand: 1))
  }

  /// `A^p` of a square matrix: by squaring for integers, through `sqrtm` for half integers,
  /// through eigenvalues or `expm(p*logm(A))` otherwise.
  public func power(_ exponent: Double) throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    if exponent == exponent.rounded(), exponent.magnitude < 1e9 {
      let base = exponent < 0 ? try inverse() : self
      return base.raised(to: Int(exponent.magnitude))
    }
    if (2 * exponent) == (2 * exponent).rounded(), exponent.magnitude < 1e9 {
      let root = try squareRoot()
      let base = exponent < 0 ? try root.inverse() : root
      return base.raised(to: Int((2 * exponent).magnitude))
    }
    return try logarithm().scaled(by: exponent).exponential()
  }
}

/// Gauss–Legendre quadrature on [0, 1].
enum GaussLegendre {
  /// Abramowitz & Stegun, table 25.4, n = 8, mapped from [-1, 1].
  static let eight: [(node: Double, weight: Double)] = {
    let positive: [(Double, Double)] = [
      (0.1834346424956498, 0.3626837833783620), (0.5255324099163290, 0.3137066458778873),
      (0.7966664774136267, 0.2223810344533745), (0.9602898564975363, 0.1012285362903763),
    ]
    var rule: [(node: Double, weight: Double)] = []
    for (x, weight) in positive {
      rule.append((node: (1 - x) / 2, weight: weight / 2))
      rule.append((node: (1 + x) / 2, weight: weight / 2))
    }
    return rule
  }()
}
