/// How a report is written where people read it.
public enum ReportStyle: Sendable {
  /// The language as it is typed: `(A + A')*x`.
  case ascii
  /// As on paper: `(A + Aᵀ)x`.
  case unicode
}
