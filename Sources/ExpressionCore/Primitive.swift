/// Every operation of the language, operators included, by its canonical name.
///
/// Some are primitive to the engine (`inv`, `exp`); the others are defined through them
/// (`mean`, `norm2`, `A\B`).
public enum Primitive: String, CaseIterable, Sendable {
  // MARK: Operators
  case add = "+"
  case subtract = "-"
  case negate = "neg"
  case multiply = "*"
  /// Division by a scalar, else `A*inv(B)`.
  case divide = "/"
  case leftDivide = "\\"
  case hadamard = ".*"
  case elementwiseDivide = "./"
  /// A power of a scalar, or of a square matrix.
  case power = "^"
  case elementwisePower = ".^"
  case transpose = "'"
  case blocks = "[]"

  // MARK: Elementwise
  case exp, expm1, log, log1p, log2, log10, sqrt, abs, sign, square
  case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh
  case sigmoid, softplus, relu, leakyrelu, elu, gelu, silu, step
  case erf, erfc, normcdf, normpdf, lgamma, digamma, trigamma, polygamma
  case clip
  /// Elementwise with two arguments; the reductions `max(X)`, `max(X,1)` are `maximum`.
  case max, min

  // MARK: Reductions
  case sum, mean, prod, logsumexp
  case maximum = "max of", minimum = "min of"
  case tr, det, logdet
  case norm1, norm2, normF, normp, norminf, nucnorm, specnorm
  case dot
  case softmax, logsoftmax

  // MARK: Structure
  case diag
  /// `diag` of a square matrix: its diagonal as a column.
  case diagonal = "diag of"
  case col, row, entry, unit
  case vec, reshape, kron, khatrirao, vech
  case tril, triu, sym, skew
  /// What is below the diagonal; and that with half the diagonal, Φ of the Cholesky factor.
  case stril, halftril
  case eye, ones, zeros
  /// `vector(c)`, `matrix(c)`: a constant of the shape that the context asks for.
  case constantVector = "vector", constantMatrix = "matrix"
  case commutation, duplication

  // MARK: Linear algebra
  case inv, pinv, adj, cof, chol, qrq, qrr, lul, luu
  case eigvals, eigvecs, lambdamax, lambdamin
  case svdvals, svdu, svdv
  /// `gapinv(l)`: the matrix F of reciprocal gaps, 1/(lⱼ − lᵢ) off the diagonal and 0 on it.
  case gapinv
  /// `suminv(l)`: the matrix of reciprocal sums, 1/(lᵢ + lⱼ).
  case suminv
  /// `divdiff(l,f,d)`: the divided differences (fᵢ − fⱼ)/(lᵢ − lⱼ), d where l repeats.
  case divdiff
  case expm, logm, sqrtm, sinm, cosm
  /// `dexpm(X,E)`: the Fréchet derivative of `expm` at X in the direction E; so the others.
  case dexpm, dlogm, dsinm, dcosm
  case solve, sylvester, lyapunov, cross

  // MARK: Convolution
  case im2col, col2im, conv1d, conv2d
}
