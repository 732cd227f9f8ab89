import Curvature
import Emission
import ExpressionCore
import ExpressionLanguage
import Verification

/// How a function bends, and the argument for it.
public struct ConvexityReport: Sendable {
  /// A statement as it is written in each notation.
  public struct Statement: Hashable, Sendable {
    public let text: String
    public let unicode: String
    public let latex: String
  }

  /// A step of the argument: what holds, by which rule, and where the rule is found.
  public struct Step: Sendable {
    public let statement: Statement
    public let rule: Statement
    public let source: String
  }

  /// The source of the input.
  public let input: String
  /// The variables, together where there are several.
  public let wrt: [String]
  public let curvature: Curvature
  /// What has to hold besides the declarations; where the function has no value among it.
  public let conditions: [Statement]
  /// Whether `form` is the Hessian or the second differential.
  public let formKind: CurvatureForm.Kind?
  /// The second derivative whose sign was found.
  public let form: Formula?
  public let argument: [Step]
  /// The argument in one line; nil where nothing was derived.
  public let reason: Statement?
  /// Why nothing was derived.
  public let obstacle: String?
  /// By name.
  public let variables: [Variable]
  public let samples: CurvatureSamples?
  public let notes: [String]

  /// Whether values contradict what was derived: a defect.
  public let isContradicted: Bool
}

extension ConvexityReport {
  init(
    input: String, typed: TypedInput, derived: DerivedCurvature, samples: CurvatureSamples?
  ) {
    let writer = StatementWriter(typed, form: derived.form)
    self.input = input
    wrt = derived.wrt
    isContradicted = samples.map { derived.curvature.isContradicted(by: $0) } ?? false
    let isRefuted = derived.curvature == .unknown && samples?.isMixed ?? false
    curvature = isContradicted ? .unknown : isRefuted ? .neither : derived.curvature
    let conditions = derived.conditions.map { writer.condition($0) }
    self.conditions = conditions
    formKind = derived.form?.kind
    form = derived.form.map {
      Formula(RenderedSpelling($0.spelling, scope: writer.scope, text: Parts.text))
    }
    argument = derived.steps.map { writer.step($0) }
    reason =
      derived.curvature.isDerived ? writer.reason(derived.steps, conditions: conditions) : nil
    obstacle = isRefuted ? nil : derived.obstacle.map { writer.obstacle($0) }
    variables = typed.variables.sorted { $0.name < $1.name }
    self.samples = samples
    notes = typed.notes
  }
}

extension Curvature {
  /// Whether a segment along which the function bends the other way was found.
  func isContradicted(by samples: CurvatureSamples) -> Bool {
    isConvex && samples.downward != nil || isConcave && samples.upward != nil
  }
}
