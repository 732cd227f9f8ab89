/// The ways in which an operation is written on paper.
///
/// The printers know how to lay each of them out; which one an operation takes is data (see
/// ``Notation``).
public enum NotationForm: Hashable, Sendable {
  /// An operator of the language: its rule of spacing and parentheses is the tree's.
  case operation(symbol: String)
  /// A loose infix symbol, for what the language writes as a call: `x × y`.
  case infix(symbol: String)
  /// A name and its arguments in parentheses: `log(x)`.
  case function(name: String)
  /// A name, some operands in parentheses and the other arguments below: `clip_{a,b}(x)`.
  case indexed(name: String, operands: Int)
  /// A name with the first argument above: `ψ^{(k)}(x)`.
  case ordered(name: String)
  /// Raised on its operand: `A⁻¹`.
  case superscript(String)
  /// Between delimiters, with an index below: `‖x‖₂`. Of a matrix, the entrywise norms of a vector
  /// are written of `vec`.
  case norm(index: NormIndex)
  /// Between delimiters: `⟨x, y⟩`.
  case delimited(open: String, close: String)
  /// Under a radical: `√x`; of an array the elementwise power ½.
  case radical
  /// `log|det X|`.
  case logDeterminant(log: String, det: String)
  /// The sum of all entries, of columns or of rows, as a product with ones.
  case onesProduct(ones: String)
  /// A constant array named by its sizes: `I_n`, `K_{m,n}`.
  case constant(symbol: String)
  /// A constant array whose two sizes say row, column or matrix: `1_n`, `0_{m×n}`.
  case filled(symbol: String)
  /// A multiple of ones: `vector(c)`, or `matrix(c)` with its second factor.
  case multipleOfOnes(matrix: Bool)
  /// A unit vector: `e_i`.
  case unitVector(symbol: String)
  /// Entries of the operand: the index before and after the positions that are given.
  case subscripted(before: String, after: String)
  /// Rows of blocks in brackets.
  case blocks

  /// Whether the arguments that are no arrays are written in scripts.
  var setsSizes: Bool {
    switch self {
    case .indexed, .ordered, .norm, .onesProduct, .constant, .filled, .unitVector, .subscripted:
      true
    case .operation, .infix, .function, .superscript, .delimited, .radical, .logDeterminant,
      .multipleOfOnes, .blocks:
      false
    }
  }
}

/// The index of a norm.
public enum NormIndex: Hashable, Sendable {
  /// A number or letter of vectors, and of `vec` of a matrix.
  case entrywise(String)
  /// 2 of a vector, F of a matrix.
  case euclidean
  /// F, always.
  case frobenius
  /// The exponent that is the second argument, of vectors and of `vec` of a matrix.
  case argument
  /// An operator norm or a norm of singular values.
  case spectral(String)
}
