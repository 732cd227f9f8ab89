import ExpressionCore

/// From text to typed input.
public enum Language {
  /// Bytes from a file or a pipe as text.
  public static func text(_ bytes: [UInt8]) throws(Diagnostics) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let readable = String(decoding: bytes, as: UTF8.self)
    var index = 0
    while let (_, length) = Lexer.scalar(in: bytes, at: index) { index += length }
    let line = String(decoding: bytes[..<index].suffix(80), as: UTF8.self)
    let end = line.utf8.count
    throw Diagnostics(
      Diagnostic(.invalidUTF8, in: index > 0 ? line : readable, at: max(0, end - 1)..<end))
  }

  /// Resolves the names, overloads and shapes of an input.
  ///
  /// - Parameters:
  ///   - declarations: texts such as `A: symmetric(n)`, each with one declaration or several.
  ///   - extra: names that the text may use although it does not declare them.
  public static func elaborate(
    _ text: String, declarations: [String] = [], extra: [Variable] = []
  ) throws(Diagnostics) -> TypedInput {
    var declared: [ParsedInput] = []
    for declaration in declarations { declared.append(try self.declaration(declaration)) }
    let input = try ParsedInput(text)
    var elaborator = Elaborator(input, declarations: declared, extra: extra)
    do {
      let typed = try elaborator.elaborate()
      return typed.sizeOrder == elaborator.solver.sizeOrder
        ? typed : try elaborated(input, declared, extra, withSizesOf: typed)
    } catch {
      throw mended(
        error, elaborator, Mending(input: input, declarations: declared, extra: extra))
    }
  }

  /// Once more where an assumption is on sizes that inference named: shapes may depend on it.
  private static func elaborated(
    _ input: ParsedInput, _ declarations: [ParsedInput], _ extra: [Variable],
    withSizesOf typed: TypedInput
  ) throws(Diagnostics) -> TypedInput {
    var declarations = declarations
    let known = Set(
      (declarations + [input]).flatMap(\.declarations).filter { !$0.sizes.isEmpty }.map(\.name)
        + extra.map(\.name))
    let stated = Set((declarations + [input]).flatMap(\.declarations).map(\.name))
    for variable in typed.variables
    where !known.contains(variable.name) && !stated.contains(variable.name) {
      declarations.append(
        try ParsedInput(Mending.declaration(of: variable.name, shape: variable.shape)))
    }
    var elaborator = Elaborator(input, declarations: declarations, extra: extra)
    var result = try elaborator.elaborate()
    result.notes = typed.notes
    return result
  }

  /// Reads a text, such as a claim or an answer, with the variables and dimensions of an earlier
  /// input. Unknown names are errors; definitions of that input may be used and are shadowed by
  /// those of the text.
  ///
  /// The variables of the result are those of `context`, at the same places, then `extra`, then the
  /// differentials.
  ///
  /// - Parameters:
  ///   - differentials: variables `X` for which `dX` is a name of X's shape.
  public static func elaborate(
    _ text: String, in context: TypedInput, extra: [Variable] = [], differentials: [String] = []
  ) throws(Diagnostics) -> TypedInput {
    let input = try ParsedInput(text)
    let directions = context.variables.filter { differentials.contains($0.name) }
      .map { Differential.variable(of: $0) }
    var elaborator = Elaborator(input, extra: extra + directions, context: context)
    return try elaborator.elaborate()
  }

  /// One declaration of an option, or several.
  private static func declaration(_ text: String) throws(Diagnostics) -> ParsedInput {
    let parsed = try ParsedInput(text)
    let isDeclaration = parsed.statements.allSatisfy { statement in
      switch statement {
      case .declaration, .assumption: true
      case .definition, .expression: false
      }
    }
    guard isDeclaration, !parsed.statements.isEmpty else {
      throw Diagnostics(
        Diagnostic(
          .malformedDeclaration(text.isEmpty ? "an empty text" : Excerpt.short(text)), in: text,
          at: 0..<text.utf8.count,
          suggestion: "A declaration reads A: symmetric(n)."))
    }
    return parsed
  }

  /// The first error of shapes gets the declarations that would mend it.
  private static func mended(
    _ diagnostics: Diagnostics, _ elaborator: Elaborator, _ mending: Mending
  ) -> Diagnostics {
    let solver = elaborator.solver
    guard let node = solver.wrongNodes[diagnostics.first],
      let mend = mending.suggestion(for: node, in: solver)
    else { return diagnostics }
    let first = diagnostics.first
    let suggestion = [first.suggestion, mend].compactMap { $0 }.joined(separator: " ")
    return Diagnostics(
      Diagnostic(
        first.problem, in: first.source, at: first.range, suggestion: suggestion,
        notes: first.notes),
      diagnostics.others)
  }
}
