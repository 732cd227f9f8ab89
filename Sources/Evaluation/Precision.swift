/// What the numbers of data and results are.
///
/// With floats what is bound by memory reads half as much, and large products of matrices are in
/// single precision: with inner dimension k their error is at most (k + 3)·2⁻²⁴ times the product of
/// the absolute values (Higham, Accuracy and Stability of Numerical Algorithms, section 3.5). Large
/// matrices in between are rounded to floats where they are stored. Functions of entries, sums,
/// products with vectors, factorizations and what is divided by them are in double precision.
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
