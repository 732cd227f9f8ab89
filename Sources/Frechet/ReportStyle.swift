import Emission

/// How a report is written where people read it.
public enum ReportStyle: Sendable {
  /// The language as it is typed: `(A + A')*x`.
  case ascii
  /// As on paper: `(A + Aᵀ)x`.
  case unicode
}

extension RenderedSpelling {
  func text(in style: ReportStyle) -> String {
    switch style {
    case .ascii: text
    case .unicode: unicode
    }
  }
}

extension RenderedSpelling.Definition {
  /// `s = sigmoid(W*x + b)`
  func equation(in style: ReportStyle) -> String {
    switch style {
    case .ascii: "\(name) = \(text)"
    case .unicode: "\(unicodeName) = \(unicode)"
    }
  }
}
