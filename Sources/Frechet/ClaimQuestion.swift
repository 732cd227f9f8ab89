import Checking
import Differentiation
import ExpressionCore
import ExpressionLanguage
import Verification

/// One claim about one derivative of an input.
struct ClaimQuestion {
  private let typed: TypedInput
  private let claim: String
  private let x: String
  private let y: String
  private let options: DerivativeOptions
  private let declarations: [String]
  private let deadline: Deadline?

  init(
    _ typed: TypedInput, claim: String, _ x: String, _ y: String, _ options: DerivativeOptions,
    declarations: [String], until deadline: Deadline?
  ) {
    self.typed = typed
    self.claim = claim
    self.x = x
    self.y = y
    self.options = options
    self.declarations = declarations
    self.deadline = deadline
  }

  func answer() throws(FrechetError) -> ClaimReport {
    let known = typed.variables.map(\.name)
    guard let rows = typed.variables.first(where: { $0.name == x }),
      let columns = typed.variables.first(where: { $0.name == y })
    else {
      throw FrechetError(.unknownVariable(known.contains(x) ? y : x, known: known), in: typed)
    }
    var options = options
    let direction = try direction(rows, columns)
    options.form = direction?.form ?? .kronecker
    let derived = try expected(options)
    try deadline?.check()
    let kind = kind(rows, direction?.direction, options)
    let directions = [direction?.direction].compactMap { $0 }
    var check = ClaimCheck(
      typed, expected: derived?.derivative.inputText, wrt: x,
      secondWrt: options.order == 2 ? y : nil, kind: kind, options: options.claim,
      directions: directions)
    check.shorter = { [typed] in Parts.shorter($0, in: typed, directions)?.body }
    check.conventions = { [typed, options, x, y] in
      (kind == .gradient ? Conventions.others(of: typed, rows, options) : [])
        + Conventions.withMatrixFunctions(of: typed, x == y ? [x] : [x, y], options)
    }
    // The verdict comes first: a search that takes too long is given up.
    check.isOver = { [deadline] in deadline.map { $0.remaining < 0.3 * $0.seconds } ?? false }
    let verdict: ClaimVerdict
    do throws(Diagnostics) {
      verdict = try check.verdict(on: claim)
    } catch {
      throw .input(error.description)
    }
    return ClaimReport(
      input: typed.source, wrt: x, secondWrt: x == y ? nil : y, claim: claim.trimmed,
      options: options,
      verdict: verdict, expected: derived,
      difference: verdict.difference.flatMap { Parts.simplified($0, in: typed, directions) },
      notes: typed.notes)
  }

  private func kind(
    _ variable: Variable, _ direction: Direction?, _ options: DerivativeOptions
  ) -> ClaimKind {
    if let direction {
      return options.order == 2
        ? .hessianProduct(direction: direction.name) : .differential(direction: direction.name)
    }
    if options.order == 2 { return .hessian }
    if typed.nodes[typed.result].shape.isScalar { return .gradient }
    return variable.shape.isScalar ? .derivative : .jacobian
  }

  /// The name that the claim is linear in, and the form that claims it: a `dX` or a `V` that is no
  /// name of the input or of the claim.
  private func direction(
    _ rows: Variable, _ columns: Variable
  ) throws(FrechetError) -> (direction: Direction, form: Form)? {
    let parsed: ParsedInput
    do {
      parsed = try ParsedInput(claim)
    } catch {
      throw .input(error.description)
    }
    let taken =
      typed.variables.map(\.name) + typed.definitions.map(\.name)
      + parsed.definitions.map(\.name) + typed.dimensions
    let used = (parsed.definitions.map(\.value) + [parsed.result].compactMap { $0 })
      .reduce(into: Set<String>()) { $0.formUnion($1.names) }.subtracting(taken)
    let differential = Direction(differentialOf: rows)
    if used.contains(differential.name), options.order == 1 {
      return (differential, .differential)
    }
    let direction = Direction("V", of: columns)
    return used.contains(direction.name) ? (direction, .operator) : nil
  }

  /// The derivative that is right; nil where it cannot be derived.
  private func expected(_ options: DerivativeOptions) throws(FrechetError) -> DerivativeReport? {
    let request = DerivativeRequest(
      typed.source, wrt: x == y ? [x] : [x, y], declarations: declarations, options: options)
    do {
      let reports = try request.reports(of: typed, until: nil)
      let report = reports.first { ($0.secondWrt ?? $0.wrt) == y && $0.wrt == x }
      // An answer that fails its own check says nothing of others.
      return report.flatMap { $0.failedVerification ? nil : $0 }
    } catch {
      switch error {
      case .derivative: return nil
      case .input, .unsupported, .evaluation, .implementation, .callLimit, .timeLimit,
        .sizeLimit:
        throw error
      }
    }
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    let tail = drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
    return String(tail.reversed())
  }
}
