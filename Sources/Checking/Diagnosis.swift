/// Which mistake a wrong claim makes, in the order in which they are looked for.
public enum Diagnosis: String, CaseIterable, Sendable {
  /// The layout is mixed up.
  case transposed
  case shape
  /// A constant multiple other than -1, or a power of the input's scalars.
  case factor
  /// Right if the named matrices were symmetric.
  case assumedSymmetric = "assumed-symmetric"
  /// Factors of a product stand in the wrong order.
  case order
  /// Right by another convention for structured variables.
  case convention
  /// The sign of the whole, or of some terms.
  case sign
  case missingTerm = "missing-term"
  /// A factor that is not constant, such as an inner derivative.
  case missingFactor = "missing-factor"
  /// Right for some values of the variables, such as positive ones.
  case domain
  case unknown

  /// The diagnosis in the closed list that JSON reports; what that list has no word for is
  /// `unknown` there, and named beside it.
  public var published: Diagnosis {
    switch self {
    case .transposed, .shape, .factor, .assumedSymmetric, .order, .sign, .missingTerm, .unknown:
      self
    case .convention, .missingFactor, .domain: .unknown
    }
  }

  /// What to remember, in one line.
  public var lesson: String {
    switch self {
    case .transposed:
      "The layout decides which of a derivative and its transpose is meant; keep to one."
    case .shape:
      "Shapes are the first check: a gradient has the shape of its variable, and a Jacobian a row "
        + "for each output."
    case .factor: "Constants stay: the derivative of c*f is c times that of f, that of x^2 is 2*x."
    case .assumedSymmetric:
      "In general both A and A' appear; they merge only where A is known to be symmetric."
    case .order:
      "Matrix products do not commute: each factor stays on its side, and a trace allows cyclic "
        + "shifts only."
    case .sign:
      "Count the minus signs: of the inverse, of a subtrahend, and of the inner derivative."
    case .convention:
      "The gradient of a structured variable depends on the space and the metric that are meant: "
        + "say which."
    case .missingFactor:
      "The chain rule has a factor for each function on the way from the variable to the value."
    case .domain: "A derivative holds on the whole domain: what is taken for granted is declared."
    case .missingTerm: "Each place where the variable stands gives a term of its own."
    case .unknown: "Take the differential term by term, and compare each with the claim's."
    }
  }
}

/// A derivative by a convention other than the one that was asked for.
public struct Convention: Sendable {
  /// `the gradient that ignores the structure (--unstructured)`
  public let description: String
  /// In the language.
  public let text: String

  public init(_ description: String, text: String) {
    self.description = description
    self.text = text
  }
}

/// The mistake that explains a wrong claim, with the evidence.
public struct Finding: Hashable, Sendable {
  public let diagnosis: Diagnosis
  /// A sentence.
  public let detail: String
  /// What to remember, in one line.
  public let lesson: String

  public init(_ diagnosis: Diagnosis, _ detail: String, lesson: String? = nil) {
    self.diagnosis = diagnosis
    self.detail = detail
    self.lesson = lesson ?? diagnosis.lesson
  }
}
