import Differentiation
import Emission
import ExpressionCore

/// A result in each notation.
public struct Formula: Sendable {
  /// A shared definition that the formula uses.
  public struct Definition: Sendable {
    public let name: String
    public let text: String
    /// The name and the value as on paper.
    public let unicodeName: String
    public let unicode: String
    public let latexName: String
    public let latex: String
  }

  public let shape: Shape
  /// In the language, so that it can be fed back in; of the index form, entry by entry.
  public let text: String
  public let unicode: String
  public let latex: String
  /// In order: each may use the earlier ones.
  public let definitions: [Definition]
  /// Of the index form, the names of the result's own indices.
  public let indices: [String]

  init(_ rendered: RenderedSpelling) {
    shape = rendered.shape
    text = rendered.text
    unicode = rendered.unicode
    latex = rendered.latex
    definitions = rendered.definitions.map {
      Definition(
        name: $0.name, text: $0.text, unicodeName: $0.unicodeName, unicode: $0.unicode,
        latexName: $0.latexName, latex: $0.latex)
    }
    indices = []
  }

  init(_ index: IndexNotation, shape: Shape) {
    self.shape = shape
    text = index.text
    unicode = index.text
    latex = index.latex
    definitions = index.definitions.map {
      Definition(
        name: $0.entry, text: $0.text, unicodeName: $0.entry, unicode: $0.text,
        latexName: $0.latexEntry, latex: $0.latex)
    }
    indices = index.indices
  }
}

extension Formula {
  /// The definitions and the formula as one input of the language: `s = sigmoid(x); s.*(1 - s)`.
  public var inputText: String {
    (definitions.map { "\($0.name) = \($0.text)" } + [text]).joined(separator: "; ")
  }

  /// The same of a result that is not written yet.
  static func inputText(_ spelling: Spelling) -> String {
    let definitions = spelling.definitions.map { "\($0.name) = \(Parts.text($0.value))" }
    return (definitions + [Parts.text(spelling.body)]).joined(separator: "; ")
  }

  func text(in style: ReportStyle) -> String {
    switch style {
    case .ascii: text
    case .unicode: unicode
    }
  }
}

extension Formula.Definition {
  /// `s = sigmoid(W*x + b)`
  func equation(in style: ReportStyle) -> String {
    switch style {
    case .ascii: "\(name) = \(text)"
    case .unicode: "\(unicodeName) = \(unicode)"
    }
  }
}
