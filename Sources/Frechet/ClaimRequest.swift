import Checking
import Differentiation
import ExpressionLanguage
import Verification

/// Asks whether a claimed derivative is right.
public struct ClaimRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variable of differentiation; of a block of order 2, perhaps two.
  public var wrt: [String]
  /// The claimed derivative, or with `dX` in it the claimed differential.
  public var claim: String
  public var options: DerivativeOptions
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], claim: String, declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.claim = claim
    self.options = options
    self.timeLimit = timeLimit
  }

  /// Derives, compares, and looks for the mistake.
  ///
  /// Throws where the input or the claim is wrong as an expression, or where the time is over. A
  /// wrong claim is part of the report. What cannot be derived is measured.
  public func answer() throws(FrechetError) -> ClaimReport {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      let (x, y) = try variables(of: typed)
      let options = try conventions(x, in: typed)
      let derived = try expected(x, y, of: typed, options)
      try deadline?.check()
      let check = ClaimCheck(
        typed, expected: derived?.derivative.inputText, wrt: x,
        secondWrt: options.order == 2 ? y : nil, kind: kind(x, of: typed, options),
        options: options.claim, shorter: { Parts.shorter($0, in: typed, options)?.body })
      let verdict: ClaimVerdict
      do throws(Diagnostics) {
        verdict = try check.verdict(on: claim)
      } catch {
        throw .input(error.description)
      }
      return ClaimReport(
        input: input, wrt: x, claim: claim, options: options, verdict: verdict,
        expected: derived,
        difference: verdict.difference.flatMap { Parts.simplified($0, in: typed, options) },
        notes: typed.notes)
    }
  }

  /// The options, with the form that the claim has.
  private func conventions(
    _ x: String, in typed: TypedInput
  ) throws(FrechetError) -> DerivativeOptions {
    var options = options
    options.form = try mentionsDifferential(of: x, in: typed) ? .differential : .kronecker
    return options
  }

  private func kind(
    _ x: String, of typed: TypedInput, _ options: DerivativeOptions
  ) -> ClaimKind {
    if options.order == 2 { return .hessian }
    if options.form == .differential { return .differential(direction: Differential.name(of: x)) }
    if typed.nodes[typed.result].shape.isScalar { return .gradient }
    let variable = typed.variables.first { $0.name == x }
    return variable?.shape.isScalar ?? false ? .derivative : .jacobian
  }

  private func variables(of typed: TypedInput) throws(FrechetError) -> (String, String) {
    guard let first = wrt.first else {
      throw .variableMissing(in: typed.variables.map(\.name))
    }
    guard wrt.count == 1 || wrt.count == 2 && options.order == 2 else {
      throw .derivative(
        "--wrt: a claim is about one derivative; of order 2, about one block, got "
          + "\(wrt.joined(separator: ", ")). --wrt \(first) would do.")
    }
    return (first, wrt.last ?? first)
  }

  /// Whether the claim is a differential: it has a `dX` that is no name of the input or of its own.
  private func mentionsDifferential(
    of x: String, in typed: TypedInput
  ) throws(FrechetError) -> Bool {
    let name = Differential.name(of: x)
    let parsed: ParsedInput
    do {
      parsed = try ParsedInput(claim)
    } catch {
      throw .input(error.description)
    }
    let taken =
      typed.variables.map(\.name) + typed.definitions.map(\.name)
      + parsed.definitions.map(\.name)
    guard !taken.contains(name), options.order == 1 else { return false }
    return (parsed.definitions.map(\.value) + [parsed.result].compactMap { $0 })
      .contains { $0.names.contains(name) }
  }

  /// The derivative that is right; nil where it cannot be derived.
  private func expected(
    _ x: String, _ y: String, of typed: TypedInput, _ options: DerivativeOptions
  ) throws(FrechetError) -> DerivativeReport? {
    guard typed.variables.contains(where: { $0.name == x }),
      typed.variables.contains(where: { $0.name == y })
    else {
      let known = typed.variables.map(\.name)
      throw FrechetError(.unknownVariable(known.contains(x) ? y : x, known: known), in: typed)
    }
    let request = DerivativeRequest(
      input, wrt: x == y ? [x] : [x, y], declarations: declarations, options: options)
    do {
      let reports = try request.reports(of: typed, until: nil)
      let report = reports.first { ($0.secondWrt ?? $0.wrt) == y && $0.wrt == x }
      // An answer that fails its own check says nothing of others.
      return report.flatMap { $0.failedVerification ? nil : $0 }
    } catch {
      switch error {
      case .derivative: return nil
      case .input, .evaluation, .timeLimit, .sizeLimit: throw error
      }
    }
  }
}
