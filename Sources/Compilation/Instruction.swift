import CKernels

/// Where a matrix lies when a program runs.
struct Address {
  /// 0 is the workspace; then come the inputs, the outputs, and what each part of a divided sweep has
  /// for itself.
  var space: Int32 = 0
  /// In entries, floats or doubles.
  var offset: Int = 0
  /// How far the matrix moves on with each sample of a loop: 1 where samples are rows, the number of
  /// rows where they are columns, 0 where it has none.
  var stride = 0
  /// Whether the entries are floats.
  var isNarrow = false
}

/// A matrix where it lies: the distance of its columns comes along.
struct Place2D {
  var address: Address
  /// Negative: the samples of the block that a loop is at.
  var leading: Int
}

/// A number of rows or columns, or of the samples of the block that a loop is at.
struct Extent {
  var count: Int
  static let block = Extent(count: -1)
  init(count: Int) { self.count = count }
}

/// What a program does at one step. Every payload is plain data, so that running it counts no
/// references.
enum Instruction {
  /// Repeats the instructions up to `end` over blocks of samples.
  case loop(end: Int, samples: Int, block: Int)
  /// Does the instructions up to `end` side by side; `first` and `count` are of the program's list of
  /// where branches begin.
  case branches(first: Int, count: Int, end: Int)
  /// What the parts of a divided loop have added up, together; relative to the maximum that each has
  /// followed, where they did.
  case combine(FKReduction, source: Address, target: Address, count: Int, state: Address?)
  /// Takes over a maximum of which another block was taken. The state is that maximum, or 0 where it
  /// is not finite; the maximum; and exp(the one before - it).
  case follow(maximum: Address, state: Address)
  /// Makes what was added up so far relative to the maximum that is followed.
  case rescale(target: Address, count: Int, state: Address)
  /// `slots` are places in the program's list of addresses.
  case pass(index: Int, slots: Int, rows: Extent, columns: Extent)
  case gemm(GEMM)
  case gemv(GEMV)
  /// y = A*x and z = A'*u, with A read once.
  case gemvPair(GEMVPair)
  case norm(x: Address, count: Int, result: Address)
  case copy(Copy)
  /// Adds entries, a stride apart, to the diagonal of a matrix.
  case addDiagonal(order: Int, entries: Address, stride: Int, target: Address)
  case fill(value: Double, target: Address, count: Int)
  case triangle(lower: Bool, rows: Int, columns: Int, source: Address, target: Address)
  case kronecker(KroneckerForm)
  case contract(ContractionForm)
  case patches(PatchesForm)
  case factor(FactorForm)
  case logdet(FactorForm, isOfDeterminant: Bool, result: Address)
  case solve(SolveForm)
  case triangular(TriangularForm)
  case trmm(TRMM)
  case reference(Int)

  /// The entries of the state of a maximum that is followed.
  static let runningState = 3

  struct GEMM {
    var m: Extent
    var n: Extent
    var k: Extent
    var alpha: Double
    var a: Place2D
    var transposesA: Bool
    var b: Place2D
    var transposesB: Bool
    var beta: Double
    var c: Place2D
    /// Whether blocks of a loop add up.
    var accumulates: Bool
    /// Whether only one triangle is computed and then mirrored.
    var isSymmetric: Bool

    /// Whether it is one of floats, operands and result.
    var isSingle: Bool { c.address.isNarrow }
  }

  struct GEMV {
    /// The size of A.
    var m: Extent
    var n: Extent
    var alpha: Double
    var a: Place2D
    var transposes: Bool
    var x: Address
    var beta: Double
    var y: Address
    var accumulates: Bool
    /// Of A, where it is square and only a half of it is read.
    var structure: Value.Structure
  }

  /// C = alpha*op(A)*op(B), or alpha*op(B)*op(A), of triangular A.
  struct TRMM {
    /// The size of C.
    var m: Int
    var n: Int
    var alpha: Double
    var isLeft: Bool
    var isLower: Bool
    var a: Place2D
    var transposesA: Bool
    var b: Place2D
    var transposesB: Bool
    var c: Address

    var isSingle: Bool { c.isNarrow }
  }

  struct GEMVPair {
    var m: Int
    var n: Int
    var a: Address
    var x: Address
    var y: Address
    var u: Address
    var z: Address
    var alpha: Double
    var beta: Double
  }

  /// Floats become doubles, and doubles floats, as the addresses say. Distances may be negative: the
  /// samples of the block that a loop is at.
  struct Copy {
    var rows: Extent
    var columns: Extent
    var source: Address
    var sourceRow: Int
    var sourceColumn: Int
    var target: Address
    var targetRow: Int
    var targetColumn: Int
  }

  struct KroneckerForm {
    /// The sizes of A and B.
    var m: Int
    var n: Int
    var p: Int
    var q: Int
    /// The place of the first term in the program's list, and how many there are.
    var terms: Int
    var count: Int
    var beta: Double
    var target: Address
  }

  struct ContractionForm {
    var alpha: Double
    var beta: Double
    /// The product of matrices within the loops.
    var product: ContractionPlan.Product?
    /// The place of the loops in the program's list of axes, and how many there are.
    var loops: Int
    var count: Int
    var a: Address
    var b: Address
    var target: Address
  }

  struct PatchesForm {
    var form: Value.Patches
    var isAdjoint: Bool
    /// Of the matrix of patches, or of its block, and the distance of its columns.
    var rows: Extent
    var leading: Int
    var source: Address
    var target: Address
  }

  struct FactorForm {
    var isCholesky: Bool
    var order: Int
    var source: Address
    var factors: Address
    /// The place of the pivots in the workspace's list.
    var pivots: Int
    /// The listing's node of the matrix, for the text of an error.
    var origin: Int
    /// Whether something is divided by it, so that it must be regular.
    var divides: Bool
  }

  /// What is done with a triangular or diagonal matrix as it is, without a factorization.
  struct TriangularForm {
    enum Task { case solve, inverse, logdet }

    var task: Task
    var structure: Value.Structure
    var transposes: Bool
    var order: Int
    var matrix: Address
    var right: Address
    /// Of the right-hand side.
    var columns: Int
    var target: Address
    /// The listing's node, for the text of an error.
    var origin: Int
  }

  struct SolveForm {
    var factor: FactorForm
    var transposes: Bool
    /// Whether only Cholesky's lower factor is divided by.
    var isHalf = false
    /// nil where the inverse is asked for.
    var right: Address?
    var columns: Int
    var target: Address
  }
}

/// A term of a sum of Kronecker products, and the distances of entries of its factors.
struct KroneckerTerm {
  var alpha: Double
  var commutes: Bool
  var a: Address
  var aRows: Int
  var b: Address
  var bRows: Int
}
