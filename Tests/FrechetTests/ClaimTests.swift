import Foundation
import Frechet
import Testing

/// The verdicts and diagnoses of `check`.
@Suite struct ClaimTests {
  @Test func theClaimsAreThere() {
    #expect(ClaimRow.claims.count == 52)
    #expect(ClaimRow.moreClaims.count == 118)
    #expect(ClaimRow.errors.count == 24)
  }

  @Test(arguments: ClaimRow.rows)
  func theVerdictIsRight(row: ClaimRow) throws {
    let report = try row.answered()
    #expect(report.isCorrect == row.correct)
    #expect(report.isCorrect == (report.verdict.finding == nil))
    let finding = report.verdict.finding
    #expect(
      row.accepts(finding?.diagnosis),
      "\(finding?.diagnosis.rawValue ?? "right"), not \(row.diagnosis ?? "right"): \(finding?.detail ?? "")"
    )
  }

  /// What a row calls the right derivative is right as a claim.
  @Test(arguments: ClaimRow.rows.filter { !$0.correct })
  func theRightDerivativeIsRight(row: ClaimRow) throws {
    let finding = try row.answered(claiming: row.expected).verdict.finding
    #expect(finding == nil, "\(finding?.detail ?? "")")
  }

  @Test func theReportIsJSON() throws {
    let report = try ClaimRequest("x'*A*x", wrt: ["x"], claim: "2*A*x").answer()
    let json = try JSONSerialization.jsonObject(with: Data(report.json.text().utf8))
    let members = try #require(json as? [String: Any])
    #expect(members["correct"] as? Bool == false)
    #expect(members["diagnosis"] as? String == "assumed-symmetric")
    #expect((members["detail"] as? String)?.contains("A is symmetric") == true)
    #expect((members["expected"] as? [String: Any])?["text"] as? String == "(A + A')*x")
  }

  @Test func theFactorIsNamed() throws {
    let claim = ClaimRequest(
      "norm2(X*w - y)^2/(2*m)", wrt: ["w"], claim: "X'*(X*w - y)",
      declarations: ["X: matrix(m,n)"])
    #expect(try claim.answer().verdict.finding?.detail == "The derivative is 1/m times the claim.")
  }

  /// A forgotten inner derivative is a factor too, where it is a scalar.
  @Test(arguments: [
    ("(w'*x)^2", "2*w", "(w'*x)"), ("norm2(x)", "x", "1/norm2(x)"),
    ("exp(x'*x)", "2*x", "exp(x'*x)"), ("log(norm2(x)^2)", "2*x/norm2(x)", "1/norm2(x)"),
  ])
  func aFactorThatTheInputComputesIsNamed(input: String, claim: String, factor: String) throws {
    let finding = try ClaimRequest(input, wrt: ["x"], claim: claim).answer().verdict.finding
    #expect(finding?.detail == "The derivative is \(factor) times the claim.")
    #expect(finding?.diagnosis == .factor)
    #expect(finding?.lesson == Diagnosis.missingFactor.lesson)
  }

  @Test(arguments: [("2*q", "The input has x."), ("2*xx", "Did you mean x?")])
  func aClaimOfAnotherNameIsAnError(claim: String, suggestion: String) throws {
    let error = #expect(throws: FrechetError.self) {
      try ClaimRequest("x'*x", wrt: ["x"], claim: claim).answer()
    }
    #expect(error?.description.contains("no such name. \(suggestion)") == true)
  }

  /// The n-th claim is about the n-th variable; of order 2 one claim may be about a block.
  @Test func severalClaimsAreAnswered() throws {
    var request = ClaimRequest(
      "norm2(X - U*V')^2/2", wrt: ["U", "V"], claims: ["(U*V' - X)*V", "U'*(U*V' - X)"])
    let reports = try request.answers()
    #expect(reports.map(\.isCorrect) == [true, false])
    #expect(reports.map(\.wrt) == ["U", "V"])
    #expect(reports[1].verdict.finding?.diagnosis == .transposed)
    request.claims = ["(U*V' - X)*V"]
    let error = #expect(throws: FrechetError.self) { try request.answers() }
    #expect(error?.description.contains("there is 1 claim about 2 variables, U, V") == true)
    var options = DerivativeOptions()
    options.order = 2
    let block = ClaimRequest("x'*A*y", wrt: ["x", "y"], claims: ["A"], options: options)
    #expect(try block.answers().map(\.isCorrect) == [true])
  }

  /// Definitions of the input, and of the claim, may be used.
  @Test(arguments: [
    ("Z = X*W; sum(tanh(Z))", "W", "X'*(1 - tanh(Z).^2)", true),
    ("Z = X*W; sum(tanh(Z))", "W", "T = tanh(Z); X'*(1 - T.*T)", true),
    ("Z = X*W; sum(tanh(Z))", "W", "X'*(1 - tanh(Z))", false),
  ])
  func definitionsMayBeUsed(input: String, wrt: String, claim: String, correct: Bool) throws {
    let report = try ClaimRequest(input, wrt: [wrt], claim: claim).answer()
    #expect(report.isCorrect == correct)
    #expect(correct || report.verdict.finding?.diagnosis == .missingFactor)
  }
  /// A function of a matrix is not that of its entries.
  @Test(arguments: [
    ("tr(log(X))", "inv(X)'", "logm(X); log(X)"), ("tr(exp(X))", "expm(X)'", "expm(X); exp(X)"),
    ("sum(exp(X*Y))", "expm(X*Y)'", nil),
  ])
  func aMatrixFunctionIsTold(input: String, claim: String, names: String?) throws {
    let finding = try ClaimRequest(input, wrt: ["X"], claim: claim).answer().verdict.finding
    let detail = names.map {
      "The claim is right for the function of a matrix, \($0) is taken entry by entry."
    }
    #expect(finding?.diagnosis == (names == nil ? .shape : .convention))
    #expect(detail == nil || finding?.detail == detail, "\(finding?.detail ?? "")")
  }

  /// Two mistakes at once are named, though no single diagnosis fits.
  @Test(arguments: [
    ("x'*A*x", "-2*A'*x", "-1 times the claim where A is symmetric"),
    ("A*x", "-A'", "-1 times the transpose of the claim"),
  ])
  func twoMistakesAreNamed(input: String, claim: String, detail: String) throws {
    let request = ClaimRequest(
      input, wrt: ["x"], claim: claim, declarations: ["A: matrix(n,n)"])
    let finding = try request.answer().verdict.finding
    #expect(finding?.diagnosis == .unknown)
    #expect(finding?.detail.contains(detail) == true, "\(finding?.detail ?? "")")
  }

  /// What cannot be derived is still measured.
  @Test(arguments: [("2*x", true), ("x", false)])
  func whatHasNoDerivativeIsMeasured(claim: String, correct: Bool) throws {
    let report = try ClaimRequest("lambdamax(x*x')", wrt: ["x"], claim: claim).answer()
    #expect(report.isCorrect == correct)
  }
}
