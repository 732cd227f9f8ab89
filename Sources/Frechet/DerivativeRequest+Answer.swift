import Differentiation
import Emission
import ExpressionLanguage

extension DerivativeRequest {
  /// Derives, writes and verifies.
  ///
  /// One report for each variable of differentiation; of order 2, one for each block. Throws where
  /// the input is wrong, where there is no derivative, or where the time is over. A verification
  /// that fails is part of the report.
  public func answer() throws(FrechetError) -> [DerivativeReport] {
    try limited(to: timeLimit) { deadline throws(FrechetError) in
      let typed = try Parts.read(input, declarations: declarations)
      let derivatives = try Parts.derive(typed, wrt: wrt, options: options)
      var reports: [DerivativeReport] = []
      for derivative in derivatives {
        try deadline?.check()
        reports.append(try report(derivative, of: typed))
      }
      return reports
    }
  }

  private func report(
    _ derivative: Derivative, of typed: TypedInput
  ) throws(FrechetError) -> DerivativeReport {
    let outcome = verify ? try Parts.verify(derivative, of: typed) : nil
    var notes: [String] = []
    for note in typed.notes + derivative.notes where !notes.contains(note) { notes.append(note) }
    return DerivativeReport(
      input: input, wrt: derivative.wrt, secondWrt: derivative.secondWrt, kind: derivative.kind,
      options: derivative.options, variables: typed.variables.sorted { $0.name < $1.name },
      rendered: RenderedDerivative(derivative, of: typed, text: Parts.text),
      form: derivative.form, steps: [], notes: notes, verification: outcome)
  }
}
