/// An expression as the author might have typed it, with its parts, so that it can be shrunk.
public struct RandomTerm: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A name, a number, or a call without values in it.
    case atom
    /// The parts stand between commas or brackets.
    case call
    /// The parts stand between operators.
    case operation
  }

  let shape: RandomShape
  let kind: Kind
  /// One more than there are parts; they stand around them.
  let pieces: [String]
  let parts: [RandomTerm]

  init(_ kind: Kind, _ shape: RandomShape, _ pieces: [String], _ parts: [RandomTerm] = []) {
    self.kind = kind
    self.shape = shape
    self.pieces = pieces
    self.parts = parts
  }

  static func atom(_ text: String, _ shape: RandomShape) -> RandomTerm {
    RandomTerm(.atom, shape, [text])
  }

  /// `name(parts,sizes)`
  static func call(
    _ name: String, _ parts: [RandomTerm], sizes: [String] = [], _ shape: RandomShape
  ) -> RandomTerm {
    let between = Array(repeating: ",", count: max(0, parts.count - 1))
    let end = sizes.map { "," + $0 }.joined() + ")"
    return RandomTerm(.call, shape, [name + "("] + between + [end], parts)
  }

  static func infix(
    _ a: RandomTerm, _ sign: String, _ b: RandomTerm, _ shape: RandomShape
  ) -> RandomTerm {
    RandomTerm(.operation, shape, ["", sign, ""], [a, b])
  }

  static func prefix(_ sign: String, _ a: RandomTerm) -> RandomTerm {
    RandomTerm(.operation, a.shape, [sign, ""], [a])
  }

  static func postfix(_ a: RandomTerm, _ sign: String, _ shape: RandomShape) -> RandomTerm {
    RandomTerm(.operation, shape, ["", sign], [a])
  }

  public var text: String {
    var result = pieces[0]
    for (part, piece) in zip(parts, pieces.dropFirst()) {
      let bare = kind == .call || part.kind != .operation
      result += (bare ? part.text : "(\(part.text))") + piece
    }
    return result
  }

  var count: Int { parts.reduce(1) { $0 + $1.count } }

  /// It and everything within.
  var all: [RandomTerm] { [self] + parts.flatMap(\.all) }

  /// The names in it, those of functions and sizes included.
  var names: Set<String> {
    var names: Set<String> = []
    for piece in pieces {
      for word in piece.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
        names.insert(String(word))
      }
    }
    return parts.reduce(names) { $0.union($1.names) }
  }

  func mapParts(_ body: (RandomTerm) -> RandomTerm) -> RandomTerm {
    RandomTerm(kind, shape, pieces, parts.map(body))
  }

  func replacing(_ name: String, with term: RandomTerm) -> RandomTerm {
    kind == .atom && pieces[0] == name
      ? term : mapParts { $0.replacing(name, with: term) }
  }
}
