/// A name of the language taken apart: `W1` is W with the subscript 1, `beta_hat` is β with a hat.
struct NameParts: Hashable, Sendable {
  /// Letters only, unless the name has none.
  let base: String
  /// From innermost to outermost: `hat`, `bar`, `tilde`.
  let accents: [String]
  let subscripts: [String]

  static let accents: Set<String> = ["hat", "bar", "tilde"]

  init(_ name: String) {
    var pieces = name.split(separator: "_").map(String.init)
    guard let head = pieces.first else {
      self.init(base: name, accents: [], subscripts: [])
      return
    }
    pieces.removeFirst()
    let letters = head.prefix { !$0.isNumber }
    let base = letters.isEmpty ? head : String(letters)
    let digits = letters.isEmpty ? "" : String(head.dropFirst(letters.count))
    self.init(
      base: base,
      accents: pieces.filter(Self.accents.contains),
      subscripts: (digits.isEmpty ? [] : [digits]) + pieces.filter { !Self.accents.contains($0) })
  }

  private init(base: String, accents: [String], subscripts: [String]) {
    self.base = base
    self.accents = accents
    self.subscripts = subscripts
  }
}
