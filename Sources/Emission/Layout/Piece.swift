/// A rendered part of an expression, with what its surroundings need to know of it.
struct Piece {
  /// How tightly the text holds together, loosest first.
  enum Level: Int, Comparable {
    case sum, slash, loose, chain, atom

    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  /// What stands at an end of the text: it decides the space between neighbours.
  enum Edge {
    case symbol, digit, word, call, letterCall, fraction, differential, bracket, root
  }

  /// Without its sign.
  var text: String
  var negative = false
  var level: Level
  var extent: Extent
  var starts = Edge.symbol
  var ends = Edge.symbol
  /// Taller than a line, so that parentheses around it must grow.
  var tall = false
  /// Whether an exponent may be put on the text as it is.
  var raisable = true
  /// The operator of a loose level: a run of the same one needs no parentheses.
  var operation = ""
  /// The factors of the level `chain`, so that a longer product can be flat.
  var chain: Chain?

  init(
    _ text: String, _ level: Level, _ extent: Extent, edge: Edge = .symbol, tall: Bool = false
  ) {
    self.text = text
    self.level = level
    self.extent = extent
    starts = edge
    ends = edge
    self.tall = tall
  }
}

/// A product in the making: `\frac{numerator}{denominator}` and then factors side by side.
struct Chain {
  var numerator: [Piece] = []
  var denominator: [Piece] = []
  var body: [Piece] = []
  var negative = false
  var extent: Extent

  init(_ piece: Piece) {
    extent = piece.extent
    if let chain = piece.chain {
      self = chain
      negative = piece.negative
    } else {
      negative = piece.negative
      var unsigned = piece
      unsigned.negative = false
      body = [unsigned]
    }
  }

  /// The factors that stand side by side: a numerator is held together by its fraction.
  private var row: [Piece] { denominator.isEmpty ? numerator + body : body }

  /// Whether arrays are among the factors, so that the order of multiplication shows.
  var hasArrays: Bool { row.contains { !$0.extent.isScalar } }

  var arrayCount: Int { row.count { !$0.extent.isScalar } }
}
