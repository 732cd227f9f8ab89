extension Step {
  /// 1/(lⱼ − lᵢ) off the diagonal and 0 on it. Throws `repeatedEigenvalues`; where only columns are
  /// taken, for their values only.
  func reciprocalGaps() throws(EvaluationError) -> Matrix {
    let l = try operand(0)
    try require(l.columns == 1)
    try requireRoom(l.rows, l.rows)
    let positions = isUsedWhole || columns.isEmpty ? [nil] : try columnPositions()
    return try attempt { () throws(LinearAlgebraError) in
      for index in positions { try requireDistinctValues(l.values, index) }
      return Matrix(rows: l.rows, columns: l.rows) { l[$0] == l[$1] ? 0 : 1 / (l[$1] - l[$0]) }
    }
  }

  /// 1/(lᵢ + lⱼ)
  func reciprocalSums() throws(EvaluationError) -> Matrix {
    let l = try operand(0)
    try require(l.columns == 1)
    try requireRoom(l.rows, l.rows)
    return Matrix(rows: l.rows, columns: l.rows) { 1 / (l[$0] + l[$1]) }
  }

  /// (fᵢ − fⱼ)/(lᵢ − lⱼ), and the mean of dᵢ and dⱼ where rounding leaves no more of the quotient.
  /// Throws `repeatedEigenvalues` where f differs though l repeats: f is no function of l then.
  ///
  /// The quotient is off by rounding, which grows as the gap shrinks; the mean by a multiple of the
  /// squared gap, which shrinks with it. Where they differ by no more than the rounding, the mean
  /// is at least as good.
  func dividedDifferences() throws(EvaluationError) -> Matrix {
    let (l, f, d) = (try operand(0), try operand(1), try operand(2))
    try require(l.columns == 1 && l.size == f.size && l.size == d.size)
    try requireRoom(l.rows, l.rows)
    let tolerance = gapTolerance(l.values)
    var result = Matrix(rows: l.rows, columns: l.rows) { $0 == $1 ? d[$0] : 0 }
    for j in 0..<l.rows {
      for i in (j + 1)..<Swift.max(l.rows, j + 1) {
        let mean = (d[i] + d[j]) / 2
        let gap = l[i] - l[j]
        let rounding = 4 * Double.ulpOfOne * (f[i].magnitude + f[j].magnitude)
        var value = mean
        if gap.magnitude <= tolerance {
          let rise = (f[i] - f[j]).magnitude - mean.magnitude * gap.magnitude
          // Within the tolerance a function may still rise by its slope, and by rounding.
          if rise > rounding + 1e-3 * (f[i] - f[j]).magnitude {
            throw .linearAlgebra(
              place,
              .repeatedEigenvalues(
                first: j + 1, second: i + 1, gap: gap.magnitude, tolerance: tolerance))
          }
        } else {
          let quotient = (f[i] - f[j]) / gap
          if !((quotient - mean).magnitude <= rounding / gap.magnitude) { value = quotient }
        }
        result[i, j] = value
        result[j, i] = value
      }
    }
    return result
  }
}

extension Matrix {
  /// The entries below the diagonal, and those on it multiplied by a number.
  func weightedBelow(diagonal: Double) -> Matrix {
    Matrix(rows: rows, columns: columns) { i, j in
      i > j ? self[i, j] : i == j ? diagonal * self[i, j] : 0
    }
  }
}
