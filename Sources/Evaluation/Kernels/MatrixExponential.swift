extension Matrix {
  /// The matrix exponential by scaling and squaring of the Padé approximant of degree 13.
  ///
  /// Higham, The scaling and squaring method for the matrix exponential revisited (2005),
  /// algorithm 2.3.
  public func exponential() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    let norm = oneNorm
    let limit = 5.371920351148152
    var squarings = 0
    while norm / Double(sign: .plus, exponent: squarings, significand: 1) > limit {
      squarings += 1
    }
    let a = scaled(by: Double(sign: .plus, exponent: -squarings, significand: 1))
    var result = try a.pade13()
    for _ in 0..<squarings { result = result.times(result) }
    return result
  }

  private func pade13() throws(LinearAlgebraError) -> Matrix {
    let b: [Double] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
      129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920,
      40_840_800, 960_960, 16_380, 182, 1,
    ]
    let a2 = times(self)
    let a4 = a2.times(a2)
    let a6 = a4.times(a2)
    func combination(_ c6: Double, _ c4: Double, _ c2: Double, _ c0: Double) -> Matrix {
      a6.scaled(by: c6).adding(a4, times: c4).adding(a2, times: c2).addingToDiagonal(c0)
    }
    let odd = a6.times(combination(b[13], b[11], b[9], 0))
      .adding(combination(b[7], b[5], b[3], b[1]))
    let u = times(odd)
    let v = a6.times(combination(b[12], b[10], b[8], 0))
      .adding(combination(b[6], b[4], b[2], b[0]))
    return try v.subtracting(u).solving(v.adding(u))
  }

  /// `cos(A)` and `sin(A)`, the blocks of `exp([0, -A; A, 0]) = [cos A, -sin A; sin A, cos A]`.
  public func cosineAndSine() throws(LinearAlgebraError) -> (cosine: Matrix, sine: Matrix) {
    try requireSquare()
    let n = rows
    var doubled = Matrix.zeros(2 * n, 2 * n)
    for j in 0..<n {
      for i in 0..<n {
        doubled[i, n + j] = -self[i, j]
        doubled[n + i, j] = self[i, j]
      }
    }
    let result = try doubled.exponential()
    return (result.block(row: 0, column: 0, n, n), result.block(row: n, column: 0, n, n))
  }
}
