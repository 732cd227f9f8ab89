import Derivations
import Differentiation
import Emission
import ExpressionCore
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
    if let higher = try higherReports(of: typed, until: deadline) {
      guard steps == nil else {
        throw .derivative(
          "--steps: derivations are written of gradients, Jacobians and the Hessians of scalars, not "
            + "of order \(options.order) here; --order 1 would do.")
      }
      return higher
    }
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
      // The entries of a linear map are those of its value at a unit.
      let unit = derivative.form == .operator ? derivative.argument?.name : nil
      shown = Formula(
        IndexNotation(result, unit: unit, text: Parts.text),
        shape: derivative.matrixShape(in: typed))
    }
    var notes: [String] = []
    for note in typed.notes + derivative.notes where !notes.contains(note) { notes.append(note) }
    let second = derivative.secondWrt == derivative.wrt ? nil : derivative.secondWrt
    let derivation = steps.map { detail in
      let worked = WorkedDerivation(of: derivative, in: typed)
      let scope = worked.shapes.reduce(NameScope(worked.input)) { scope, named in
        scope.adding(named.key, Extent(named.value))
      }
      return StepsReport(
        worked, detail: detail, scope: scope, inIndices: inIndices ? shown : nil)
    }
    return DerivativeReport(
      input: input, wrt: derivative.wrt, secondWrt: second, kind: derivative.kind,
      options: derivative.options, variables: typed.variables.sorted { $0.name < $1.name },
      value: Formula(value ?? rendered.value), derivative: shown,
      form: inIndices ? .index : derivative.form,
      directions: derivative.form == .operator ? [derivative.direction] : [],
      size: derivative.result.size,
      differential: rendered.differential.map { Formula($0) },
      latexLeftHandSide: rendered.latexLeftHandSide, domain: derivative.domain, notes: notes,
      curvature: judgesCurvature && derivative.kind == .hessian && second == nil
        && (options.form != .operator || options.metric == .euclidean)
        ? HessianSign(of: typed, wrt: derivative.wrt, verify: verify) : nil,
      verification: verify ? result.map { derivative.verified($0, of: typed) } : nil,
      derivation: derivation)
  }
}

extension Derivative {
  /// The name, besides the variables of the input, that the result is linear in, and the variable
  /// whose shape it has.
  var argument: (name: String, like: String)? {
    switch form {
    case .differential: ("d" + wrt, wrt)
    case .operator: (direction, secondWrt ?? wrt)
    case .auto, .matrix, .kronecker, .index: nil
    }
  }

  /// Compares the result with difference quotients of the input at random points.
  func verified(_ result: TypedInput, of input: TypedInput) -> VerificationReport {
    var claim = options.claim
    // Only the form that was asked for follows the structure at order 2.
    if options.order == 2, ![.operator, .differential].contains(options.form) {
      claim.unstructured = true
    }
    return verifyDerivative(
      of: input, claim: result, wrt: wrt, secondWrt: secondWrt, kind: claimKind, options: claim)
  }

  /// The shape of the derivative as a matrix, whatever its form.
  fileprivate func matrixShape(in input: TypedInput) -> Shape {
    func count(_ name: String) -> Dim {
      input.variables.first { $0.name == name }?.shape.count ?? .one
    }
    guard form == .operator else { return result.shape }
    return options.order == 2
      ? Shape(count(wrt), count(secondWrt ?? wrt)) : Shape(value.shape.count, count(wrt))
  }

  private var claimKind: ClaimKind {
    if options.order == 2, form == .differential {
      return .secondDifferential(
        rows: Differential.name(of: wrt), columns: Differential.name(of: secondWrt ?? wrt))
    }
    if let argument {
      return options.order == 2
        ? .hessianProduct(direction: argument.name) : .differential(direction: argument.name)
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
