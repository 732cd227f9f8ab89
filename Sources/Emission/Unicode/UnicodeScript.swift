/// Raised and lowered characters, and names written with them.
public enum UnicodeScript {
  private static let raised = table(
    "0123456789+-()nijabcdefghklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱʲᵃᵇᶜᵈᵉᶠᵍʰᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
  private static let lowered = table(
    "0123456789+-()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")

  private static func table(_ plain: String, _ script: String) -> [Character: Character] {
    Dictionary(zip(plain, script)) { first, _ in first }
  }

  /// The text raised, where every character of it can be.
  public static func superscript(_ text: String) -> String? { mapped(text, raised) }

  /// The text lowered, where every character of it can be.
  static func `subscript`(_ text: String) -> String? { mapped(text, lowered) }

  static func isScript(_ character: Character) -> Bool {
    lowered.values.contains(character) || raised.values.contains(character)
  }

  private static func mapped(_ text: String, _ table: [Character: Character]) -> String? {
    var result = ""
    for character in text {
      guard let script = table[character] else { return nil }
      result.append(script)
    }
    return result.isEmpty ? nil : result
  }

  /// A name: Greek letters for spelled ones, digits below: `theta1` is θ₁.
  ///
  /// What Unicode cannot lower keeps its underscore: `x_max`.
  public static func name(_ name: String) -> String {
    let parts = NameParts(name)
    let letter = GreekLetter.letter(named: parts.base) ?? parts.base
    let rest = parts.subscripts + parts.accents
    guard !rest.isEmpty else { return letter }
    if rest.count == 1, rest[0].allSatisfy(\.isNumber) || rest[0].count == 1,
      let script = `subscript`(rest[0])
    {
      return letter + script
    }
    let tail = name.drop { $0 != "_" && !$0.isNumber }
    return letter + tail
  }
}
