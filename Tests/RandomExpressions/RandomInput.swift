import Frechet

/// An input of the language with what is asked of it.
public struct RandomInput: Sendable {
  public struct Declaration: Hashable, Sendable {
    public let name: String
    public var type: String
    let shape: RandomShape
    let range: Range
  }

  /// What is known of every entry.
  enum Range: Hashable, Sendable {
    case any, positive, bounded
  }

  public struct Definition: Sendable {
    public let name: String
    public var term: RandomTerm
  }

  public var declarations: [Declaration]
  public var definitions: [Definition]
  public var body: RandomTerm
  public var wrt: String
  public var secondWrt: String?
  public var options: DerivativeOptions

  public var text: String {
    (definitions.map { "\($0.name) = \($0.term.text)" } + [body.text]).joined(separator: "; ")
  }

  public var names: Set<String> {
    definitions.reduce(body.names) { $0.union($1.term.names) }
  }

  /// The declarations that the text uses, that of the variable of differentiation, and those that
  /// fix the sizes in the text.
  public var declarationTexts: [String] {
    let names = names
    var chosen = declarations.map { names.contains($0.name) || [wrt, secondWrt].contains($0.name) }
    var sizes = Set(declarations.flatMap(\.shape.names)).intersection(names)
    for (i, declaration) in declarations.enumerated() where chosen[i] {
      sizes.subtract(declaration.shape.names)
    }
    for (i, declaration) in declarations.enumerated() {
      if sizes.isDisjoint(with: declaration.shape.names) { continue }
      chosen[i] = true
      sizes.subtract(declaration.shape.names)
    }
    return zip(declarations, chosen).filter(\.1).map { "\($0.0.name): \($0.0.type)" }
  }

  public var request: DerivativeRequest {
    DerivativeRequest(
      text, wrt: [wrt] + (secondWrt.map { $0 == wrt ? [] : [$0] } ?? []),
      declarations: declarationTexts,
      options: options, verify: true)
  }

  /// A command that repeats it.
  public var command: String {
    var words = ["frechet derive '\(quoted(text))'", "--wrt \(wrt)"]
    if let secondWrt { words.append("--wrt \(secondWrt)") }
    words += declarationTexts.map { "--declare '\($0)'" }
    if options.order != 1 { words.append("--order \(options.order)") }
    if options.form != .auto { words.append("--form \(options.form.rawValue)") }
    if options.layout != .denominator { words.append("--layout \(options.layout.rawValue)") }
    if options.symmetric != .projected { words.append("--symmetric \(options.symmetric.rawValue)") }
    if options.metric != .euclidean { words.append("--metric \(options.metric.rawValue)") }
    if options.unstructured { words.append("--unstructured") }
    return words.joined(separator: " ")
  }

  private func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
  }
}
