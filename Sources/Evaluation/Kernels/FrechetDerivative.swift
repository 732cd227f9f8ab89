extension Matrix {
  /// The derivative of a matrix function at this matrix in a direction E: the upper right block of
  /// `f([X, E; 0, X]) = [f(X), L(X,E); 0, f(X)]` (Mathias 1996; Higham, Functions of Matrices,
  /// equation (3.16)).
  ///
  /// E is scaled to the size of X, so that it does not govern the function's own scaling
  /// (Al-Mohy & Higham 2009).
  func frechetDerivative(
    _ direction: Matrix, of function: (Matrix) throws(LinearAlgebraError) -> Matrix
  ) throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    try direction.requireFinite()
    let n = rows
    let size = direction.maxMagnitude
    if size == 0 { return Matrix.zeros(n, n) }
    let scale = maxMagnitude > 0 ? maxMagnitude / size : 1 / size
    var doubled = Matrix.zeros(2 * n, 2 * n)
    for j in 0..<n {
      for i in 0..<n {
        doubled[i, j] = self[i, j]
        doubled[n + i, n + j] = self[i, j]
        doubled[i, n + j] = direction[i, j] * scale
      }
    }
    return try function(doubled).block(row: 0, column: n, n, n).scaled(by: 1 / scale)
  }
}
