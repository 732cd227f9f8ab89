import Differentiation
import Emission
import ExpressionCore
import ExpressionLanguage

/// A result in each notation.
public struct Formula: Sendable {
  /// A shared definition that the formula uses.
  public struct Definition: Sendable {
    public let name: String
    public let text: String
    public let unicode: String
    public let latex: String
    /// The name in LaTeX.
    public let latexName: String
  }

  public let shape: Shape
  /// In the language, so that it can be fed back in (save the index form).
  public let text: String
  public let unicode: String
  public let latex: String
  /// In order: each may use the earlier ones.
  public let definitions: [Definition]
  /// Operators, calls and leaves, definitions in full.
  public let size: Int
}

/// How a formula is written where people read it.
public enum Notation: Sendable {
  /// The language as it is typed: `(A + A')*x`.
  case ascii
  /// As on paper: `(A + Aᵀ)x`.
  case unicode
}

extension Formula {
  func text(in notation: Notation) -> String {
    switch notation {
    case .ascii: text
    case .unicode: unicode
    }
  }
}

extension Formula.Definition {
  func text(in notation: Notation) -> String {
    switch notation {
    case .ascii: text
    case .unicode: unicode
    }
  }
}
