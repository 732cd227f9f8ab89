import Differentiation
import ExpressionCore
import ExpressionLanguage

/// A result written in every notation for people: the language, Unicode and LaTeX.
public struct RenderedSpelling: Hashable, Sendable {
  /// A shared definition that the result uses.
  public struct Definition: Hashable, Sendable {
    public let name: String
    public let text: String
    public let unicode: String
    /// The value; the name in LaTeX is `latexName`.
    public let latex: String
    public let unicodeName: String
    public let latexName: String
  }

  public let shape: Shape
  /// In the language: it can be fed back.
  public let text: String
  public let unicode: String
  public let latex: String
  /// In order of use.
  public let definitions: [Definition]

  /// Renders a result whose names are known to the scope; `text` writes the language.
  public init(_ spelling: Spelling, scope: NameScope, text: (Syntax) -> String) {
    var latex = LaTeXPrinter(scope: scope)
    var unicode = UnicodePrinter(scope: scope)
    var definitions: [Definition] = []
    for definition in spelling.definitions {
      let value = (latex: latex.print(definition.value), unicode: unicode.print(definition.value))
      latex = latex.defining(definition.name, as: definition.value)
      unicode = unicode.defining(definition.name, as: definition.value)
      definitions.append(
        Definition(
          name: definition.name, text: text(definition.value), unicode: value.unicode,
          latex: value.latex, unicodeName: UnicodeScript.name(definition.name),
          latexName: latex.name(definition.name)))
    }
    self.definitions = definitions
    shape = spelling.shape
    self.text = text(spelling.body)
    self.unicode = unicode.print(spelling.body)
    self.latex = latex.print(spelling.body)
  }

  /// The result and its definitions as one formula: `… \quad\text{where } \mathbf{s} = …`.
  public var latexWithDefinitions: String {
    latex + Self.whereClause(definitions.map { "\($0.latexName) = \($0.latex)" })
  }

  /// The result and its definitions as lines of Unicode, those of the definitions indented.
  public var unicodeLines: [String] {
    [unicode]
      + definitions.enumerated().map { place, definition in
        (place == 0 ? "  where " : "        ") + "\(definition.unicodeName) = \(definition.unicode)"
      }
  }

  private static func whereClause(_ equations: [String]) -> String {
    guard !equations.isEmpty else { return "" }
    return " \\quad \\text{where } " + equations.joined(separator: ", \\; ")
  }
}
