import ExpressionCore

/// How an operation is written: one row of the table of notation.
///
/// No field has a default value, so that a primitive without its notation does not compile.
public struct Notation: Hashable, Sendable {
  /// In LaTeX.
  public let latex: NotationForm
  /// In Unicode, for terminals.
  public let unicode: NotationForm

  public init(latex: NotationForm, unicode: NotationForm) {
    self.latex = latex
    self.unicode = unicode
  }

  /// A function by its own name in Unicode and by another in LaTeX.
  static func function(_ latex: String, _ unicode: String) -> Notation {
    Notation(latex: .function(name: latex), unicode: .function(name: unicode))
  }

  /// A function upright in LaTeX under the name that it has in the language.
  static func named(_ name: String) -> Notation {
    function("\\operatorname{\(name)}", name)
  }

  /// A function of one operand whose further arguments LaTeX puts below its name.
  static func reduction(_ latex: String, _ unicode: String) -> Notation {
    Notation(latex: .indexed(name: latex, operands: 1), unicode: .function(name: unicode))
  }

  /// An operator, by its symbol in each.
  static func operation(_ latex: String, _ unicode: String) -> Notation {
    Notation(latex: .operation(symbol: latex), unicode: .operation(symbol: unicode))
  }

  static func both(_ form: NotationForm) -> Notation {
    Notation(latex: form, unicode: form)
  }
}
