import Differentiation

/// Asks whether claimed derivatives are right.
public struct ClaimRequest: Sendable {
  /// Declarations in the language, one each: `A: symmetric(n)`.
  public var declarations: [String]
  /// Definitions and an expression in the language.
  public var input: String
  /// The variables of differentiation, one for each claim; of a block of order 2, two for one.
  public var wrt: [String]
  /// Claimed derivatives: with `dX` in it a differential, with `V` in it an operator.
  public var claims: [String]
  public var options: DerivativeOptions
  /// In seconds; nil for no limit.
  public var timeLimit: Double?

  public init(
    _ input: String, wrt: [String], claims: [String], declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), timeLimit: Double? = nil
  ) {
    self.declarations = declarations
    self.input = input
    self.wrt = wrt
    self.claims = claims
    self.options = options
    self.timeLimit = timeLimit
  }

  /// Asks about one claim.
  public init(
    _ input: String, wrt: [String], claim: String, declarations: [String] = [],
    options: DerivativeOptions = DerivativeOptions(), timeLimit: Double? = nil
  ) {
    self.init(
      input, wrt: wrt, claims: [claim], declarations: declarations, options: options,
      timeLimit: timeLimit)
  }

  /// Derives, compares, and looks for the mistakes: a report for each claim, in their order.
  ///
  /// Throws where the input or a claim is wrong as an expression, where claims and variables do not
  /// match, or where the time is over. A wrong claim is part of the report. What cannot be derived
  /// is measured.
  public func answers() throws(FrechetError) -> [ClaimReport] {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      guard (1...2).contains(options.order) else {
        throw .derivative("--order \(options.order): claims of order 1 and 2 can be checked.")
      }
      var reports: [ClaimReport] = []
      for (claim, (x, y)) in zip(claims, try variables(known: typed.variables.map(\.name))) {
        try deadline?.check()
        let question = ClaimQuestion(
          typed, claim: claim, x, y, options, declarations: declarations, until: deadline)
        reports.append(try question.answer())
      }
      return reports
    }
  }

  /// The report on the first claim, of requests that have no other.
  public func answer() throws(FrechetError) -> ClaimReport {
    guard let first = try answers().first else { throw Self.noClaim }
    return first
  }

  /// The variables of each claim: the rows' one, and of a block the columns'.
  private func variables(known: [String]) throws(FrechetError) -> [(String, String)] {
    guard let first = wrt.first else { throw .variableMissing(in: known) }
    if claims.isEmpty { throw Self.noClaim }
    if claims.count == wrt.count { return wrt.map { ($0, $0) } }
    if claims.count == 1, wrt.count == 2, options.order == 2 { return [(first, wrt[1])] }
    let variables = wrt.count == 1 ? "1 variable" : "\(wrt.count) variables"
    let have = claims.count == 1 ? "there is 1 claim" : "there are \(claims.count) claims"
    throw .derivative(
      "--claim: \(have) about \(variables), \(wrt.joined(separator: ", ")). The first claim is "
        + "about the first variable, and so on; one --claim for each --wrt would do.")
  }

  private static let noClaim = FrechetError.derivative(
    "--claim: the claimed derivative is missing, as in --claim \"2*A*x\".")
}
