import ExpressionCore

/// A dimension while shapes are inferred.
enum Extent: Hashable {
  /// An integer, a declared name, or a polynomial in declared names.
  case fixed(Dim)
  /// Not known yet: a variable of unification.
  case open(Int)
  /// A polynomial in which unknowns occur, under the names of `Unifier.name`.
  case compound(Dim)

  static let one = Extent.fixed(1)

  var isOne: Bool { self == .one }
}

/// The shape of a value while shapes are inferred.
struct ExtentShape {
  var rows: Extent
  var columns: Extent
  /// Whether the value is known not to be 1×1 although neither dimension tells.
  var isNotScalar = false

  static let scalar = ExtentShape(rows: .one, columns: .one)
  var transposed: ExtentShape {
    ExtentShape(rows: columns, columns: rows, isNotScalar: isNotScalar)
  }
}
