import Derivations
import Differentiation
import Emission
import ExpressionLanguage
import Verification

extension DerivativeRequest {
  /// Derives, writes and verifies.
  ///
  /// One report for each variable of differentiation; of order 2, one for each block. Throws where
  /// the input is wrong, where there is no derivative, or where the time is over. A verification
  /// that fails is part of the report.
  public func answer() throws(FrechetError) -> [DerivativeReport] {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      if wrt.isEmpty { throw .variableMissing(in: typed.variables.map(\.name)) }
      return try reports(of: typed, until: deadline)
    }
  }

  /// The reports on an input that has been read.
  func reports(
    of typed: TypedInput, until deadline: Deadline?
  ) throws(FrechetError) -> [DerivativeReport] {
    if let higher = try higherReports(of: typed, until: deadline) { return higher }
    var options = options
    // Index notation is another way to write what has been found.
    if options.form == .index { options.form = .auto }
    let derivatives = try Parts.derive(typed, wrt: wrt, options: options)
    var reports: [DerivativeReport] = []
    for derivative in derivatives {
      try deadline?.check()
      reports.append(try report(derivative, of: typed))
    }
    return reports
  }

  private func report(
    _ derivative: Derivative, of typed: TypedInput
  ) throws(FrechetError) -> DerivativeReport {
    let rendered = RenderedDerivative(derivative, of: typed, text: Parts.text)
    let value = typed.authorsSpelling.map {
      RenderedSpelling($0, scope: NameScope(typed), text: Parts.text)
    }
    let inIndices = options.form == .index
    let result =
      verify || inIndices ? try Parts.read(derivative.result, of: derivative, in: typed) : nil
    var shown = Formula(rendered.result)
    if inIndices, let result {
      shown = Formula(
        IndexNotation(result, text: Parts.text), shape: derivative.result.shape)
    }
    var notes: [String] = []
    for note in typed.notes + derivative.notes where !notes.contains(note) { notes.append(note) }
    let second = derivative.secondWrt == derivative.wrt ? nil : derivative.secondWrt
    let derivation = steps.map { detail in
      let worked = WorkedDerivation(of: derivative, in: typed)
      let scope = worked.shapes.reduce(NameScope(worked.input)) { scope, named in
        scope.adding(named.key, Extent(named.value))
      }
      return StepsReport(worked, detail: detail, scope: scope)
    }
    return DerivativeReport(
      input: input, wrt: derivative.wrt, secondWrt: second, kind: derivative.kind,
      options: derivative.options, variables: typed.variables.sorted { $0.name < $1.name },
      value: Formula(value ?? rendered.value), derivative: shown,
      form: inIndices ? .index : derivative.form,
      directions: derivative.form == .operator ? [derivative.directionName] : [],
      size: derivative.result.size,
      differential: rendered.differential.map { Formula($0) },
      latexLeftHandSide: rendered.latexLeftHandSide, domain: derivative.domain, notes: notes,
      verification: verify ? result.map { derivative.verified($0, of: typed) } : nil,
      derivation: derivation)
  }
}

extension Derivative {
  /// The name, besides the variables of the input, that the result is linear in, and the variable
  /// whose shape it has.
  var direction: (name: String, like: String)? {
    switch form {
    case .differential: ("d" + wrt, wrt)
    case .operator: (directionName, secondWrt ?? wrt)
    case .auto, .matrix, .kronecker, .index: nil
    }
  }

  /// Compares the result with difference quotients of the input at random points.
  func verified(_ result: TypedInput, of input: TypedInput) -> VerificationReport {
    verifyDerivative(
      of: input, claim: result, wrt: wrt, secondWrt: secondWrt, kind: claimKind,
      options: options.claim)
  }

  private var claimKind: ClaimKind {
    if let direction {
      return options.order == 2
        ? .hessianProduct(direction: direction.name) : .differential(direction: direction.name)
    }
    return kind.claim
  }
}

extension Derivative.Kind {
  /// The kind in the terms of the verification, of what is written in full.
  var claim: ClaimKind {
    switch self {
    case .gradient: .gradient
    case .derivative: .derivative
    case .jacobian: .jacobian
    case .hessian: .hessian
    }
  }
}

extension DerivativeOptions {
  /// The conventions in the terms of the verification.
  var claim: ClaimOptions {
    var claim = ClaimOptions()
    claim.layout =
      switch layout {
      case .denominator: .denominator
      case .numerator: .numerator
      case .jacobianTransposed: .jacobianTransposed
      }
    claim.metric =
      switch metric {
      case .euclidean: .euclidean
      case .canonical: .canonical
      case .affine: .affine
      }
    claim.symmetricEntries = symmetric == .entries
    claim.unstructured = unstructured
    return claim
  }
}
