import ExpressionCore

/// Operator precedence over an explicit stack of brackets: linear time, no recursion.
struct Parser {
  /// Levels of nesting that an input may have. Passes over a tree may rely on it.
  static let deepest = 1000

  private let tokens: [Token]
  let source: String
  private var index = 0
  private(set) var frames: [ExpressionFrame] = []

  init(tokens: [Token], source: String) {
    self.tokens = tokens
    self.source = source
  }

  private var token: Token { tokens[min(index, tokens.count - 1)] }

  private func token(after offset: Int) -> Token.Kind {
    tokens[min(index + offset, tokens.count - 1)].kind
  }

  // MARK: Statements

  mutating func statements() throws(ReadingError) -> [ParsedInput.Statement] {
    var statements: [ParsedInput.Statement] = []
    while true {
      while token.kind == .semicolon || token.kind == .newline { index += 1 }
      guard token.kind != .end else { return statements }
      statements.append(try statement())
      switch token.kind {
      case .semicolon, .newline, .end: continue
      case .equals: throw ReadingError(.misplaced("="), at: token.range, suggestion: equalsHint)
      case .colon:
        throw ReadingError(
          .misplaced(":"), at: token.range, suggestion: "A declaration reads A: symmetric(n).")
      case .comma:
        throw ReadingError(
          .misplaced(","), at: token.range, suggestion: "Statements are separated by ;.")
      case .number, .name, .plus, .minus, .multiplication, .power, .elementwisePower, .transpose,
        .superscript, .open, .close, .openBracket, .closeBracket, .relation:
        throw ReadingError(.misplaced(shown(token)), at: token.range)
      }
    }
  }

  private var equalsHint: String { "A definition reads name = expression." }

  private mutating func statement() throws(ReadingError) -> ParsedInput.Statement {
    guard case .name(let name) = token.kind else { return try expressionOrAssumption() }
    let nameRange = token.range
    switch token(after: 1) {
    case .equals:
      index += 2
      while token.kind == .newline { index += 1 }
      return .definition(
        ParsedInput.Definition(name: name, nameRange: nameRange, value: try expression()))
    case .colon:
      index += 2
      return .declaration(try declaration(of: name, at: nameRange))
    case .number, .name, .plus, .minus, .multiplication, .power, .elementwisePower, .transpose,
      .superscript, .open, .close, .openBracket, .closeBracket, .comma, .semicolon, .newline, .end,
      .relation:
      return try expressionOrAssumption()
    }
  }

  private mutating func expressionOrAssumption() throws(ReadingError) -> ParsedInput.Statement {
    let start = token.range.lowerBound
    let left = try expression()
    guard case .relation(let relation) = token.kind else { return .expression(left) }
    index += 1
    let right = try expression()
    let end = right.range?.upperBound ?? token.range.lowerBound
    return .assumption(
      ParsedInput.Assumption(
        left: left, relation: relation, right: right, range: start..<max(start, end)))
  }

  private mutating func declaration(
    of name: String, at nameRange: Range<Int>
  ) throws(ReadingError) -> ParsedInput.Declaration {
    var sign = EntrySign.any
    var typeToken = token
    if case .name(let word) = token.kind, let stated = EntrySign(rawValue: word), stated != .any {
      sign = stated
      index += 1
      typeToken = token
    }
    guard case .name(let word) = typeToken.kind else {
      let written = text(nameRange.lowerBound..<typeToken.range.upperBound)
      throw ReadingError(
        .malformedDeclaration(written), at: nameRange.lowerBound..<typeToken.range.upperBound,
        suggestion: "A declaration reads A: symmetric(n).")
    }
    guard let type = StructureType(rawValue: word) else {
      throw ReadingError(
        .unknownType(word), at: typeToken.range, suggestion: Self.typeHint(for: word))
    }
    index += 1
    var sizes: [Syntax] = []
    var end = typeToken.range.upperBound
    if token.kind == .open {
      let call = try sizeList(of: word, at: typeToken.range)
      sizes = call.operands
      end = call.range?.upperBound ?? end
    }
    return ParsedInput.Declaration(
      name: name, nameRange: nameRange, sign: sign, type: type, sizes: sizes,
      range: nameRange.lowerBound..<end)
  }

  private mutating func sizeList(
    of type: String, at range: Range<Int>
  ) throws(ReadingError) -> Syntax {
    index += 1
    frames = [
      ExpressionFrame(.statement, at: range), ExpressionFrame(.call(type), at: range),
    ]
    return try expressionLoop()
  }

  private static func typeHint(for word: String) -> String {
    let habits = [
      "positive": "positive vector(n)", "posdef": "spd(n)", "definite": "spd(n)",
      "sym": "symmetric(n)",
      "diag": "diagonal(n)", "square": "matrix(n,n)", "column": "vector(n)", "real": "scalar",
      "int": "scalar", "number": "scalar", "PSD": "psd(n)", "SPD": "spd(n)", "pd": "spd(n)",
    ]
    if let habit = habits[word] { return "Write \(habit)." }
    let names = StructureType.allCases.map(\.rawValue)
    if let near = NearestName.find(for: word, among: names) { return "Did you mean \(near)?" }
    return "The types are \(names.joined(separator: ", "))."
  }

  // MARK: Expressions

  private mutating func expression() throws(ReadingError) -> Syntax {
    frames = [ExpressionFrame(.statement, at: token.range)]
    return try expressionLoop()
  }

