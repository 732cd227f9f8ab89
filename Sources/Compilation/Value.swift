import CKernels
import ExpressionCore
import Planning

/// A value of a program in the making: one operation on earlier values, at known sizes.
struct Value: Hashable {
  var operation: Operation
  /// Indices of earlier values.
  var operands: [Int]
  var rows: Int
  var columns: Int
  /// The dimensions that the sizes belong to: two of one size may be different ones.
  var shape: Shape

  var count: Int { rows * columns }
  var isScalar: Bool { rows == 1 && columns == 1 }
  var isVector: Bool { rows == 1 || columns == 1 }
}

extension Value {
  enum Operation: Hashable {
    /// By index into the variables.
    case input(Int)
    /// An input of floats as doubles.
    case widen
    /// Every entry is this number.
    case constant(Double)

    // MARK: Entry by entry; operands spread over the value's size
    case unary(FKUnary)
    case binary(FKBinary)
    case reduction(FKReduction, ReductionAxis)

    /// What a maximum is so far while samples are swept over, or 0 where that is not finite.
    case running

    // MARK: Products
    /// alpha*op(A)*op(B), plus beta*C where there is a third operand.
    case product(ProductForm)
    /// The Euclidean norm, without overflow.
    case norm
    /// Σ alpha*(A ⊗ B) with two operands a term, plus beta*C where there is one operand more.
    case kronecker([KroneckerFactor], beta: Double)
    /// A contraction of two tensors, added to C where there is a third operand.
    case contraction(Contraction)

    // MARK: Moving entries
    case transpose
    /// The same entries in another shape.
    case reshape
    case identity
    /// 1 at a position of a column of zeros.
    case unit(Int)
    /// With the entries of its diagonal, or the number that all of them are.
    case diagonalMatrix
    /// A matrix plus a diagonal one, by its entries.
    case plusDiagonal
    case diagonalOf
    /// The part that begins at a row and a column.
    case block(row: Int, column: Int)
    /// Blocks row by row, with the number of blocks in each.
    case blocks([Int])
    /// The entries on and below, or on and above, the diagonal.
    case triangle(lower: Bool)
    case patches(Patches)
    /// The adjoint of `patches`.
    case fromPatches(Patches)

    // MARK: Equations
    case factor(Listing.Factorization)
    case solve(Listing.Factorization, transposed: Bool)
    /// inv(L)*B, where the factor is Cholesky's, A = L*L': the half of a solve.
    case halfSolve
    case inverse(Listing.Factorization)
    /// log|det|, or log(det), which is not a number where the determinant is negative.
    case logdet(Listing.Factorization, isOfDeterminant: Bool)
    /// A triangular or diagonal matrix, or its transpose, divided into the second operand.
    case triangularSolve(Structure, transposed: Bool)
    case triangularInverse(Structure)
    case triangularLogdet

    /// What has no kernel here: the evaluator's.
    case reference(Primitive, parameters: [Int])
  }

  /// What makes operations with a matrix cheaper.
  enum Structure: Hashable {
    case general
    case symmetric
    case lower
    case upper
    case diagonal

    var transposed: Structure {
      switch self {
      case .lower: .upper
      case .upper: .lower
      case .general, .symmetric, .diagonal: self
      }
    }
  }

  struct ProductForm: Hashable {
    var transposesLeft = false
    var transposesRight = false
    var alpha = 1.0
    /// Of the third operand.
    var beta = 0.0
    /// Whether the result is symmetric, so that a half of it is enough.
    var isSymmetric = false
    /// Of the operands as they are, not transposed.
    var left = Structure.general
    var right = Structure.general
  }

  struct KroneckerFactor: Hashable {
    var alpha = 1.0
    /// Whether it is K*(A ⊗ B), K the commutation matrix that exchanges the order of the rows.
    var commutes = false
  }

  /// What a reduction runs over.
  enum ReductionAxis: Hashable {
    case all
    /// Each column, to a 1×n row.
    case rows
    /// Each row, to an m×1 column.
    case columns
  }

  /// The patches of a kernel on an image with zero padding.
  struct Patches: Hashable {
    var height: Int
    var width: Int
    var kernelHeight: Int
    var kernelWidth: Int
    var stride: Int
    var padding: Int
  }

  var isElementwise: Bool {
    switch operation {
    case .unary, .binary: true
    default: false
    }
  }

  var isReduction: Bool { if case .reduction = operation { true } else { false } }
  var constant: Double? { if case .constant(let value) = operation { value } else { nil } }
}

extension FKUnary: @retroactive Hashable {}
extension FKBinary: @retroactive Hashable {}
extension FKReduction: @retroactive Hashable {}
