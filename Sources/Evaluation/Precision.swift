/// What the numbers of data and results are.
///
/// Arithmetic is in double precision either way: with floats a result is the rounded one of a
/// double-precision computation on the data, and what is bound by memory reads half as much.
public enum Precision: String, CaseIterable, Sendable {
  case double
  case float

  /// Of a number.
  public var byteCount: Int { self == .double ? 8 : 4 }

  /// NumPy's word for it.
  public var typeName: String { self == .double ? "float64" : "float32" }
}

extension Matrix {
  /// The entries as they are in a precision.
  public func rounded(to precision: Precision) -> Matrix {
    precision == .double ? self : map { Double(Float($0)) }
  }
}
