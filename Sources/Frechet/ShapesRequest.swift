import ExpressionCore
import ExpressionLanguage

/// Asks for the shapes of an input's variables, definitions and value.
public struct ShapesRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(_ input: String, declarations: [String] = [], timeLimit: Double? = nil) {
    self.declarations = declarations
    self.input = input
    self.timeLimit = timeLimit
  }

  /// Infers the shapes. Throws where the input is wrong or the time is over.
  public func answer() throws(FrechetError) -> ShapesReport {
    try limited(to: timeLimit) { _ throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      return ShapesReport(typed)
    }
  }
}

/// The shapes of an input.
public struct ShapesReport: Sendable {
  public struct Definition: Sendable {
    public let name: String
    public let shape: Shape
  }

  public let input: String
  /// By name.
  public let variables: [Variable]
  /// In order.
  public let definitions: [Definition]
  /// The shape of the final expression.
  public let shape: Shape
  public let notes: [String]

  init(_ typed: TypedInput) {
    input = typed.source
    variables = typed.variables.sorted { $0.name < $1.name }
    definitions = typed.definitions.map {
      Definition(name: $0.name, shape: typed.nodes[$0.node].shape)
    }
    shape = typed.nodes[typed.result].shape
    notes = typed.notes
  }
}

extension ShapesReport {
  /// The report as JSON.
  public var json: JSON {
    .object([
      ("input", .string(input)),
      ("variables", .object(variables.map { ($0.name, $0.json) })),
      (
        "definitions",
        .array(
          definitions.map { .object([("name", .string($0.name)), ("shape", $0.shape.json)]) })
      ),
      ("shape", shape.json),
      ("notes", .strings(notes)),
    ])
  }

  /// A line for each variable, as it would be declared, for each definition, and for the value.
  public func text(in style: ReportStyle) -> String {
    let lines =
      variables.map { "\($0.name): \(declaredType(of: $0))" }
      + definitions.map { "\($0.name): \($0.shape.text(in: style))" }
      + ["value: \(shape.text(in: style))"]
    return lines.map { $0 + "\n" }.joined()
  }
}
