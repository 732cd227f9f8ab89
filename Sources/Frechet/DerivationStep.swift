import Derivations
import Differentiation
import Emission
import ExpressionCore
import ExpressionLanguage

/// How much of a derivation is shown.
public enum StepDetail: String, CaseIterable, Sendable {
  /// The lines that a teacher would write.
  case short
  /// Every single move.
  case all
}

/// A line of a derivation in each notation.
public struct DerivationStep: Sendable {
  /// What the line does to the one before; several names where it does several things.
  public let rule: String
  public let formula: Formula
  /// Whether the left side is that of the line before.
  public let continues: Bool
  let left: DerivationLine.Left
  /// Whether it is the answer entry by entry.
  var isInIndices = false
}

/// A derivation from the differential to the answer.
public struct StepsReport: Sendable {
  public let steps: [DerivationStep]
  /// Names for layers of which the author had none.
  public let names: [Formula.Definition]
  /// The shapes of the names that lines give to derivatives on the way.
  let shapes: [String: Shape]
  /// How many lines, shown or not, were compared with the one before.
  public let compared: Int
  /// How many lines no random point could tell of.
  public let undecided: Int

  /// - Parameter inIndices: the answer entry by entry, where that was asked for.
  init(
    _ worked: WorkedDerivation, detail: StepDetail, scope: NameScope, inIndices: Formula? = nil
  ) {
    let lines = detail == .all ? worked.lines : worked.shortened()
    var before: DerivationLine.Left?
    var steps: [DerivationStep] = []
    for line in lines {
      let rendered = RenderedSpelling(line.value, scope: scope, text: Parts.text)
      var names: [String] = []
      for rule in line.rules {
        if !names.contains(rule.name) { names.append(rule.name) }
      }
      let major = line.rules.filter { !$0.isBookkeeping }.map(\.name)
      steps.append(
        DerivationStep(
          rule: (detail == .short && !major.isEmpty ? major : names).unique.joined(separator: ", "),
          formula: Formula(rendered), continues: before == line.left, left: line.left))
      before = line.left
    }
    if let inIndices {
      steps.append(
        DerivationStep(
          rule: Rule.inIndices.name, formula: inIndices, continues: true, left: .derivative,
          isInIndices: true))
    }
    self.steps = steps
    self.names = worked.names.map { Formula.Definition($0, scope: scope) }
    shapes = worked.shapes
    compared = worked.compared
    undecided = worked.undecided
  }
}

extension [String] {
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Formula.Definition {
  init(_ definition: Spelling.Definition, scope: NameScope) {
    let value = RenderedSpelling(
      Spelling(shape: .scalar, definitions: [definition], body: Syntax(.name(definition.name))),
      scope: scope, text: Parts.text)
    let only = value.definitions[0]
    self.init(
      name: only.name, text: only.text, unicodeName: only.unicodeName, unicode: only.unicode,
      latexName: only.latexName, latex: only.latex)
  }
}
