import Differentiation
import ExpressionCore
import ExpressionLanguage
import Rewriting

/// A proof written down: the form that it is about, with names for what repeats, and its steps in
/// those names.
struct Argument {
  private(set) var form: CurvatureForm?
  private(set) var steps: [ArgumentStep] = []

  /// Longer arguments are not for reading; the first and last steps tell most.
  private static let longest = 12

  /// - Parameter assumed: what the domain says something of, whatever is declared of it by now.
  init(
    _ derivation: CurvatureDerivation, _ proof: Proof?, _ form: (CurvatureForm.Kind, Expr)?,
    assumed: Set<Expr>
  ) {
    let graph = derivation.graph
    let isHessian = form.map { $0.0 == .hessian } ?? false
    let speller = Speller(graph, diagonals: isHessian ? .matrix : .scaling)
    var naming: Naming?
    if let (kind, e) = form {
      let named = Naming.shortest(
        e, by: speller, preferred: derivation.preferredNames, taken: derivation.takenNames)
      naming = named
      self.form = CurvatureForm(
        kind: kind,
        spelling: Spelling(
          shape: graph.shape(e),
          definitions: named.definitions.map {
            Spelling.Definition(name: $0.name, value: $0.value)
          }, body: named.body))
    }
    guard let proof else { return }
    let all = proof.steps
    let needed = all.filter { $0 === proof || !$0.rule.isEvident || $0.isEndOfRanges(in: all) }
    // That 2M ⪰ 0 with M needs no line of its own.
    let shown = proof.isEvidentEnd && needed.count > 1 ? Array(needed.dropLast()) : needed
    // At the end of an argument the function has its name.
    let f = shown.count > 1 ? derivation.functionName : nil
    steps = shown.compactMap { step in
      let isFunction = step === proof && step.statement.isBending(of: derivation.lowering.result)
      return Self.step(
        step, speller, naming, name: isFunction ? f : nil, isAssumed: assumed.contains)
    }
    if steps.count > Self.longest {
      steps = Array(steps.prefix(Self.longest - 1)) + steps.suffix(1)
    }
  }

  private static func step(
    _ proof: Proof, _ speller: Speller, _ naming: Naming?, name: String?,
    isAssumed: (Expr) -> Bool
  ) -> ArgumentStep? {
    let subject: Expr
    let relation: ArgumentStep.Relation
    switch proof.statement {
    case .entries(let e, let lower, let upper):
      guard lower != nil || upper != nil else { return nil }
      (subject, relation) = (e, .entries(lower: lower, upper: upper))
    case .semidefinite(let e, let isStrict) where speller.graph.shape(e).isScalar:
      let zero = StatedBound(value: .zero, isStrict: isStrict)
      (subject, relation) = (e, .entries(lower: zero, upper: nil))
    case .semidefinite(let e, let isStrict):
      (subject, relation) = (e, .semidefinite(isStrict: isStrict))
    case .bends(let e, let vexity): (subject, relation) = (e, .bends(vexity))
    case .zero(let e):
      let zero = StatedBound(value: .zero, isStrict: false)
      (subject, relation) = (e, .entries(lower: zero, upper: zero))
    }
    let spelled = name.map { Syntax(.name($0)) } ?? speller.spell(subject)
    return ArgumentStep(
      subject: naming?.applied(to: spelled) ?? spelled, plainSubject: spelled,
      relation: relation,
      rule: proof.rule == .declared && isAssumed(subject) ? .onTheDomain : proof.rule)
  }
}

extension Proof {
  /// Whether it follows at a glance from its only premise.
  fileprivate var isEvidentEnd: Bool {
    switch statement {
    case .entries, .semidefinite:
      return premises.count == 1 && (rule == .signs || rule == .nonnegativeMultiple)
    case .bends, .zero: return false
    }
  }

  /// Whether the statement is one of entries that another kind of statement needs.
  fileprivate func isEndOfRanges(in steps: [Proof]) -> Bool {
    guard case .entries = statement, rule == .signs else { return false }
    return steps.contains { step in
      if case .entries = step.statement { return false }
      return step.premises.contains { $0 === self }
    }
  }
}

extension Statement {
  fileprivate func isBending(of f: Expr) -> Bool {
    if case .bends(let e, _) = self { e == f } else { false }
  }
}

extension CurvatureDerivation {
  /// What the value is called: a name that the input does not use.
  fileprivate var functionName: String? { ["f", "F", "g", "G"].first { !takenNames.contains($0) } }

  /// The author's names of expressions.
  fileprivate var preferredNames: [Expr: String] {
    var names: [Expr: String] = [:]
    for (definition, e) in zip(input.definitions, lowering.definitions) {
      names[e] = definition.name
    }
    return names
  }

  fileprivate var takenNames: Set<String> {
    let names = input.variables.map(\.name) + input.dimensions
    return Set(
      names + names.map { Differential.name(of: $0) } + ["pi"] + input.definitions.map(\.name))
  }
}