  /// Reads until the statement ends, or until the brackets that were open at the start are closed.
  private mutating func expressionLoop() throws(ReadingError) -> Syntax {
    let stopsAtClosing = frames.count > 1
    while true {
      let current = token
      let top = frames.count - 1
      if frames[top].needsOperand, try operand(current, in: top) { continue }
      if try postfix(current, in: top) { continue }
      if let result = try ending(current, in: top) { return result }
      if stopsAtClosing, frames.count == 1, let result = frames[0].last { return result }
    }
  }

  /// What may begin an operand. False leaves the token to what may end an expression.
  private mutating func operand(_ current: Token, in top: Int) throws(ReadingError) -> Bool {
    switch current.kind {
    case .number(let number):
      try frames[top].operand(Syntax(.number(number), range: current.range))
    case .name(let name):
      if token(after: 1) == .open {
        try push(ExpressionFrame(.call(name), at: current.range))
        index += 1
      } else {
        try frames[top].operand(Syntax(.name(name), range: current.range))
      }
    case .plus, .minus:
      frames[top].prefix(negative: current.kind == .minus, at: current.range.lowerBound)
    case .open: try push(ExpressionFrame(.group, at: current.range))
    case .openBracket: try push(ExpressionFrame(.blocks, at: current.range))
    case .newline: break  // A line may end in an operator; rows of blocks may be spaced out.
    case .close, .closeBracket, .comma, .semicolon:
      guard frames[top].isAtStart, case .call = frames[top].opening, current.kind == .close,
        frames[top].items.isEmpty
      else { return try blockEnding(current, in: top) }
      return false
    case .multiplication, .power, .elementwisePower, .transpose, .superscript, .colon, .equals,
      .relation, .end:
      throw expected(current, in: top)
    }
    index += 1
    return true
  }

  /// Empty rows and a separator before the closing bracket are allowed in blocks.
  private func blockEnding(_ current: Token, in top: Int) throws(ReadingError) -> Bool {
    guard case .blocks = frames[top].opening, frames[top].isAtStart,
      current.kind == .closeBracket || current.kind == .semicolon,
      !frames[top].rows.isEmpty, frames[top].items.isEmpty
    else { throw expected(current, in: top) }
    return false
  }

  private mutating func push(_ frame: ExpressionFrame) throws(ReadingError) {
    guard frames.count <= Self.deepest else {
      throw ReadingError(.nestedTooDeeply(limit: Self.deepest), at: frame.range)
    }
    frames.append(frame)
  }

  /// What may follow an operand within its expression.
  private mutating func postfix(_ current: Token, in top: Int) throws(ReadingError) -> Bool {
    switch current.kind {
    case .transpose: try frames[top].transpose(at: current.range)
    case .superscript(let exponent): try frames[top].superscript(exponent, at: current.range)
    case .power: frames[top].power { .power($0, $1) }
    case .elementwisePower: frames[top].power { .elementwisePower($0, $1) }
    case .multiplication(let operation): try frames[top].multiplication(operation)
    case .plus: try frames[top].addition(negative: false)
    case .minus: try frames[top].addition(negative: true)
    case .number, .name, .open, .openBracket: throw missingOperator(before: current, in: top)
    case .newline:
      // Within parentheses a line end is a space.
      switch frames[top].opening {
      case .group, .call: break
      case .statement, .blocks: return false
      }
    case .close, .closeBracket, .comma, .semicolon, .colon, .equals, .relation, .end: return false
    }
    index += 1
    return true
  }

  /// What ends an expression; the value where that is the end of the statement.
  private mutating func ending(_ current: Token, in top: Int) throws(ReadingError) -> Syntax? {
    let finished = try frames[top].finish()
    switch frames[top].opening {
    case .statement:
      if current.kind == .close || current.kind == .closeBracket {
        throw ReadingError(.unexpectedClosing(shown(current)), at: current.range)
      }
      guard let finished else { throw expected(current, in: top) }
      return finished
    case .group:
      guard current.kind == .close, let finished else { throw mismatch(current, in: top) }
      let range = frames[top].range.lowerBound..<current.range.upperBound
      return try close(with: Syntax(finished.kind, range: range))
    case .call(let name):
      if let finished { frames[top].items.append(finished) }
      if current.kind == .comma, finished != nil {
        index += 1
        return nil
      }
      guard current.kind == .close else { throw mismatch(current, in: top) }
      let range = frames[top].range.lowerBound..<current.range.upperBound
      return try close(with: Syntax(.call(name, frames[top].items), range: range))
    case .blocks:
      return try blocks(current, finished, in: top)
    }
  }

  private mutating func blocks(
    _ current: Token, _ finished: Syntax?, in top: Int
  ) throws(ReadingError) -> Syntax? {
    if let finished { frames[top].items.append(finished) }
    if current.kind == .comma, finished != nil {
      index += 1
      return nil
    }
    if !frames[top].items.isEmpty {
      frames[top].rows.append(frames[top].items)
      frames[top].items = []
    }
    switch current.kind {
    case .semicolon, .newline:
      index += 1
      return nil
    case .closeBracket:
      let range = frames[top].range.lowerBound..<current.range.upperBound
      return try close(with: Syntax(.blocks(frames[top].rows), range: range))
    case .number, .name, .plus, .minus, .multiplication, .power, .elementwisePower, .transpose,
      .superscript, .open, .close, .openBracket, .comma, .colon, .equals, .relation, .end:
      throw mismatch(current, in: top)
    }
  }

  private mutating func close(with syntax: Syntax) throws(ReadingError) -> Syntax? {
    index += 1
    frames.removeLast()
    try frames[frames.count - 1].operand(try ExpressionFrame.checked(syntax))
    return nil
  }
}
