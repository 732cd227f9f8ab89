import ExpressionCore
import ExpressionLanguage

/// What there is to say about a rule: the statement, why it holds, and where it is from.
public struct RulePage: Sendable {
  /// A part of the cheat sheet of rules.
  public enum Topic: String, CaseIterable, Sendable {
    case differentials = "differentials"
    case operations = "differentials of operations"
    case traces = "traces and transposes"
    case reading = "reading the derivative off"
    case structure = "structured variables"
    case networks = "networks"
  }

  /// An equation between two texts of the language, in which `d(…)` may stand.
  public struct Equation: Sendable {
    public let left: String
    public let right: String

    public init(_ left: String, _ right: String) {
      self.left = left
      self.right = right
    }
  }

  public let name: String
  /// Other names under which it is looked up.
  public let aliases: [String]
  public let topic: Topic
  /// The shapes of the names in the statements that their letters do not tell.
  public let declarations: [String]
  /// The names that vary: the others are constant.
  public let varying: [String]
  public let equations: [Equation]
  /// The statement in words, where it is no equation.
  public let statement: String?
  /// Why it holds, in two lines or so.
  public let reason: String
  public let source: String
  /// An input and a variable whose derivation uses it.
  public let example: (input: String, declare: [String], wrt: String)?

  init(
    _ name: String, aliases: [String] = [], _ topic: Topic, declare: [String] = [],
    varying: [String] = [], _ equations: [Equation] = [], statement: String? = nil,
    because reason: String, source: String,
    example: (input: String, declare: [String], wrt: String)? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.topic = topic
    self.declarations = declare
    self.varying = varying
    self.equations = equations
    self.statement = statement
    self.reason = reason
    self.source = source
    self.example = example
  }
}

extension RulePage {
  /// All pages: those written here, and one for each operation that has a rule of its own.
  public static let all: [RulePage] =
    differentials + operations + traces + reading + structures + networks

  /// The page of a rule, by its name or by that of a function (`logdet`).
  public static func find(_ text: String) -> RulePage? {
    let wanted = text.lowercased()
    func matches(_ page: RulePage) -> Bool {
      page.name.lowercased() == wanted || page.aliases.contains { $0.lowercased() == wanted }
    }
    if let page = all.first(where: matches) { return page }
    // The names beside lines that say of what: `adjoint of diag`, `sum is linear`, `through Z`.
    if wanted.hasSuffix(" is linear") { return all.first { $0.name == "linear operations" } }
    for (prefix, general) in [
      ("chain rule through ", "chain rule"), ("adjoint of ", "adjoint"),
      ("through ", "through a layer"), ("gradient by ", "name the gradient by a layer"),
      ("differential of ", "rules of differentials"), ("derivative of ", nil), ("the ", nil),
    ] where wanted.hasPrefix(prefix) {
      let rest = String(wanted.dropFirst(prefix.count))
      if let page = all.first(where: { $0.aliases.contains { $0.lowercased() == rest } }) {
        return page
      }
      if let general { return all.first { $0.name == general } }
    }
    let inside = all.filter { $0.name.lowercased().contains(wanted) && wanted.count > 2 }
    return inside.count == 1 ? inside[0] : nil
  }

  /// What was probably meant: names that share a word, or are nearly right.
  public static func suggestions(for text: String) -> [String] {
    let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    let common: Set<String> = ["the", "of", "a", "rule", "differential", "chain", "through"]
    let sharing = all.filter { page in
      !Set(page.name.lowercased().split { !$0.isLetter }.map(String.init))
        .subtracting(common).isDisjoint(with: words)
    }.map(\.name)
    if !sharing.isEmpty { return Array(sharing.prefix(5)) }
    let names = all.flatMap { [$0.name] + $0.aliases }.filter { $0.count > 3 }
    return NearestName.find(for: text.lowercased(), among: names).map { [$0] } ?? []
  }
}

extension Rule {
  /// The page that explains it.
  public var page: RulePage? {
    switch self {
    case .layer: RulePage.find("through a layer")
    case .gradientName: RulePage.find("name the gradient by a layer")
    case .composition(let heads, _):
      RulePage.find(heads == [.power, .norm2] ? "squared norm" : "chain rule")
    case .linear: RulePage.find("linear operations")
    case .differential(let primitive): RulePage.find(name) ?? RulePage.find(primitive.rawName)
    case .adjoint: RulePage.find("adjoint")
    default: RulePage.find(name)
    }
  }
}
