import ExpressionCore
import ExpressionLanguage

/// Names that stand for the parts of an operation while the engine states its rule.
struct StandIns {
  /// For what varies, in order, and for the differentials of that.
  let moving: [Variable]
  let directions: [Variable]
  private let varying: [Term]

  init(_ workbook: Workbook, varying: [Term]) {
    self.varying = varying
    var moving: [Variable] = []
    var directions: [Variable] = []
    for (i, term) in varying.enumerated() {
      let name = Self.name(i)
      let (type, sign) =
        term.moves ? (term.shape.plainType, EntrySign.any) : workbook.type(of: term)
      moving.append(Variable(name: name, shape: term.shape, type: type, sign: sign))
      let tangent: StructureType =
        [.symmetric, .spd].contains(type) ? .symmetric : term.shape.plainType
      directions.append(Variable(name: "d" + name, shape: term.shape, type: tangent))
    }
    self.moving = moving
    self.directions = directions
  }

  private static func name(_ i: Int) -> String { "X_\(i)_" }
  var cotangentName: String { "G_0_" }

  var variables: [Variable] { moving }
  /// What the names are while the rule is read: differentials move.
  var terms: [String: Term] {
    var terms: [String: Term] = [:]
    for v in moving { terms[v.name] = .name(v.name, v.shape, depends: true) }
    for v in directions { terms[v.name] = .name(v.name, v.shape, moves: true) }
    return terms
  }

  /// Of equal patterns of equal stand-ins the rule is one.
  var key: String {
    moving.map { "\($0.shape) \($0.type.rawValue) \($0.sign.rawValue);" }.joined()
  }

  /// The operation on stand-ins; what is constant in it stays.
  func pattern(_ unit: Term) -> Term {
    if let i = varying.firstIndex(where: { $0 === unit || $0.text == unit.text }) {
      return .name(moving[i].name, unit.shape, depends: true)
    }
    return unit.mapOperands { pattern($0) }
  }

  /// The rule with the author's expressions in place of the names.
  func filled(_ statement: Term, _ more: [String: Term] = [:]) -> Term {
    if let name = statement.name {
      if let term = more[name] { return term }
      if let i = moving.firstIndex(where: { $0.name == name }) { return varying[i] }
      if let i = directions.firstIndex(where: { $0.name == name }) {
        return .differential(varying[i])
      }
      return statement
    }
    return statement.mapOperands { filled($0, more) }
  }
}
