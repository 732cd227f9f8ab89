import ExpressionCore

/// One level of brackets while it is read: the runs of each precedence that are still open.
///
/// The parser keeps these on a stack of its own, so that nesting never costs call stack.
struct ExpressionFrame {
  enum Opening {
    case statement
    case group
    case call(String)
    case blocks
  }

  struct Prefix {
    let negative: Bool
    let offset: Int
  }

  let opening: Opening
  /// Where the bracket, or the name of the function, stands.
  let range: Range<Int>
  /// Finished arguments of a call, or blocks of the current row.
  var items: [Syntax] = []
  var rows: [[Syntax]] = []

  private var sum: (first: Syntax, rest: [(negative: Bool, term: Syntax)])?
  private var nextTermIsNegative = false
  private var product: (first: Syntax, rest: [(operation: Syntax.Multiplication, factor: Syntax)])?
  private var nextOperation: Syntax.Multiplication?
  /// Signs before the first factor. They are taken for the sign of the whole product, which has
  /// the same value, so that `-a*b` reads as the negative of `a*b`.
  private var termPrefixes: [Prefix] = []
  private var factorPrefixes: [Prefix] = []
  private var chain: Syntax?
  private var pendingPower: ((Syntax, Syntax) -> Syntax.Kind)?
  private var exponentPrefixes: [Prefix] = []

  init(_ opening: Opening, at range: Range<Int>) {
    self.opening = opening
    self.range = range
  }

  var needsOperand: Bool { chain == nil || pendingPower != nil }

  /// Whether nothing has been read since the opening, the last comma or the last row.
  var isAtStart: Bool {
    sum == nil && product == nil && termPrefixes.isEmpty && chain == nil
  }

  /// The operand that was read last.
  var last: Syntax? { chain }

  mutating func prefix(negative: Bool, at offset: Int) {
    let prefix = Prefix(negative: negative, offset: offset)
    if pendingPower != nil {
      exponentPrefixes.append(prefix)
    } else if product != nil {
      factorPrefixes.append(prefix)
    } else {
      termPrefixes.append(prefix)
    }
  }

  mutating func operand(_ syntax: Syntax) throws(ReadingError) {
    guard let power = pendingPower, let base = chain else {
      chain = syntax
      return
    }
    let exponent = try Self.apply(exponentPrefixes, to: syntax)
    exponentPrefixes.removeAll()
    pendingPower = nil
    chain = try Self.node(power(base, exponent), from: base, to: exponent)
  }

  mutating func power(_ make: @escaping (Syntax, Syntax) -> Syntax.Kind) { pendingPower = make }

  mutating func transpose(at range: Range<Int>) throws(ReadingError) {
    guard let operand = chain else { return }
    let start = operand.range?.lowerBound ?? range.lowerBound
    chain = try Self.checked(Syntax(.transpose(operand), range: start..<range.upperBound))
  }

  mutating func superscript(_ exponent: Int, at range: Range<Int>) throws(ReadingError) {
    power { .power($0, $1) }
    let magnitude = Syntax(.number(Number(abs(exponent))), range: range)
    try operand(exponent < 0 ? Syntax(.negate(magnitude), range: range) : magnitude)
  }

  mutating func multiplication(_ operation: Syntax.Multiplication) throws(ReadingError) {
    try closeFactor()
    nextOperation = operation
  }

  mutating func addition(negative: Bool) throws(ReadingError) {
    try closeTerm()
    nextTermIsNegative = negative
  }

  /// Ends the expression and leaves the frame ready for the next one.
  mutating func finish() throws(ReadingError) -> Syntax? {
    try closeTerm()
    guard let (first, rest) = sum else { return nil }
    sum = nil
    guard let last = rest.last?.term else { return first }
    return try Self.node(.sum(first, rest), from: first, to: last)
  }

  private mutating func closeFactor() throws(ReadingError) {
    guard let factor = chain else { return }
    chain = nil
    guard product != nil, let operation = nextOperation else {
      product = (factor, [])
      return
    }
    product?.rest.append((operation, try Self.apply(factorPrefixes, to: factor)))
    factorPrefixes.removeAll()
    nextOperation = nil
  }

  private mutating func closeTerm() throws(ReadingError) {
    try closeFactor()
    guard let (first, rest) = product else { return }
    product = nil
    var term = first
    if let last = rest.last?.factor {
      term = try Self.node(.product(first, rest), from: first, to: last)
    }
    term = try Self.apply(termPrefixes, to: term)
    termPrefixes.removeAll()
    if sum == nil { sum = (term, []) } else { sum?.rest.append((nextTermIsNegative, term)) }
  }

  private static func apply(
    _ prefixes: [Prefix], to syntax: Syntax
  ) throws(ReadingError) -> Syntax {
    var result = syntax
    for prefix in prefixes.reversed() where prefix.negative {
      let end = syntax.range?.upperBound ?? prefix.offset + 1
      result = try checked(Syntax(.negate(result), range: prefix.offset..<end))
    }
    return result
  }

  private static func node(
    _ kind: Syntax.Kind, from first: Syntax, to last: Syntax
  ) throws(ReadingError) -> Syntax {
    let start = first.range?.lowerBound ?? 0
    return try checked(Syntax(kind, range: start..<max(start, last.range?.upperBound ?? start)))
  }

  static func checked(_ syntax: Syntax) throws(ReadingError) -> Syntax {
    guard syntax.depth <= Parser.deepest else {
      let range = syntax.range ?? 0..<0
      throw ReadingError(.nestedTooDeeply(limit: Parser.deepest), at: range)
    }
    return syntax
  }
}
