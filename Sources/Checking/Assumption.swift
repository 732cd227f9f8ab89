import Evaluation
import ExpressionCore
import Verification

/// A property of variables that an author may have taken for granted.
enum Assumption: CaseIterable {
  case symmetric
  /// Each two of the matrices can be exchanged in a product.
  case commuting
  case positive
  case unitNorm
  case sumsToOne
  case rowsSumToOne
  case columnsSumToOne
  case orthonormalColumns

  /// Those by which sums and norms that a derivative contains are 1.
  static let normalizations: [Assumption] = [
    .unitNorm, .sumsToOne, .rowsSumToOne, .columnsSumToOne, .orthonormalColumns,
  ]

  var diagnosis: Diagnosis {
    switch self {
    case .symmetric: .assumedSymmetric
    case .commuting: .order
    case .positive, .unitNorm, .sumsToOne, .rowsSumToOne, .columnsSumToOne, .orthonormalColumns:
      .domain
    }
  }

  /// How many variables it takes.
  var fewest: Int { self == .commuting ? 2 : 1 }

  /// Whether any few of the variables together may well be meant.
  var isOfSeveral: Bool {
    switch self {
    case .symmetric, .commuting, .positive: true
    case .unitNorm, .sumsToOne, .rowsSumToOne, .columnsSumToOne, .orthonormalColumns: false
    }
  }

  /// Whether it says something of a variable that is not known of it anyway.
  func applies(to variable: Variable) -> Bool {
    let shape = variable.shape
    let isMatrix = !shape.isVector && !shape.isRow
    switch self {
    case .symmetric, .commuting:
      return isMatrix && shape.rows == shape.columns
        && (variable.type == .matrix || variable.type == .stochastic)
    case .positive:
      return variable.sign == .any && (variable.type.isPlain || variable.type == .diagonal)
    case .unitNorm: return !shape.isScalar && variable.type.isPlain
    case .sumsToOne: return !isMatrix && !shape.isScalar && variable.type.isPlain
    case .rowsSumToOne, .columnsSumToOne: return isMatrix && variable.type == .matrix
    case .orthonormalColumns: return !shape.isScalar && !shape.isRow && variable.type == .matrix
    }
  }

  /// The same point, with the property for the named variables.
  func imposed(on names: [String], at point: RandomPoint) -> RandomPoint? {
    var point = point
    for name in names {
      guard let x = point.values[name], let moved = imposed(on: x) else { return nil }
      point.values[name] = moved
    }
    return point
  }

  private func imposed(on x: Matrix) -> Matrix? {
    switch self {
    case .symmetric: x.symmetricPart
    case .commuting: Self.polynomial(x)
    case .positive: x.map(\.magnitude)
    case .unitNorm: x.frobeniusNorm > 0 ? x.scaled(by: 1 / x.frobeniusNorm) : nil
    case .sumsToOne:
      Self.normalizedRow(Matrix(row: x.values)).flatMap {
        Matrix(rows: x.rows, columns: x.columns, values: $0.values)
      }
    case .rowsSumToOne: Self.normalizedRow(x)
    case .columnsSumToOne: Self.normalizedRow(x.transposed)?.transposed
    case .orthonormalColumns: x.rows >= x.columns ? try? x.qr().q : nil
    }
  }

  /// A polynomial, with coefficients from the entries of `x`, in a matrix that depends on nothing
  /// but the size: all that come out commute, and are not symmetric.
  private static func polynomial(_ x: Matrix) -> Matrix? {
    guard x.isSquare else { return nil }
    var generator = SplitMix64(seed: UInt64(x.rows))
    let base = Matrix(rows: x.rows, columns: x.rows) { _, _ in generator.normal() / 2 }
    var result = Matrix.identity(x.rows).scaled(by: 2 + x[0].magnitude)
    var power = base
    for coefficient in x.values.dropFirst().prefix(3) {
      result = result.adding(power, times: coefficient)
      power = power.times(base)
    }
    return result
  }

  /// Each row divided by its sum; nil where one is nearly zero.
  private static func normalizedRow(_ x: Matrix) -> Matrix? {
    let sums = x.times(Matrix(rows: x.columns, columns: 1, repeating: 1))
    guard sums.values.allSatisfy({ $0.magnitude > 1e-2 }) else { return nil }
    return Matrix(rows: x.rows, columns: x.columns) { x[$0, $1] / sums[$0] }
  }

  /// The assumption about some variables: `A and B are symmetric`.
  func sentence(of names: [String]) -> String {
    let list = names.joined(separator: " and ")
    let (isOne, are) = (names.count == 1, names.count == 1 ? "is" : "are")
    return switch self {
    case .symmetric: "\(list) \(are) symmetric"
    case .commuting: "\(list) commute"
    case .positive: "\(list) \(are) positive"
    case .unitNorm: isOne ? "\(list) has the norm 1" : "\(list) have the norm 1"
    case .sumsToOne: "the entries of \(list) sum to 1"
    case .rowsSumToOne: "each row of \(list) sums to 1"
    case .columnsSumToOne: "each column of \(list) sums to 1"
    case .orthonormalColumns:
      isOne ? "\(list) has orthonormal columns" : "\(list) have orthonormal columns"
    }
  }

  /// The type that declares it; nil where the language has none.
  func declaredType(of variable: Variable) -> String? {
    switch self {
    case .symmetric: "symmetric"
    case .positive: "positive \(variable.type.rawValue)"
    case .sumsToOne: variable.shape.isVector ? "simplex" : nil
    case .rowsSumToOne: "stochastic"
    case .orthonormalColumns:
      variable.shape.rows == variable.shape.columns ? "orthogonal" : "stiefel"
    case .commuting, .unitNorm, .columnsSumToOne: nil
    }
  }
}

extension StructureType {
  /// Whether nothing but the shape is declared.
  fileprivate var isPlain: Bool {
    switch self {
    case .scalar, .vector, .row, .matrix: true
    case .symmetric, .skew, .diagonal, .lower, .upper, .spd, .psd, .orthogonal, .stiefel, .simplex,
      .stochastic:
      false
    }
  }
}
