import Differentiation
import ExpressionCore
import Verification

extension DerivativeReport {
  /// The report as JSON.
  public var json: JSON {
    var members: [(key: String, value: JSON)] = [
      ("input", .string(input)), ("wrt", .string(wrt)),
    ]
    if let secondWrt { members.append(("secondWrt", .string(secondWrt))) }
    members += [
      ("order", .integer(options.order)),
      ("layout", .string(options.layout.rawValue)),
      ("kind", .string(kind.rawValue)),
      ("variables", .object(variables.map { ($0.name, $0.json) })),
      ("value", value.json()),
      ("derivative", derivative.json(form: form, directions: directions)),
      ("differential", differential?.json() ?? .null),
      ("steps", .array(derivation?.steps.map(\.json) ?? [])),
      ("domain", .strings(domain)),
    ]
    if let curvature { members.append(("curvature", curvature.json)) }
    members += [
      ("notes", .strings(notes)),
      ("verified", verification?.json ?? .null),
    ]
    return .object(members)
  }
}

extension DerivationStep {
  var json: JSON {
    var members: [(key: String, value: JSON)] = [
      ("rule", .string(rule)), ("text", .string(formula.text)), ("latex", .string(formula.latex)),
      ("unicode", .string(formula.unicode)), ("of", .string(subject)),
    ]
    if !formula.definitions.isEmpty {
      members.append(("where", .array(formula.definitions.map(\.json))))
    }
    return .object(members)
  }

  /// What the line states the value of.
  private var subject: String {
    switch left {
    case .name(let name): name
    case .differential: "differential"
    case .vectorizedDifferential: "vec of the differential"
    case .plainGradient: "derivative without structure or layout"
    case .gradient: "gradient"
    case .gradientDifferential: "differential of the gradient"
    case .derivative: "derivative"
    }
  }
}

extension VerificationReport {
  var json: JSON {
    var members: [(key: String, value: JSON)] = [
      ("passed", .bool(passed)), ("points", .integer(points)),
      ("maxRelativeError", .number(maxRelativeError)),
    ]
    if let failure { members.append(("failure", .string(failure.description))) }
    return .object(members)
  }
}

extension Formula {
  func json(form: Form? = nil, directions: [String] = []) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("shape", shape.json), ("text", .string(text)), ("unicode", .string(unicode)),
      ("latex", .string(latex)), ("where", .array(definitions.map(\.json))),
    ]
    if let form { members.append(("form", .string(form.rawValue))) }
    if !directions.isEmpty { members.append(("directions", .strings(directions))) }
    return .object(members)
  }
}

extension Formula.Definition {
  var json: JSON {
    .object([("name", .string(name)), ("text", .string(text)), ("latex", .string(latex))])
  }
}

extension Variable {
  var json: JSON {
    var members: [(key: String, value: JSON)] = [("type", .string(type.rawValue))]
    if sign != .any { members.append(("sign", .string(sign.rawValue))) }
    members.append(("shape", shape.json))
    return .object(members)
  }
}

extension Shape {
  /// `["n", 1]`: integers as numbers, the rest as text.
  var json: JSON { .array([rows.json, columns.json]) }
}

extension Dim {
  var json: JSON { literal.map { .integer($0) } ?? .string(description) }
}
