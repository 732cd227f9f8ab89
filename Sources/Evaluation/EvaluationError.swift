import ExpressionCore

/// Where in an input something happened.
public struct Place: Hashable, Sendable, CustomStringConvertible {
  /// The author's text of the expression, or the operation's name where it has none.
  public let text: String
  /// UTF-8 offsets in the source, where the expression has a place there.
  public let range: Range<Int>?

  public init(text: String, range: Range<Int>? = nil) {
    self.text = text
    self.range = range
  }

  public var description: String { text }
}

/// Why an input has no value at the given matrices.
public enum EvaluationError: Error, Hashable, Sendable {
  case missingVariable(name: String, expected: Shape)
  case unknownVariable(name: String, known: [String])
  /// The matrix of a variable does not have its shape; `sizes` are those known by then.
  case wrongShape(name: String, expected: Shape, got: MatrixSize, sizes: [String: Int])
  /// Two variables give one name of a dimension two sizes.
  case inconsistentSize(
    dimension: String, size: Int, variable: String, otherSize: Int, otherVariable: String)
  /// Nothing fixes a dimension that the value needs.
  case unknownSize(Place, dimension: Dim)
  case invalidSize(Place, dimension: Dim, value: Int)
  case tooLarge(Place, MatrixSize, limit: Int)
  /// The operands do not fit each other, or not the shape that was inferred.
  case sizesDoNotFit(Place, [MatrixSize])
  /// A position or an argument outside what the operation accepts.
  case invalidArgument(Place, what: String, got: Int, allowed: ClosedRange<Int>)
  case linearAlgebra(Place, LinearAlgebraError)
  /// What a program would need, in bytes.
  case memoryLimit(bytes: Int, limit: Int)
  /// The data of a variable contain NaN.
  case notANumber(name: String)
  /// The tape is no program: an operand is missing or comes later.
  case malformed(Place, reason: String)
}

extension EvaluationError: CustomStringConvertible {
  /// Where in the source to mark.
  public var place: Place? {
    switch self {
    case .missingVariable, .unknownVariable, .wrongShape, .inconsistentSize, .memoryLimit,
      .notANumber:
      nil
    case .unknownSize(let place, _), .invalidSize(let place, _, _), .tooLarge(let place, _, _),
      .sizesDoNotFit(let place, _), .invalidArgument(let place, _, _, _),
      .linearAlgebra(let place, _), .malformed(let place, _):
      place
    }
  }

  /// The sentence *operation: what is wrong, what was got, what would do*.
  public var description: String {
    switch self {
    case .missingVariable(let name, let expected):
      "\(name): no value was given; a \(expected) matrix is expected"
    case .unknownVariable(let name, let known):
      "\(name): the input has no such variable; it has "
        + (known.isEmpty ? "none" : known.joined(separator: ", "))
    case .wrongShape(let name, let expected, let got, let sizes):
      "\(name): the shape is \(expected)\(Self.spelled(sizes, of: expected)), the value is \(got)"
        + Self.transposeHint(expected, got, sizes)
    case .inconsistentSize(let dimension, let size, let variable, let other, let otherVariable):
      "\(variable): \(dimension) is \(size) here, and \(other) in \(otherVariable); they must be equal"
    case .unknownSize(let place, let dimension):
      "\(place): the size \(dimension) is unknown; no variable fixes it. Give it a value"
    case .invalidSize(let place, let dimension, let value):
      "\(place): the size \(dimension) is \(value); it must be positive"
    case .tooLarge(let place, let size, let limit):
      "\(place): a \(size) matrix would take \(size.memory); the limit is "
        + MatrixSize(limit, 1).memory
    case .sizesDoNotFit(let place, let sizes):
      "\(place): the sizes \(sizes.map(\.description).joined(separator: ", ")) do not fit each other"
    case .invalidArgument(let place, let what, let got, let allowed):
      "\(place): the \(what) is \(got); "
        + (allowed.upperBound == .max
          ? "at least \(allowed.lowerBound) would do"
          : "\(allowed.lowerBound) to \(allowed.upperBound) would do")
    case .linearAlgebra(let place, let error):
      "\(place): \(error.explanation)"
    case .memoryLimit(let bytes, let limit):
      "compile: \(bytes >> 20) MiB of memory are needed; the limit is \(limit >> 20) MiB. "
        + "A larger limit, or smaller sizes, would do"
    case .notANumber(let name):
      "\(name): an entry of the data is not a number; numbers would do"
    case .malformed(let place, let reason):
      "\(place): \(reason)"
    }
  }

  private static func spelled(_ sizes: [String: Int], of shape: Shape) -> String {
    let names = Set(shape.rows.names + shape.columns.names).sorted()
    let known = names.compactMap { name in sizes[name].map { "\(name) = \($0)" } }
    return known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
  }

  private static func transposeHint(
    _ expected: Shape, _ got: MatrixSize, _ sizes: [String: Int]
  ) -> String {
    let rows = expected.rows.value { sizes[$0] }
    let columns = expected.columns.value { sizes[$0] }
    let fits = (rows ?? got.columns) == got.columns && (columns ?? got.rows) == got.rows
    return fits && got.rows != got.columns ? "; its transpose would do" : ""
  }
}

/// What makes a value less certain than it looks.
public enum EvaluationWarning: Equatable, Sendable, CustomStringConvertible {
  /// The estimated reciprocal condition number of a matrix that was inverted or solved with.
  case nearlySingular(Place, reciprocalCondition: Double)
  /// An entry, by row and column from 1, is infinite or not a number, and those that it was
  /// computed from are finite.
  case notFinite(Place, value: Double, row: Int, column: Int, isScalar: Bool)

  public var description: String {
    switch self {
    case .nearlySingular(let place, let rcond):
      "\(place): the matrix is nearly singular (rcond \(rcond)); the value may be inaccurate"
    case .notFinite(let place, let value, let row, let column, let isScalar):
      "\(place): " + (isScalar ? "the value" : "entry (\(row),\(column))")
        + " is \(value.isNaN ? "not a number" : value < 0 ? "-inf" : "inf")"
    }
  }
}
